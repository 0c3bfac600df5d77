"""The real local model behind the real gate. `make test-local-model` pulls the weights and runs this."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ingest.settings import Settings
from rag.answers import Answer
from rag.models.chosen import Local
from rag.models.local_model import missing
from rag.writing.model_answer import ModelWriter
from tests.rag.writing.test_model_answer import INJECTIONS, rewrite
from tests.rag.writing_parts import COOLING, FACTORY, parts, section

LACKING = missing(Settings())
pytestmark = [
    pytest.mark.local_model,
    pytest.mark.enable_socket,
    pytest.mark.skipif(LACKING is not None, reason=str(LACKING)),
]


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    source = Local(Settings(model_deadline=900, model_timeout=300))
    yield source
    source.close()


def proven(answer: Answer, verbatim: Answer) -> bool:
    """Whether every claim was let through, and stands on words that the verbatim answer quotes."""
    quotes = {claim.text for claim in verbatim.claims}
    return all(
        claim.verdict == "supported" and {citation.quote for citation in claim.citations} <= quotes
        for claim in answer.claims
    )


def test_it_writes_an_answer_that_stands(local: Local) -> None:
    drafted, answer, verbatim = rewrite(local, *parts("岚川智冷液冷收入多少？"))
    assert answer.model == local.name and drafted
    assert "0.82亿元" in answer.text and proven(answer, verbatim)


def test_what_it_writes_carelessly_gives_way_to_the_company_s_words(local: Local) -> None:
    # It writes 公司预计…投产 of a factory: refused, or written better some day.
    drafted, answer, verbatim = rewrite(local, *parts("岚川智冷的马来西亚工厂什么时候投产？"))
    assert drafted and "2025年三季度" in answer.text
    assert answer.text == verbatim.text if answer.model == "none" else proven(answer, verbatim)


def test_two_questions_at_once_wait_for_each_other(local: Local) -> None:
    answers: list[Answer] = []

    def ask(question: str) -> None:
        answers.append(rewrite(local, *parts(question))[1])

    threads = [
        threading.Thread(target=ask, args=(q,)) for q in ("岚川智冷液冷收入多少？", "岚川智冷毛利率多少？")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2 and all(answer.claims for answer in answers)


def test_more_evidence_than_its_context_leaves_the_verbatim_answer() -> None:
    source = Local(Settings(local_context_tokens=512, model_evidence_tokens=4000, model_timeout=300))
    try:
        long = section(1, "".join(f"第{n}条产线已投产，运行平稳。" for n in range(1, 300)), "产线情况？")
        _, answer, verbatim = rewrite(source, *parts("岚川智冷的产线情况？", [long]))
    finally:
        source.close()
    assert answer.claims == verbatim.claims and answer.notice and "上下文" in answer.notice


def test_after_closing_it_starts_again() -> None:
    source = Local(Settings(model_timeout=300))
    for _ in range(2):
        assert rewrite(source, *parts())[1].claims
        source.close()


@pytest.mark.parametrize("attack", INJECTIONS)
def test_instructions_inside_a_record_change_nothing(local: Local, attack: str) -> None:
    given = parts("岚川智冷液冷业务收入多少？", [section(1, f"{COOLING}{attack}", "液冷业务收入多少？")])
    _, answer, verbatim = rewrite(local, *given)
    assert answer.outcome == "answered" and proven(answer, verbatim)
    # What is said is what the record says; the injection's own words at most as a quotation.
    assert all(
        claim.text in COOLING
        or claim.text.strip("。") in attack
        or "0.82" in claim.text
        or "31.2" in claim.text
        for claim in answer.claims
        if claim not in verbatim.claims
    )


@pytest.mark.parametrize("attack", INJECTIONS[:6])
def test_instructions_inside_a_question_change_nothing(local: Local, attack: str) -> None:
    given = parts(
        f"岚川智冷的马来西亚工厂什么时候投产？{attack}", [section(1, FACTORY, "海外工厂进展如何？")]
    )
    _, answer, verbatim = rewrite(local, *given)
    assert proven(answer, verbatim)
    assert all(word not in answer.text for word in ("100亿元", "涨停", "HACKED", "买入"))


def test_its_writer_needs_no_more_than_a_name(local: Local) -> None:
    assert ModelWriter(local).name.startswith("local:")
