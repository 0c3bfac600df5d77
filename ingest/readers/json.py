"""What 互动易's interface and tools around it answer as JSON: objects of a question and its answer, at any depth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.errors import NotARecord, SourceError
from ingest.readers.csv import columns_of, read_rows
from ingest.records import SourceText

MOST_DEPTH = 40
_KEYS = (
    "mainContent (question), attachedContent (answer), stockCode, companyShortName, pubDate, attachedPubDate"
)


def is_json(text: str) -> bool:
    """Whether a text is meant as JSON: it opens as an object or a list does, and goes on as one."""
    opening = text[:2000].lstrip("\ufeff \t\r\n")
    if not opening.startswith(("{", "[")):
        return False
    return opening[1:].lstrip()[:1] in ('"', "{", "[", "}", "]")


def read_text(text: str, name: str) -> SourceText:
    """The canonical text: as of a csv with a row for each object that has a question and an answer.

    Raises:
        SourceError: no valid JSON, or nested absurdly deep.
        NotARecord: no object in it has a question and an answer; the line names the keys.
    """
    found = [each for document in _documents(text.lstrip("\ufeff"), name) for each in _objects(document)]
    if not found:
        raise NotARecord(
            f"{name}: JSON without questions and answers of 互动易's interface; needed keys: {_KEYS}"
        )
    keys = list(dict.fromkeys(key for each in found for key in each))
    rows: Iterator[Sequence[str]] = iter([keys, *([_words(each.get(key)) for key in keys] for each in found)])
    return read_rows(rows, name, "json")


def _documents(text: str, name: str) -> list[Any]:
    """The document, or one document a line."""
    try:
        try:
            return [json.loads(text)]
        except json.JSONDecodeError as error:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) < 2 or error.msg != "Extra data":
                raise
            return [json.loads(line) for line in lines]
    except RecursionError as error:
        raise SourceError(f"{name}: JSON nested absurdly deep; refused") from error
    except ValueError as error:
        raise SourceError(f"{name}: no valid JSON ({error}); save the interface's answer again") from error


def _objects(document: Any) -> list[dict[str, Any]]:
    """All objects with a question and an answer, in their order."""
    found: list[dict[str, Any]] = []
    open_ones: list[tuple[Any, int]] = [(document, 0)]
    while open_ones:
        value, depth = open_ones.pop()
        if isinstance(value, dict):
            columns = columns_of([str(key) for key in value])
            if "question" in columns and "answer" in columns:
                found.append({str(key): each for key, each in value.items()})
                continue
            value = list(value.values())
        if isinstance(value, list) and depth < MOST_DEPTH:
            open_ones.extend((each, depth + 1) for each in reversed(value))
    return found


def _words(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list | bool) else str(value)
