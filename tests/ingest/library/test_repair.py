"""What can break in a library is told in one line, and mended from catalogue and originals."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from fictional import HashEmbeddings, state_of, write_records

from ingest import Library, Settings, ingest
from ingest.errors import JupiluError, LibraryDamaged
from ingest.library.repair import index_faults, repair


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("repair")
    write_records(place / "records", 5)
    with Library.open(place / "library", create=True, embeddings=HashEmbeddings()) as library:
        ingest([place / "records"], library)
    return place


CHROMA = Settings(vector_search="chroma")


def opened(path: Path, settings: Settings | None = None) -> Library:
    return Library.open(path, settings, embeddings=HashEmbeddings())


def noise(file: Path, start: int = 0, length: int = 200) -> None:
    data = bytearray(file.read_bytes())
    start = min(start, max(0, len(data) - length))
    data[start : start + length] = bytes((at * 151 + 7) % 256 for at in range(min(length, len(data))))
    file.write_bytes(bytes(data))


def word_file(library: Path, kind: str) -> Path:
    return max((library / "index" / "words").glob(f"*.{kind}"), key=lambda file: file.stat().st_size)


def sql(file: Path, *lines: str) -> None:
    with sqlite3.connect(file) as connection:
        for line in lines:
            connection.execute(line)
    connection.close()


VECTORS = Path("index") / "vectors.sqlite3"
BREAKING: dict[str, Callable[[Path], object]] = {
    "index lost": lambda library: shutil.rmtree(library / "index"),
    "vectors lost": lambda library: (library / VECTORS).unlink(),
    "vectors' head": lambda library: noise(library / VECTORS),
    "vectors' middle": lambda library: noise(
        library / VECTORS, (library / VECTORS).stat().st_size // 2, 3000
    ),
    "vectors' table": lambda library: sql(library / VECTORS, "DROP TABLE vectors"),
    "vectors' rows": lambda library: sql(
        library / VECTORS, "DELETE FROM vectors WHERE passage_id LIKE '%:1:%'"
    ),
    "vectors changed": lambda library: sql(
        library / VECTORS, "UPDATE vectors SET passage = zeroblob(64) WHERE passage_id LIKE '%:1:%'"
    ),
    "words lost": lambda library: shutil.rmtree(library / "index" / "words"),
    "words' list": lambda library: noise(library / "index" / "words" / "meta.json", 20, 30),
    "words' list lost": lambda library: (library / "index" / "words" / "meta.json").unlink(),
    "hits": lambda library: noise(word_file(library, "idx"), 10, 8),
    "terms": lambda library: noise(word_file(library, "term"), 10, 8),
    "stored": lambda library: noise(word_file(library, "store"), 10, 8),
    "fast cut": lambda library: word_file(library, "fast").write_bytes(b"x"),
}


@pytest.mark.parametrize("name", sorted(BREAKING))
def test_a_broken_index_is_told_and_mended(whole: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "library"
    shutil.copytree(whole / "library", path)
    with opened(path) as library:
        expected = state_of(library)
    BREAKING[name](path)
    with opened(path) as library:
        assert library.count() == 5  # the catalogue still tells what there is
        with pytest.raises(LibraryDamaged, match=r"jupilu doctor --repair --library") as told:
            library.index.dense([1.0] * 16)
            library.index.lexical("产能利用率")
        assert "\n" not in str(told.value)
    done = repair(path, Settings(), HashEmbeddings())
    assert done.done and not done.left
    with opened(path) as library:
        assert state_of(library) == expected
        assert index_faults(library) == []


@pytest.mark.parametrize("name", ["index lost", "hits", "vectors' head", "vectors' rows"])
def test_an_ingest_mends_a_broken_index_too(whole: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "library"
    shutil.copytree(whole / "library", path)
    with opened(path) as library:
        expected = state_of(library)
    BREAKING[name](path)
    with opened(path) as library:
        ingest([whole / "records"], library)
        assert state_of(library) == expected


CATALOGUE: dict[str, Callable[[Path], object]] = {
    "lost": Path.unlink,
    "head": noise,
    "middle": lambda file: noise(file, file.stat().st_size // 2, 9000),
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 3]),
    "table": lambda file: sql(file, "DROP TABLE passages"),
}


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_a_broken_catalogue_is_begun_anew_from_the_originals(whole: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "library"
    shutil.copytree(whole / "library", path)
    with opened(path) as library:
        expected = state_of(library)
    CATALOGUE[name](path / "catalogue.sqlite3")
    with pytest.raises(JupiluError, match="jupilu doctor --repair"), opened(path) as library:
        library.records()
        list(library.all_passages())
        assert library.verify() == []
        library.index.lexical("产能利用率")
    done = repair(path, Settings(), HashEmbeddings())
    with opened(path) as library:
        assert library.count() == 5
        assert library.verify() == [] and index_faults(library) == []
        assert state_of(library)["lexical"] or done.left
        if not done.left:  # names and paths could be saved: all is as it was
            assert state_of(library)["passages"] == expected["passages"]
        ingest([whole / "records"], library)
        assert state_of(library)["passages"] == expected["passages"]


def test_a_record_that_was_changed_is_read_again(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "library"
    shutil.copytree(whole / "library", path)
    with opened(path) as library:
        expected = state_of(library)
    sql(path / "catalogue.sqlite3", "UPDATE texts SET body = x'00'", "DELETE FROM pairs WHERE number = 2")
    with opened(path) as library:
        with pytest.raises(LibraryDamaged, match=r"catalogue.sqlite3 is broken.*jupilu doctor --repair"):
            library.record(library.records()[0].id)
        assert len(library.verify()) == 5
    assert not repair(path, Settings(), HashEmbeddings()).left
    with opened(path) as library:
        assert state_of(library) == expected


def test_originals_that_are_lost_are_fetched_again_or_named(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "library"
    shutil.copytree(whole / "library", path)
    copy = shutil.copytree(whole / "records", tmp_path / "records")
    with opened(path) as library:
        ingest([copy], library)
        originals = library.originals.files()
    originals[0].unlink()
    noise(originals[1])
    done = repair(path, Settings(), HashEmbeddings())
    assert len(done.done) == 2 and not done.left
    shutil.rmtree(copy)
    sql(path / "catalogue.sqlite3", "UPDATE paths SET path = 'gone' || path")
    originals[0].unlink()
    done = repair(path, Settings(), HashEmbeddings())
    assert len(done.left) == 1 and "ingest the file again" in done.left[0]
    with opened(path) as library:
        assert library.count() == 5


def test_files_beside_the_catalogue_are_put_aside(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "library"
    shutil.copytree(whole / "library", path)
    (path / "receipts.sqlite").write_bytes(b"no database" * 500)
    done = repair(path, Settings(), HashEmbeddings())
    assert len(done.done) == 1
    assert sorted(file.name for file in path.glob("receipts*")) == ["receipts.sqlite.broken-1"]


def with_chroma(whole: Path, place: Path) -> Path:
    """The library once more, with Chroma filled by the doctor: it was ingested without."""
    path = place / "library"
    shutil.copytree(whole / "library", path)
    with opened(path, CHROMA) as library, pytest.raises(LibraryDamaged, match="doctor --repair"):
        library.index.dense([1.0] * 16)
    assert not repair(path, CHROMA, HashEmbeddings()).left
    return path


def test_a_broken_chroma_is_told_by_the_doctor_and_stops_nobody(whole: Path, tmp_path: Path) -> None:
    path = with_chroma(whole, tmp_path)
    with opened(path, CHROMA) as library:
        expected = state_of(library)
    (path / "index" / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 900)
    with opened(path, CHROMA) as library:
        assert library.index.lexical("产能利用率")
    with opened(path, CHROMA) as library:
        (fault,) = index_faults(library)
        assert "hroma" in fault
    assert not repair(path, CHROMA, HashEmbeddings()).left
    with opened(path, CHROMA) as library:
        assert index_faults(library) == []
        assert state_of(library) == expected


def test_a_damaged_chroma_is_one_line(whole: Path, tmp_path: Path) -> None:
    path = with_chroma(whole, tmp_path)
    with opened(path, CHROMA) as library:
        assert library.index.dense([1.0] * 16)
    for file in (path / "index" / "chroma").glob("*/*.bin"):
        noise(file, 0, 400)
    sql(path / "index" / "chroma" / "chroma.sqlite3", "DROP TABLE embeddings_queue")
    with opened(path, CHROMA) as library, pytest.raises(LibraryDamaged, match="jupilu doctor --repair"):
        library.index.dense([1.0] * 16)
