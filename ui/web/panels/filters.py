"""The filters beside the question: a company that is searched as one types, a day, a year; the script does the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.panels.model import model_choice
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.library.library import Company
    from ui.web.models import Offered


@dataclass(frozen=True, slots=True)
class Choice:
    """A company to choose: what is sent, what is shown, and what a typed text is sought in."""

    value: str
    label: str
    sought: str


@lru_cache(maxsize=1024)
def choice_of(company: Company) -> Choice:
    """Sought by code, names, and both names in pinyin, whole or initials."""
    names = [name for name in dict.fromkeys((company.short_name, company.company)) if name]
    label = " ".join(filter(None, (names[0] if names else "", company.code)))
    sought = " ".join([*names, company.code or "", *map(initials, names), *map(spelled, names)])
    return Choice(company.code or (names[0] if names else ""), label or "?", sought.casefold())


def initials(name: str) -> str:
    """The first letters of a name's syllables: 岚川智冷 is lczl."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).casefold()


def spelled(name: str) -> str:
    """A name in pinyin: 岚川智冷 is lanchuanzhileng."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name)).casefold()


def filters(
    language: Language,
    choices: Sequence[Choice],
    years: Sequence[int],
    most: int,
    models: Sequence[Offered],
    default: str,
) -> Markup:
    """The whole row.

    Args:
        language: of the page.
        choices: the companies of the library.
        years: in which records were published, newest first.
        most: characters that a question may have.
        models: that may write.
        default: the id of the one that does where none is chosen.
    """
    return html(
        "<div class='filters' data-most='{most}' data-over='{over}' data-none='{none}' data-remove='{remove}'"
        " data-as-of='{as_of}' data-choices='{choices}'>"
        "<p class='over' role='alert' hidden></p><button type='button' class='fold' aria-expanded='false'>{fold}</button><div class='chips' role='group' aria-label='{active}'></div>"
        "<div id='company' class='field'><label for='company-typed'>{company}</label>"
        "<input id='company-typed' type='text' role='combobox' aria-expanded='false' aria-controls='company-options'"
        " aria-autocomplete='list' autocomplete='off' spellcheck='false' maxlength='60' placeholder='{hint}'>"
        "<ul id='company-options' role='listbox' aria-label='{company}' hidden></ul>"
        "<p class='unknown' role='status' hidden></p></div>"
        "<div id='as-of' class='field'><label for='as-of-day'>{as_of}</label><input id='as-of-day' type='date' class='empty'><span class='day-hint' aria-hidden='true'>{day}</span></div>"
        "<div id='year' class='field'><label for='year-chosen'>{period}</label><select id='year-chosen'>"
        "<option value=''>{any}</option>{years}</select></div>{model}</div>",
        model=model_choice(language, models, default),
        most=most,
        over=say(language, "length_over", count="{count}", most=most),
        none=say(language, "company_none", typed="{typed}"),
        remove=say(language, "remove_filter", what="{what}"),
        active=say(language, "active_filters"),
        choices=json.dumps([[one.value, one.label, one.sought] for one in choices], ensure_ascii=False),
        fold=say(language, "filters"),
        company=say(language, "company"),
        hint=say(language, "company_hint"),
        as_of=say(language, "as_of"),
        day=say(language, "day_hint"),
        period=say(language, "period"),
        any=say(language, "any_period"),
        years=joined(
            html("<option value='{y}'>{text}</option>", y=year, text=say(language, "year", year=year))
            for year in years
        ),
    )
