"""A language model makes a follow-up standalone where the rules had to guess; its words are checked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.folding import nfkc
from rag.asking.companies import CompanyNames
from rag.asking.edges import without_surrogates
from rag.asking.followups import Standalone
from rag.asking.history import TurnLike
from rag.asking.scope import out_of_scope
from rag.models.calls import within
from rag.models.chosen import ChatSource
from rag.writing.prompts import as_data, load

LAST_TURNS = 2
LONGEST = 120
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def rewritten(
    source: ChatSource,
    question: str,
    history: Sequence[TurnLike],
    by_rules: Standalone,
    names: CompanyNames,
) -> Standalone:
    """The model's standalone question where it is sound, else that of the rules.

    Sound is one line that names no company and no figure that neither history nor question has, and
    that is in scope. Whatever goes wrong with the model, the rules' words stand.
    """
    told = [str(turn.answer.get("standalone_question") or turn.question) for turn in history[-LAST_TURNS:]]
    messages = load("follow_up.zh").filled(
        history="\n".join(f"问：{as_data(one)}" for one in told), question=as_data(question)
    )
    try:
        written = without_surrogates(
            within(source.deadline / 3, lambda: source.connect().invoke(messages).text)
        )
    except Exception:  # noqa: BLE001  # the rules' words need no model; the answer says itself if it fails too
        return by_rules
    text = nfkc(written.strip().splitlines()[0] if written.strip() else "").strip()
    text = re.sub(r"^(?:问题?|改写后的问题)\s*[::]\s*", "", text)
    return (
        Standalone(text, True, by_rules.as_of)
        if _sound(text, [*told, question, by_rules.text], names)
        else by_rules
    )


def _sound(text: str, known: Sequence[str], names: CompanyNames) -> bool:
    if not 4 <= len(text) <= LONGEST or out_of_scope(text):
        return False
    given = nfkc("\n".join(known))
    figures = set(_NUMBER.findall(given))
    companies = {company for mention in names.mentions(given) for company in mention.companies}
    mentioned = names.mentions(text)
    return (
        set(_NUMBER.findall(text)) <= figures
        and all(mention.companies and set(mention.companies) <= companies for mention in mentioned)
        and (bool(mentioned) or not names.mentions(known[-1]))
    )
