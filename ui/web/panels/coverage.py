"""What the library holds and what may be missing: records by company and month, gaps in record numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.library.library import RecordSummary
    from ui.web.shelf import Holding, Shelf

SPANS: Final = {"12": 12, "24": 24, "60": 60}
"""Months of the chart that can be chosen; any other choice shows whole years."""
MOST_ROWS: Final = 40
"""Companies in the chart, those with most records, until all are asked for."""
# 2025-007, [2024]002, 2024年第3号; a number with a month in it (2024-12-6) starts anew and tells no gap.
_NUMBER = re.compile(r"\D*(20\d\d)\D+0*(\d{1,3})\D*")


def counts(language: Language, records: Sequence[RecordSummary]) -> str:
    """How many records, companies and questions there are, and from when to when."""
    days = [record.published_on for record in records if record.published_on]
    unknown = say(language, "unknown_date")
    return say(
        language,
        "counts",
        records=len(records),
        companies=len({record.code or record.short_name or record.company or "" for record in records}),
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


def coverage(language: Language, shelf: Shelf, span: str = "24", *, every_row: bool = False) -> Markup:
    """The chart with its choice of months, and the gaps in the record numbers.

    Args:
        language: of the page.
        shelf: the library.
        span: see `SPANS`.
        every_row: all companies, however many.
    """
    span = span if span in (*SPANS, "years") else "24"
    choices = joined(
        html(
            "<button type='button' data-do='span' data-span='{span}' aria-pressed='{on}'>{text}</button>",
            span=one,
            on="true" if one == span else "false",
            text=say(language, f"span_{one}"),
        )
        for one in (*SPANS, "years")
    )
    holdings = sorted(shelf.holdings.values(), key=lambda one: (-len(one.records), one.value))
    rows = holdings if every_row else holdings[:MOST_ROWS]
    more = html(
        "<p><button type='button' data-do='every-row'>{text}</button></p>",
        text=say(language, "coverage_rows", count=len(holdings)),
    )
    return html(
        "<div class='chart-bar' role='group' aria-label='{label}'>{choices}</div>{chart}{more}{gaps}",
        label=say(language, "span_choice"),
        choices=choices,
        chart=_chart(language, shelf.records, rows, span),
        more=more if len(rows) < len(holdings) else Markup(""),
        gaps=gaps(language, holdings),
    )


def _chart(
    language: Language, records: Sequence[RecordSummary], rows: Sequence[Holding], span: str
) -> Markup:
    """A heat map: companies down, months across; a table, so that a screen reader can walk it."""
    columns = _columns(records, span)
    undated = sum(record.published_on is None for record in records)
    earlier = sum(f"{r.published_on:%Y-%m}" < columns[0] for r in records if r.published_on) if columns else 0
    notes = [
        say(language, key, count=count)
        for key, count in (("earlier", earlier), ("undated", undated))
        if count
    ]
    by = "coverage" if span in SPANS else "coverage_years"
    return html(
        "<figure class='coverage-figure'><figcaption>{title}{notes}<span class='legend' aria-hidden='true'>{legend}"
        "</span></figcaption><p class='hint'>{blank}</p><div class='scroll' tabindex='0' role='region' aria-label='{title}'>"
        "<table class='coverage'>{head}<tbody>{rows}</tbody></table></div></figure>",
        title=say(language, by),
        notes="".join(f" · {note}" for note in notes),
        legend=joined(html("<i class='n{n}'>{t}</i>", n=n, t=f"{n}+" if n == 4 else n) for n in (1, 2, 3, 4)),
        blank=say(language, "coverage_blank"),
        head=_head(language, columns),
        rows=joined(_row(language, holding, columns) for holding in rows),
    )


def _head(language: Language, columns: Sequence[str]) -> Markup:
    years = Counter(column[:4] for column in columns)
    company, total = say(language, "col_company"), say(language, "col_total")
    if all(len(column) == 4 for column in columns):
        cells = joined(html("<th scope='col'>{year}</th>", year=year) for year in columns)
        return html(
            "<thead><tr><th scope='col'>{company}</th><th scope='col'>{total}</th>{cells}</tr></thead>",
            company=company,
            total=total,
            cells=cells,
        )
    return html(
        "<thead><tr><th rowspan='2' scope='col'>{company}</th><th rowspan='2' scope='col'>{total}</th>{years}</tr>"
        "<tr>{months}</tr></thead>",
        company=company,
        total=total,
        years=joined(
            html("<th colspan='{n}' scope='colgroup' class='year'>{year}</th>", n=n, year=year)
            for year, n in years.items()
        ),
        months=joined(
            html(
                "<th scope='col'{first} aria-label='{whole}'>{month}</th>",
                first=_first(column, columns),
                whole=column,
                month=int(column[5:]),
            )
            for column in columns
        ),
    )


def _row(language: Language, holding: Holding, columns: Sequence[str]) -> Markup:
    width = len(columns[0]) if columns else 7
    counts = Counter(one.published_on.isoformat()[:width] for one in holding.records if one.published_on)
    return html(
        "<tr><th scope='row'><button type='button' class='link' data-do='company' data-company='{value}'>{name}"
        "<span class='code'> {code}</span></button></th><td class='total'>{total}</td>{cells}</tr>",
        value=holding.value,
        name=holding.name or holding.code,
        code=holding.code if holding.name else "",
        total=len(holding.records),
        cells=joined(
            cell(language, holding, column, counts[column], _first(column, columns)) for column in columns
        ),
    )


def cell(language: Language, holding: Holding, column: str, count: int, more: Markup = Markup("")) -> Markup:  # noqa: B008
    """One month or year of a company; a click lists its records."""
    if not count:
        return html("<td{more}></td>", more=more)
    return html(
        "<td class='n{level}'{more}><button type='button' data-do='month' data-company='{company}' data-month='{month}'"
        " title='{title}' aria-label='{title}'>{count}</button></td>",
        level=min(count, 4),
        more=more,
        company=holding.value,
        month=column,
        title=say(language, "coverage_cell", company=holding.label, month=column, count=count),
        count=count,
    )


def _first(column: str, columns: Sequence[str]) -> Markup:
    """A line before each January, so that years are told apart down the whole chart."""
    return Markup(" data-january") if column.endswith("-01") and column != columns[0] else Markup("")


def _columns(records: Sequence[RecordSummary], span: str) -> list[str]:
    """The months (or years) from the first with a record to the last, at most so many."""
    days = [one.published_on for one in records if one.published_on]
    if not days:
        return []
    first, last = (day.year * 12 + day.month - 1 for day in (min(days), max(days)))
    if span not in SPANS:
        return [str(year) for year in range(first // 12, last // 12 + 1)]
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(max(first, last - SPANS[span] + 1), last + 1)]


def gaps(language: Language, holdings: Sequence[Holding], *, named: bool = True) -> Markup:
    """Which ordinals the record numbers of some companies skip; `named`: with the companies' names."""
    lines = [
        say(language, "gap_line", company=one.label, year=year, numbers=ranges(missing))
        if named
        else say(language, "gap_year", year=year, numbers=ranges(missing))
        for one in holdings
        for year, missing in missing_numbers(record.number for record in one.records).items()
    ]
    body = (
        html(
            "<p class='hint'>{note}</p><ul>{items}</ul>",
            note=say(language, "gap_note"),
            items=joined(html("<li>{line}</li>", line=line) for line in lines),
        )
        if lines
        else html("<p class='hint'>{text}</p>", text=say(language, "no_gaps"))
    )
    title = say(language, "counted", what=say(language, "gaps"), count=len(lines))
    return html("<section class='gaps'><h3>{title}</h3>{body}</section>", title=title, body=body)
