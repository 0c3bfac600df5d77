"""The library: what is found by which name, what is seen, what is refused."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from fictional import HashEmbeddings, write_records

from ingest import Company, Library, Settings, Where, ingest
from ingest.errors import EmbeddingMismatch, LibraryError, LibraryMissing, RecordUnknown


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("library")
    write_records(place / "records", 6)
    (place / "records" / "问答.csv").write_text(
        "股票代码,公司简称,问题,回答,回答时间\n"
        "309907,云栖示例,产能如何？,满产。,2024-05-06\n"
        "309907,云栖示例,订单如何？,饱满。,2024-05-07\n",
        encoding="utf-8",
    )
    opened = Library.open(place / "library", create=True, embeddings=HashEmbeddings())
    report = ingest([place / "records"], opened)
    assert (report.failed, report.records) == ((), 8)
    return opened


def test_records_are_listed_newest_first_under_filters(library: Library) -> None:
    records = library.records()
    assert len(records) == library.count() == 8
    days = [record.published_on for record in records if record.published_on]
    assert days == sorted(days, reverse=True)
    early = library.records(Where(published_to=date(2024, 3, 31), codes=frozenset({"309901"})))
    assert [record.published_on for record in early] == [date(2024, 2, 2)]
    assert (records[0].pairs in (1, 5) and records[0].company is None) or records[0].short_name


def test_companies(library: Library) -> None:
    assert library.companies() == [
        Company("309900", "云栖样例", "云栖样例科技股份有限公司", 2),
        Company("309901", "云栖样例", "云栖样例科技股份有限公司", 2),
        Company("309902", "云栖样例", "云栖样例科技股份有限公司", 2),
        Company("309907", "云栖示例", None, 2),
    ]


def test_a_record_by_id_by_its_beginning_and_by_file_name(library: Library) -> None:
    wanted = next(record for record in library.records() if record.source_file.endswith("第003次调研.txt"))
    for name in (wanted.id, wanted.id[:8], wanted.source_file):
        assert library.record(name).id == wanted.id
    record = library.record(wanted.id)
    for pair in record.pairs:
        assert pair.question_span.of(record.text) == pair.question
        assert pair.answer_span.of(record.text) == pair.answer
    assert record.form.participants and record.form.held_on is not None
    with pytest.raises(RecordUnknown, match="jupilu records"):
        library.record("no such record")
    with pytest.raises(RecordUnknown, match="2 records go by"):
        library.record("问答.csv")


def test_what_comes_back_is_what_was_read(library: Library) -> None:
    from ingest import read_records

    for summary in library.records():
        data = library.original(summary.id)
        again = {record.id: record for record in read_records(data, summary.source_file, Settings())}
        assert library.record(summary.id) == again[summary.id]
    assert library.verify() == []


def test_passages_stand_in_their_records(library: Library) -> None:
    everything = list(library.all_passages())
    assert len(everything) == library.index.count() == 32
    for passage in everything:
        record = library.record(passage.record_id)
        assert passage.span.of(record.text) == passage.text
        assert passage.code == record.form.code and passage.published_on == record.published_on
    ids = [passage.id for passage in everything]
    assert library.passages([ids[3], "unknown", ids[0]]) == [everything[3], everything[0]]


def test_an_altered_original_is_told(tmp_path: Path) -> None:
    files = write_records(tmp_path / "records", 2)
    with Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings()) as library:
        ingest(files, library)
        record = library.record(files[0].name)
        original = library.originals.find(record.sha256)
        assert original is not None
        original.write_bytes(b"something else")
        with pytest.raises(LibraryError, match="altered"):
            library.original(record.id)
        (fault,) = library.verify()
        assert files[0].name in fault


def test_removal_leaves_nothing(tmp_path: Path) -> None:
    files = write_records(tmp_path / "records", 3)
    with Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings()) as library:
        ingest(files, library)
        before, gone = library.snapshot(), library.record(files[1].name)
        assert library.remove([files[1].name]) == [gone.id]
        assert library.count() == 2 and library.snapshot() != before
        assert library.index.count() == len(library.index.words.ids()) == 10
        assert library.originals.find(gone.sha256) is None
        with pytest.raises(RecordUnknown):
            library.record(gone.id)
        with pytest.raises(RecordUnknown):
            library.remove([files[0].name, "no such record"])
        assert library.count() == 2


def test_no_library_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match=f"jupilu ingest .*--library {tmp_path}"):
        Library.open(tmp_path)


def test_another_model_is_refused_with_the_command_that_embeds_anew(tmp_path: Path) -> None:
    files = write_records(tmp_path / "records", 2)
    place, other = tmp_path / "library", Settings(embedding_model="another/model")
    with Library.open(place, create=True, embeddings=HashEmbeddings()) as library:
        ingest(files, library)
        expected = library.index.store.table().passage.tobytes()
    with pytest.raises(EmbeddingMismatch, match=r"another/model jupilu ingest --reembed --library"):
        Library.open(place, other)
    with Library.open(place, other, embeddings=HashEmbeddings(), reembed=True) as library:
        report = ingest([], library, reembed=True)
        assert len(report.updated) == 2 and library.index.count() == 10
        assert library.index.store.table().passage.tobytes() == expected
    with pytest.raises(EmbeddingMismatch):
        Library.open(place)
    Library.open(place, other).close()


def test_a_catalogue_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(LibraryError, match=r"is broken.*jupilu doctor --repair"):
        Library.open(tmp_path)
    (tmp_path / "newer").mkdir()
    with sqlite3.connect(tmp_path / "newer" / "catalogue.sqlite3") as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(LibraryError, match="update Jupilu"):
        Library.open(tmp_path / "newer")
