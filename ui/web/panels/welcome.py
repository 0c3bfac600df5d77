"""What an empty conversation shows: what is inside and how to begin, or a way out of an empty library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.web.panels.coverage import counts
from ui.web.panels.markup import html
from ui.web.panels.thread import choices
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.library.library import RecordSummary


def welcome(
    language: Language, records: Sequence[RecordSummary], examples: Sequence[str], *, can_load: bool
) -> Markup:
    """The welcome.

    Args:
        language: of the page.
        records: of the library, newest first.
        examples: questions to click.
        can_load: whether the example records can be loaded into an empty library.
    """
    if not records:
        return _empty(language, can_load)
    return html(
        "<div class='welcome'><h2>{title}</h2><p class='inside'>{inside}</p><p>{text}</p>{examples}</div>",
        title=say(language, "welcome_title"),
        inside=counts(language, records),
        text=say(language, "welcome"),
        examples=choices(say(language, "examples"), examples),
    )


def _empty(language: Language, can_load: bool) -> Markup:
    button = (
        html(
            "<button type='button' class='primary' data-action='examples'>{t}</button>",
            t=say(language, "load_examples"),
        )
        if can_load
        else Markup("")
    )
    return html(
        "<div class='welcome empty'><h2>{empty}</h2><p>{about}</p>{button}<p class='hint'>{upload}</p></div>",
        empty=say(language, "empty_library"),
        about=say(language, "empty_about"),
        button=button,
        upload=say(language, "or_upload"),
    )
