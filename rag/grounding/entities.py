"""Which words name something: products, codes, places, bodies, people, titles."""

from __future__ import annotations

from rag.grounding.words import exact_pattern


def specific(words: str) -> bool:
    """Whether the words name something (a product, a place, a body, a person) rather than describe it."""
    return exact_pattern("name.named").search(exact_pattern("name.common").sub("", words)) is not None
