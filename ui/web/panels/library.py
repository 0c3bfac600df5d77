"""The library tab's frame: what is inside, the three ways to look at it, and what narrows the list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.web.panels.coverage import counts
from ui.web.panels.markup import html, joined
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ui.web.shelf import Shelf

VIEWS = ("records", "coverage", "companies")


def library_frame(language: Language, shelf: Shelf) -> Markup:
    """The frame; its script fills in what is looked at (`ui/web/static/library.js`)."""
    if not shelf.records:
        return html("<p class='hint'>{text}</p>", text=say(language, "empty_library"))
    tabs = joined(
        html(
            "<button type='button' data-do='view' data-view='{view}' aria-pressed='false'>{text}</button>",
            view=view,
            text=say(language, f"view_{view}"),
        )
        for view in VIEWS
    )
    told = {key: say(language, key) for key in ("viewer_loading", "list_failed")}
    return html(
        "<div class='library' data-language='{language}' data-words='{words}'><p class='counts'>{counts}</p>"
        "<div class='views' role='group' aria-label='{label}'>{tabs}</div>{sieve}<div class='shown' aria-live='polite'></div></div>",
        language=language,
        words=json.dumps(told, ensure_ascii=False),
        counts=counts(language, shelf.records),
        label=say(language, "library_tab"),
        tabs=tabs,
        sieve=_sieve(language, shelf),
    )


def _sieve(language: Language, shelf: Shelf) -> Markup:
    holdings = sorted(shelf.holdings.values(), key=lambda one: one.value)
    return html(
        "<form class='sieve' role='search' aria-label='{title}'>"
        "<label class='words'>{words}<input type='search' name='words' maxlength='100' autocomplete='off' placeholder='{hint}'></label>"
        "{company}{category}{format}"
        "<label class='day'>{first}<input type='date' name='from' class='empty'><span aria-hidden='true'>{day}</span></label>"
        "<label class='day'>{last}<input type='date' name='to' class='empty'><span aria-hidden='true'>{day}</span></label>"
        "<label class='tick'><input type='checkbox' name='warned'>{warned}</label>"
        "<button type='button' data-do='reset'>{reset}</button></form>",
        title=say(language, "view_records"),
        words=say(language, "list_search"),
        hint=say(language, "list_search_hint"),
        company=_select(language, "company", "company", ((one.value, one.label) for one in holdings)),
        category=_select(language, "category", "categories", ((one, one) for one in shelf.categories)),
        format=_select(
            language, "format", "col_format", ((one, say(language, f"format_{one}")) for one in shelf.formats)
        ),
        first=say(language, "day_from"),
        last=say(language, "day_to"),
        day=say(language, "day_hint"),
        warned=say(language, "warned_only"),
        reset=say(language, "list_reset"),
    )


def _select(language: Language, name: str, key: str, options: Iterable[tuple[str, str]]) -> Markup:
    return html(
        "<label>{title}<select name='{name}'><option value=''>{all}</option>{options}</select></label>",
        title=say(language, key),
        name=name,
        all=say(language, "all_of_them"),
        options=joined(html("<option value='{v}'>{t}</option>", v=value, t=text) for value, text in options),
    )
