"""The list of records: one page of it, with what is new, doubtful, replaced or about to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote as url_quote

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.plain_words import plain_error, plain_warning
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.errors import JupiluError
    from ingest.library.library import RecordSummary
    from ui.web.shelf import Found, Query, Shelf

COLUMNS = (("company", "col_company"), ("date", "col_date"), ("", "col_kind"), ("", "record_number"), ("pairs", "col_pairs"), ("file", "source_file"))  # fmt: skip
"""By what a column sorts, and its title; the last holds the button that removes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands beside the records: which are new to the visitor, and which sources are to go.

    `leaving` are seconds by SHA-256; `failed` why a source could not be taken out.
    """

    new: frozenset[str] = frozenset()
    leaving: Mapping[str, float] = field(default_factory=dict)
    failed: Mapping[str, JupiluError] = field(default_factory=dict)
    may_change: bool = False


def listing(language: Language, shelf: Shelf, found: Found, query: Query, standing: Standing) -> Markup:
    """The list for a query: a line of counts, the table, the pages."""
    files = Counter(one.sha256 for one in shelf.records)
    rows = joined(_row(language, shelf.name(one), one, standing, files[one.sha256]) for one in found.records)
    return html(
        "{head}{table}{pages}",
        head=_head(language, found, query, len(shelf.records), standing),
        table=_table(language, query, rows, standing) if found.count else _nothing(language),
        pages=_pages(language, found),
    )


def _head(language: Language, found: Found, query: Query, of: int, standing: Standing) -> Markup:
    some = say(language, "list_some", count=found.count, of=of)
    new = Markup("")
    if standing.new:
        new = html(
            " <span class='news'><b class='tag new'>{sign}</b> {text}"
            " <button type='button' data-do='new' aria-pressed='{on}'>{only}</button>"
            " <button type='button' data-do='seen'>{seen}</button></span>",
            sign=say(language, "new"),
            text=say(language, "new_since", count=len(standing.new)),
            on="true" if query.new else "false",
            only=say(language, "new_only"),
            seen=say(language, "new_seen"),
        )
    return html(
        "<p class='list-head' data-new='{n}' data-leaving='{soon}'><span role='status'>{some}</span>{month}{new}</p>",
        n=len(standing.new),
        soon=f"{max(standing.leaving.values()):.1f}" if standing.leaving else "",
        some=some if found.count != of else say(language, "list_all", count=of),
        month=html(
            " <button type='button' data-do='month-off' aria-label='{label}'>{month} ✕</button>",
            label=say(language, "remove_filter", what=query.month),
            month=query.month,
        )
        if query.month
        else Markup(""),
        new=new,
    )


def _nothing(language: Language) -> Markup:
    return html(
        "<p class='nothing'>{text} <button type='button' data-do='reset'>{reset}</button></p>",
        text=say(language, "list_nothing"),
        reset=say(language, "list_reset"),
    )


def _table(language: Language, query: Query, rows: Markup, standing: Standing) -> Markup:
    head = joined(_title(language, query, sort, key) for sort, key in COLUMNS)
    last = html("<th scope='col'><span class='screen-reader'>{t}</span></th>", t=say(language, "remove_one"))
    return html(
        "<table class='records'><thead><tr>{head}{last}</tr></thead><tbody>{rows}</tbody></table>",
        head=head,
        last=last if standing.may_change else Markup(""),
        rows=rows,
    )


def _title(language: Language, query: Query, sort: str, key: str) -> Markup:
    if not sort:
        return html("<th scope='col'>{t}</th>", t=say(language, key))
    is_sorted = query.sort == sort
    falls = (sort in ("date", "pairs")) != query.backwards
    return html(
        "<th scope='col'{sorted}><button type='button' data-do='sort' data-sort='{sort}'>{t}<span aria-hidden='true'>{sign}</span>"
        "</button></th>",
        sorted=html(" aria-sort='{way}'", way="descending" if falls else "ascending")
        if is_sorted
        else Markup(""),
        sort=sort,
        t=say(language, key),
        sign=(" ↓" if falls else " ↑") if is_sorted else " ↕",
    )


def _row(language: Language, name: str, one: RecordSummary, standing: Standing, siblings: int) -> Markup:
    labels = [say(language, key) for _, key in COLUMNS]
    if one.sha256 in standing.leaving:
        return _leaving_row(language, one, standing, siblings)
    cells = (
        _company(language, name, one),
        html(
            "{day}", day=one.published_on.isoformat() if one.published_on else say(language, "unknown_date")
        ),
        html("{kinds}", kinds="、".join(one.categories) or "—"),
        html("{number}", number=one.number or "—"),
        html("{pairs}", pairs=one.pairs),
        _file(language, one, standing),
    )
    remove = html(
        "<td class='last'><button type='button' data-do='remove' data-record='{id}' aria-label='{label}'>{text}</button></td>",
        id=one.id,
        label=f"{say(language, 'remove_one')} {one.source_file}",
        text=say(language, "remove_one"),
    )
    return html(
        "<tr data-record='{id}'>{cells}{remove}</tr>",
        id=one.id,
        cells=joined(
            html("<td data-label='{label}'>{cell}</td>", label=label, cell=cell)
            for label, cell in zip(labels, cells, strict=True)
        ),
        remove=remove if standing.may_change else Markup(""),
    )


def _leaving_row(language: Language, one: RecordSummary, standing: Standing, siblings: int) -> Markup:
    left = standing.leaving[one.sha256]
    more = say(language, "leaving_more", count=siblings) if siblings > 1 else ""
    undo = html(
        " <button type='button' data-do='undo' data-record='{id}'>{undo}</button>",
        id=one.id,
        undo=say(language, "undo"),
    )
    return html(
        "<tr class='leaving' data-record='{id}'><td colspan='{columns}' data-label=''><span role='status'>{text}{more}</span>{undo}</td></tr>",
        id=one.id,
        columns=len(COLUMNS) + 1,
        text=say(language, "leaving" if left else "leaving_now", file=one.source_file),
        more=more,
        undo=undo if left and standing.may_change else Markup(""),
    )


def _company(language: Language, name: str, one: RecordSummary) -> Markup:
    if not name:
        return html("{unknown}", unknown=say(language, "company_untold"))
    return html(
        "<button type='button' class='link' data-do='company' data-company='{value}'>{name}</button>",
        value=one.code or one.short_name or one.company or "",
        name=name,
    )


def _file(language: Language, one: RecordSummary, standing: Standing) -> Markup:
    tags: list[Markup] = []
    if one.id in standing.new:
        tags.append(html("<b class='tag new'>{t}</b>", t=say(language, "new")))
    if one.superseded_by:
        tags.append(html("<b class='tag old'>{t}</b>", t=say(language, "replaced")))
    if one.sha256 in standing.failed:
        reason = plain_error(language, standing.failed[one.sha256])
        tags.append(html("<b class='tag bad'>{t}</b>", t=say(language, "not_removed", reason=reason)))
    return html(
        "<a href='{link}' target='_blank' rel='noopener'>{file}</a> {tags}{warned}",
        link=record_link(language, one.id),
        file=one.source_file,
        tags=joined(tags, " "),
        warned=_warned(language, one.warnings),
    )


def record_link(language: Language, record_id: str) -> str:
    """Where a whole record is shown."""
    return f"jupilu/records/{url_quote(record_id, safe='')}?language={language}"


def _warned(language: Language, warnings: Sequence[str]) -> Markup:
    if not warnings:
        return Markup("")
    return html(
        "<details class='warned'><summary>⚠ {title}</summary><ul>{items}</ul></details>",
        title=say(language, "warned", count=len(warnings)),
        items=joined(html("<li>{w}</li>", w=plain_warning(language, warning)) for warning in warnings),
    )


def _pages(language: Language, found: Found) -> Markup:
    if found.pages == 1:
        return Markup("")

    def turn(to: int, key: str, sign: str) -> Markup:
        off = not 1 <= to <= found.pages or to == found.page
        return html(
            "<button type='button' data-do='page' data-page='{to}' aria-label='{label}'{off}>{sign}</button>",
            to=to,
            label=say(language, key),
            off=Markup(" disabled") if off else Markup(""),
            sign=sign,
        )

    return html(
        "<nav class='pager' aria-label='{label}'>{first}{back}<span>{where}</span>{forward}{last}</nav>",
        label=say(language, "pages"),
        first=turn(1, "page_first", "«"),
        back=turn(found.page - 1, "viewer_back", "‹"),
        where=say(language, "viewer_of", page=found.page, pages=found.pages),
        forward=turn(found.page + 1, "viewer_forward", "›"),
        last=turn(found.pages, "page_last", "»"),
    )
