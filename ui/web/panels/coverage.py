"""What the library holds: records by company and month, gaps in record numbers, parse warnings."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote as url_quote

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.plain_words import plain_warning
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.library.library import RecordSummary

MOST_MONTHS = 60
# 2025-007, [2024]002, 2024年第3号; a number with a month in it (2024-12-6) starts anew and tells no gap.
_NUMBER = re.compile(r"\D*(20\d\d)\D+0*(\d{1,3})\D*")


def overview(language: Language, records: Sequence[RecordSummary]) -> Markup:
    """Counts, the coverage chart, gaps and warnings of a whole library."""
    if not records:
        return html("<p class='hint'>{text}</p>", text=say(language, "empty_library"))
    return html(
        "<p class='counts'>{counts}</p>{chart}{gaps}{warnings}{table}",
        counts=counts(language, records),
        chart=_chart(language, records),
        gaps=_gaps(language, records),
        warnings=_warnings(language, records),
        table=_table(language, records),
    )


def counts(language: Language, records: Sequence[RecordSummary]) -> str:
    """How many records, companies and questions there are, and from when to when."""
    days = [record.published_on for record in records if record.published_on]
    unknown = say(language, "unknown_date")
    return say(
        language,
        "counts",
        records=len(records),
        companies=len({_company(record) for record in records}),
        pairs=sum(record.pairs for record in records),
        first=min(days, default=unknown),
        last=max(days, default=unknown),
    )


def missing_numbers(numbers: Iterable[str | None]) -> dict[int, list[int]]:
    """For each year the ordinals that its record numbers skip, counted from 1 to the highest seen."""
    seen: dict[int, set[int]] = defaultdict(set)
    for number in numbers:
        match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", number or ""))
        if match:
            seen[int(match.group(1))].add(int(match.group(2)))
    gaps = {year: sorted(set(range(1, max(found))) - found) for year, found in sorted(seen.items())}
    return {year: missing for year, missing in gaps.items() if missing}


def ranges(numbers: Sequence[int]) -> str:
    """[2, 5, 6, 7] as "002、005–007"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(f"{a:03d}" if a == b else f"{a:03d}–{b:03d}" for a, b in runs)


def _company(record: RecordSummary) -> tuple[str, str]:
    return record.code or "", record.short_name or record.company or "?" if not record.code else ""


def _names(records: Sequence[RecordSummary]) -> dict[tuple[str, str], str]:
    """A name for each company, its newest record's (records come newest first)."""
    names: dict[tuple[str, str], str] = {}
    for record in records:
        called = record.short_name or record.company
        if called:
            names.setdefault(_company(record), " ".join(filter(None, (called, record.code))))
    return {company: names.get(company, company[0] or "?") for company in map(_company, records)}


def _chart(language: Language, records: Sequence[RecordSummary]) -> Markup:
    """A heat map: companies down, months across; a table, so that a screen reader can walk it."""
    cells = Counter((_company(r), f"{r.published_on:%Y-%m}") for r in records if r.published_on)
    months = _months([month for _, month in cells])
    names = _names(records)
    head = joined(
        html(
            "<th scope='col'><span>{year}</span>{month}</th>",
            year=m[:4] if m.endswith("-01") or m == months[0] else "",
            month=m[5:],
        )
        for m in months
    )
    rows = joined(
        html(
            "<tr><th scope='row'>{name}</th>{cells}</tr>",
            name=names[company],
            cells=joined(_cell(language, names[company], month, cells[company, month]) for month in months),
        )
        for company in sorted(names)
    )
    undated = sum(record.published_on is None for record in records)
    earlier = sum(count for (_, month), count in cells.items() if month < months[0]) if months else 0
    notes = [
        say(language, key, count=count)
        for key, count in (("earlier", earlier), ("undated", undated))
        if count
    ]
    return html(
        "<figure class='coverage-figure'><figcaption>{title}{notes}</figcaption><div class='scroll' tabindex='0' role='region'"
        " aria-label='{title}'><table class='coverage'><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table></div></figure>",
        title=say(language, "coverage"),
        notes="".join(f" · {note}" for note in notes),
        head=head,
        rows=rows,
    )


def _cell(language: Language, company: str, month: str, count: int) -> Markup:
    if not count:
        return Markup("<td></td>")
    return html(
        "<td class='n{level}' title='{title}'>{count}</td>",
        level=min(count, 4),
        title=say(language, "coverage_cell", company=company, month=month, count=count),
        count=count,
    )


def _months(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last, at most five years back from the last."""
    if not months:
        return []
    first, last = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (min(months), max(months)))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(max(first, last - MOST_MONTHS + 1), last + 1)]


def _gaps(language: Language, records: Sequence[RecordSummary]) -> Markup:
    groups: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for record in records:
        groups[_company(record)].append(record.number)
    names = _names(records)
    lines = [
        say(language, "gap_line", company=names[company], year=year, numbers=ranges(missing))
        for company, numbers in sorted(groups.items())
        for year, missing in missing_numbers(numbers).items()
    ]
    body = (
        html(
            "<p class='hint'>{note}</p><ul>{items}</ul>", note=say(language, "gap_note"), items=_items(lines)
        )
        if lines
        else html("<p>{text}</p>", text=say(language, "no_gaps"))
    )
    return _section(say(language, "counted", what=say(language, "gaps"), count=len(lines)), body)


def _warnings(language: Language, records: Sequence[RecordSummary]) -> Markup:
    lines = [
        f"{record.source_file}：{plain_warning(language, warning)}"
        for record in records
        for warning in record.warnings
    ]
    body = (
        html("<ul>{items}</ul>", items=_items(lines))
        if lines
        else html("<p>{t}</p>", t=say(language, "no_warnings"))
    )
    return _section(say(language, "counted", what=say(language, "warnings"), count=len(lines)), body)


def _table(language: Language, records: Sequence[RecordSummary]) -> Markup:
    names = _names(records)
    head = joined(
        html("<th scope='col'>{t}</th>", t=say(language, key))
        for key in ("col_company", "col_date", "record_number", "col_pairs", "source_file")
    )
    rows = joined(
        html(
            "<tr><td>{company}</td><td>{date}</td><td>{number}</td><td>{pairs}</td>"
            "<td><a href='jupilu/records/{id}?language={language}' target='_blank' rel='noopener'>{file}</a></td></tr>",
            company=names[_company(r)],
            date=r.published_on.isoformat() if r.published_on else "—",
            number=r.number or "—",
            pairs=r.pairs,
            id=url_quote(r.id, safe=""),
            language=language,
            file=r.source_file,
        )
        for r in records
    )
    body = html(
        "<div class='scroll'><table class='records'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>",
        head=head,
        rows=rows,
    )
    return _section(say(language, "all_records", count=len(records)), body)


def _items(lines: Iterable[str]) -> Markup:
    return joined(html("<li>{line}</li>", line=line) for line in lines)


def _section(title: str, body: Markup) -> Markup:
    return html("<details class='section'><summary>{title}</summary>{body}</details>", title=title, body=body)
