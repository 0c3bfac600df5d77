"""Which words of a claim are accounted for by which sentence of the evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rag.grounding.synonyms import canonical
from rag.grounding.words import alternatives, exact_pattern, words

_REPEATED: Final = 0.5  # of a clause, by weight
_ATOM: Final = re.compile(r"[A-Za-z][A-Za-z0-9\-'&]*|\d[\d.,]*[A-Za-z]*|[一-龥]")


class Atom(NamedTuple):
    """A character of Chinese or a word of another alphabet, with its place in the normalised text."""

    start: int
    end: int
    key: str

    @property
    def is_word(self) -> bool:
        return self.key[0].isascii()


@lru_cache(maxsize=4096)
def atoms(text: str, start: int = 0, end: int | None = None) -> tuple[Atom, ...]:
    """The atoms of `text[start:end]`, in order; words are lower-cased and cut to their stem."""
    stop = len(text) if end is None else end
    return tuple(
        Atom(match.start(), match.end(), _stem(match.group()))
        for match in _ATOM.finditer(canonical(text), start, stop)
    )


def _stem(word: str) -> str:
    if not word[0].isascii():
        return word
    word = word.lower().removesuffix("'s").rstrip(".,-'")
    if word.isalpha() and len(word) > 4:
        for ending in ("ing", "ies", "ed", "es", "s", "st", "ly"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
    return word


def pairs(found: Sequence[Atom]) -> list[str]:
    """Keys of an atom sequence: bigrams of Chinese neighbours, words as they are."""
    keys: list[str] = []
    for index, atom in enumerate(found):
        if atom.is_word:
            keys.append(atom.key)
        elif index + 1 < len(found) and found[index + 1].start == atom.end and not found[index + 1].is_word:
            keys.append(atom.key + found[index + 1].key)
    return keys


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a stretch of claim the evidence accounts for.

    `share` in [0, 1] is by weight (a word of another alphabet counts as two characters); `residue` are the
    stretches that are not accounted for, as ranges of the claim, soft words left out.
    """

    share: float
    residue: tuple[tuple[int, int], ...]
    weight: float


def coverage(
    text: str, found: Sequence[Atom], known: frozenset[str] | set[str], masked: Sequence[tuple[int, int]] = ()
) -> Coverage:
    """Hold the atoms of a claim against the keys of some evidence.

    Args:
        text: the normalised claim.
        found: its atoms.
        known: keys of the evidence (`pairs` of its atoms, and single characters of runs of one).
        masked: ranges that other rules judge (figures, dates).
    """
    marks = [
        (atom, hit, _weight(atom, hit))
        for atom, hit in ((atom, _hit(found, index, known)) for index, atom in enumerate(found))
        if not any(start < atom.end and atom.start < end for start, end in masked)
    ]
    total = sum(weight for _, _, weight in marks)
    gained = sum(weight for _, hit, weight in marks if hit)
    residue: list[tuple[int, int]] = []
    run: list[Atom] = []
    for atom, hit, weight in [*marks, (Atom(-1, -1, "的"), True, 0.0)]:
        missed = not hit and bool(weight)
        if run and (hit or (missed and run[-1].end != atom.start)):
            start, end = run[0].start, run[-1].end
            residue += [] if is_soft(text[start:end]) else [(start, end)]
            run = []
        if missed:
            run.append(atom)
    return Coverage(gained / total if total else 1.0, tuple(residue), total)


def _hit(found: Sequence[Atom], index: int, known: frozenset[str] | set[str]) -> bool:
    """Whether the evidence has an atom: a word by itself, a character together with a neighbour."""
    atom = found[index]
    if atom.is_word:
        return atom.key in known
    before = found[index - 1] if index else None
    after = found[index + 1] if index + 1 < len(found) else None
    left = before if before is not None and before.end == atom.start and not before.is_word else None
    right = after if after is not None and after.start == atom.end and not after.is_word else None
    if left is None and right is None:
        return atom.key in known
    return (left is not None and left.key + atom.key in known) or (
        right is not None and atom.key + right.key in known
    )


def _weight(atom: Atom, hit: bool) -> float:
    if atom.is_word:
        return 0.0 if atom.key in words("alignment.english_function") else 2.0
    return 0.0 if not hit and atom.key in words("alignment.function") else 1.0


def is_report_word(text: str) -> bool:
    """Whether these are words around a figure that any report may choose; figures are compared by other rules."""
    return _report_words().fullmatch(text) is not None


@cache
def _report_words() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives('alignment.report')})+")


def is_soft(text: str) -> bool:
    """Whether the words carry no fact of their own."""
    rest = exact_pattern("alignment.soft").sub("", text)
    empty = words("alignment.function"), words("alignment.english_function")
    return all(atom.key in empty[0] or atom.key in empty[1] for atom in atoms(rest))


def keys_of(text: str, start: int = 0, end: int | None = None) -> frozenset[str]:
    """All keys that the evidence `text[start:end]` offers to `coverage`."""
    found = atoms(text, start, end)
    return frozenset(pairs(found)) | frozenset(atom.key for atom in found)


def repeated(stated: str, said: str) -> str:
    """The clauses of a sentence that a claim repeats at least by half (all where it repeats none): what it leaves out is not claimed."""
    known = keys_of(said)
    clauses = re.split("[，；]", stated)
    return "，".join(one for one in clauses if coverage(one, atoms(one), known).share >= _REPEATED) or stated


def shares_words(one: str, other: str) -> bool:
    """Whether two stretches share a word or two neighbouring characters."""
    return bool(set(pairs(atoms(one))) & set(pairs(atoms(other))))


def nearest(wanted: Iterable[str], index: dict[str, tuple[int, ...]]) -> list[tuple[int, int]]:
    """Sentences by how many of the wanted keys they hold: (sentence, count), best first, earliest first."""
    counts: Counter[int] = Counter()
    for key in set(wanted):
        counts.update(index.get(key, ()))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
