"""The list of a user's conversations: by day, to search, rename, delete and bring back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from rag.conversations import Conversation

SEARCH_FROM = 4
"""With fewer conversations than this all are in sight, and a search box would only be in the way."""


def conversation_list(
    language: Language,
    conversations: Sequence[Conversation],
    current: str,
    at_work: Collection[str] = (),
    *,
    deleted: tuple[str, str] | None = None,
    today: date | None = None,
) -> Markup:
    """All conversations, newest first, grouped by the day of their last question.

    Args:
        language: of the page.
        conversations: last touched first.
        current: the id of the open one.
        at_work: ids of those that are being answered.
        deleted: id and title of one that was just deleted and can be brought back.
        today: the day from which 今天 is counted; this machine's where absent.
    """
    groups = groupby(conversations, lambda one: _group(one.updated_at, today or date.today()))
    return html(
        "<details open class='conversations'><summary>{title}</summary>"
        "<button type='button' class='primary' data-action='new'>＋ {new}</button>{search}{undo}{groups}"
        "<p class='hint none' role='status' hidden>{none}</p></details>",
        title=say(language, "counted", what=say(language, "conversations"), count=len(conversations)),
        new=say(language, "new_conversation"),
        search=_search(language) if len(conversations) >= SEARCH_FROM else Markup(""),
        undo=_undo(language, deleted),
        groups=joined(_groups(language, groups, current, at_work))
        or html("<p class='hint'>{t}</p>", t=say(language, "no_conversations")),
        none=say(language, "conversations_none"),
    )


def _group(moment: datetime, today: date) -> str:
    """Which group a conversation belongs to; days are those of this machine's clock."""
    ago = (today - moment.astimezone().date()).days
    return "today" if ago <= 0 else "yesterday" if ago == 1 else "this_week" if ago <= 7 else "earlier_days"


def _groups(
    language: Language,
    groups: Iterator[tuple[str, Iterator[Conversation]]],
    current: str,
    at_work: Collection[str],
) -> Iterator[Markup]:
    for name, members in groups:
        yield html(
            "<section class='days-group' data-group='{name}'><h2>{title}</h2><ul>{items}</ul></section>",
            name=name,
            title=say(language, name),
            items=joined(
                _item(language, one.id, one.title, one.questions, one.id == current, one.id in at_work)
                for one in members
            ),
        )


def _search(language: Language) -> Markup:
    return html(
        "<label class='screen-reader' for='sought-conversation'>{t}</label>"
        "<input id='sought-conversation' type='search' autocomplete='off' placeholder='{t}'>",
        t=say(language, "conversations_search"),
    )


def _undo(language: Language, deleted: tuple[str, str] | None) -> Markup:
    if deleted is None:
        return Markup("")
    return html(
        "<p class='undo' role='status'><span>{told}</span>"
        " <button type='button' data-action='restore' data-id='{id}'>{undo}</button></p>",
        told=say(language, "conversation_deleted", title=deleted[1] or say(language, "untitled")),
        id=deleted[0],
        undo=say(language, "undo"),
    )


@lru_cache(maxsize=4096)  # each answer sends the whole list again
def _item(
    language: Language, conversation: str, title: str, questions: str, is_current: bool, is_at_work: bool
) -> Markup:
    shown = title or say(language, "untitled")
    return html(
        "<li{current} data-sought='{sought}'><button type='button' class='open' data-action='open' data-id='{id}'{pressed}>{work}{title}</button>"
        "<input class='new-name' type='text' maxlength='80' value='{title}' aria-label='{rename}：{title}' data-id='{id}' hidden>"
        "<button type='button' class='small' data-action='rename' data-id='{id}' aria-label='{rename}：{title}' title='{rename}'>✎</button>"
        "<button type='button' class='small' data-action='delete' data-id='{id}' aria-label='{delete}：{title}' title='{delete}'>✕</button></li>",
        current=Markup(" class='current'") if is_current else "",
        sought=f"{shown} {questions}".lower(),
        pressed=Markup(" aria-current='true'") if is_current else "",
        work=html(
            "<span class='spinner' aria-hidden='true'></span><span class='screen-reader'>{t} </span>",
            t=say(language, "at_work"),
        )
        if is_at_work
        else Markup(""),
        id=conversation,
        title=shown,
        rename=say(language, "rename"),
        delete=say(language, "delete"),
    )
