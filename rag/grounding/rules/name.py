"""A figure that was found, told of somebody or something that the evidence does not name there."""

from __future__ import annotations

from rag.grounding.alignment import atoms, coverage, is_report_word, keys_of
from rag.grounding.entities import specific
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Unsupported where the words that say whom a clause is about are missing, at all or in that part of the evidence."""
    start, end = facing.claim_part
    found = atoms(facing.claim.text, start, end)
    begins = next(
        (atom.start for atom in found if not any(a <= atom.start < b for a, b in facing.masked)), start
    )
    absent = [span for span in _telling(facing, facing.absent) if span[0] <= begins + 1]
    if absent:
        return facing.finding("unsupported", "name_absent", 0.2, words=facing.claim.text[slice(*absent[0])])
    place = facing.words.rfind(
        "的"
    )  # whom a clause is about stands before its last 的, else at its beginning
    subject = start + place if place > 3 else start + max(6, len(facing.words) // 3)
    apart = [span for span in _telling(facing, facing.residue) if span[0] < subject]
    if apart:
        return facing.finding(
            "unsupported", "name_other_part", 0.3, words=facing.claim.text[slice(*apart[0])]
        )
    other = _named_later(facing, subject)
    return facing.finding("unsupported", "name_other_part", 0.3, words=other) if other else None


def _named_later(facing: Facing, subject: int) -> str:
    """Words that say whom the claim is about and that the evidence first names behind the sentence of the figure."""
    sentence, text = facing.whole, facing.reading.text
    start, end = facing.reading.parts[sentence.part]
    known = keys_of(text, start, sentence.end) | facing.reading.investor_keys | facing.reading.name_keys
    found = atoms(facing.claim.text, *facing.claim_part)
    for a, b in _telling(facing, coverage(facing.claim.text, found, known, facing.masked).residue):
        words = facing.claim.text[a:b]
        if a < subject and (len(words) >= 4 or specific(words)) and words[-4:] in text[sentence.end : end]:
            return words
    return ""


def _telling(facing: Facing, spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    return [
        (start, end)
        for start, end in spans
        if end - start >= 2 and not is_report_word(facing.claim.text[start:end])
    ]
