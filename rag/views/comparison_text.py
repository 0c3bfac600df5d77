"""A comparison in words: a small table, which is higher, every quote; and as rows of a spreadsheet."""

from __future__ import annotations

from rag.asking.companies import source_label
from rag.asking.question import Language
from rag.views.comparison import Cell, Comparison, Row
from rag.views.quotes import source_of
from rag.writing.wording import say


def as_text(view: Comparison, language: Language = "zh") -> str:
    """A small table of days and figures, then which is higher, then every quote by its mark."""
    comma = "、" if language == "zh" else ", "
    lines = [
        *(
            [say(language, "compare_head", topic=view.topic, companies=comma.join(view.companies)), ""]
            if view.topic
            else []
        ),
        "| " + " | ".join(["", *map(_plain, view.companies)]) + " |",
        "|" + "---|" * (1 + len(view.companies)),
    ]
    for row in view.rows:
        cells = [cell_as_text(cell, language, of_row=row.kind == "same") for cell in row.cells]
        lines.append("| " + " | ".join([_plain(row_name(row, language)), *map(_plain, cells)]) + " |")
    told = verdicts(view, language)
    lines += ["", *told, ""] if told else [""]
    shown: set[tuple[int, int]] = set()
    for claim in view.claims:
        citation = claim.citations[0]
        if (citation.mark, citation.start) not in shown:
            shown.add((citation.mark, citation.start))
            company = source_label(citation.short_name, citation.code)
            day = citation.published_on or say(language, "unknown_day")
            lines.append(f"{company} {day}：“{' '.join(claim.text.split())}” [{citation.mark}]")
    return "\n".join(lines)


def row_name(row: Row, language: Language) -> str:
    """What a row shows."""
    if row.kind == "same":
        return f"{row.period} {row.measure}".strip()
    return say(language, f"compare_{row.kind}")


def verdicts(view: Comparison, language: Language) -> list[str]:
    """Which is higher, a line for each row of figures; where there is none, that nothing may be compared."""
    lines: list[str] = []
    for row in (row for row in view.rows if row.kind == "same"):
        name = row_name(row, language)
        if row.higher is None:
            lines.append(say(language, "compare_no_higher", what=name))
            continue
        best = row.cells[row.higher].figure
        others = [cell.figure for at, cell in enumerate(row.cells) if cell.figure and at != row.higher]
        if best:
            lines.append(
                say(
                    language,
                    "compare_higher",
                    what=name,
                    company=view.companies[row.higher],
                    best=best.printed,
                    others="、".join(one.printed for one in others),
                )
            )
    given = max(sum(cell.figure is not None for cell in row.cells) for row in view.rows)
    if lines or not given:
        return lines
    return [say(language, "compare_nothing" if given > 1 else "compare_one")]


def cell_as_text(cell: Cell, language: Language, *, of_row: bool) -> str:
    """A cell in a few words: day, figure, mark; `of_row` where the row names measure and period."""
    if cell.status == "silent":
        return say(language, "cell_silent", records=cell.searched)
    if cell.status == "not_comparable":
        return say(language, "cell_not_comparable")
    mark = f"[{cell.claims[0].citations[0].mark}]"
    if cell.status == "declined":
        return f"{cell.day or ''} {say(language, 'declined')} {mark}".strip()
    if cell.figure is None:
        return f"{cell.day or ''} {say(language, 'cell_quote')} {mark}".strip()
    if of_row:
        return f"{cell.figure.printed} {mark}"
    parts = [cell.figure.when.label(), cell.figure.measure, cell.figure.printed]
    return f"{cell.day or ''} {' '.join(part for part in parts if part)} {mark}".strip()


def _plain(text: str) -> str:
    """Words of a record cannot end a cell."""
    return " ".join(text.split()).replace("|", "\\|")


def header(view: Comparison, language: Language = "zh") -> list[str]:
    """The head of `rows`: two columns that name the row, then four for each company."""
    first, second, *each, last = say(language, "compare_columns").split("|")
    return [first, second, *(f"{name} {part}" for name in view.companies for part in each), last]


def rows(view: Comparison, language: Language = "zh") -> list[list[str]]:
    """The table with every quote, under `header`."""
    table: list[list[str]] = []
    for row in view.rows:
        line = [row.period, row.measure or row_name(row, language)]
        for cell in row.cells:
            words = " ".join(" ".join(claim.text.split()) for claim in cell.claims)
            file = source_of(cell.claims[0]) if cell.claims else ""
            parts = (
                (cell.figure.when.label(), cell.figure.measure, cell.figure.printed) if cell.figure else ()
            )
            figure = " ".join(part for part in parts if part)
            if not cell.claims:
                figure = cell_as_text(cell, language, of_row=True)
            line += [figure, words, str(cell.day or ""), file]
        line.append(view.companies[row.higher] if row.higher is not None else "")
        table.append(line)
    return table
