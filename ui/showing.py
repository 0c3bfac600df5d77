"""Answers and records as plain text for a terminal, and lists of records as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ingest.records import Record

if TYPE_CHECKING:
    from ingest.library import RecordSummary
    from rag.answers import Answer


def answer_as_text(answer: Answer) -> str:
    """The answer, then a list of the citations with file, page and place."""
    lines = [printable(answer.text)]
    marks: dict[int, str] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            page = f"第{citation.page}页 " if citation.page else ""
            pair = f"问答{citation.pair}" if citation.pair else "陈述"
            marks.setdefault(citation.mark, f"[{citation.mark}] {citation.source_file} {page}{pair}")
    if marks:
        lines += ["", *(printable(marks[mark]) for mark in sorted(marks))]
    if answer.notice:
        lines += ["", printable(answer.notice)]
    return "\n".join(lines)


def records_as_json(records: Sequence[RecordSummary]) -> list[dict[str, Any]]:
    """What `jupilu records --json` prints: one object a record."""
    return [
        {
            "id": record.id,
            "source_file": record.source_file,
            "code": record.code,
            "short_name": record.short_name,
            "number": record.number,
            "published_on": record.published_on.isoformat() if record.published_on else None,
            "published_on_basis": record.published_on_basis,
            "pairs": record.pairs,
            "statements": record.statements,
            "warnings": list(record.warnings),
            "superseded_by": record.superseded_by,
        }
        for record in records
    ]


def records_as_text(records: Sequence[RecordSummary]) -> str:
    """One line a record: id, day, company, number, pairs, file."""
    lines = [
        f"{r.id}  {r.published_on or '----------'}  {r.code or '------'} {r.short_name or '?'}"
        f"  {r.number or '-'}  {r.pairs} 问答  {r.source_file}"
        + (f"  已被 {r.superseded_by} 更新" if r.superseded_by else "")
        for r in records
    ]
    return printable("\n".join([*lines, f"{len(records)} 份记录"]))


def record_as_text(record: Record) -> str:
    """The form in a few lines, then every question and answer."""
    form = record.form
    lines = [
        f"{form.short_name or '?'}（{form.code or '?'}） {form.number or ''}".rstrip(),
        f"披露 {record.published_on or '?'}（{record.published_on_basis or '?'}）"
        + (f"　活动 {form.held_on[0]} 至 {form.held_on[1]}" if form.held_on else ""),
        f"{record.source_file}　{record.id}",
        *(f"注意：{warning}" for warning in record.warnings),
    ]
    for statement in record.statements:
        lines += ["", f"陈述 {statement.title}".rstrip(), statement.text]
    for pair in record.pairs:
        lines += ["", f"问 {pair.number}：{pair.question}", f"答：{pair.answer}"]
    return printable("\n".join(lines))


def printable(text: str) -> str:
    """`text` without control characters: words from a record must not steer the terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))
