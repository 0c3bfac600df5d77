"""The choice of what writes the answers, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rag.models.chosen import LOCAL, NONE
from ui.web.models import Offered
from ui.web.panels.markup import html, joined, shortened
from ui.web.wording import Language, say


def model_choice(language: Language, offered: Sequence[Offered], default: str) -> Markup:
    """A field of the row beside the question; the script keeps its state fresh.

    Where there is one only, nothing is to be chosen, and the line says what it does.
    """
    standing = {one.id: one for one in offered}
    options = joined(
        html(
            "<option value='{id}'{able}>{name}</option>",
            id=one.id,
            able=Markup("") if one.is_able else Markup(" disabled"),
            name=name_of(language, one.id),
        )
        for one in offered
    )
    return html(
        "<div id='model' class='field' data-default='{default}' data-language='{language}'><label for='model-chosen'>{label}</label>"
        "<select id='model-chosen' aria-describedby='model-state'>{options}</select></div>"
        "<p id='model-state' role='status'>{state}</p>",
        default=default,
        language=language,
        label=say(language, "model_label"),
        options=options,
        state=state_of(language, standing[default]) + unable(language, offered),
    )


def name_of(language: Language, model: str) -> str:
    """What a model is called on the page."""
    if model in (NONE, LOCAL):
        return say(language, f"model_{model}")
    return shortened(model, 40)


def state_of(language: Language, one: Offered) -> str:
    """How one stands, in a sentence."""
    if one.id == NONE:
        return say(language, "model_state_none")
    seconds = f"{one.seconds:.0f}" if one.seconds is not None else "?"
    return say(language, f"model_state_{one.state}", seconds=seconds)


def unable(language: Language, offered: Sequence[Offered]) -> str:
    """Why those that cannot be chosen cannot, and what to do."""
    return "".join(f" {state_of(language, one)}" for one in offered if not one.is_able)
