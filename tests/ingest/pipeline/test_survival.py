"""An ingest survives what can happen to it: being killed at any moment, a second one, questions meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from fictional import HashEmbeddings, state_of, write_records

from ingest import Library, Settings, ingest
from ingest.errors import LibraryBusy
from ingest.library.writing_lock import sole_writer

PROGRAM = Path(__file__).parents[1] / "fictional.py"
ROOT = Path(__file__).parents[3]


def start(folder: Path, library: Path, *flags: str) -> subprocess.Popen[str]:
    """An ingest in a process of its own, begun when this returns."""
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder), str(library), *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    return process


def undisturbed(folder: Path, library: Path, *flags: str) -> tuple[float, dict[str, Any]]:
    """How long an ingest takes that nobody disturbs, and what it leaves."""
    process = start(folder, library, *flags)
    at = time.monotonic()
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    seconds = time.monotonic() - at
    with opened(library, *flags) as held:
        return seconds, state_of(held)


def opened(library: Path, *flags: str) -> Library:
    return Library.open(library, embeddings=None if "real" in flags else HashEmbeddings())


def kill_at_random_moments(folder: Path, place: Path, times: int, seed: int, *flags: str) -> None:
    seconds, expected = undisturbed(folder, place / "undisturbed", *flags)
    dice = random.Random(seed)
    finished = 0
    library = place / "killed"
    for _ in range(times):
        process = start(folder, library, *flags)
        try:
            process.wait(timeout=dice.uniform(0, seconds))
            finished += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        if dice.random() < 0.3:  # some kills hit a fresh library, others one that was killed before
            _, state = undisturbed(folder, library, *flags)
            assert differences(state, expected) == []
            library = place / f"killed-{dice.random()}"
    _, state = undisturbed(folder, library, *flags)
    assert differences(state, expected) == []
    assert finished < times


def differences(state: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    return [name for name in expected if state[name] != expected[name]]


def test_killed_ingests_end_like_an_undisturbed_one(tmp_path: Path) -> None:
    write_records(tmp_path / "records", 16, pairs=12)
    kill_at_random_moments(tmp_path / "records", tmp_path, 4, 11)


@pytest.mark.slow
def test_twenty_killed_ingests_with_the_real_model(tmp_path: Path, examples_dir: Path) -> None:
    kill_at_random_moments(examples_dir / "records", tmp_path, 20, 12, "real")


@pytest.mark.slow
def test_twenty_killed_ingests_with_many_writes(tmp_path: Path) -> None:
    write_records(tmp_path / "records", 60, pairs=12)
    kill_at_random_moments(tmp_path / "records", tmp_path, 20, 13)


@pytest.mark.parametrize("step", ["original", "embed", "index", "ready", "superseded", "settle"])
def test_a_crash_at_every_step_is_mended(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a kill, but at a chosen step: whatever follows the step does not happen."""
    from ingest.embedding import embeddings as embedding
    from ingest.library import index, originals
    from ingest.pipeline import library_writer as writing

    files = write_records(tmp_path / "records", 6)
    with Library.open(tmp_path / "straight", create=True, embeddings=HashEmbeddings()) as straight:
        ingest([tmp_path / "records"], straight)
    crashing = Library.open(tmp_path / "crashed", create=True, embeddings=HashEmbeddings())
    ingest(files[:1], crashing)
    files[0].write_text(
        files[0].read_text(encoding="utf-8").replace("订单充足", "订单饱满"), encoding="utf-8"
    )
    with Library.open(tmp_path / "straight", embeddings=HashEmbeddings()) as straight:
        ingest([tmp_path / "records"], straight)

    class Crash(BaseException):
        pass

    def crash(*_: Any, **__: Any) -> None:
        raise Crash

    target: tuple[Any, str] = {
        "original": (originals.Originals, "keep"),
        "embed": (embedding, "embed_all"),
        "index": (index.WordIndex, "add"),
        "ready": (writing.Writer, "_show"),
        "superseded": (writing.Writer, "_finish"),
        "settle": (index.WordIndex, "rewrite"),
    }[step]
    with monkeypatch.context() as patch:
        patch.setattr(*target, crash)
        with pytest.raises(Crash):
            ingest([tmp_path / "records"], crashing)
    crashing.close()
    with Library.open(tmp_path / "crashed", embeddings=HashEmbeddings()) as mended:
        ingest([tmp_path / "records"], mended)
        state = state_of(mended)
    with Library.open(tmp_path / "straight", embeddings=HashEmbeddings()) as straight:
        assert differences(state, state_of(straight)) == []


def test_two_ingests_at_once(tmp_path: Path) -> None:
    write_records(tmp_path / "a", 8)
    write_records(tmp_path / "b", 16)
    _, expected = undisturbed(tmp_path / "b", tmp_path / "straight")
    first = start(tmp_path / "b", tmp_path / "library")
    second = start(tmp_path / "b", tmp_path / "library")
    told = [process.communicate() for process in (first, second)]
    assert first.returncode == second.returncode == 0, told
    assert sorted("16 added" in output for output, _ in told) == [False, True]
    assert any("another process is writing" in errors for _, errors in told)
    with opened(tmp_path / "library") as library:
        assert differences(state_of(library), expected) == []


def test_a_second_ingest_gives_up_after_its_patience(tmp_path: Path) -> None:
    write_records(tmp_path / "records", 1)
    with Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings()) as library:
        told = []
        with sole_writer(library.path), pytest.raises(LibraryBusy, match="try again"):
            ingest([tmp_path / "records"], library, patience=0.3, progress=lambda s: told.append(s.phase))
        assert told == ["waiting"]
        assert ingest([tmp_path / "records"], library).records == 1


def test_asking_during_an_ingest(tmp_path: Path) -> None:
    write_records(tmp_path / "records", 40, pairs=12)
    Library.open(tmp_path / "library", Settings(), create=True).close()
    process = start(tmp_path / "records", tmp_path / "library")
    seen = []
    with opened(tmp_path / "library") as library:
        while process.poll() is None:
            hits = library.index.lexical("产能利用率", k=20) + library.index.dense([1.0] * 16, k=20)
            for passage in library.passages([passage_id for passage_id, _ in hits]):
                record = library.record(passage.record_id)
                assert passage.span.of(record.text) == passage.text
            seen.append(len(library.records()))
            time.sleep(0.02)
        _, errors = process.communicate()
        assert process.returncode == 0, errors
        assert seen == sorted(seen) and any(0 < count < 40 for count in seen)
        assert len(library.records()) == 40
        assert len(library.index.lexical("产能利用率", k=1000)) == library.index.count() == 480
