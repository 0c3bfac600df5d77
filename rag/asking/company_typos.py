"""Names with one wrong character: 英唯克, 海天瑞生, 南大光店."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from ingest.language.listed import Listed, listing, readings
from ingest.library.library import Company
from rag.asking.company_aliases import bare_name
from rag.asking.name_signs import opens_here

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


class Misspelled:
    """Finds names of a library that are written with one wrong character.

    The wrong character has to sound like the right one; with another, the name may be another company's
    (国电南网 is not 国电南瑞) and is only said to be near. What fits several is left alone.
    """

    def __init__(self, names: Mapping[str, tuple[Company, ...]]) -> None:
        self._names = names
        self._halves: dict[tuple[int, bool, str], list[str]] | None = None

    def find(
        self, text: str, *, taken: Sequence[tuple[int, int]] = ()
    ) -> list[tuple[int, int, tuple[Company, ...]]]:
        """Where misspelled names stand in a text in lower case, and whom they mean."""
        found: list[tuple[int, int, tuple[Company, ...]]] = []
        for start, end in _windows(text, taken):
            companies = self.resolve(text[start:end])
            if companies and not (found and start < found[-1][1]):
                found.append((start, end, companies))
        return found

    def resolve(self, name: str) -> tuple[Company, ...]:
        """The company that a whole text misspells; nothing where several could be meant."""
        if name in listing().by_name or not _CHINESE.fullmatch(name) or not 3 <= len(name) <= 6:
            return ()
        likely = {
            right: self._names[right]
            for half in _halves(name)
            for right in self._by_half.get(half, ())
            if _differ_once(name, right) and _sounds(name, right)
        }
        return next(iter(likely.values())) if len(set(likely.values())) == 1 else ()

    def listed(self, text: str) -> list[tuple[int, int, Listed]]:
        """Listed companies whose name opens a question with a character that sounds the same."""
        for start, end in _windows(text, ()):
            name = text[start:end]
            if len(name) != 4 or name in listing().by_name or not opens_here(text, start):
                continue
            likely = [
                right
                for half in _halves(name)
                for right in _listed_halves().get(half, ())
                if _differ_once(name, right) and _sounds(name, right)
            ]
            if len(set(likely)) == 1 and len(bare_name(likely[0])) == 4:
                return [(start, end, listing().by_name[likely[0]])]
        return []

    def doubtful(self, text: str) -> list[tuple[int, int]]:
        """Where a name opens a question that differs from a company's long name in one character of another sound."""
        for start, end in _windows(text, ()):
            name = text[start:end]
            if end - start < 4 or name in listing().by_name or not opens_here(text, start):
                continue
            near = (right for half in _halves(name) for right in self._by_half.get(half, ()))
            if any(_differ_once(name, right) and len(bare_name(right)) == len(right) for right in near):
                return [(start, end)]
        return []

    @property
    def _by_half(self) -> Mapping[tuple[int, bool, str], Sequence[str]]:
        if self._halves is None:
            self._halves = _by_half(
                name for name in self._names if _CHINESE.fullmatch(name) and 3 <= len(name) <= 6
            )
        return self._halves


def _windows(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        (start, start + size)
        for start in range(len(text))
        for size in (6, 5, 4, 3)
        if _CHINESE.fullmatch(text, start, start + size)
        and start + size <= len(text)
        and not any(a < start + size and start < b for a, b in taken)
    ]


def _halves(name: str) -> list[tuple[int, bool, str]]:
    """What is left of a name when a character of the other half is wrong: its length, which half, the half."""
    middle = len(name) // 2
    return [(len(name), True, name[:middle]), (len(name), False, name[middle:])]


def _by_half(names: Iterable[str]) -> dict[tuple[int, bool, str], list[str]]:
    found: dict[tuple[int, bool, str], list[str]] = {}
    for name in names:
        for half in _halves(name):
            found.setdefault(half, []).append(name)
    return found


def _differ_once(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _sounds(wrong: str, right: str) -> bool:
    """Whether two names that differ sound the same, but for n/ng, zh/z and the like."""
    return all(a == b or bool(_sounds_of(a) & _sounds_of(b)) for a, b in zip(wrong, right, strict=True))


@cache
def _sounds_of(character: str) -> frozenset[str]:
    known = readings().get(character)
    if known is None:
        from pypinyin import lazy_pinyin

        known = frozenset(lazy_pinyin(character))
    return frozenset(re.sub(r"^([zcs])h", r"\1", re.sub(r"ng$", "n", one)) for one in known)


@cache
def _listed_halves() -> Mapping[tuple[int, bool, str], Sequence[str]]:
    return _by_half(name for name in listing().by_name if len(name) == 4 and _CHINESE.fullmatch(name))
