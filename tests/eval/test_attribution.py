"""ALCE's recall and precision on answers small enough to score by hand; other systems' answers as recorded."""

from __future__ import annotations

import importlib
import math
from datetime import date
from pathlib import Path

import pytest

import eval.attribution as attribution
from eval.attribution import CITES_NOTHING, score
from eval.recorded import RecordedAnswer, RecordedPassage, from_answer, read_recorded, write_recorded
from rag.answers import Answer, Citation, Claim, Searched
from rag.grounding import Verdict

REVENUE = RecordedPassage(
    1, "2024年公司营业收入为5.2亿元，同比增长12%。", "2024年收入如何？", "600001", "云岭科技"
)
OVERSEAS = RecordedPassage(2, "公司目前海外业务占比约30%。", "海外业务占比？", "600001", "云岭科技")
TWICE = RecordedPassage(3, "公司目前海外业务占比约30%。公司没有出售子公司的计划。")


def answered(text: str, *passages: RecordedPassage) -> RecordedAnswer:
    return RecordedAnswer("问", text, passages or (REVENUE, OVERSEAS, TWICE), outcome="answered")


def test_recall_counts_sentences_that_stand_on_what_they_cite() -> None:
    scored = score(
        answered(
            "2024年营业收入为5.2亿元[1]。2024年营业收入为6.2亿元【1】。海外业务占比约30%[1]。净利润3亿元。"
        )
    )
    assert [s.recalled for s in scored.sentences] == [True, False, False, False]
    assert scored.recall == 0.25 and scored.precision == pytest.approx(1 / 3)
    assert scored.sentences[3].reasons == (CITES_NOTHING,)


def test_a_citation_is_precise_if_it_suffices_or_is_missed() -> None:
    superfluous = score(answered("公司目前海外业务占比约30%[1][2]。"))
    assert [c.precise for c in superfluous.sentences[0].citations] == [False, True]
    # Either would do: both support alone, so both are precise.
    both = score(answered("公司目前海外业务占比约30%[2][3]。"))
    assert [c.precise for c in both.sentences[0].citations] == [True, True]
    together = score(answered("2024年公司营业收入为5.2亿元，公司目前海外业务占比约30%[1,2]。"))
    assert together.recall == 1.0 and together.precision == 1.0
    assert [c.alone for c in together.sentences[0].citations].count("supported") == 0


def test_a_mark_without_a_passage_is_an_imprecise_citation() -> None:
    scored = score(answered("2024年营业收入为5.2亿元[1][9]。"))
    assert scored.sentences[0].invented == (9,) and scored.recall == 1.0 and scored.precision == 0.5


def test_figures_hold_only_as_bound() -> None:
    scored = score(answered("2024年公司营业收入为5.2亿元，同比增长30%[1]。"))
    assert [(f.text, f.verdict == "supported") for f in scored.sentences[0].figures] == [
        ("5.2亿元", True),
        ("30%", False),
    ]
    (uncited,) = score(answered("净利润3亿元。")).sentences
    assert [figure.verdict == "supported" for figure in uncited.figures] == [False]


def test_courtesy_is_not_checkable_unless_it_was_said() -> None:
    said = RecordedPassage(1, "感谢您的关注！公司暂无此类业务。")
    assert score(answered("感谢您的关注！[1]", said)).recall == 1.0
    unsaid = score(answered("感谢您的关注！"))
    assert unsaid.sentences[0].verdict == "not_checkable"
    assert unsaid.recall == 0.0 and unsaid.precision is None


def test_a_refusal_makes_no_claims() -> None:
    for text in ("资料中没有找到相关信息。", "I could not find this in the documents.", ""):
        refusal = RecordedAnswer("问", text, (REVENUE,))
        assert refusal.told_outcome == "not_found" and score(refusal).sentences == ()
        assert score(refusal).recall is None
    assert RecordedAnswer("问", "公司没有找到合适的标的[1]。", (REVENUE,)).told_outcome == "answered"


class Opinion:
    """A judge that says the same of everything, and counts how often it was asked."""

    name = "stub"

    def __init__(self) -> None:
        self.asked = 0

    def judge(self, claim: str, evidence: str) -> tuple[Verdict, float, str]:
        self.asked += 1
        return "supported", 1.0, "so it is"


def test_a_second_opinion_is_asked_only_where_the_gate_cannot_tell() -> None:
    opinion = Opinion()
    score(answered("2024年营业收入为6.2亿元[1]。"), (opinion,))
    assert opinion.asked == 0
    scored = score(answered("我认为公司前景很好[1]。"), (opinion,))
    assert opinion.asked == 1 and scored.sentences[0].recalled


def test_a_judge_that_breaks_is_counted_and_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    gate = importlib.import_module("rag.grounding.check")  # the package's `check` is the function
    monkeypatch.setattr(gate, "judge", broken)
    monkeypatch.setattr(attribution, "decided", lambda parts: [])
    (sentence,) = score(answered("公司没有出售子公司的计划[3]。")).sentences
    assert sentence.failed and not sentence.recalled


def test_shares_are_numbers_or_none() -> None:
    for text in ("", "。", "[1]", "感谢！", "5[1]", "1. \n- [2]\n"):
        scored = score(answered(text))
        for value in (scored.recall, scored.precision):
            assert value is None or not math.isnan(value)


def test_an_answer_of_ours_scores_against_exactly_what_it_cites() -> None:
    def cited(start: int, end: int) -> Citation:
        quote = "营业收入为5.2亿元。毛利率为20%。"[start:end]
        return Citation(
            1, "r", "f.pdf", "600001", "云岭科技", None, date(2025, 1, 2), 3, "问", quote, start, end, 1
        )

    claims = (
        Claim("营业收入为5.2亿元。", "supported", (), (cited(0, 11),)),
        Claim("毛利率为20%。", "supported", (), (cited(11, 19),)),
    )
    answer = Answer("问", "问", "answered", "标题“…” [1]", None, None, Searched(1, None, None), claims)
    recorded = from_answer("c1", answer, 0.5, "jupilu")
    assert [p.mark for p in recorded.passages] == [1, 2]
    assert recorded.answer == "营业收入为5.2亿元。[1]\n毛利率为20%。[2]"
    assert score(recorded).recall == 1.0


def test_recorded_answers_survive_writing_and_reading(tmp_path: Path) -> None:
    dated = RecordedPassage(2, "文", None, None, None, date(2025, 1, 2), "r", 0)
    answers = [
        answered("好[1]。"),
        RecordedAnswer("Q", "A\nB", (dated,), "x", None, 1.5, "other"),
    ]
    path = tmp_path / "a.jsonl"
    write_recorded(path, answers)
    assert read_recorded(path) == answers


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"question": "q"}',
        '{"question": "q", "answer": 3}',
        '{"question": "q", "answer": "a", "outcome": "maybe"}',
        '{"question": "q", "answer": "a", "passages": [{"mark": 1, "text": "t"}, {"mark": 1, "text": "u"}]}',
        '{"question": "q", "answer": "a", "passages": [{"mark": 1}]}',
        '{"question": "q", "answer": "a", "passages": [{"mark": 1, "text": "t", "published_on": "soon"}]}',
    ],
)
def test_a_line_that_is_no_answer_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.jsonl:2"):
        read_recorded(path)
