"""The companies listed in Shanghai, Shenzhen and Beijing: code, short name and its pinyin.

Public facts, in `data/listed_companies.txt`. They give a name to records that carry only a code, and tell a
listed company that the library does not hold from a topic.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

# What an exchange puts before and after a name: *ST, ex-dividend days, new shares; unequal votes, no profit yet.
_STATE = re.compile(
    r"^(?:\*?s\*?st|\*?st|xd|xr|dr|s(?=[\u4e00-\u9fff])|[nc](?=[\u4e00-\u9fff]))(?=[\u4e00-\u9fff])"
)
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")
_CLASS = re.compile(r"(?:-(?:uwd|uw|wd|w|u|d|b)|(?<=[\u4e00-\u9fff])[ab]股?)$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed company; `pinyin` has a space between syllables and leaves out letters and digits."""

    code: str
    short_name: str
    pinyin: str


class Listing:
    """All listed companies, by code and by name."""

    def __init__(self, companies: Iterable[Listed]) -> None:
        self.by_code: dict[str, Listed] = {}
        self.by_name: dict[str, Listed] = {}
        for company in companies:
            self.by_code[company.code] = company
        for company in self.by_code.values():
            name = company.short_name
            for one in (name,) if _PLAIN.fullmatch(name) else spellings(name):
                self.by_name.setdefault(one, company)

    @cached_property
    def by_pinyin(self) -> Mapping[str, tuple[Listed, ...]]:
        """Companies by the pinyin of their whole name, syllables together."""
        return grouped((one.pinyin.replace(" ", ""), one) for one in self.by_code.values() if one.pinyin)

    @cached_property
    def by_first_syllables(self) -> Mapping[str, tuple[Listed, ...]]:
        """Companies by the pinyin of the first two or three characters of their name."""
        return grouped(
            ("".join(syllables[:count]), one)
            for one in self.by_code.values()
            for syllables in (one.pinyin.split(),)
            for count in (2, 3)
            if len(syllables) > count
        )


def grouped(entries: Iterable[tuple[str, Listed]]) -> dict[str, tuple[Listed, ...]]:
    """Entries by their key, in order, each once."""
    found: dict[str, dict[Listed, None]] = defaultdict(dict)
    for key, one in entries:
        found[key].setdefault(one)
    return {key: tuple(values) for key, values in found.items()}


def spellings(short_name: str) -> set[str]:
    """A short name as people write it, in lower case: as it is, and without *ST, XD, A, -W, -U and the like."""
    plain = unicodedata.normalize("NFKC", short_name).replace(" ", "").casefold()
    bare = _CLASS.sub("", plain)
    found = {plain, bare, _STATE.sub("", plain), _STATE.sub("", bare)}
    if plain.startswith("*"):
        found |= {plain[1:], bare[1:]}
    return {name for name in found if len(name) >= 2}


@cache
def listing() -> Listing:
    """The listing that comes with the program, read once."""
    text = resources.files("ingest").joinpath("data/listed_companies.txt").read_text(encoding="utf-8")
    return Listing(Listed(*line.split("\t")) for line in text.splitlines() if not line.startswith("#"))


def listed_name(code: str | None) -> str | None:
    """The short name under which a code is listed; None where it is not, or is no code."""
    found = listing().by_code.get(code or "")
    return found.short_name if found else None


@cache
def readings() -> Mapping[str, frozenset[str]]:
    """The pinyin of the characters that listed names are made of: most characters of any name, at no cost."""
    found: dict[str, set[str]] = defaultdict(set)
    for company in listing().by_code.values():
        characters = re.findall(r"[\u4e00-\u9fff]", company.short_name)
        syllables = company.pinyin.split()
        for character, syllable in zip(characters[-len(syllables) :], syllables, strict=True):
            found[character].add(syllable)
    return {character: frozenset(syllables) for character, syllables in found.items()}


@cache
def everyday_names() -> Mapping[str, frozenset[str]]:
    """Names that are everyday words too: `halves` of names, `common` nouns, `loose` compounds of two such halves."""
    text = resources.files("ingest").joinpath("data/everyday_names.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in text.splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            section.update(line.split())
    return {name: frozenset(words) for name, words in found.items()}
