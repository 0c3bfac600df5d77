"""The Dockerfile, read by a parser: what must hold for an image though none is built here."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

dockerfile_parse = pytest.importorskip("dockerfile_parse", reason="pip install dockerfile-parse to read it")
ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "docs" / "deploy" / "Dockerfile"


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Instructions and their values, in order."""
    copy = tmp_path_factory.mktemp("docker") / "Dockerfile"  # the parser opens its file for writing
    copy.write_bytes(FILE.read_bytes())
    parsed = dockerfile_parse.DockerfileParser(path=str(copy)).structure
    return [(one["instruction"], one["value"]) for one in parsed if one["instruction"] != "COMMENT"]


def values(steps: list[tuple[str, str]], name: str) -> list[str]:
    return [value for instruction, value in steps if instruction == name]


def test_it_begins_small_and_ends_as_a_user_without_rights(steps: list[tuple[str, str]]) -> None:
    assert re.fullmatch(r"python:3\.\d+-slim", values(steps, "FROM")[0]) and steps[0][0] == "FROM"
    assert {name for name, _ in steps} <= set(
        "FROM ENV ARG RUN WORKDIR COPY USER VOLUME EXPOSE HEALTHCHECK STOPSIGNAL ENTRYPOINT CMD".split()
    )
    assert values(steps, "USER") == ["jupilu"]
    after = [name for name, _ in steps][[name for name, _ in steps].index("USER") :]
    assert "RUN" not in after and "COPY" not in after


def test_what_it_copies_is_there_and_no_more_is_sent(steps: list[tuple[str, str]]) -> None:
    sources = [part for value in values(steps, "COPY") for part in value.split()[:-1]]
    assert all((ROOT / part).exists() for part in sources)
    ignore = FILE.with_name("Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert ignore[0] == "*" and set(sources) == {line[1:] for line in ignore if line.startswith("!")}
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = packages["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name.rstrip("*") for name in included} <= set(sources)


def test_torch_is_the_pinned_one_and_no_secret_is_inside(steps: list[tuple[str, str]]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = next(one for one in project["dependencies"] if one.startswith("torch=="))
    runs = " ".join(values(steps, "RUN"))
    assert pinned in runs and "[serve]" in runs and "serve" in project["optional-dependencies"]
    told = " ".join(values(steps, "ENV") + values(steps, "ARG"))
    assert not re.search(r"(?i)key|token|password|secret", told)


def test_it_serves_where_its_healthcheck_looks(steps: list[tuple[str, str]]) -> None:
    command = json.loads(values(steps, "ENTRYPOINT")[0]) + json.loads(values(steps, "CMD")[0])
    assert command == ["jupilu", "serve", "--host", "0.0.0.0", "--port", "8000"]
    assert values(steps, "EXPOSE") == ["8000"]
    assert "http://127.0.0.1:8000/health" in values(steps, "HEALTHCHECK")[0]
    assert json.loads(values(steps, "VOLUME")[0]) == ["/library"]
    assert "JUPILU_LIBRARY=/library" in values(steps, "ENV")[-1]
