"""Answers and records as plain text for a terminal, and lists of records as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingest.language.listed import listed_name
from ingest.records import Record

if TYPE_CHECKING:
    from ingest.library.library import Company, RecordSummary
    from rag.answers import Answer, Citation, Claim


def answer_as_text(answer: Answer, *, everything: bool = False) -> str:
    """The answer, then a list of the citations with file, page and place.

    Args:
        answer: to show.
        everything: with all that is folded in it.
    """
    shown = [claim for claim in answer.claims if everything or not claim.folded]
    lines = [printable(answer.full_text if everything else answer.text), *sources_as_text(shown)]
    if answer.notice:
        lines += ["", printable(answer.notice)]
    if not everything and any(claim.folded for claim in answer.claims):
        lines += ["", "（--all 显示全部）"]
    return "\n".join(lines)


def sources_as_text(claims: Sequence[Claim]) -> list[str]:
    """An empty line, then for each mark the file, page and place that it stands for; nothing without claims."""
    return citations_as_text([citation for claim in claims for citation in claim.citations])


def citations_as_text(citations: Sequence[Citation]) -> list[str]:
    """The same of citations."""
    marks: dict[int, str] = {}
    for citation in citations:
        page = f"第{citation.page}页 " if citation.page else ""
        pair = f"问答{citation.pair}" if citation.pair else "陈述"
        marks.setdefault(citation.mark, f"[{citation.mark}] {citation.source_file} {page}{pair}")
    return ["", *(printable(marks[mark]) for mark in sorted(marks))] if marks else []


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


def companies_as_json(
    companies: Sequence[Company], records: Sequence[RecordSummary], aliases: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What `jupilu companies --json` prints: one object a company, with its records and own aliases."""
    rows: list[dict[str, Any]] = []
    for company in companies:
        own = [
            r for r in records if r.code == company.code and (r.code or r.short_name == company.short_name)
        ]
        days = sorted(record.published_on for record in own if record.published_on)
        rows.append(
            {
                "code": company.code,
                "short_name": company.short_name,
                "company": company.company,
                "records": company.records,
                "from": days[0].isoformat() if days else None,
                "to": days[-1].isoformat() if days else None,
                "aliases": sorted(name for name, code in aliases.items() if code == company.code),
            }
        )
    return rows


def companies_as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """One line a company: code, name, how many records, from when to when, its aliases."""
    lines = [
        f"{row['code'] or '------'}  {row['short_name'] or row['company'] or '?'}  {row['records']} 份记录"
        f"  {row['from'] or '?'} 至 {row['to'] or '?'}" + "".join(f"  又名 {name}" for name in row["aliases"])
        for row in rows
    ]
    return printable("\n".join([*lines, f"{len(lines)} 家公司"]))


def record_as_text(record: Record) -> str:
    """The form in a few lines, then every question and answer."""
    form = record.form
    lines = [
        f"{form.short_name or listed_name(form.code) or '?'}（{form.code or '?'}） {form.number or ''}".rstrip(),
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
