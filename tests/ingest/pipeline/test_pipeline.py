"""The pipeline: each file once, each failure alone, and the reason for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from fictional import HashEmbeddings, record_text, state_of, write_records

from ingest import Library, Settings, ingest, read_file
from ingest.errors import SourceError
from ingest.pipeline.reading_pool import Job, ReadingPool
from ingest.pipeline.report import Standing


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings())


def test_a_second_run_does_nothing(tmp_path: Path, library: Library) -> None:
    write_records(tmp_path / "records", 5)
    (tmp_path / "records" / "读我.txt").write_text("这不是记录。", encoding="utf-8")
    told: list[Standing] = []
    first = ingest([tmp_path / "records"], library, progress=told.append)
    assert (len(first.added), len(first.failed), first.records) == (5, 1, 5)
    assert "读我.txt" in first.failed[0].path and "\n" not in first.failed[0].reason
    assert [one.phase for one in told][:1] + [one.phase for one in told][-2:] == [
        "looking",
        "settling",
        "done",
    ]
    assert (told[-1].done, told[-1].total, told[-1].failed) == (6, 6, 1) and told[-1].rate > 0
    before = state_of(library)

    class Forbidden(HashEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise AssertionError("nothing is embedded again")

    library._own_embeddings = Forbidden()
    second = ingest([tmp_path / "records"], library)
    assert (second.unchanged, second.added, len(second.failed)) == (5, (), 1)
    assert state_of(library) == before
    json.dumps(second.as_json())
    assert "5 unchanged" in second.summary()


def test_a_second_run_is_fast(tmp_path: Path, library: Library) -> None:
    write_records(tmp_path / "records", 150, pairs=1)
    for file in (tmp_path / "records").iterdir():
        os.utime(file, (time.time() - 100, time.time() - 100))
    ingest([tmp_path / "records"], library)
    busy = time.process_time()
    assert ingest([tmp_path / "records"], library).unchanged == 150
    assert time.process_time() - busy < 1


def test_the_same_bytes_under_other_names(tmp_path: Path, library: Library) -> None:
    first, second = write_records(tmp_path / "records", 2)
    (tmp_path / "records" / "副本.txt").write_bytes(first.read_bytes())
    report = ingest([tmp_path / "records"], library)
    assert len(report.added) == 2
    (duplicate,) = report.duplicates
    assert {Path(duplicate.path).name, duplicate.same_as} == {"副本.txt", first.name}
    (tmp_path / "later").mkdir()
    copy = tmp_path / "later" / "又一份.txt"
    copy.write_bytes(second.read_bytes())
    again = ingest([copy], library)
    assert (again.added, again.records) == ((), 2) and again.duplicates[0].same_as == second.name
    assert library.record("又一份.txt").id == library.record(second.name).id
    assert ingest([tmp_path / "records", copy], library).unchanged == 4


def test_new_bytes_under_the_same_name_replace_the_record(tmp_path: Path, library: Library) -> None:
    (file,) = write_records(tmp_path / "records", 1)
    ingest([file], library)
    old = library.record(file.name)
    file.write_text(record_text(0, "309900", remark="上述数据已更正。"), encoding="utf-8")
    report = ingest([file], library)
    assert (len(report.added), report.records) == (1, 1)
    new = library.record(file.name)
    assert new.id != old.id and "已更正" in new.text
    assert {passage.record_id for passage in library.all_passages()} == {new.id}
    assert library.index.count() == len(library.index.words.ids()) == 5
    assert library.record(old.id) == old, "old citations still hold"
    with Library.open(tmp_path / "straight", create=True, embeddings=HashEmbeddings()) as straight:
        ingest([file], straight)
        assert straight.index.lexical("产能") == library.index.lexical("产能")


def test_old_bytes_that_come_back_bring_their_record_back(tmp_path: Path, library: Library) -> None:
    (file,) = write_records(tmp_path / "records", 1)
    old_text = file.read_text(encoding="utf-8")
    ingest([file], library)
    before = state_of(library)
    file.write_text(record_text(5), encoding="utf-8")
    ingest([file], library)
    assert state_of(library)["snapshot"] != before["snapshot"]
    file.write_text(old_text, encoding="utf-8")
    ingest([file], library)
    after = state_of(library)
    for name in ("snapshot", "vectors", "lexical", "dense", "words", "paths"):
        assert after[name] == before[name]


def test_bytes_that_fail_leave_the_old_record(tmp_path: Path, library: Library) -> None:
    (file,) = write_records(tmp_path / "records", 1)
    ingest([file], library)
    before = library.records()
    file.write_text("改坏了。", encoding="utf-8")
    assert len(ingest([file], library).failed) == 1
    assert library.records() == before
    file.write_text(record_text(7), encoding="utf-8")
    assert len(ingest([file], library).added) == 1
    assert len(library.records()) == 1 and library.records() != before


def test_sidecars_and_options_give_the_publication_date(tmp_path: Path, library: Library) -> None:
    (file,) = write_records(tmp_path / "records", 1)
    sidecar = file.with_name(file.name + ".json")
    ingest([file.parent], library)
    assert library.records()[0].published_on_basis == "signed_on"
    sidecar.write_text('{"published_on": "2024-03-04"}', encoding="utf-8")
    report = ingest([file.parent], library)
    assert (len(report.updated), report.failed) == (1, ())
    (record,) = library.records()
    assert (record.published_on, record.published_on_basis) == (date(2024, 3, 4), "sidecar")
    assert {passage.published_on for passage in library.all_passages()} == {date(2024, 3, 4)}
    assert set(library.index.store.table().published.tolist()) == {20240304}
    assert read_file(file, Settings())[0].published_on == date(2024, 3, 4)
    ingest([file.parent], library, published_on=date(2024, 3, 5))
    assert library.records()[0].published_on_basis == "given"
    assert ingest([file.parent], library).unchanged == 1
    sidecar.write_text("{", encoding="utf-8")
    (failure,) = ingest([file.parent], library).failed
    assert "sidecar" in failure.reason and library.count() == 1
    with pytest.raises(SourceError, match="published_on"):
        read_file(file, Settings())


def test_what_is_passed_over_and_what_is_told(tmp_path: Path) -> None:
    records = tmp_path / "records"
    write_records(records, 1)
    (records / ".hidden.txt").write_text("x")
    (records / "~$lock.docx").write_text("x")
    (records / "fifo").mkdir()
    os.mkfifo(records / "pipe")
    (records / "broken-link.txt").symlink_to(tmp_path / "nowhere")
    (records / "circle").symlink_to(records)
    empty = tmp_path / "empty"
    empty.mkdir()
    with Library.open(records / "library", create=True, embeddings=HashEmbeddings()) as library:
        report = ingest([records, empty, tmp_path / "missing.pdf", records / "pipe"], library)
        assert len(report.added) == 1
        assert {Path(one.path).name: one.reason for one in report.failed}.keys() == {
            "empty",
            "missing.pdf",
            "pipe",
        }
        assert ingest([records], library).failed == ()


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path, library: Library) -> None:
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.truncate(library.settings.max_file_bytes + 1)
    (failure,) = ingest([big], library).failed
    assert "JUPILU_MAX_FILE_BYTES" in failure.reason


def test_many_files_that_are_no_records(tmp_path: Path, library: Library) -> None:
    folder = tmp_path / "noise"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number}.txt").write_text(f"第{number}份无关的文字。", encoding="utf-8")
    write_records(folder, 1)
    report = ingest([folder], library)
    assert (len(report.failed), len(report.added)) == (1000, 1)
    busy = time.process_time()
    assert len(ingest([folder], library).failed) == 1000
    assert time.process_time() - busy < 2


def test_failures_are_tried_again_by_a_newer_reader(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.pipeline import ingesting as pipeline

    (tmp_path / "读我.txt").write_text("这不是记录。", encoding="utf-8")
    files = [tmp_path / "读我.txt", *write_records(tmp_path / "records", 2)]
    ingest(files, library)
    monkeypatch.setattr(pipeline, "reading_fingerprint", lambda settings: "newer")
    report = ingest(files, library)
    assert (len(report.failed), report.unchanged, report.updated) == (1, 2, ())
    assert {source.reader for source in library.catalogue.sources().values()} == {"newer"}


@pytest.mark.parametrize("killed", [True, False])
def test_a_reader_that_dies_or_hangs_costs_one_file(tmp_path: Path, killed: bool) -> None:
    good = write_records(tmp_path / "records", 2)
    os.mkfifo(tmp_path / "hangs")  # nobody writes into it, so reading it never ends
    jobs = [Job(good[0], "a"), Job(tmp_path / "hangs", "hangs"), Job(good[1], "b")]
    with ReadingPool(Settings(max_seconds=60 if killed else 2)) as pool:
        if killed:
            threading.Timer(6, lambda: [worker.kill() for worker in pool._workers]).start()
        readings = list(pool.read(jobs))
        if killed:
            for worker in pool._workers:
                worker.wait(20)
        again = list(pool.read(jobs[:1]))
    assert [bool(reading.records) for reading in readings + again] == [True, False, True, True]
    expected = "died of it" if killed else "longer than 2 s"
    assert expected in (readings[1].reason or "") and not readings[1].lasting


def test_importing_is_light_and_names_are_found() -> None:
    program = (
        "import sys, ingest;"
        "heavy = {'torch', 'chromadb', 'langchain_core', 'numpy', 'pydantic', 'tantivy'} & set(sys.modules);"
        "assert not heavy, heavy;"
        "[getattr(ingest, name) for name in ingest.__all__];"
        "assert 'torch' not in sys.modules and 'chromadb' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
