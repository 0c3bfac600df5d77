"""What an answer cites, mark by mark: a card for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WORST_FIRST = ("contradicted", "unsupported", "not_checkable", "supported")


@dataclass(frozen=True, slots=True)
class Card:
    """All that an answer cites under one mark: its citations and the claims that stand on them."""

    mark: int
    citations: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]

    @property
    def verdict(self) -> str:
        """The worst verdict on a claim that carries this mark."""
        verdicts = {claim["verdict"] for claim in self.claims}
        return next((verdict for verdict in WORST_FIRST if verdict in verdicts), "not_checkable")


def cards_of(answer: Mapping[str, Any]) -> list[Card]:
    """The cards of an answer (`Answer.as_json()`), in the order of their marks."""
    citations: dict[int, dict[tuple[str, int, int], Mapping[str, Any]]] = {}
    claims: dict[int, list[Mapping[str, Any]]] = {}
    for claim in answer.get("claims", ()):
        for citation in claim["citations"]:
            mark = int(citation["mark"])
            place = (str(citation["record_id"]), int(citation["start"]), int(citation["end"]))
            citations.setdefault(mark, {})[place] = citation
            if claim not in claims.setdefault(mark, []):
                claims[mark].append(claim)
    return [Card(mark, tuple(citations[mark].values()), tuple(claims[mark])) for mark in sorted(citations)]


def near_cards(answer: Mapping[str, Any]) -> list[Card]:
    """The passages nearest to a question that was not found: nothing stands on them."""
    return [Card(int(near["mark"]), (near,), ()) for near in answer.get("closest", ())]
