"""An answer that is a view, in a layout of its own: a timeline, a table of companies, a list, a record in brief.

Works on `Answer.view` (`rag.views.layouts`); its quotes are those of the answer's claims, so each mark has its card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.plain_words import without_commands
from ui.web.wording import Language, say

SAID_AT_ONCE = 2
"""Quotes of one cell of a comparison; the others are folded, so that companies stay side by side."""
Quoted = Callable[[Mapping[str, Any]], Markup]
"""Makes a quote's HTML: its words set apart, and its mark as a link."""


def view_body(language: Language, view: Mapping[str, Any], quoted: Quoted) -> Markup:
    """The whole view."""
    made = {"timeline": _timeline, "comparison": _comparison, "list": _list, "brief": _brief}
    return html(
        "<div class='view {kind}'>{head}{body}{tail}</div>",
        kind=view["kind"],
        head=_lines(view["head"], "view-head"),
        body=made[view["kind"]](language, view, quoted),
        tail=_lines(view["tail"], "view-tail"),
    )


def _lines(lines: Sequence[str], kind: str) -> Markup:
    shown = (without_commands(line) for line in lines)
    return joined(
        html("<p class='{kind}'>{line}</p>", kind=kind, line=line) for line in shown if line.strip("（）() ")
    )


def _timeline(language: Language, view: Mapping[str, Any], quoted: Quoted) -> Markup:
    """A list of days, newest first, each with what is different in it."""
    return html(
        "<ol class='days'>{entries}</ol>",
        entries=joined(
            html(
                "<li class='{state}'><p class='day'>{time}{notes}</p>{quotes}{gap}</li>",
                state="overtaken" if entry["overtaken"] else "declined" if entry["declined"] else "stands",
                time=_day(language, entry["day"]),
                notes=_notes(entry["notes"]),
                quotes=joined(html("<p class='said'>{q}</p>", q=quoted(one)) for one in entry["quotes"]),
                gap=html("<p class='gap-note'>{t}</p>", t=entry["gap"].strip("（）() "))
                if entry["gap"]
                else Markup(""),
            )
            for entry in view["entries"]
        ),
    )


def _comparison(language: Language, view: Mapping[str, Any], quoted: Quoted) -> Markup:
    """A table with a column for each company, which scrolls inside itself."""
    head = joined(html("<th scope='col'>{name}</th>", name=name) for name in view["columns"])
    rows = joined(
        html(
            "<tr><th scope='row'>{name}</th>{cells}</tr>",
            name=row["name"],
            cells=joined(_cell(language, cell, quoted) for cell in row["cells"]),
        )
        for row in view["rows"]
    )
    return _scrolling(
        say(language, "view_comparison"),
        html("<table class='compared'><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>", head=head, rows=rows),
    )  # fmt: skip


def text_and_mark(cell: Mapping[str, Any]) -> tuple[str, int | None]:
    """What a cell of a comparison says, and the mark of the quote behind it, where its text ends in one."""
    text = str(cell["text"])
    plain, sign, mark = text.rpartition(" [")
    number = mark.rstrip("]")
    return (plain, int(number)) if sign and number.isdigit() else (text, None)


def _cell(language: Language, cell: Mapping[str, Any], quoted: Quoted) -> Markup:
    # A cell without a figure says only "see the quote": the quote itself stands in it.
    plain, mark = text_and_mark(cell)
    said = [html("<p class='said'>{q}</p>", q=quoted(one)) for one in cell["quotes"]]
    quotes = joined(said[:SAID_AT_ONCE])
    if len(said) > SAID_AT_ONCE:
        quotes += html(
            "<details><summary>{t}</summary>{rest}</details>",
            t=say(language, "view_more_quotes", count=len(said) - SAID_AT_ONCE),
            rest=joined(said[SAID_AT_ONCE:]),
        )
    if mark is not None and not cell["quotes"]:
        quotes = html("<p class='said'>{q}</p>", q=quoted({"text": "", "mark": mark}))
    return html(
        "<td class='{status}{higher}'><p class='figure'>{text}{sign}</p>{quotes}</td>",
        status=cell["status"],
        higher=" higher" if cell["higher"] else "",
        text=plain,
        sign=html(" <span class='tag'>{t}</span>", t=say(language, "view_higher")) if cell["higher"] else Markup(""),
        quotes=quotes,
    )  # fmt: skip


def _list(language: Language, view: Mapping[str, Any], quoted: Quoted) -> Markup:
    """A table with a row for each company or record."""
    with_company = len({item["code"] or item["company"] for item in view["items"]}) > 1
    columns = ["col_company"] if with_company else []
    head = joined(
        html("<th scope='col' role='columnheader'>{t}</th>", t=say(language, key))
        for key in (*columns, "col_date", "col_hits", "col_quote")
    )
    rows = joined(
        html(
            "<tr role='row'>{company}<td class='when' role='cell'>{day}</td>"
            "<td class='count' role='cell'>{hits}<span class='unit'> {unit}</span></td><td role='cell'><p class='said'>{quote}</p>{notes}</td></tr>",
            company=html(
                "<th scope='row' role='rowheader'>{name}<span class='code'>{code}</span></th>",
                name=item["company"] or item["code"],
                code=f" {item['code']}" if item["company"] else "",
            )
            if with_company
            else Markup(""),
            day=_day(language, item["day"]),
            hits=item["hits"],
            unit=say(language, "unit_hits"),
            quote=quoted(item["quote"]),
            notes=_notes(item["notes"]),
        )
        for item in view["items"]
    )
    return _scrolling(
        say(language, "view_list"),
        html("<table class='found' role='table'><thead role='rowgroup'><tr role='row'>{head}</tr></thead><tbody role='rowgroup'>{rows}</tbody></table>", head=head, rows=rows),
    )  # fmt: skip


def _brief(language: Language, view: Mapping[str, Any], quoted: Quoted) -> Markup:
    """The questions of one record, each with the sentence that answers it."""
    return html(
        "<ol class='asked-here'>{items}</ol>",
        items=joined(
            html(
                "<li><p class='asked'>{number}{new} {question}</p>{quote}{news}</li>",
                number=html("<span class='number'>{n}</span>", n=item["pair"] or "·"),
                new=html(" <span class='tag'>{t}</span>", t=say(language, "view_new")) if item["new"] else Markup(""),
                question=item["question"] or say(language, "statement"),
                quote=html("<p class='said'>{q}</p>", q=quoted(item["quote"]))
                if item["quote"]
                else html("<p class='gap-note'>{t}</p>", t=say(language, "view_no_answer")),
                news=_notes([item["news"]] if item["news"] else []),
            )
            for item in view["items"]
        ),
    )  # fmt: skip


def _scrolling(name: str, table: Markup) -> Markup:
    """A part that scrolls by itself, also with the keys."""
    return html("<div class='scroll' role='region' aria-label='{name}' tabindex='0'>{table}</div>", name=name, table=table)  # fmt: skip


def _day(language: Language, day: str | None) -> Markup:
    return html("<time>{day}</time>", day=day or say(language, "unknown_date"))


def _notes(notes: Sequence[str]) -> Markup:
    return joined(html(" <span class='note'>{note}</span>", note=note) for note in notes)
