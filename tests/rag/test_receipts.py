"""A receipt says what an answer was made from, and replaying it what has changed since."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.errors import ReceiptUnknown, RecordUnknown
from ingest.records import Passage, Record
from rag.answers import Answer
from rag.receipts import Receipts, compare
from rag.writing.verbatim_answer import Draft
from tests.rag.writing_parts import parts


class Shelf:
    """What of a library a comparison needs; `sections` of a draft are its records."""

    def __init__(self, draft: Draft) -> None:
        self._records = {s.record.id: s.record for s in draft.sections}
        self._passages = {s.relevant.evidence.passage.id: s.relevant.evidence.passage for s in draft.sections}

    def record(self, identity: str) -> Record:
        if identity not in self._records:
            raise RecordUnknown(identity)
        return self._records[identity]

    def passages(self, ids: list[str]) -> list[Passage]:
        return [self._passages[one] for one in ids if one in self._passages]

    def remove(self, identity: str) -> None:
        del self._records[identity]
        self._passages = {k: p for k, p in self._passages.items() if p.record_id != identity}


@pytest.fixture
def kept(tmp_path: Path) -> SimpleNamespace:
    _, draft, answer = parts()
    sealed = answer.sealed("snapshot one")
    receipts = Receipts(tmp_path)
    receipts.keep(sealed, "snapshot one", draft, None, {"company": "309001", "as_of": date(2024, 6, 30)})
    return SimpleNamespace(receipts=receipts, answer=sealed, draft=draft, shelf=Shelf(draft), folder=tmp_path)


def replay(kept: SimpleNamespace, answer: Answer, snapshot: str = "snapshot one") -> tuple[str, ...]:
    receipt = Receipts(kept.folder).get(kept.answer.receipt[:8])
    library: Any = kept.shelf
    return compare(receipt, library, answer, snapshot, None).changes


def test_nothing_has_changed(kept: SimpleNamespace) -> None:
    assert replay(kept, kept.answer) == ()
    receipt = kept.receipts.get(kept.answer.receipt)
    assert receipt.asked == {"company": "309001", "as_of": date(2024, 6, 30)}
    assert [one for one, _ in receipt.evidence] == [f"{'1' * 16}:1:0", f"{'2' * 16}:1:0"]


def test_a_removed_record_and_another_answer_are_told(kept: SimpleNamespace) -> None:
    kept.shelf.remove("2" * 16)
    changes = replay(kept, dataclasses.replace(kept.answer, text="别的"), "snapshot two")
    told = "\n".join(changes)
    assert "the library has changed" in told
    assert f"passage {'2' * 16}:1:0 is no longer in the library" in told
    assert "2.txt was removed from the library" in told
    assert "the answer's text is different now" in told


def test_a_claim_that_the_gate_no_longer_supports_is_told(kept: SimpleNamespace) -> None:
    claim = dataclasses.replace(kept.answer.claims[0], text="公司2024年一季度液冷业务收入8.2亿元。")
    answer = dataclasses.replace(kept.answer, claims=(claim,), model="scripted", receipt="f" * 16)
    kept.receipts.keep(answer, "snapshot one", kept.draft, "0" * 64, {})
    library: Any = kept.shelf
    told = compare(kept.receipts.get("f" * 16), library, answer, "snapshot one", "1" * 64).changes
    assert any("the gate said supported and now says" in change for change in told)
    assert any("prompt" in change for change in told)


@pytest.mark.parametrize("wanted", ["nothing", "", "%", "_"])
def test_an_unknown_receipt_is_one_line(kept: SimpleNamespace, wanted: str) -> None:
    with pytest.raises(ReceiptUnknown) as told:
        kept.receipts.get(wanted)
    assert "\n" not in str(told.value)


def test_where_nothing_can_be_written_the_answer_stands(
    kept: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    kept.receipts.keep(kept.answer, "snapshot", None, None, {})
