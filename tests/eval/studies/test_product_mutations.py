"""A worse answer scores lower: each mutation of a fictional answer, and all of them over the examples."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import read_cases
from eval.recorded import RecordedAnswer, RecordedPassage
from eval.studies.product_mutations import (
    MUTATIONS,
    alter_figure,
    cut_negation,
    mutations,
    neighbours_in,
    recorded_answers,
    run,
    sentences_of,
    table,
)
from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from tests.rag.shelf import WordEmbeddings

PASSAGE = RecordedPassage(
    mark=1,
    text="公司2024年海外收入3.2亿元，同比增长21%。公司没有在建的海外工厂。",
    question="海外业务怎么样？",
    code="600001",
    short_name="云岭科技",
    record_id="r",
    pair=1,
)
OTHER = replace(PASSAGE, text="公司员工总数为1200人。", question="员工人数？", pair=2)
ANSWER = RecordedAnswer(
    id="c",
    question="云岭科技海外业务怎么样？",
    answer="公司2024年海外收入3.2亿元，同比增长21%。[1]\n公司没有在建的海外工厂。[1]\n",
    passages=(PASSAGE,),
    outcome="answered",
    seconds=None,
    system="test",
)


@pytest.fixture(scope="module")
def examples(
    example_library_of_words: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DisclosureQA]:
    folder = tmp_path_factory.mktemp("mutations") / "library"
    settings = Settings(library=folder, model="none", embedding_model="words in buckets")
    shutil.copytree(example_library_of_words, folder)
    with Library.open(folder, settings, embeddings=WordEmbeddings(), reembed=True) as opened:
        yield DisclosureQA(opened, settings)


def test_every_mutation_of_an_answer_changes_one_sentence_and_nothing_else() -> None:
    made = list(mutations(ANSWER, lambda passage: OTHER))
    assert [(one.kind, one.sentence) for one in made] == [
        ("swap", 0), ("drop", 0), ("figure", 0), ("swap", 1), ("drop", 1), ("negation", 1),
    ]  # fmt: skip
    before = sentences_of(ANSWER)
    for one in made:
        after = sentences_of(one.answer)
        assert len(after) == len(before)
        assert [at for at in range(2) if after[at] != before[at]] == [one.sentence]


def test_every_mutation_is_caught() -> None:
    tallies, missed = run([ANSWER], lambda passage: OTHER)
    assert not missed
    assert [one.kind for one in tallies] == list(MUTATIONS)
    for one in tallies:
        assert one.count and one.caught == one.count and one.before == 1.0 and one.after < 1.0


def test_a_mutation_that_cannot_be_made_is_said_and_is_no_number() -> None:
    tallies, _ = run([replace(ANSWER, answer="海外业务保持增长。[1]")], lambda passage: None)
    shown = table(tallies)
    assert "| swap | 0 | — | — | — |" in shown and "nan" not in shown.lower()


def test_negations_are_cut_where_they_stand_first() -> None:
    assert cut_negation("公司没有涉及，也不存在风险。") == "公司有涉及，也不存在风险。"
    assert cut_negation("未来不能预计，且不可避免。") == "未来能预计，且不可避免。"
    assert cut_negation("收入增长。") is None


def test_an_altered_figure_is_nowhere_in_the_evidence() -> None:
    changed = alter_figure("海外收入3.2亿元。", PASSAGE.text)
    assert changed is not None and changed != "海外收入3.2亿元。"
    assert changed.removeprefix("海外收入").removesuffix("亿元。") not in PASSAGE.text
    assert alter_figure("没有数字。", PASSAGE.text) is None


def test_a_neighbour_is_another_pair_of_the_same_company(examples: DisclosureQA) -> None:
    neighbour = neighbours_in(examples.library)
    looked_at = 0
    for summary in examples.library.records():
        record = examples.library.record(summary.id)
        for pair in record.pairs[:3]:
            passage = RecordedPassage(
                1, pair.answer, pair.question, record.form.code, None, None, record.id, pair.number
            )
            other = neighbour(passage)
            assert other is not None and other == neighbour(passage)
            assert other.code == passage.code and other.record_id is not None
            assert (other.record_id, other.pair) != (passage.record_id, passage.pair)
            looked_at += 1
    assert looked_at > 30


def test_over_the_examples_the_scores_fall(examples: DisclosureQA, examples_dir: Path) -> None:
    cases = read_cases([examples_dir.parent / "eval" / "cases" / "examples.jsonl"])[:30]
    answers = recorded_answers(examples, cases)
    tallies, _ = run(answers, neighbours_in(examples.library))
    for one in tallies:
        assert one.count and one.after < one.before
        assert one.caught >= 0.9 * one.count
    assert table(run(answers, neighbours_in(examples.library))[0]) == table(tallies)
