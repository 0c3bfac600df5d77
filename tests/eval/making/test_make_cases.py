"""Cases made from the examples: deterministic, readable by eval.cases, and true to the records they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel
from typer.testing import CliRunner

from eval.cases import Case, read_cases
from eval.gold_labels import normalise
from eval.making.key_figures import key_figures
from eval.making.make_cases import make_cases, write_cases
from eval.making.paraphrasing import fault_of, paraphrased
from eval.making.rewriting import bare_question, in_keywords, in_other_order, rewrite, with_synonym
from eval.making.topics import topics
from ingest.library.library import Company, Library
from ingest.settings import Settings
from tests.rag.shelf import WordEmbeddings

COMPANY = Company("600001", "云岭科技", "云岭科技股份有限公司", 1)


@pytest.fixture(scope="module")
def library(example_library_of_words: Path) -> Iterator[Library]:
    with Library.open(example_library_of_words, Settings(), embeddings=WordEmbeddings()) as opened:
        yield opened


@pytest.fixture(scope="module")
def cases(library: Library) -> list[Case]:
    return make_cases(library, 40)


def test_the_same_seed_makes_the_same_cases_and_another_seed_others(
    library: Library, cases: list[Case]
) -> None:
    assert make_cases(library, 40) == cases
    assert make_cases(library, 40, seed=1) != cases
    assert len({case.id for case in cases}) == len(cases) == 40


def test_all_kinds_are_there(cases: list[Case]) -> None:
    kinds = Counter(case.type for case in cases)
    assert kinds["not_found"] == 4 and kinds["number"] >= 6
    assert kinds["as_of"] >= 1 and kinds["paraphrase"] >= 2
    assert kinds["everyday"] >= 1 and kinds["near_miss"] + kinds["other_period"] >= 1


def test_near_misses_have_no_answer_and_everyday_ones_keep_theirs(
    library: Library, cases: list[Case]
) -> None:
    for case in cases:
        if case.type in ("near_miss", "other_period"):
            assert case.outcome == "not_found" and not case.gold
        if case.type == "everyday":
            assert case.outcome == "answered" and case.gold


def test_what_is_written_is_read_again(cases: list[Case], tmp_path: Path) -> None:
    write_cases(tmp_path / "cases.jsonl", cases)
    assert read_cases([tmp_path / "cases.jsonl"]) == cases


def test_key_facts_stand_in_every_gold_answer(library: Library, cases: list[Case]) -> None:
    with_facts = [case for case in cases if case.key_facts]
    assert with_facts
    for case in with_facts:
        for gold in case.gold:
            (pair,) = [p for p in library.record(gold.file).pairs if p.number == gold.pair]
            for (fact,) in case.key_facts:
                assert normalise(fact) in normalise(pair.answer)


def test_as_of_lies_between_the_gold_and_a_later_record(library: Library, cases: list[Case]) -> None:
    dated = [case for case in cases if case.type == "as_of"]
    for case in dated:
        assert case.as_of is not None
        records = [library.record(gold.file) for gold in case.gold]
        assert all(record.published_on and record.published_on <= case.as_of for record in records)
        codes = {record.form.code for record in records}
        assert any(
            r.published_on and r.published_on > case.as_of and r.code in codes for r in library.records()
        )


def test_of_what_must_not_be_found_no_telling_word_is_written(library: Library, cases: list[Case]) -> None:
    absent = [case for case in cases if case.type == "not_found"]
    for case in absent:
        assert case.company and not case.gold and not case.key_facts
        texts = [normalise(library.record(r.id).text) for r in library.records() if r.code == case.company]
        telling = [word for word in topics(case.question) if not re.search(r"\d", word)]
        assert telling and texts
        assert not any(normalise(word) in text for word in telling for text in texts)


def test_a_dropped_company_is_given_beside_the_question(cases: list[Case]) -> None:
    for case in cases:
        assert ("named" in case.id) == (case.company is None)


def test_no_pair_is_asked_for_twice(cases: list[Case]) -> None:
    asked = [(case.gold[0].file, case.gold[0].pair) for case in cases if case.gold]
    assert len(asked) == len(set(asked))


def test_fewer_cases_where_the_library_has_no_more(library: Library) -> None:
    assert 40 < len(make_cases(library, 1000)) < 131


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("董秘您好，请问贵公司的毛利率为什么下降？谢谢！", "毛利率为什么下降？"),
        ("王总，云岭科技今年订单 如何？", "今年订单如何？"),
        ("尊敬的领导：公司 AI Agent 产品进展？", "AI Agent 产品进展？"),
    ],
)
def test_courtesy_and_names_go(question: str, bare: str) -> None:
    assert bare_question(question, COMPANY).replace(" ", "") == bare.replace(" ", "")


def test_clauses_change_places() -> None:
    assert in_other_order("2024年海外收入占比是多少？") == "海外收入占比是多少，2024年？"
    assert in_other_order("毛利率下降的主要原因是什么？") == "为什么毛利率下降？"
    assert in_other_order("没有一种形式适合的句子") == "没有一种形式适合的句子"


def test_one_word_is_exchanged_the_longest_that_was_meant() -> None:
    assert with_synonym("在手订单有多少", 0) == "手里的订单有多少"
    assert with_synonym("没有可换的词", 0) == "没有可换的词"


def test_keywords_are_what_one_types_into_a_search_box() -> None:
    assert in_keywords("公司在潜水泵维修上有多少网点？") == "潜水泵 维修 上 多少 网点"
    assert in_keywords("优势？") == "优势？"


def test_another_company_of_the_sentence_keeps_its_word() -> None:
    for seed in range(8):
        new = rewrite("市场上有公司叫岚川智冷，是不是同一实际控制人？", COMPANY, seed)
        assert "有公司叫" in new.text or "keywords" in new.ways


def test_figures_are_those_whose_label_is_asked_for() -> None:
    answer = "公司2024年海外收入3.2亿元，占比21%；员工1,200人。"
    assert key_figures("海外收入是多少？", answer) == ("3.2亿元",)
    assert key_figures("员工有多少人？", answer) == ()
    assert key_figures("管理层怎么看待未来？", answer) == ()


def test_a_paraphrase_is_believed_only_where_it_holds(cases: list[Case]) -> None:
    assert fault_of("2024年海外收入占比多少？", "海外业务2024年贡献了收入的多大占比？", []) is None
    assert fault_of("2024年海外收入占比多少？", "海外业务2023年收入占比多大？", [])
    assert fault_of("海外收入占比多少？", "云岭科技海外收入有多大占比？", ["云岭科技"])
    assert fault_of("海外收入占比多少？", "今天天气不错", [])
    assert fault_of("海外收入占比多少？", "海外收入占比多少？", [])
    assert fault_of("海外收入占比多少？", "好的：\n海外收入占多大比例？", [])
    model = FakeListChatModel(responses=["今天天气不错"])
    same, kept = paraphrased(cases[:3], model, [])
    assert same == cases[:3] and len(kept) == 3


def test_what_must_not_be_found_keeps_the_words_that_it_rests_on(cases: list[Case]) -> None:
    (case,) = [c for c in cases if c.type == "not_found"][:1]
    without = case.question.replace(topics(case.question)[0], "")
    same, kept = paraphrased([case], FakeListChatModel(responses=[f"请教{without}"]), [])
    assert same == [case] and len(kept) == 1


class _Broken(FakeListChatModel):
    def _call(self, *args: object, **more: object) -> str:
        raise ConnectionError


def test_a_model_that_fails_costs_no_case(cases: list[Case]) -> None:
    same, kept = paraphrased(cases[:2], _Broken(responses=["x"]), [])
    assert same == cases[:2] and all("ConnectionError" in line for line in kept)


def test_the_command_writes_the_file(library: Library, tmp_path: Path) -> None:
    from ui.commands.evaluating import app

    out = tmp_path / "made.jsonl"
    done = CliRunner().invoke(
        app, ["make", "--library", str(library.path), "--out", str(out), "--count", "12"]
    )
    assert done.exit_code == 0 and "12 cases" in done.output
    assert read_cases([out]) == make_cases(library, 12)
