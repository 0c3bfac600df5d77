"""Runs over the examples: alike to the byte but for times; what is skipped is said; reports, baseline, thresholds."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.answers import run_cases, score_recorded
from eval.bootstrap import estimate
from eval.cases import BUILT_IN, Case, GoldPair, read_cases
from eval.comparison import compare
from eval.recorded import RecordedAnswer, RecordedPassage
from eval.report.html import page
from eval.run_file import as_text, document, read_run
from eval.thresholds import DEFAULT, missed, read_thresholds
from ingest import ingest
from ingest.settings import Settings
from rag import DisclosureQA

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\u202e"


@pytest.fixture(scope="module")
def qa(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DisclosureQA]:
    folder = tmp_path_factory.mktemp("answers") / "library"
    settings = Settings(library=folder, model="none")
    few = [path for path in (examples_dir / "records").iterdir() if "岚川智冷" in path.name]
    assert not ingest(few, folder, settings).failed
    with DisclosureQA.open(folder, settings) as opened:
        yield opened


def run_of(qa: DisclosureQA, cases: list[Case]) -> dict[str, Any]:
    results = run_cases(qa, cases)
    return document(results, settings=qa.settings, cases=[BUILT_IN], library=qa.library)


@pytest.fixture(scope="module")
def run(qa: DisclosureQA) -> dict[str, Any]:
    return run_of(qa, read_cases([BUILT_IN]))


def test_two_runs_are_alike_to_the_byte_but_for_times(qa: DisclosureQA, run: dict[str, Any]) -> None:
    again = run_of(qa, read_cases([BUILT_IN]))
    first, second = ({k: v for k, v in one.items() if k != "timings"} for one in (run, again))
    assert as_text(first) == as_text(second)
    assert "NaN" not in as_text(run) and "Infinity" not in as_text(run)


def test_cases_about_other_records_are_skipped_with_a_reason(run: dict[str, Any]) -> None:
    counts = run["counts"]
    assert counts["cases"] == counts["scored"] + counts["skipped"] + counts["errors"] == 83
    assert counts["scored"] and counts["skipped"] and not counts["errors"]
    assert all("not in the library" in case["skipped"] for case in run["cases"] if case["skipped"])
    assert all(case["outcome"] is None for case in run["cases"] if case["skipped"])


def test_a_library_of_other_companies_skips_what_is_about_ours(qa: DisclosureQA) -> None:
    other = [
        replace(case, gold=tuple(GoldPair("elsewhere.pdf", g.pair) for g in case.gold))
        for case in read_cases([BUILT_IN])
    ]
    results = run_cases(qa, other)
    assert {r.case.outcome for r in results if r.case and not r.skipped} == {
        "out_of_scope",
        "company_unknown",
    }


def test_earlier_questions_make_a_case_standalone(qa: DisclosureQA, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    line = {
        "id": "h1",
        "type": "follow_up",
        "question": "什么时候投产？",
        "history": ["岚川智冷二期的情况"],
        "outcome": "answered",
    }
    file.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    (case,) = read_cases([file])
    assert case.history == ("岚川智冷二期的情况",)
    asked: list[int] = []
    original = qa.ask

    def counting(question: str, **given: Any) -> Any:
        asked.append(len(given["history"]))
        return original(question, **given)

    qa.ask = counting  # type: ignore[method-assign]
    try:
        (result,) = run_cases(qa, [case])
    finally:
        qa.ask = original  # type: ignore[method-assign]
    assert asked == [0, 1] and result.error is None and result.recorded
    assert {p.short_name for p in result.recorded.passages} == {"岚川智冷"}


def test_an_error_costs_its_case_alone(qa: DisclosureQA, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case for case in read_cases([BUILT_IN]) if case.outcome == "out_of_scope"][:2]
    original = qa.ask

    def failing(question: str, **given: Any) -> Any:
        if question == cases[0].question:
            raise RuntimeError("broken")
        return original(question, **given)

    monkeypatch.setattr(qa, "ask", failing)
    told = document(run_cases(qa, cases), settings=qa.settings)
    assert told["counts"]["errors"] == 1 and told["cases"][0]["error"] == "RuntimeError: broken"
    assert told["metrics"]["outcome_right"]["of"] == 1


def recorded_run(text: str, **given: Any) -> dict[str, Any]:
    passage = RecordedPassage(
        1, "公司产能利用率为80%。", "产能利用率？", "600001", "云岭科技", record_id="r1", pair=2
    )
    answer = RecordedAnswer("产能利用率是多少？", text, (passage,), "c1", **given)
    case = Case(
        "c1", "number", "产能利用率是多少？", None, None, "answered", (GoldPair("r1", 2),), (("80%",),)
    )
    absent = replace(case, id="c2")
    return document(score_recorded([answer], [case, absent]), settings=Settings())


def test_recorded_answers_of_any_system_are_scored_with_the_cases() -> None:
    right = recorded_run("产能利用率为80%[1]。", seconds=0.25)
    assert right["metrics"]["key_facts"]["value"] == right["metrics"]["citation_recall"]["value"] == 1.0
    assert right["metrics"]["wrong_and_cited"]["value"] == 0.0 and right["timings"]["ms_p50"] == 250
    assert right["counts"]["skipped"] == 1 and right["metrics"]["hit@1"]["value"] is None
    wrong = recorded_run("产能利用率为30%[1]。")
    assert wrong["metrics"]["figure_fidelity"]["value"] == 0.0
    refused = recorded_run("资料中没有找到。")
    assert refused["metrics"]["refusal_precision"]["value"] == 0.0
    assert refused["metrics"]["citation_recall"] == {
        "value": None, "low": None, "high": None, "of": 0, "unit": "answers", "left_out": 1,
    }  # fmt: skip


def test_what_got_better_and_worse_is_told_case_by_case() -> None:
    right, wrong = recorded_run("产能利用率为80%[1]。"), recorded_run("产能利用率为30%[1]。")
    worse = compare(wrong, right)
    assert len(worse.worse) == 1 and not worse.better and worse.worse[0].startswith("c1 ")
    assert any(line.startswith("figure_fidelity: 100.0% → 0.0% (worse)") for line in worse.figures)
    assert len(compare(right, wrong).better) == 1
    assert compare(right, right).lines() == ["better: 0", "worse: 0", "other faults: 0"]


def test_thresholds_are_held_against_the_run(tmp_path: Path) -> None:
    right, wrong = recorded_run("产能利用率为80%[1]。"), recorded_run("产能利用率为30%[1]。")
    file = tmp_path / "t.toml"
    file.write_text(
        "[at_least]\nfigure_fidelity = 0.9\n[at_most]\nerrors = 0\n[not_worse]\nkey_facts = 0.1\n"
    )
    asked = read_thresholds(file)
    assert missed(right, asked, right) == []
    assert len(missed(wrong, asked, right)) == 2
    with pytest.raises(ValueError, match="needs --baseline"):
        missed(right, asked)
    # What was not measured does not pass.
    file.write_text('[at_least]\n"hit@1" = 0.0\n')
    assert missed(right, read_thresholds(file)) == ["hit@1 is not measured, at least 0 is asked"]
    file.write_text("[at_least]\nhitt = 1\n")
    with pytest.raises(ValueError, match="no figure is called hitt"):
        missed(right, read_thresholds(file))


@pytest.mark.parametrize(
    "text", ["[at_leest]\na = 1", "[at_least]\na = 'x'", "[at_least]\na = true", "at_most = 1", "["]
)
def test_a_wrong_thresholds_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=re.escape(str(file))):
        read_thresholds(file)


def test_the_default_thresholds_name_figures_that_exist(run: dict[str, Any]) -> None:
    assert read_thresholds(DEFAULT)["at_least"]
    missed(run, read_thresholds(DEFAULT))  # raises on an unknown name


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def test_strangers_words_stay_text_in_the_report() -> None:
    case = Case(NASTY, NASTY, NASTY, NASTY, None, "answered", (), ((NASTY,),), (NASTY,))
    passage = RecordedPassage(1, NASTY, NASTY, NASTY, NASTY)
    answer = RecordedAnswer(NASTY, f"{NASTY}3亿元[1][7]。", (passage,), NASTY, "answered", None, NASTY)
    told = document(score_recorded([answer], [case]), settings=Settings(), writes=NASTY)
    text = page([told, told], [NASTY, NASTY])
    parser = _Tags()
    parser.feed(text)
    names = [tag for tag, _ in parser.tags]
    assert names.count("script") == 1 and "img" not in names and "\u202e" not in text
    assert not any(
        key.startswith("on") or key in ("src", "href") for _, attrs in parser.tags for key, _ in attrs
    )


def test_the_report_needs_nothing_else_and_lists_every_case(run: dict[str, Any]) -> None:
    text = page([run], ["examples"])
    assert not re.search(r"""(?:src|href)=|@import|url\(|https?://""", text)
    assert text.count('<details class="case"') == 83
    assert "岚川智冷订单挣得那么多" in text and "prefers-color-scheme: dark" in text


def test_a_run_file_is_read_back_and_others_are_refused(run: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(as_text(run), encoding="utf-8")
    assert read_run(path) == run
    path.write_text("{}")
    with pytest.raises(ValueError, match="not a run"):
        read_run(path)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20))
def test_estimates_are_ordered_shares_or_nothing(rows: list[tuple[int, int]]) -> None:
    parts, wholes = [min(r) for r in rows], [max(r) for r in rows]
    one = estimate(parts, wholes)
    assert one == estimate(parts, wholes)
    if not sum(wholes):
        assert one.value is one.low is one.high is None
    else:
        assert one.value is not None and one.low is not None and one.high is not None
        assert not math.isnan(one.value) and 0 <= one.low <= one.high <= 1 and 0 <= one.value <= 1
