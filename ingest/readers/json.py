"""What 互动易's interface and tools around it answer as JSON: objects of a question and its answer, at any depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.errors import NotARecord, SourceError
from ingest.readers.csv import COMPANIES, columns_of, read_rows
from ingest.records import SourceText

MOST_DEPTH = 40
_HALVES = re.compile("[\ud800-\udfff]")
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
    open_ones: list[tuple[Any, int, dict[str, Any]]] = [(document, 0, {})]
    while open_ones:
        value, depth, company = open_ones.pop()
        table = _table(value)
        if isinstance(value, dict):
            company = _company(value) or company
        if table:
            found += [each if "code" in columns_of([*each]) else {**each, **company} for each in table]
            continue
        if isinstance(value, dict):
            if any(isinstance(each, dict) for each in value.values()):
                value = _flattened(value)
            if _named([*value]):
                one = {str(key): each for key, each in value.items()}
                found.append(one if "code" in columns_of([*one]) else {**one, **company})
                continue
            value = list(value.values())
        if isinstance(value, list) and depth < MOST_DEPTH:
            open_ones.extend((each, depth + 1, company) for each in reversed(value))
    return found


def _flattened(value: dict[Any, Any]) -> dict[Any, Any]:
    """`{"q": {"content": …}, "a": {"content": …}}` as one object, where that names a question and its answer."""
    flat = {
        f"{key}_{inner}": each
        for key, held in value.items()
        if isinstance(held, dict)
        for inner, each in held.items()
        if not isinstance(each, dict | list)
    }
    return (
        {**{key: each for key, each in value.items() if not isinstance(each, dict)}, **flat}
        if _named([*flat])
        else value
    )


def _company(value: dict[Any, Any]) -> dict[str, Any]:
    """Whose questions an object holds, where it says a code of six digits (a status such as 200 is none)."""
    keys = [str(key) for key in value]
    columns = columns_of(keys)
    told = {field: value[list(value)[at]] for field, at in columns.items() if field in ("code", "short_name")}
    if "code" not in told:
        # the company in an object of its own beside the list: {"stock": {"code": …, "name": …}, "qa": […]}
        beside = [
            each for key, each in value.items() if str(key).lower() in COMPANIES and isinstance(each, dict)
        ]
        return _company(beside[0]) if len(beside) == 1 and not _holds_companies(beside[0]) else {}
    code = told.get("code")
    if not isinstance(code, str) or not re.fullmatch(
        r"(?:(?:SH|SZ|BJ)\.?)?\d{6}(?:\.(?:SH|SZ|BJ))?", code, re.IGNORECASE
    ):
        return {}
    return {field: each for field, each in told.items() if isinstance(each, str)}


def _holds_companies(value: dict[Any, Any]) -> bool:
    return any(str(key).lower() in COMPANIES and isinstance(each, dict) for key, each in value.items())


def _named(keys: Sequence[Any]) -> bool:
    """Whether names of fields are those of a question and its answer."""
    columns = columns_of([str(key) for key in keys])
    return "question" in columns and "answer" in columns


def _table(value: Any) -> list[dict[str, Any]]:
    """The objects of a table whose columns are named once: rows beside their names, or a list (an object) a column."""
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list) and each]
        heads = next((each for each in lists if _flat(each) and _named(_heads(each))), None)
        rows = [row for each in lists if each is not heads and all(map(_is_row, each)) for row in each]
        if heads is not None and rows:
            return [dict(zip(_heads(heads), row, strict=False)) for row in rows]
        columns = {str(key): list(each.values()) if _is_column(each) else each for key, each in value.items()}
        columns = {key: each for key, each in columns.items() if isinstance(each, list) and _flat(each)}
        if _named([*columns]) and len({len(each) for each in columns.values()}) == 1:
            return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    elif isinstance(value, list) and len(value) > 1 and all(map(_is_row, value)) and _named(value[0]):
        return [dict(zip(map(str, value[0]), row, strict=False)) for row in value[1:]]
    return []


def _is_column(value: Any) -> bool:
    """Whether an object is a column as tables are written: its rows are numbered."""
    return isinstance(value, dict) and all(str(key).isdigit() for key in value)


def _heads(cells: Sequence[Any]) -> list[str]:
    """Names of columns, as texts or as objects that have a name."""
    return [str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in cells]


def _flat(cells: Sequence[Any]) -> bool:
    return not any(isinstance(each, list) for each in cells)


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and _flat(value)


def _words(value: Any) -> str:
    # half a surrogate pair, as `"\\ud800"` gives, is no character
    return "" if value is None or isinstance(value, dict | list | bool) else _HALVES.sub("\ufffd", str(value))
