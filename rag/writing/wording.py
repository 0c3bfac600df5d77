"""The words around the quotes, in the language of the question: `data/wording.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from rag.asking.question import Language


def say(language: Language, key: str, **values: object) -> str:
    """The text `key` in `language` with its values filled in. Raises KeyError for an unknown key."""
    return wording()[key][language].format(**values)


@cache
def wording() -> Mapping[str, Mapping[str, str]]:
    """Every text by key and language, read once."""
    return tomllib.loads(resources.files("rag").joinpath("data/wording.toml").read_text(encoding="utf-8"))
