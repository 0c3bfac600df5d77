"""The measurement of views counts what is found, missed and out of place."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.studies.tracking import comparisons, timelines
from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from tests.rag.views.records import library


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory) -> DisclosureQA:
    made: Path = library(tmp_path_factory.mktemp("measured"))
    settings = Settings(library=made, model="none")
    return DisclosureQA(Library.open(made, settings), settings, keeps_receipts=False)


def test_days_are_found_or_missed_and_companies_that_are_not_here_are_counted(qa: DisclosureQA) -> None:
    ids = {str(record.published_on): record.id for record in qa.library.records() if record.code == "309931"}
    row = {"id": "a", "half": "seen", "company": "309931", "topic": "在手订单", "also": []}
    gold = [[ids["2024-04-26"], 1], [ids["2024-08-30"], 1], [ids["2024-06-20"], 1]]
    tallies, skipped = timelines(qa, [{**row, "gold": gold}, {**row, "company": "999999", "gold": []}])
    counts = tallies["seen"].counts
    assert (counts["days"], counts["days_found"], skipped) == (3, 2, 1)
    assert (counts["wrong_order"], counts["uncited"], counts["quotes_off"]) == (0, 0, 0)


def test_silence_and_rows_of_one_period_are_held_against_the_labels(qa: DisclosureQA) -> None:
    row = {"id": "c", "half": "kept", "topic": "综合毛利率", "companies": ["309931", "609932"]}
    tallies, _ = comparisons(qa, [{**row, "silent": [], "same": ["2024年", "2023年"]}])
    counts = tallies["kept"].counts
    assert (counts["rows_found"], counts["rows_beside"], counts["silent_wrong"]) == (2, 0, 0)
