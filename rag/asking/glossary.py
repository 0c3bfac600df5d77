"""English finance and industry terms in the records' language, for the lexical half of retrieval."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.data_files import lexicon


def translate_terms(text: str) -> str:
    """The Chinese terms for the English ones in `text`, longest match first, in order, each once."""
    terms, pattern = _glossary()
    found = dict.fromkeys(
        word for match in pattern.finditer(text.lower()) for word in terms[match.group()].split()
    )
    return " ".join(found)


@lru_cache(maxsize=1)
def _glossary() -> tuple[dict[str, str], re.Pattern[str]]:
    terms: dict[str, str] = lexicon("glossary.json")
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    return terms, re.compile(r"(?<![\w&])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w&])")
