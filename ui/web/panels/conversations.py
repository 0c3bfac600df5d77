"""The list of a user's conversations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from rag.conversations import Conversation


def conversation_list(
    language: Language, conversations: Sequence[Conversation], current: str, at_work: Collection[str] = ()
) -> Markup:
    """All conversations, newest first, each with its buttons; the open one and those being answered are marked."""
    items = joined(
        _item(language, one.id, one.title, one.id == current, one.id in at_work) for one in conversations
    )
    return html(
        "<details open class='conversations'><summary>{title}</summary>"
        "<button type='button' class='primary' data-action='new'>＋ {new}</button><ul>{items}</ul></details>",
        title=say(language, "counted", what=say(language, "conversations"), count=len(conversations)),
        new=say(language, "new_conversation"),
        items=items or html("<li class='hint'>{t}</li>", t=say(language, "no_conversations")),
    )


@lru_cache(maxsize=4096)  # each answer sends the whole list again
def _item(language: Language, conversation: str, title: str, is_current: bool, is_at_work: bool) -> Markup:
    return html(
        "<li{current}><button type='button' class='open' data-action='open' data-id='{id}'{pressed}>{work}{title}</button>"
        "<button type='button' class='small' data-action='rename' data-id='{id}' data-title='{title}'"
        " data-prompt='{prompt}' aria-label='{rename}：{title}' title='{rename}'>✎</button>"
        "<button type='button' class='small' data-action='delete' data-id='{id}' data-prompt='{sure}'"
        " aria-label='{delete}：{title}' title='{delete}'>✕</button></li>",
        current=Markup(" class='current'") if is_current else "",
        pressed=Markup(" aria-current='true'") if is_current else "",
        work=html(
            "<span class='spinner' aria-hidden='true'></span><span class='screen-reader'>{t} </span>",
            t=say(language, "at_work"),
        )
        if is_at_work
        else Markup(""),
        id=conversation,
        title=title or say(language, "untitled"),
        prompt=say(language, "rename_prompt"),
        sure=say(language, "delete_confirm"),
        rename=say(language, "rename"),
        delete=say(language, "delete"),
    )
