"""Ray workers make the same library as one process; a worker that is killed costs nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import fictional
import pytest
from fictional import HashEmbeddings, state_of, write_records

from ingest import Library, ingest

pytestmark = pytest.mark.enable_socket  # Ray's processes talk on loopback
ROOT = Path(__file__).parents[2]


def made(folder: Path, place: Path, workers: int | None) -> dict[str, object]:
    with Library.open(place, create=True, embeddings=HashEmbeddings()) as library:
        report = ingest([folder], library, ray_workers=workers)
        assert (len(report.added), len(report.failed), len(report.duplicates)) == (40, 1, 1)
        return state_of(library)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'jupilu[scale]'")
    ray.cloudpickle.register_pickle_by_value(fictional)  # the workers don't see the tests' folder
    files = write_records(tmp_path / "records", 40, pairs=12)
    (tmp_path / "records" / "again.txt").write_bytes(files[3].read_bytes())
    (tmp_path / "records" / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    return tmp_path / "records"


def readers() -> list[int]:
    """The processes of the Ray workers of this test's process."""
    import psutil

    return [
        child.pid
        for child in psutil.Process().children(recursive=True)
        if child.name().startswith("ray::RayWorker")
    ]


@pytest.mark.slow
def test_the_library_is_that_of_one_process_also_where_workers_are_killed(
    folder: Path, tmp_path: Path
) -> None:
    expected = made(folder, tmp_path / "alone", None)
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.05) and len(killed) < 2:
            for process in readers():
                if process not in killed:
                    time.sleep(0.3 * (1 + len(killed)))  # in the midst of its files
                    os.kill(process, signal.SIGKILL)
                    killed.append(process)
                    break

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        state = made(folder, tmp_path / "killed", 2)
    finally:
        done.set()
        killer.join()
    assert killed, "no worker was found to kill"
    assert [name for name in expected if state[name] != expected[name]] == []


@pytest.mark.slow
def test_a_worker_that_always_dies_is_reported_and_nothing_is_lost(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.pipeline import ray_workers

    class Dying(ray_workers.RayWorker):
        def read(self, job, data):  # type: ignore[no-untyped-def]
            if "007" in job.name:
                os._exit(3)
            return super().read(job, data)

    monkeypatch.setattr(ray_workers, "RayWorker", Dying)
    monkeypatch.setattr(ray_workers, "TRIES_AGAIN", 1)
    with Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings()) as library:
        report = ingest([folder], library, ray_workers=1)
        reasons = {Path(one.path).name: one.reason for one in report.failed}
        assert "its Ray worker died" in reasons["云栖样例：第007次调研.txt"]
        monkeypatch.undo()
        again = ingest([folder], library)
        assert len(report.added) + len(again.added) == 40
        assert [Path(one.path).name for one in again.failed] == ["broken.pdf"]


def test_without_ray_one_line_names_the_extra(tmp_path: Path) -> None:
    write_records(tmp_path / "records", 1)
    (tmp_path / "hidden" / "ray").mkdir(parents=True)
    (tmp_path / "hidden" / "ray" / "__init__.py").write_text("raise ImportError('not installed')")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ui.cli",
            "ingest",
            str(tmp_path / "records"),
            "--ray",
            "--library",
            str(tmp_path / "l"),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "hidden"), str(ROOT)])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert done.stderr.strip().count("\n") == 0 and "jupilu[scale]" in done.stderr
    assert not (tmp_path / "l").exists()
