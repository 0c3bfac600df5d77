"""The measure of lists and briefs, over the examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.studies.views import compared, drawn, faults, main, plain_texts
from ingest import ingest
from ingest.library.library import Library
from ingest.settings import Settings
from rag.views.brief import brief_of


@pytest.fixture(scope="module")
def library(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval-views") / "library"
    records = sorted((examples_dir / "records").glob("澄屿微电*")) + sorted(
        (examples_dir / "records").glob("*.csv")
    )
    assert not ingest(records, folder, Settings(library=folder)).failed
    return folder


def test_lists_agree_with_a_plain_search(library: Path) -> None:
    with Library.open(library) as opened:
        texts = plain_texts(opened)
        for words in ["毛利率", "产能 产品", *drawn(texts, 20, 1)]:
            result = compared(opened, words, texts)
            assert not result.missed and not result.extra, result


def test_briefs_have_no_fault(library: Path) -> None:
    with Library.open(library) as opened:
        records = opened.records()
        for one in records:
            assert not list(faults(opened, brief_of(opened, one, records)))


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])
