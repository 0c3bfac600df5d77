"""The conversation: questions, and answers whose marks lead to their evidence.

Works on `Answer.as_json()`, so that a stored turn and a fresh one are shown by the same code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from rag.wording import WORDING
from ui.panels.evidence import Card, cards_of
from ui.panels.markup import html, joined, visible
from ui.plain_words import without_commands
from ui.wording import BAD_REASONS, Language, say

_MARK = re.compile(r"\[(\d{1,3})\]")
STEPS = ("question", "retrieval", "writing", "grounding")
MODEL_STEP = "model"


@dataclass(frozen=True, slots=True)
class Shown:
    """One stored turn, as much of it as the page shows."""

    number: int
    question: str
    answer: dict[str, Any]
    as_of: str | None = None
    company: str | None = None
    feedback: str | None = None


@dataclass(slots=True)
class Pending:
    """A turn that is being answered, or waits for it: what has happened so far."""

    number: int
    question: str
    steps: Mapping[str, float] = field(default_factory=dict)
    claims: Sequence[str] = ()
    provisional: Mapping[str, Any] | None = None
    is_waiting: bool = False


def thread(
    language: Language,
    turns: Sequence[Shown],
    follow_ups: Sequence[str] = (),
    candidates: Sequence[tuple[str, str]] = (),
) -> Markup:
    """All stored turns; under the last one the companies that it may mean, and the related questions."""
    is_near = bool(turns) and turns[-1].answer["outcome"] == "not_found"
    title = say(language, "near_questions" if is_near else "follow_ups")
    articles = [turn_article(language, turn, candidates if turn is turns[-1] else ()) for turn in turns]
    return joined(articles) + _related(title, follow_ups)


def turn_article(language: Language, turn: Shown, candidates: Sequence[tuple[str, str]] = ()) -> Markup:
    """One question and its finished answer; `candidates` are code and name of the companies that it may mean."""
    return html(
        "<article class='turn' id='turn-{number}' data-number='{number}'>{question}{answer}{choice}{actions}</article>",
        number=turn.number,
        question=_question(language, turn.question),
        answer=_answer(language, turn.number, turn.answer),
        choice=_clarify(language, turn, candidates),
        actions=_actions(language, turn),
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
            "<p class='notice'>{note}</p><div class='text'>{text}</div>",
            note=say(language, "provisional"),
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


def marked_text(
    language: Language,
    number: int,
    answer: Mapping[str, Any],
    *,
    verdicts: bool = True,
    everything: bool = False,
) -> Markup:
    """The answer's text, its quotes set apart and its marks made links; `everything`: also what is folded.

    A "[2]" inside a quote is the record's own and stays text.
    """
    text = str((answer.get("full_text") if everything else None) or answer["text"])
    if _has_more(answer) and not everything:
        text = "\n\n".join(part for part in text.split("\n\n") if not _folded_line().fullmatch(part))
    if not answer.get("claims"):
        text = without_commands(text)
    cards = {card.mark: card for card in cards_of(answer)}
    pieces: list[Markup] = []
    position = 0
    for start, end in _quoted(text, answer):
        pieces.append(_with_marks(language, number, text[position:start], cards, verdicts))
        pieces.append(html("<span class='verbatim'>{words}</span>", words=text[start:end]))
        position = end
    pieces.append(_with_marks(language, number, text[position:], cards, verdicts))
    return joined(pieces)


def plain_copy(language: Language, answer: Mapping[str, Any]) -> str:
    """What the copy button copies: the answer, its sources and the disclaimer."""
    lines = [visible(without_commands(str(answer.get("full_text") or answer["text"])))]
    cards = cards_of(answer)
    if cards:
        lines += ["", say(language, "sources") + "："]
    for card in cards:
        first = card.citations[0]
        page = f" {say(language, 'page', number=first['page'])}" if first.get("page") else ""
        place = say(language, "pair", number=first["pair"]) if first["pair"] else say(language, "statement")
        day = say(language, "published_on", date=first.get("published_on") or say(language, "unknown_date"))
        names = " ".join(filter(None, (first.get("short_name"), first.get("code"), first.get("number"))))
        lines.append(visible(f"[{card.mark}] {names} {day} {place}{page} {first['source_file']}"))
    return "\n".join([*lines, "", say(language, "disclaimer")])


def _question(language: Language, question: str) -> Markup:
    return html(
        "<div class='question'><span class='screen-reader'>{you}：</span>{question}</div>",
        you=say(language, "you"),
        question=question,
    )


def _answer(language: Language, number: int, answer: Mapping[str, Any]) -> Markup:
    outcome = str(answer["outcome"])
    notice = without_commands(str(answer.get("notice") or ""))
    return html(
        "<section class='answer {outcome}' aria-label='{label}'><p class='outcome {outcome}'>{label}</p>"
        "<div class='text'>{text}</div>{all}{notice}{understood}<p class='searched'>{searched}</p>{how}</section>",
        outcome=outcome,
        label=say(language, outcome),
        text=marked_text(language, number, answer),
        all=_everything(language, number, answer),
        notice=html("<p class='notice'>{notice}</p>", notice=notice) if notice else Markup(""),
        understood=_understood(language, answer),
        searched=_searched(language, answer),
        how=_how(language, number, answer),
    )


def _everything(language: Language, number: int, answer: Mapping[str, Any]) -> Markup:
    """What is folded of an answer, to unfold; nothing where all of it is shown."""
    if not _has_more(answer):
        return Markup("")
    count = sum(bool(claim.get("folded")) for claim in answer["claims"])
    return html(
        "<details class='everything' data-key='all-{number}'><summary>{title}</summary><div class='text'>{text}</div></details>",
        number=number,
        title=say(language, "show_all_more", count=count) if count else say(language, "show_all"),
        text=marked_text(language, number, answer, everything=True),
    )


def _has_more(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("full_text")) and answer["full_text"] != answer["text"]


@lru_cache(maxsize=1)
def _folded_line() -> re.Pattern[str]:
    """The paragraph of an answer's text that tells how much is folded: the page has a button that tells it."""
    lines = [words[key] for words in WORDING.values() for key in words if key.startswith("folded_")]
    return re.compile("|".join(re.sub(r"\\{\w+\\}", ".*?", re.escape(line)) for line in lines))


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


def _actions(language: Language, turn: Shown) -> Markup:
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


def _quoted(text: str, answer: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Where the cited quotes stand in the answer's text: sorted, disjoint."""
    spans: list[tuple[int, int]] = []
    for claim in answer.get("claims", ()):
        for citation in claim["citations"]:
            quote = str(citation["quote"])
            start = text.find(quote) if len(quote) >= 4 else -1
            while start >= 0:
                spans.append((start, start + len(quote)))
                start = text.find(quote, start + len(quote))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _with_marks(
    language: Language, number: int, text: str, cards: Mapping[int, Card], verdicts: bool
) -> Markup:
    pieces: list[Markup] = []
    position = 0
    for match in _MARK.finditer(text):
        card = cards.get(int(match.group(1)))
        if card is None:
            continue
        pieces.append(html("{text}", text=text[position : match.start()]))
        verdict = card.verdict if verdicts else "checking"
        label = (
            say(language, "mark_label", mark=card.mark, verdict=say(language, verdict))
            if verdicts
            else say(language, "mark_label_open", mark=card.mark)
        )
        pieces.append(
            html(
                "<a class='mark {verdict}' href='#evidence-{n}-{mark}' data-action='evidence' data-number='{n}'"
                " data-mark='{mark}' aria-label='{label}'>{mark}{sign}</a>",
                verdict=verdict,
                n=number,
                mark=card.mark,
                label=label,
                sign={"supported": "✓", "checking": ""}.get(verdict, "?"),
            )
        )
        position = match.end()
    pieces.append(html("{text}", text=text[position:]))
    return joined(pieces)
