"""The example records read as their gold says, and the cases over them are answerable from it."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import unicodedata
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from eval.cases import Case, normalise, read_cases
from ingest.reading.source_file import read_records
from ingest.records import Record
from ingest.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
GOLD: dict[str, dict[str, Any]] = json.loads((EXAMPLES / "gold.json").read_text(encoding="utf-8"))
FORMS = [name for name in GOLD if not name.endswith(".csv")]
EXPORTS = [name for name in GOLD if name.endswith(".csv")]


def plain(text: str | None) -> str | None:
    """As the conventions compare texts: NFKC, no white space, no zero-width characters."""
    return (
        None
        if text is None
        else re.sub(r"[\s\u200b-\u200d\ufeff]", "", unicodedata.normalize("NFKC", text or ""))
    )


def read(name: str) -> list[Record]:
    return read_records((EXAMPLES / "records" / name).read_bytes(), name, Settings())


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    path = EXAMPLES / "make_examples.py"
    specification = importlib.util.spec_from_file_location("make_examples", path)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases([ROOT / "eval" / "cases" / "examples.jsonl"])


def test_gold_is_what_the_sources_say(maker: ModuleType) -> None:
    assert {source["file"]: maker.gold(source) for _, source in maker.sources()} == GOLD


def test_every_record_has_gold_and_the_folder_stays_small() -> None:
    files = {path.name: path.stat().st_size for path in (EXAMPLES / "records").iterdir()}
    assert {name for name in files if not name.endswith(".json")} == set(GOLD)
    assert max(files.values()) < 150_000
    assert sum(files.values()) < 2_000_000


@pytest.mark.parametrize("name", FORMS)
def test_pairs_are_exactly_those_of_the_gold(name: str) -> None:
    (record,) = read(name)
    found = [(plain(pair.question), plain(pair.answer)) for pair in record.pairs]
    assert found == [(plain(pair["question"]), plain(pair["answer"])) for pair in GOLD[name]["pairs"]]


@pytest.mark.parametrize("name", FORMS)
def test_form_fields_are_those_of_the_gold(name: str) -> None:
    (record,) = read(name)
    gold = GOLD[name]["form"]
    form = record.form
    assert (form.code, plain(form.short_name), plain(form.company)) == (
        gold["code"],
        gold["short_name"],
        gold["company"],
    )
    assert plain(form.number) == plain(gold["number"])
    assert list(form.categories) == gold["categories"]
    assert form.held_on is not None
    assert [day.isoformat() for day in form.held_on] == gold["held_on"]
    assert (form.signed_on.isoformat() if form.signed_on else None) == gold.get("signed_on")
    assert plain(form.place) == plain(gold["place"])
    # whether a host's title stays is the form's business; that nobody is lost or invented is ours
    assert len(form.hosts) == len(gold["hosts"])
    assert all(name in host for name, host in zip(gold["hosts"], form.hosts, strict=True))


@pytest.mark.parametrize("name", FORMS)
def test_publication_is_the_day_that_the_form_or_the_sidecar_says(name: str) -> None:
    form = GOLD[name]["form"]
    sidecar = EXAMPLES / "records" / f"{name}.json"
    given = None
    if sidecar.exists():
        given = date.fromisoformat(json.loads(sidecar.read_text(encoding="utf-8"))["published_on"])
    data = (EXAMPLES / "records" / name).read_bytes()
    (record,) = read_records(data, name, Settings(), published_on=given, basis="sidecar")
    expected = form.get("published_on") or form.get("signed_on") or form["held_on"][1]
    assert str(record.published_on) == expected


@pytest.mark.parametrize("name", [name for name in FORMS if "participants" in GOLD[name]["form"]])
def test_participants_are_those_of_the_gold(name: str) -> None:
    (record,) = read(name)
    found = [(plain(one.institution), [plain(who) for who in one.people]) for one in record.form.participants]
    gold = GOLD[name]["form"]["participants"]
    assert found == [(plain(one["institution"]), [plain(who) for who in one["people"]]) for one in gold]


@pytest.mark.parametrize("name", FORMS)
def test_management_remarks_are_statements(name: str) -> None:
    (record,) = read(name)
    said = "".join(plain(one.title + one.text) for one in record.statements)
    for statement in GOLD[name]["statements"]:
        for line in statement.split("\n"):
            assert plain(re.sub(r"^\d+、", "", line)) in said  # a numbered line may have become a title
    for pair in GOLD[name]["pairs"]:
        assert plain(pair["question"]) not in said


@pytest.mark.parametrize("name", EXPORTS)
def test_rows_of_an_export_are_those_of_the_gold(name: str) -> None:
    found = {
        pair.number: (record.form.code, str(record.published_on), plain(pair.question), plain(pair.answer))
        for record in read(name)
        for pair in record.pairs
    }
    assert [found[number] for number in sorted(found)] == [
        (row["code"], row["answered_on"], plain(row["question"]), plain(row["answer"]))
        for row in GOLD[name]["pairs"]
    ]


@pytest.mark.parametrize("name", GOLD)
def test_spans_hold(name: str) -> None:
    for record in read(name):
        for pair in record.pairs:
            assert pair.question_span.of(record.text) == pair.question
            assert pair.answer_span.of(record.text) == pair.answer


def test_cases_are_answerable_from_their_gold(cases: list[Case]) -> None:
    assert len({case.id for case in cases}) == len(cases) >= 40
    for case in cases:
        answers = [GOLD[pair.file]["pairs"][pair.pair - 1]["answer"] for pair in case.gold]
        said = normalise("".join(answers))
        assert bool(case.gold) == (case.outcome in ("answered", "evaded")), case.id
        for alternatives in case.key_facts:
            assert any(normalise(fact) in said for fact in alternatives), (case.id, alternatives)


def test_cases_cover_every_type(cases: list[Case]) -> None:
    everyday = {"paraphrase", "number", "as_of", "change", "two_companies", "english", "traditional"}
    unanswered = {"evaded", "not_found", "out_of_scope", "company_unknown", "injection"}
    assert {case.type for case in cases} == everyday | unanswered


def test_demo_asks_five_questions() -> None:
    questions = json.loads((EXAMPLES / "demo_questions.json").read_text(encoding="utf-8"))
    assert len(questions) == 5
    for asked in questions:
        assert set(asked) - {"written"} == {"question", "company", "as_of", "why"}
