"""A full disk and a library of another user: one line, nothing lost, and what only reads goes on."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fictional import HashEmbeddings, state_of, write_records

from ingest import Library, ingest
from ingest.errors import LibraryError

ROOT = Path(__file__).parents[3]
NOBODY = 65534


def opened(path: Path) -> Library:
    return Library.open(path, create=True, embeddings=HashEmbeddings())


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, Any]:
    write_records(tmp_path / "records", 6)
    with opened(tmp_path / "straight") as library:
        ingest([tmp_path / "records"], library)
        return state_of(library)


def test_a_full_disk_under_the_catalogue(tmp_path: Path, expected: dict[str, Any]) -> None:
    with opened(tmp_path / "library") as library:
        pages = library.catalogue.rows("PRAGMA page_count")[0][0]
        library.catalogue.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryError, match="the disk is full"):
            ingest([tmp_path / "records"], library)
    with opened(tmp_path / "library") as library:
        ingest([tmp_path / "records"], library)
        assert state_of(library) == expected


def test_a_full_disk_under_the_originals(
    tmp_path: Path, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with opened(tmp_path / "library") as library, monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(LibraryError, match="the disk is full"):
            ingest([tmp_path / "records"], library)
    with opened(tmp_path / "library") as library:
        ingest([tmp_path / "records"], library)
        assert state_of(library) == expected


@pytest.mark.parametrize("limit", [40_000, 120_000, 400_000])
def test_no_file_can_grow(tmp_path: Path, expected: dict[str, Any], limit: int) -> None:
    """As a full disk is met anywhere: every write beyond so many bytes of a file fails."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parents[1] / "fictional.py"), "records", "library"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)),
        check=False,
    )
    if done.returncode:
        assert "ingest.errors.Library" in done.stderr.strip().splitlines()[-1], done.stderr
    with opened(tmp_path / "library") as library:
        ingest([tmp_path / "records"], library)
        found = state_of(library)
        assert [part for part in expected if part != "paths" and found[part] != expected[part]] == []


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A library that this test's second user may only read."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    place = Path(tempfile.mkdtemp(prefix="jupilu-foreign-"))
    write_records(place / "records", 3)
    with opened(place / "library") as library:
        ingest([place / "records"], library)
    place.chmod(0o755)
    for file in place.rglob("*"):
        file.chmod(0o555 if file.is_dir() else 0o444)
    yield place
    shutil.rmtree(place)


def as_nobody(work: Callable[[], list[str]]) -> list[str]:
    """What some work tells that is done by another user, in a fork of this process."""
    import chromadb  # noqa: F401  # the other user may not be able to read where they lie
    import tantivy  # noqa: F401

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        told: list[str] = []
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            told = work()
        except BaseException as error:  # noqa: BLE001  # told where it can be seen
            told = [f"{type(error).__name__}: {error}"]
        finally:
            os.write(writing, json.dumps(told).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        answer: list[str] = json.loads(stream.read())
    os.waitpid(child, 0)
    return answer


def test_another_user_may_read_and_not_write(foreign: Path) -> None:
    def work() -> list[str]:
        told = []
        with opened(foreign / "library") as library:
            found = library.index.lexical("产能利用率", k=50), library.index.dense([1.0] * 16)
            told.append(f"{library.count()} {len(found[0])} {len(found[1])}")
            for write in (
                lambda: library.remove([library.records()[0].id]),
                lambda: ingest([foreign / "records"], library),
            ):
                try:
                    write()
                except LibraryError as error:
                    told.append(str(error))
        return told

    found, *refused = as_nobody(work)
    assert found == "3 15 15"
    assert len(refused) == 2 and all("by this user" in line for line in refused)
