"""What can be done with a finished answer: copy, ask again, change, say whether it helped."""

from __future__ import annotations

from markupsafe import Markup

from ui.web.panels.marked import plain_copy
from ui.web.panels.markup import html, joined
from ui.web.panels.shown import Shown
from ui.web.wording import BAD_REASONS, Language, say


def actions(language: Language, turn: Shown) -> Markup:
    """The buttons under an answer."""
    buttons = joined(
        html(
            "<button type='button' data-action='{action}' data-number='{number}' data-question='{question}'"
            " data-copy='{copy}'>{label}</button>",
            action=action,
            number=turn.number,
            question=turn.question if action != "copy" else "",
            copy=plain_copy(language, turn.answer) if action == "copy" else "",
            label=say(language, action),
        )
        for action in ("copy", "retry", "edit")
    )
    return html(
        "<div class='actions'>{buttons}{feedback}</div>", buttons=buttons, feedback=_feedback(language, turn)
    )


def _feedback(language: Language, turn: Shown) -> Markup:
    if turn.feedback:
        kept = [key for key in ("good", "bad", *BAD_REASONS) if key == turn.feedback]
        what = say(language, kept[0]) if kept else turn.feedback
        return html("<span class='noted'>{text}</span>", text=say(language, "feedback_kept", what=what))
    reasons = joined(
        html(
            "<button type='button' data-action='feedback' data-good='' data-reason='{key}' data-number='{n}'>{t}</button>",
            key=key,
            n=turn.number,
            t=say(language, key),
        )
        for key in BAD_REASONS
    )
    return html(
        "<button type='button' data-action='feedback' data-good='1' data-reason='' data-number='{n}'>{good}</button>"
        "<details class='bad'><summary>{bad}</summary><div role='group' aria-label='{why}'>{reasons}</div></details>",
        n=turn.number,
        good=say(language, "good"),
        bad=say(language, "bad"),
        why=say(language, "bad_why"),
        reasons=reasons,
    )
