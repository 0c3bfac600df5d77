"""The words around the quotes, in the language of the question: `data/wording.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rag.asking.question import Language
from rag.data_files import toml_tables


def say(language: Language, key: str, **values: object) -> str:
    """The text `key` in `language` with its values filled in. Raises KeyError for an unknown key."""
    return wording()[key][language].format(**values)


@cache
def wording() -> Mapping[str, Mapping[str, str]]:
    """Every text by key and language, read once."""
    return toml_tables("wording.toml")
