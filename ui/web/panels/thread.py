"""The conversation: questions, and answers whose marks lead to their evidence.

Works on `Answer.as_json()`, so that a stored turn and a fresh one are shown by the same code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ui.web.panels.actions import actions as buttons
from ui.web.panels.marked import has_more, marked_text, viewed
from ui.web.panels.markup import html, joined
from ui.web.panels.shown import Pending, Shown
from ui.web.plain_words import plain_notice
from ui.web.wording import Language, say

STEPS = ("question", "retrieval", "writing", "grounding")
MODEL_STEP = "model"


def thread(
    language: Language,
    turns: Sequence[Shown],
    follow_ups: Sequence[str] = (),
    candidates: Sequence[tuple[str, str]] = (),
    conversation: str = "",
) -> Markup:
    """All stored turns; under the last one the companies that it may mean, and the related questions."""
    is_near = bool(turns) and turns[-1].answer["outcome"] == "not_found"
    title = say(language, "near_questions" if is_near else "follow_ups")
    articles = [
        turn_article(language, turn, candidates if turn is turns[-1] else (), conversation) for turn in turns
    ]
    return joined(articles) + _related(title, follow_ups)


def turn_article(
    language: Language, turn: Shown, candidates: Sequence[tuple[str, str]] = (), conversation: str = ""
) -> Markup:
    """One question and its finished answer; `candidates` are code and name of the companies that it may mean."""
    return html(
        "<article class='turn' id='turn-{number}' data-number='{number}'>{question}{answer}{choice}{actions}</article>",
        number=turn.number,
        question=_question(language, turn.question),
        answer=_answer(language, turn.number, turn.answer),
        choice=_clarify(language, turn, candidates),
        actions=buttons(language, turn, conversation),
    )


def pending_article(language: Language, pending: Pending) -> Markup:
    """A question whose answer is on its way: steps with their times, drafts, and no verdict yet."""
    if pending.is_waiting:
        return html(
            "<article class='turn pending waiting' id='turn-{number}' aria-busy='true'>{question}"
            "<p class='outcome checking'>{waiting}</p></article>",
            number=pending.number,
            question=_question(language, pending.question),
            waiting=say(language, "waiting"),
        )
    body = Markup("")
    if pending.provisional is not None:
        body = html(
            "<p class='notice'>{note}</p>{view}<div class='text'>{text}</div>",
            note=say(language, "provisional"),
            view=viewed(language, pending.number, pending.provisional, verdicts=False),
            text=marked_text(language, pending.number, pending.provisional, verdicts=False),
        )
    body += joined(html("<p class='draft'>{text}</p>", text=text) for text in pending.claims)
    return html(
        "<article class='turn pending' id='turn-{number}' aria-busy='true'>{question}"
        "<section class='answer'><p class='outcome checking'><span class='spinner' aria-hidden='true'></span>"
        "{checking}</p>{steps}{body}</section></article>",
        number=pending.number,
        question=_question(language, pending.question),
        checking=say(language, "checking"),
        steps=_steps(language, pending.steps, running=True, by_model=pending.provisional is not None),
        body=body,
    )


def notice_article(
    language: Language, number: int, question: str, text: str, serial: int | None = None
) -> Markup:
    """A question that got no answer, and why; asked again, it takes the place of the one with this serial."""
    return html(
        "<article class='turn failed' id='turn-{number}'>{question}<p class='notice' role='alert'>{text}</p>"
        "<p class='actions'><button type='button' data-action='ask' data-question='{plain}' data-again='{serial}'>"
        "{retry}</button></p></article>",
        number=number,
        question=_question(language, question),
        text=text,
        plain=question,
        serial=serial if serial is not None else "",
        retry=say(language, "retry"),
    )


def _clarify(language: Language, turn: Shown, candidates: Sequence[tuple[str, str]]) -> Markup:
    """The companies that a question may mean, to click: the question is asked again, about that one alone."""
    if not candidates:
        return Markup("")
    return html(
        "<div class='clarify'><p class='choices-title'>{title}</p><ul class='choices'>{items}</ul></div>",
        title=say(language, "choose_company"),
        items=joined(
            html(
                "<li><button type='button' data-action='clarify' data-number='{n}' data-question='{q}'"
                " data-company='{code}'>{name}</button></li>",
                n=turn.number,
                q=turn.question,
                code=code,
                name=f"{name} {code}".strip() if name != code else name,
            )
            for code, name in candidates
        ),
    )


def _question(language: Language, question: str) -> Markup:
    return html(
        "<div class='question'><span class='screen-reader'>{you}：</span>{question}</div>",
        you=say(language, "you"),
        question=question,
    )


def _answer(language: Language, number: int, answer: Mapping[str, Any]) -> Markup:
    outcome = str(answer["outcome"])
    notice = plain_notice(str(answer.get("notice") or ""))
    return html(
        "<section class='answer {outcome}' aria-label='{label}'><p class='outcome {outcome}'>{label}</p>"
        "{view}<div class='text'>{text}</div>{all}{notice}{understood}<p class='searched'>{searched}</p>{how}</section>",
        outcome=outcome,
        label=say(language, outcome),
        view=viewed(language, number, answer),
        text=marked_text(language, number, answer),
        all=_everything(language, number, answer),
        notice=html("<p class='notice'>{notice}</p>", notice=notice) if notice else Markup(""),
        understood=_understood(language, answer),
        searched=_searched(language, answer),
        how=_how(language, number, answer),
    )


def _everything(language: Language, number: int, answer: Mapping[str, Any]) -> Markup:
    """What is folded of an answer, to unfold; nothing where all of it is shown."""
    if not has_more(answer):
        return Markup("")
    count = sum(bool(claim.get("folded")) for claim in answer["claims"])
    return html(
        "<details class='everything' data-key='all-{number}'><summary>{title}</summary><div class='text'>{text}</div></details>",
        number=number,
        title=say(language, "show_all_more", count=count) if count else say(language, "show_all"),
        text=marked_text(language, number, answer, everything=True),
    )


def _how(language: Language, number: int, answer: Mapping[str, Any]) -> Markup:
    """How long the steps took and the receipt, for those who want to know."""
    receipt = answer.get("receipt")
    return html(
        "<details class='how' data-key='how-{number}'><summary>{title}</summary>{steps}{receipt}</details>",
        number=number,
        title=say(language, "made_how"),
        steps=_steps(language, answer.get("timings_ms", {}), running=False),
        receipt=html("<p class='searched'>{t}</p>", t=say(language, "receipt", receipt=receipt))
        if receipt
        else Markup(""),
    )


def _understood(language: Language, answer: Mapping[str, Any]) -> Markup:
    standalone, asked = str(answer["standalone_question"]), str(answer["question"])
    if _bare(standalone) == _bare(asked):
        return Markup("")
    return html("<p class='understood'>{text}</p>", text=say(language, "understood_as", question=standalone))


def _bare(question: str) -> str:
    """A question without what is no change of meaning: width, spaces, punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKC", question) if c.isalnum())


def _searched(language: Language, answer: Mapping[str, Any]) -> str:
    searched = answer["searched"]
    parts = []
    if searched["records"]:
        unknown = say(language, "unknown_date")
        first, last = searched["from"] or unknown, searched["to"] or unknown
        parts.append(say(language, "searched", records=searched["records"], first=first, last=last))
    if answer.get("as_of"):
        parts.append(say(language, "filtered_as_of", date=answer["as_of"]))
    model = answer.get("model") or "none"
    parts.append(say(language, "verbatim") if model == "none" else say(language, "model", model=model))
    return " · ".join(parts)


def _steps(
    language: Language, timings: Mapping[str, float], *, running: bool, by_model: bool = False
) -> Markup:
    """The steps with their times; of a running answer also those to come, a model's writing where one is at it."""
    known = (*STEPS, MODEL_STEP)
    names = (known if by_model else STEPS) if running else [name for name in known if name in timings]
    current = next((name for name in names if name not in timings), None) if running else None
    items = joined(
        html(
            "<li class='{state}'>{name}{time}</li>",
            state="done" if name in timings else "current" if name == current else "waiting",
            name=say(language, f"step_{name}"),
            time=f" {duration(language, timings[name])}"
            if name in timings
            else "…"
            if name == current
            else "",
        )
        for name in names
    )
    return html("<ol class='steps'>{items}</ol>", items=items)


def duration(language: Language, milliseconds: float) -> str:
    """A duration as people read it."""
    if milliseconds < 1000:
        return say(language, "milliseconds", value=round(milliseconds) if milliseconds >= 1 else "<1")
    return say(language, "seconds", value=f"{milliseconds / 1000:.1f}")


def _related(title: str, questions: Sequence[str]) -> Markup:
    if not questions:
        return Markup("")
    return html("<nav class='related'>{choices}</nav>", choices=choices(title, questions))


def choices(title: str, questions: Sequence[str]) -> Markup:
    """Questions to ask by a click, under a title; nothing where there are none."""
    if not questions:
        return Markup("")
    return html(
        "<p class='choices-title'>{title}</p><ul class='choices'>{items}</ul>",
        title=title,
        items=joined(
            html(
                "<li><button type='button' data-action='ask' data-question='{q}'>{q}</button></li>",
                q=question,
            )
            for question in questions
        ),
    )
