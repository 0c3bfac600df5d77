"""Questions in a chat model's words: what controlled rewriting cannot do, checked before it is believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eval.cases import Case
from eval.making.topics import topics
from rag.finding.signals import grams

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PROMPT: Final = (
    "把下面这位投资者的问题换一种说法，意思完全不变：不增加也不减少公司名、年份、数字和产品名，只写改写后的一个问题，不解释。\n"
    "问题：{question}\n改写："
)
LONGEST: Final = 100  # characters
LEAST_SHARED, MOST_SHARED = 0.25, 0.9  # share of the question's terms that a paraphrase keeps
_KEPT: Final = re.compile(r"\d+(?:\.\d+)?%?|[A-Za-z][A-Za-z0-9.+-]+")
_LEAD: Final = re.compile(r"^(?:改写(?:后)?(?:的问题)?|问题|答)\s*[:：]\s*")


def paraphrased(
    cases: Sequence[Case], model: BaseChatModel, names: Sequence[str]
) -> tuple[list[Case], list[str]]:
    """The cases with the model's wording where it holds; the others as they were.

    Args:
        cases: made cases.
        model: any LangChain chat model.
        names: of the library's companies: a paraphrase names those of its question and no other.

    Returns:
        the cases, and one line for each that kept its wording, with the reason.
    """
    done: list[Case] = []
    kept: list[str] = []
    for case in cases:
        try:
            told = model.invoke(PROMPT.format(question=case.question)).text
        except Exception as error:  # noqa: BLE001  # every provider has its own tree; the case is good without it
            kept.append(f"{case.id}: the model failed ({type(error).__name__})")
            done.append(case)
            continue
        text = _LEAD.sub("", told.strip()).strip("“”\"' \n")
        fault = fault_of(case.question, text, names)
        if case.outcome == "not_found" and not all(word in text for word in topics(case.question)):
            fault = fault or "loses a word that stands nowhere in the records"
        if fault:
            kept.append(f"{case.id}: {fault}")
            done.append(case)
        else:
            done.append(replace(case, id=f"{case.id}-model", question=text))
    return done, kept


def fault_of(question: str, text: str, names: Sequence[str]) -> str | None:
    """Why a paraphrase may not stand for its question; None where it may."""
    if not text or "\n" in text or len(text) > LONGEST:
        return "not one question on one line"
    if set(_KEPT.findall(text)) != set(_KEPT.findall(question)):
        return "other figures or Latin words"
    if {name for name in names if name in text} != {name for name in names if name in question}:
        return "other companies"
    own = grams(question)
    shared = len(own & grams(text)) / len(own) if own else 0.0
    if shared < LEAST_SHARED:
        return "hardly a word in common"
    return "nothing changed" if text == question or shared > MOST_SHARED else None
