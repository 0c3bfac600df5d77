"""The index: both searches under hard filters, the same order always, nothing left of deleted passages."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import numpy
import pytest

from ingest.errors import LibraryDamaged, LibraryError
from ingest.library import index as index_module
from ingest.library import mapped as mapped_module
from ingest.library.index import Index, Where
from ingest.library.index_words import words
from ingest.records import Passage, Span
from ingest.settings import Settings

DIMENSIONS = 16


def passage(record: str, number: int, text: str, question: str = "", **known: object) -> Passage:
    return Passage(
        id=f"{record}:{number}:0",
        record_id=record,
        kind=known.get("kind", "pair"),  # type: ignore[arg-type]
        number=number,
        unit=0,
        slice=0,
        context="",
        question=question,
        text=text,
        span=Span(0, len(text)),
        code=known.get("code"),  # type: ignore[arg-type]
        short_name=None,
        published_on=known.get("published_on"),  # type: ignore[arg-type]
    )


def vector_of(text: str) -> list[float]:
    """A vector that depends on the text alone; not meaningful, but always the same."""
    return list(numpy.random.default_rng(sum(map(ord, text))).normal(size=DIMENSIONS))


CHROMA = Settings(vector_search="chroma")


def filled(folder: Path, passages: list[Passage], settings: Settings | None = None) -> Index:
    index = Index(folder, settings or Settings())
    index.add(
        passages,
        [vector_of(one.text) for one in passages],
        [vector_of(one.question) if one.question else [0.0] * DIMENSIONS for one in passages],
    )
    return index


@pytest.fixture
def passages() -> list[Passage]:
    many = []
    for number in range(200):
        many.append(
            passage(
                f"r{number % 20}",
                number,
                f"第{number}个回答：光模块出货量增长{number}%",
                f"第{number}个问题？" if number % 3 else "",
                code=f"00000{number % 4}" if number % 5 else None,
                published_on=date(2024, 1 + number % 12, 3) if number % 7 else None,
                kind="pair" if number % 3 else "statement",
            )
        )
    return many


FILTERS = [
    Where(),
    Where(codes=frozenset({"000001"})),
    Where(codes=frozenset({"000001", "000002"}), published_to=date(2024, 4, 3)),
    Where(published_from=date(2024, 4, 3)),
    Where(published_from=date(2024, 4, 3), published_to=date(2024, 4, 3), kinds=frozenset({"statement"})),
    Where(records=frozenset({"r3", "r4"})),
    Where(codes=frozenset()),
]


def passes(one: Passage, where: Where) -> bool:
    return (
        (where.codes is None or one.code in where.codes)
        and (where.kinds is None or one.kind in where.kinds)
        and (where.records is None or one.record_id in where.records)
        and (
            where.days is None
            or (
                one.published_on is not None
                and (where.published_from or date.min) <= one.published_on <= (where.published_to or date.max)
            )
        )
    )


@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("search", ["in memory", "mapped", "mapped and newer", "chroma"])
def test_filters_are_hard_and_lose_nothing(
    tmp_path: Path, passages: list[Passage], where: Where, search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if search.startswith("mapped"):
        monkeypatch.setattr(index_module, "EXACT_LIMIT", 0)
    index = filled(tmp_path, passages, CHROMA if search == "chroma" else None)
    if search == "mapped and newer":
        newer = [one for one in passages if one.record_id in ("r3", "r8")]
        index.delete(["r3", "r5"])
        again = newer + [one for one in passages if one.record_id == "r5"]
        index.add(
            again,
            [vector_of(one.text) for one in again],
            [vector_of(one.question) if one.question else [0.0] * DIMENSIONS for one in again],
        )
        assert len(index.store.tables()) == 2
    assert index.store.is_mapped == search.startswith("mapped")
    expected = {one.id for one in passages if passes(one, where)}
    assert {found for found, _ in index.dense(vector_of("光"), where, k=300)} == expected
    with_question = {one.id for one in passages if passes(one, where) and one.question}
    assert {
        found for found, _ in index.dense(vector_of("光"), where, k=300, field="question")
    } == with_question
    assert {found for found, _ in index.lexical("光模块", where, k=300)} == expected
    assert {found for found, _ in index.lexical("问题", where, k=300, field="question")} == with_question


def test_dense_order_is_exact(tmp_path: Path, passages: list[Passage]) -> None:
    index = filled(tmp_path, passages)
    query = numpy.array(vector_of("光模块"))
    cosines = {}
    for one in passages:
        vector = numpy.array(vector_of(one.text))
        cosines[one.id] = float(vector @ query / numpy.linalg.norm(vector) / numpy.linalg.norm(query))
    best = sorted(cosines, key=lambda passage_id: (-round(cosines[passage_id], 6), passage_id))[:10]
    found = index.dense(query, k=10)
    assert [passage_id for passage_id, _ in found] == best
    assert [score for _, score in found] == pytest.approx([cosines[one] for one in best], abs=1e-5)


def test_adding_twice_changes_nothing_and_deleting_leaves_nothing(
    tmp_path: Path, passages: list[Passage]
) -> None:
    index = filled(tmp_path / "a", passages, CHROMA)
    before = index.dense(vector_of("q"), k=20), {one for one, _ in index.lexical("光模块", k=300)}
    index.add(passages, [vector_of(one.text) for one in passages])
    assert index.count() == 200
    assert (index.dense(vector_of("q"), k=20), {one for one, _ in index.lexical("光模块", k=300)}) == before
    index.delete(["r3"])
    left = {one.id for one in passages if one.record_id != "r3"}
    assert {one for one, _ in index.dense(vector_of("q"), k=300)} == left
    assert {one for one, _ in index.lexical("光模块", k=300)} == left
    assert index.chroma and index.chroma.ids("passage") == left


def test_results_do_not_depend_on_history(tmp_path: Path, passages: list[Passage]) -> None:
    straight = filled(tmp_path / "straight", passages)
    straight.settle(lambda: passages)
    shuffled = random.Random(1).sample(passages, len(passages))
    other = Index(tmp_path / "other", Settings())
    for start in range(0, 200, 30):
        part = shuffled[start : start + 30]
        other.add(part, [vector_of(one.text) for one in part])
    extra = passage("gone", 1, "光模块光模块光模块出货量")
    other.add([extra], [vector_of(extra.text)])
    other.delete(["r3", "gone"])
    again = [one for one in passages if one.record_id == "r3"]
    other.add(again, [vector_of(one.text) for one in again])
    other.settle(lambda: shuffled)
    for query in ("光模块出货量增长17%", "第3个回答"):
        assert other.lexical(query, k=30) == straight.lexical(query, k=30)
        assert other.dense(vector_of(query), k=30) == straight.dense(vector_of(query), k=30)


def test_settle_mends_a_chroma_that_lost_its_writes(tmp_path: Path, passages: list[Passage]) -> None:
    index = filled(tmp_path, passages, CHROMA)
    assert index.chroma
    index.chroma.clear()
    index.settle(lambda: passages)
    assert index.chroma.ids("passage") == {one.id for one in passages}
    assert not index.unsettled


def test_settle_does_not_trust_a_killed_writers_chroma(tmp_path: Path, passages: list[Passage]) -> None:
    index = filled(tmp_path, passages, CHROMA)
    index.close()  # never settled, as after a kill
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"broken" * 1000)
    index = Index(tmp_path, CHROMA)
    assert index.unsettled and index.chroma
    index.settle(lambda: passages)
    assert index.chroma.ids("passage") == {one.id for one in passages}


def test_mapped_vectors_give_what_those_in_memory_give(
    tmp_path: Path, passages: list[Passage], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = filled(tmp_path / "memory", passages)
    monkeypatch.setattr(index_module, "EXACT_LIMIT", 0)
    mapped = filled(tmp_path / "mapped", passages[:120])
    rest = passages[120:]
    mapped.add(
        rest,
        [vector_of(one.text) for one in rest],
        [vector_of(one.question) if one.question else [0.0] * DIMENSIONS for one in rest],
    )
    reader = Index(tmp_path / "mapped", Settings())
    for again in (False, True):
        for where in FILTERS:
            for field in ("passage", "question"):
                expected = memory.dense(vector_of("光"), where, k=20, field=field)  # type: ignore[arg-type]
                assert reader.dense(vector_of("光"), where, k=20, field=field) == expected  # type: ignore[arg-type]
        if not again:
            mapped.store.map_anew()
            assert len(reader.store.tables()) == 1 and reader.store.fault() is None
    assert len(list((tmp_path / "mapped").glob("mapped-*"))) == 1


def test_a_mapping_that_is_damaged_or_gone_is_told_and_made_again(
    tmp_path: Path, passages: list[Passage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "EXACT_LIMIT", 0)
    index = filled(tmp_path / "index", passages)
    expected = index.dense(vector_of("光"), k=20)
    (folder,) = (tmp_path / "index").glob("mapped-*")
    with (folder / "passage.npy").open("r+b") as file:
        file.seek(4000)
        file.write(b"\xff\xff\x00")
    assert "mapped" in (Index(tmp_path / "index", Settings()).store.fault() or "")
    (folder / "passage.npy").unlink()
    with pytest.raises(LibraryDamaged, match="jupilu doctor --repair"):
        Index(tmp_path / "index", Settings()).dense(vector_of("光"), k=20)
    index.store.map_anew()
    assert Index(tmp_path / "index", Settings()).dense(vector_of("光"), k=20) == expected


@pytest.mark.parametrize("step", ["write", "forget"])
def test_a_mapping_that_was_killed_is_made_again(
    tmp_path: Path, passages: list[Passage], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    expected = filled(tmp_path / "memory", passages).dense(vector_of("光"), k=20)
    monkeypatch.setattr(index_module, "EXACT_LIMIT", 0)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(mapped_module, step, crash)
        filled(tmp_path / "index", passages)
    index = Index(tmp_path / "index", Settings())
    assert index.dense(vector_of("光"), k=20) == expected
    index.settle(lambda: passages)
    assert index.dense(vector_of("光"), k=20) == expected
    assert index.store.is_mapped and index.store.fault() is None


def test_an_open_reader_sees_what_another_process_wrote(tmp_path: Path, passages: list[Passage]) -> None:
    reader = Index(tmp_path, Settings())
    assert reader.dense(vector_of("q")) == [] and reader.lexical("光模块") == []
    filled(tmp_path, passages).close()
    assert len(reader.dense(vector_of("q"), k=300)) == 200
    assert len(reader.lexical("光模块", k=300)) == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("光模块", ["光", "模", "块", "光模", "模块"]),
        ("８００Ｇ", ["800g", "800"]),
        ("1.6T", ["1.6t", "1.6"]),
        ("GB300", ["gb300", "gb", "300"]),
        ("营收1,234.5万", ["营", "收", "营收", "1234.5", "万"]),
        ("增 长", ["增", "长", "增长"]),
        ("A-share", ["a-share", "share"]),
        ("！？…", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_chroma_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    index = Index(tmp_path, Settings(chroma_url="http://127.0.0.1:9"))
    with pytest.raises(LibraryError, match="JUPILU_CHROMA_URL"):
        index.add([passage("r", 1, "光模块")], [vector_of("光")])
