"""A library whose vectors a Chroma server proposes gives what it gives on one machine, and asks the server for little."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chroma_server import chroma_server
from fictional import HashEmbeddings, write_records

from ingest import Library, Settings, ingest
from ingest.errors import LibraryDamaged
from ingest.library.chroma_vectors import ChromaVectors
from ingest.library.filters import Where
from ingest.library.index import MARGIN
from ingest.library.repair import index_faults, repair

pytestmark = pytest.mark.enable_socket  # loopback only
VECTOR = HashEmbeddings().embed_query("产能利用率")
FILTERS = [
    Where(),
    Where(codes=frozenset({"309901"})),
    Where(published_to=date(2024, 6, 30)),
    Where(codes=frozenset({"309900"}), published_to=date(2024, 6, 30)),
    Where(codes=frozenset({"309900"}), kinds=frozenset({"statement"})),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma") / "data") as url:
        yield url


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, server: str) -> Path:
    """A library that was ingested on one machine, and then given to the server by the doctor."""
    place = tmp_path_factory.mktemp("library")
    write_records(place / "records", 12, pairs=10)
    with Library.open(place / "library", create=True, embeddings=HashEmbeddings()) as library:
        ingest([place / "records"], library)
    with opened(place / "library", server) as library, pytest.raises(LibraryDamaged, match="doctor --repair"):
        library.index.dense(VECTOR)
    assert not repair(place / "library", Settings(chroma_url=server), HashEmbeddings()).left
    return place / "library"


def opened(path: Path, server: str | None) -> Library:
    return Library.open(path, Settings(chroma_url=server), embeddings=HashEmbeddings())


def found(library: Library) -> list[Any]:
    return [
        library.index.dense(VECTOR, where, k=7, field=field)  # type: ignore[arg-type]
        for where in FILTERS
        for field in ("passage", "question")
    ]


def test_the_server_finds_what_one_machine_finds(path: Path, server: str) -> None:
    with opened(path, None) as alone, opened(path, server) as served:
        assert found(served) == found(alone)
        assert index_faults(served) == []


def test_little_is_fetched(path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Where, int]] = []
    search = ChromaVectors.search

    def counting(self: ChromaVectors, vector: Any, where: Where, k: int, field: Any) -> list[str]:
        given = search(self, vector, where, k, field)
        asked.append((where, len(given)))
        return given

    monkeypatch.setattr(ChromaVectors, "search", counting)
    with opened(path, server) as served:
        assert served.index.count() > 100
        found(served)
        monkeypatch.setattr(type(served.index.store), "tables", None)  # nobody reads all rows
        served.index.dense(VECTOR, k=7)
    assert all(length <= 7 + MARGIN for _, length in asked)
    assert {where for where, _ in asked} == {FILTERS[0], FILTERS[2]}  # of a company its own rows are compared


def test_what_is_ingested_elsewhere_must_not_be_missed(path: Path, server: str, tmp_path: Path) -> None:
    (more,) = write_records(tmp_path / "more", 1, pairs=3)
    more.write_text(more.read_text(encoding="utf-8").replace("产能", "海外订单"), encoding="utf-8")
    with opened(path, None) as alone:
        ingest([more], alone)
        expected = found(alone)
    with opened(path, server) as served, pytest.raises(LibraryDamaged, match="does not hold this library"):
        served.index.dense(VECTOR)
    with opened(path, server) as served:
        again = more.with_name("another.txt")
        again.write_text(more.read_text(encoding="utf-8").replace("订单", "客户"), encoding="utf-8")
        ingest([again], served)
        assert index_faults(served) == []
        now = found(served)
    with opened(path, None) as alone:
        assert found(alone) == now != expected


@pytest.mark.slow
def test_the_same_answers(examples_dir: Path, tmp_path: Path, server: str) -> None:
    from eval.cases import BUILT_IN, read_cases
    from rag import DisclosureQA

    library = tmp_path / "library"
    ingest([examples_dir / "records"], library, Settings(chroma_url=server))
    answers = []
    for url in (None, server):
        with DisclosureQA.open(library, Settings(chroma_url=url, library=library)) as qa:
            told = [
                qa.ask(case.question, company=case.company, as_of=case.as_of).as_json()
                for case in read_cases([BUILT_IN])[:40]
            ]
        answers.append([json.dumps(one | {"timings_ms": {}}, ensure_ascii=False) for one in told])
    assert answers[0] == answers[1]
