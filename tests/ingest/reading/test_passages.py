"""Passages: exact spans that cover the answer, within the budget, under stable ids."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings, strategies

from ingest.reading.passages import cut, token_count
from ingest.records import Form, QAPair, Record, Span, Statement

PROSE = strategies.text(
    strategies.sampled_from("公司一二季度营收增长毛利率，。！？；、：”）\n 　aB3.%…\U00020bb7é\u200b"),
    max_size=1500,
)


def record_of(
    text: str, question: Span, answer: Span, title: str = "", statement: Span | None = None
) -> Record:
    return Record(
        id="0123456789abcdef",
        source_file="星河.txt",
        sha256="0" * 64,
        format="txt",
        text=text,
        pages=(),
        form=Form(code="300999", short_name="星河光电"),
        pairs=(QAPair(1, question.of(text), answer.of(text), question, answer),),
        statements=() if statement is None else (Statement(title, statement.of(text), statement),),
        published_on=date(2024, 8, 29),
        published_on_basis="given",
    )


@settings(max_examples=60, deadline=None)
@given(question=PROSE, answer=PROSE, remarks=PROSE, budget=strategies.integers(64, 500))
def test_slices_cover_the_answer_exactly(question: str, answer: str, remarks: str, budget: int) -> None:
    text = f"{question}\n{answer}\n{remarks}"
    spans = [
        Span(0, len(question)),
        Span(len(question) + 1, len(question) + 1 + len(answer)),
        Span(len(text) - len(remarks), len(text)),
    ]
    record = record_of(text, spans[0], spans[1], "一、经营情况", spans[2])
    passages = cut(record, budget)
    assert len({passage.id for passage in passages}) == len(passages)
    for kind, span in (("pair", spans[1]), ("statement", spans[2])):
        mine = [passage for passage in passages if passage.kind == kind]
        if not span.of(text).strip():
            assert not mine
            continue
        assert "".join(passage.text for passage in mine) == span.of(text)
        assert [passage.slice for passage in mine] == list(range(len(mine)))
        at = span.start
        for passage in mine:
            assert passage.span.start == at and passage.span.of(text) == passage.text
            assert token_count(passage.indexed_text) <= budget + 2  # joining may break a token in two
            at = passage.span.end
        assert at == span.end


def test_a_short_pair_is_one_passage_with_its_context() -> None:
    text = "产能如何？\n满产。\n主要经营情况良好。"
    record = record_of(text, Span(0, 5), Span(6, 9), "一、经营", Span(10, len(text)))
    pair, statement = cut(record, 400)
    assert (pair.id, pair.text, pair.question) == ("0123456789abcdef:1:0", "满产。", "产能如何？")
    assert pair.context == "星河光电 300999 2024-08-29｜产能如何？"
    assert (statement.id, statement.number, statement.unit) == ("0123456789abcdef:s0:0", 0, 0)
    assert statement.question == "一、经营" and "一、经营" in statement.context


def test_long_answers_are_cut_after_sentences_into_even_slices() -> None:
    answer = "".join(f"第{number}点，公司的海外订单保持增长，交付节奏正常。" for number in range(40))
    record = record_of("问？\n" + answer, Span(0, 2), Span(3, 3 + len(answer)))
    slices = cut(record, 200)
    assert len(slices) > 2 and all(one.text.endswith("。") for one in slices)
    sizes = [token_count(one.text) for one in slices]
    assert min(sizes) > 0.5 * max(sizes)


def test_a_question_longer_than_the_budget_leaves_room_for_the_answer() -> None:
    question = "请问公司今年的产能规划是怎样的，" * 60 + "？"
    record = record_of(
        question + "\n满产。", Span(0, len(question)), Span(len(question) + 1, len(question) + 4)
    )
    (only,) = cut(record, 100)
    assert only.question == question and only.text == "满产。"
    assert token_count(only.indexed_text) <= 100
