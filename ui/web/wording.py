"""The words of the web page, in Chinese and English: `wording.toml` beside this; those of answers are in `rag/writing/wording.py`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Language = Literal["zh", "en"]

BAD_REASONS: Final = ("wrong_citation", "off_topic", "should_refuse", "missed", "outdated", "other_reason")


def say(language: Language, key: str, **values: object) -> str:
    """The text `key` in `language` with its values filled in. Raises KeyError for an unknown key."""
    text = wording()[key][0 if language == "zh" else 1]
    return text.format(**values) if values else text


@cache
def wording() -> Mapping[str, tuple[str, str]]:
    """Every text by key, in Chinese and in English, read once."""
    read = tomllib.loads(files("ui.web").joinpath("wording.toml").read_text(encoding="utf-8"))
    return {key: (chinese, english) for key, (chinese, english) in read.items()}


def language_of(code: str | None) -> Language:
    """The page's language for a browser's language code: Chinese for zh-anything, otherwise English."""
    return "zh" if (code or "zh").strip().lower().startswith("zh") else "en"
