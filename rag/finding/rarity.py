"""How rare words are wherever investors ask and companies answer, whatever the library at hand holds.

A pair of characters such as 什么 or 公司 says nothing, 钠电 says what is asked about; among the few passages of one company
neither can be told from the other. The counts come from public questions and answers of many companies
(`python -m eval.studies.training.rarity`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from ingest.errors import ModelUnavailable

FILE = "data/rarity.json"


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of `documents` texts (questions and answers) each gram and each character stands; rare ones are left out."""

    documents: int
    grams: Mapping[str, int]
    characters: Mapping[str, int]

    def of_gram(self, gram: str) -> float:
        """ln((n + 1) / (texts with it + 0.5)): inverse document frequency (Spärck Jones 1972), 0 for what is everywhere."""
        return math.log((self.documents + 1) / (self.grams.get(gram, 0) + 0.5))

    def of_character(self, character: str) -> float:
        """The same of one character."""
        return math.log((self.documents + 1) / (self.characters.get(character, 0) + 0.5))


@lru_cache(maxsize=1)
def bundled_rarity() -> Rarity:
    """The counts that come with the program.

    Raises:
        ModelUnavailable: the file is not installed.
    """
    file = resources.files("rag").joinpath(FILE)
    if not file.is_file():
        raise ModelUnavailable(f"rag/{FILE} is missing: install jupilu again")
    document = json.loads(file.read_text(encoding="utf-8"))
    return Rarity(int(document["documents"]), document["grams"], document["characters"])
