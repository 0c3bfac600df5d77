"""Receipts: what an answer was made from, kept so that anyone can see later what has changed since."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.errors import ReceiptUnknown, RecordUnknown
from ingest.library.damage import explained
from ingest.library.library import Library
from rag.answers import Answer
from rag.asking.edges import without_surrogates
from rag.grounding import EvidenceText, check
from rag.writing.verbatim_answer import Draft

LONGEST_ID = 64
FILE_NAME = "receipts.sqlite"  # in the library's folder

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS receipts (id TEXT PRIMARY KEY, made_at TEXT NOT NULL, body TEXT NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer was made from.

    `evidence` holds, for each passage that was chosen, its id and the SHA-256 of its text; `prompt`
    is the SHA-256 of the model's prompt (None where no model wrote); `asked` is what was chosen
    beside the question; `answer` is `Answer.as_json()` with its claims, verdicts and citations.
    """

    id: str
    made_at: str
    snapshot: str
    model: str
    prompt: str | None
    evidence: tuple[tuple[str, str], ...]
    asked: dict[str, Any]
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A receipt held against the library of today; `changes` has one line for each thing that is different."""

    receipt: Receipt
    changes: tuple[str, ...]
    answer: Answer

    def as_json(self) -> dict[str, Any]:
        """What `jupilu replay --json` prints."""
        return {
            "receipt": {**asdict(self.receipt), "asked": {k: str(v) for k, v in self.receipt.asked.items()}},
            "changes": list(self.changes),
            "answer_now": self.answer.as_json(),
        }


class Receipts:
    """The receipts of one library, in an SQLite file beside it; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the library's; the file is made with the first receipt."""
        self._path = folder / FILE_NAME
        self._made = False

    def keep(
        self,
        answer: Answer,
        snapshot: str,
        draft: Draft | None,
        prompt: str | None,
        asked: Mapping[str, str | date | None],
    ) -> None:
        """Keep an answer's receipt; a library that can't be written to is told in the log, the answer stands.

        Args:
            answer: sealed, so that it has its receipt's id.
            snapshot: the library's when it was asked.
            draft: what was chosen to answer from; None where nothing was searched.
            prompt: the SHA-256 of the model's prompt where a model wrote.
            asked: the company and the days that were chosen beside the question.
        """
        sections = draft.sections if draft else ()
        passages = [section.relevant.evidence.passage for section in sections]
        body = {
            "snapshot": snapshot,
            "model": answer.model,
            "prompt": prompt,
            "evidence": [(passage.id, _sha256(passage.text)) for passage in passages],
            "asked": {key: str(value) for key, value in asked.items() if value},
            "answer": answer.as_json(),
        }
        try:
            with self._open() as database:
                database.execute(
                    "INSERT OR IGNORE INTO receipts VALUES (?, ?, ?)",
                    (
                        answer.receipt,
                        datetime.now(UTC).isoformat("T", "seconds"),
                        json.dumps(body, ensure_ascii=False),
                    ),
                )
        except (sqlite3.Error, OSError) as error:
            logging.getLogger(__name__).warning("the receipt was not kept in %s: %s", self._path, error)

    def get(self, receipt_id: str) -> Receipt:
        """The receipt with this id or, where only one has it, this beginning. Raises ReceiptUnknown."""
        receipt_id = without_surrogates(receipt_id)[:LONGEST_ID]
        found = []
        if self._path.exists() and receipt_id:
            with explained(self._path, self._path.parent), self._open() as database:
                found = database.execute(
                    "SELECT id, made_at, body FROM receipts WHERE substr(id, 1, ?) = ? LIMIT 2",
                    (len(receipt_id), receipt_id),
                ).fetchall()
        if len(found) != 1:
            several = "more than one receipt begins" if found else "there is no receipt"
            raise ReceiptUnknown(
                f"{several} with {receipt_id!r} in {self._path.parent}; `jupilu ask --json` prints ids"
            )
        with explained(self._path, self._path.parent, decoding=True):
            return _receipt(*found[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        try:
            # A receipt may be lost to a power cut, but no answer waits for the disk.
            database.execute("PRAGMA synchronous = OFF")
            if not self._made:
                database.execute(_SCHEMA)
                self._made = True
            yield database
        finally:
            database.close()


def _receipt(identity: str, made_at: str, text: str) -> Receipt:
    """A row of the file as it was kept."""
    body = json.loads(text)
    evidence = tuple((str(one), str(digest)) for one, digest in body["evidence"])
    asked: dict[str, Any] = dict(body["asked"])
    for key in ("as_of", "published_from"):
        if key in asked:
            asked[key] = date.fromisoformat(asked[key])
    return Receipt(
        identity,
        made_at,
        body["snapshot"],
        body["model"],
        body["prompt"],
        evidence,
        asked,
        body["answer"],
    )


def compare(
    receipt: Receipt, library: Library, answer: Answer, snapshot: str, prompt: str | None
) -> Replayed:
    """Hold a receipt against the library of today.

    Args:
        receipt: as kept.
        library: as it is now.
        answer: the verbatim answer to the same question now.
        snapshot: the library's now.
        prompt: the SHA-256 that the prompt of the receipt's model has now; None where no model wrote.
    """
    changes: list[str] = []
    if snapshot != receipt.snapshot:
        changes.append("the library has changed: records were added, updated or removed")
    if receipt.prompt and receipt.prompt != prompt:
        changes.append("the prompt that the model is given has changed")
    changes += _changed_evidence(receipt.evidence, library)
    for claim in receipt.answer["claims"]:
        changes += _changed_claim(claim, library)
    if receipt.model == "none":
        before, now = receipt.answer, answer.as_json()
        if before["outcome"] != now["outcome"]:
            changes.append(f"the outcome was {before['outcome']} and is now {now['outcome']}")
        elif before["text"] != now["text"]:
            changes.append("the answer's text is different now")
    return Replayed(receipt, tuple(changes), answer)


def _changed_evidence(evidence: Sequence[tuple[str, str]], library: Library) -> list[str]:
    now = {passage.id: _sha256(passage.text) for passage in library.passages([one for one, _ in evidence])}
    return [
        f"passage {one} {'has other words now' if one in now else 'is no longer in the library'}"
        for one, digest in evidence
        if now.get(one) != digest
    ]


def _changed_claim(claim: dict[str, Any], library: Library) -> list[str]:
    """What is different for one claim: its quotes at their places, and the gate's verdict on it."""
    changes: list[str] = []
    evidence: list[EvidenceText] = []
    for citation in claim["citations"]:
        try:
            text = library.record(citation["record_id"]).text[citation["start"] : citation["end"]]
        except RecordUnknown:
            text = ""
            changes.append(f"{citation['source_file']} was removed from the library")
        if text and text != citation["quote"]:
            changes.append(f"{citation['source_file']} no longer says at its place: {citation['quote']}")
        names = tuple(name for name in (citation["short_name"], citation["code"]) if name)
        published = citation["published_on"]
        evidence.append(
            EvidenceText(
                citation["quote"],
                citation["question"],
                names,
                date.fromisoformat(published) if published else None,
            )
        )
    quoted = len(evidence) == 1 and claim["text"] == evidence[0].text
    verdict = "supported" if quoted else check(claim["text"], evidence).verdict
    if verdict != claim["verdict"]:
        changes.append(f"the gate said {claim['verdict']} and now says {verdict}: {claim['text']}")
    return changes


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
