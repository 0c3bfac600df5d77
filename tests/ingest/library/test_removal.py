"""Removal: gone from everywhere at once, and a kill at any moment of it ends like an undisturbed one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fictional import HashEmbeddings, state_of, write_records

from ingest import Library, ingest
from ingest.errors import RecordUnknown
from ingest.library.removal import leaving

PROGRAM = Path(__file__).parents[1] / "killed_removals.py"


def killed(place: Path, points: int) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(place), str(points)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROGRAM.parents[2])},
        check=True,
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_removals_killed_at_four_moments(tmp_path: Path) -> None:
    told = killed(tmp_path, 4)
    assert told["killed"] == 4 and told["different"] == []


@pytest.mark.slow
def test_removals_killed_at_forty_moments(tmp_path: Path) -> None:
    told = killed(tmp_path, 40)
    print(told)
    assert told["killed"] == 40 and told["different"] == []


@pytest.fixture
def library(tmp_path: Path) -> Library:
    write_records(tmp_path / "records", 4)
    opened = Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings())
    ingest([tmp_path / "records"], opened)
    return opened


def test_a_removed_record_is_gone_and_the_library_as_if_it_had_never_been(
    library: Library, tmp_path: Path
) -> None:
    files = sorted((tmp_path / "records").iterdir())
    first = library.record(files[0].name)
    assert library.remove([first.id[:12]]) == [first.id]
    with pytest.raises(RecordUnknown):
        library.record(first.id)
    assert library.participants([first.id]) == {}
    assert library.count() == 3
    assert all(not hit.startswith(first.id) for hit, _ in library.index.lexical("产能利用率", k=100))
    assert not leaving(library.catalogue)
    files[0].unlink()
    with Library.open(tmp_path / "other", create=True, embeddings=HashEmbeddings()) as other:
        ingest([tmp_path / "records"], other)
        assert state_of(other) == state_of(library)


def test_by_path_and_by_bytes(library: Library, tmp_path: Path) -> None:
    files = sorted((tmp_path / "records").iterdir())
    copy = tmp_path / "elsewhere.txt"
    copy.write_bytes(files[1].read_bytes())
    assert len(library.remove([str(files[0]), str(copy)])) == 2
    assert library.count() == 2


def test_one_name_that_is_unknown_removes_nothing(library: Library, tmp_path: Path) -> None:
    files = sorted((tmp_path / "records").iterdir())
    with pytest.raises(RecordUnknown):
        library.remove([files[0].name, "nothing like it"])
    assert library.count() == 4


def test_a_file_that_comes_back_is_read_again(library: Library, tmp_path: Path) -> None:
    before = state_of(library)
    library.remove([sorted((tmp_path / "records").iterdir())[0].name])
    ingest([tmp_path / "records"], library)
    assert state_of(library) == before


def test_originals_of_nobody_are_collected(library: Library, tmp_path: Path) -> None:
    stray = library.path / "originals" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"left by a killed writer")
    ingest([tmp_path / "records"], library)
    assert not stray.exists()
