"""What can be done with a finished answer: copy, ask again, change, take along as a file, say whether it helped."""

from __future__ import annotations

from markupsafe import Markup

from ui.web.panels.marked import plain_copy
from ui.web.panels.markup import html, joined
from ui.web.panels.shown import Shown
from ui.web.wording import BAD_REASONS, Language, say

MOST_SAID = 1000
"""Characters of what a user says of an answer."""


def actions(language: Language, turn: Shown, conversation: str = "") -> Markup:
    """The buttons under an answer; without its conversation's id it cannot be exported."""
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
        "<div class='actions'>{buttons}{export}{feedback}</div>",
        buttons=buttons,
        export=_export(language, turn, conversation) if conversation else Markup(""),
        feedback=_feedback(language, turn),
    )


def exports(language: Language, address: str, key: str, title: str, *, table: str = "") -> Markup:
    """Links that give a document in each format, folded under a button; `table` is where a view's table is."""
    links = [(f"{address}.{ending}", name) for ending, name in (("md", "Markdown"), ("docx", "Word"))]
    tables = [
        (f"{table}.{ending}", name)
        for ending, name in (("csv", "CSV"), ("xlsx", "Excel"), ("md", "Markdown"))
    ]
    groups = [
        (say(language, "export_whole"), links),
        *([(say(language, "export_table"), tables)] if table else []),
    ]
    return html(
        "<details class='export menu' data-key='{key}'><summary>{title}</summary><div>{groups}</div></details>",
        key=key,
        title=title,
        groups=joined(
            html(
                "<p>{group} {links}</p>",
                group=html("<span>{t}</span>", t=name) if table else Markup(""),
                links=joined(
                    html("<a href='{to}?language={language}' download>{name}</a> ", to=to, language=language, name=label)
                    for to, label in of_group
                ),
            )
            for name, of_group in groups
        ),
    )  # fmt: skip


def _export(language: Language, turn: Shown, conversation: str) -> Markup:
    base = f"jupilu/conversations/{conversation}/{turn.number}"
    table = f"{base}/table" if turn.answer.get("view") else ""
    return exports(language, base, f"export-{turn.number}", say(language, "export"), table=table)


def _feedback(language: Language, turn: Shown) -> Markup:
    """Both thumbs; what was said before is marked and can be changed, with words of one's own."""
    said = turn.feedback or ""
    good = html(
        "<button type='button' data-action='feedback' data-good='1' data-reason='' data-number='{n}'"
        " aria-pressed='{pressed}'>{good}</button>",
        n=turn.number,
        pressed="true" if said == "good" else "false",
        good=say(language, "good"),
    )
    reasons = joined(
        html(
            "<button type='button' data-action='feedback' data-good='' data-reason='{key}' data-number='{n}'"
            " aria-pressed='{pressed}'>{t}</button>",
            key=key,
            n=turn.number,
            pressed="true" if key == said else "false",
            t=say(language, key),
        )
        for key in BAD_REASONS
    )
    bad = html(
        "<details class='bad menu{chosen}' data-key='bad-{n}'><summary>{bad}</summary>"
        "<div role='group' aria-label='{why}'>{reasons}</div></details>",
        n=turn.number,
        chosen=" chosen" if said and said != "good" else "",
        bad=say(language, "bad"),
        why=say(language, "bad_why"),
        reasons=reasons,
    )
    return good + bad + (_noted(language, turn) if said else Markup(""))


def _noted(language: Language, turn: Shown) -> Markup:
    said = str(turn.feedback)
    kept = next((key for key in ("good", "bad", *BAD_REASONS) if key == said), "")
    what = say(language, kept) if kept else said
    if turn.comment:
        what = f"{what} · “{turn.comment}”"
    return html(
        "<span class='noted' role='status'>{text}</span>"
        "<details class='comment menu' data-key='comment-{n}'><summary>{more}</summary><div>"
        "<label for='comment-{n}'>{label}</label><textarea id='comment-{n}' rows='3' maxlength='{most}'>{comment}</textarea>"
        "<button type='button' data-action='feedback' data-good='{good}' data-reason='{reason}' data-number='{n}'>{keep}</button>"
        "</div></details>",
        text=say(language, "feedback_kept", what=what),
        n=turn.number,
        more=say(language, "comment_change" if turn.comment else "comment_add"),
        label=say(language, "comment_label"),
        most=MOST_SAID,
        comment=turn.comment or "",
        good="1" if said == "good" else "",
        reason=said if said in BAD_REASONS else "",
        keep=say(language, "comment_keep"),
    )
