"""A claim that is a question with its short answer: does the evidence give this answer to it?"""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.alignment import atoms, coverage, keys_of
from rag.grounding.clauses import Sentence
from rag.grounding.facing import Facing
from rag.grounding.reading import Reading, find, plain
from rag.grounding.verdicts import DecidingSpan, Finding
from rag.grounding.wording import shortened

_ASKING: Final = re.compile(
    r"谁|什么|哪[里个些年位家所种]?|多少|几|何[时地种]|怎[么样]|\b(?:who|whom|whose|what|when|where|which|how)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 12  # words or characters of a short answer
_NEARLY: Final = 0.45  # of the shared words of the best sentence for the question


def decides(facing: Facing) -> Finding | None:
    """The answer must stand in a sentence that speaks of what is asked too."""
    claim, question = facing.claim, facing.asked
    printed = claim.text[slice(*facing.claim_part)]
    if question is None or not _is_short(printed):
        return None
    asked = _weighted(claim, question)
    words = printed.strip("。. \n")
    here = claim.normal.original(*facing.claim_part)
    elsewhere = False
    for source, reading in enumerate(facing.readings):
        places = [(sum(weight for key, weight in asked.items() if key in keys), number)
                  for number, keys in enumerate(reading.sentence_keys)]  # fmt: skip
        best = max((shared for shared, _ in places), default=0.0)
        for shared, number in sorted(places, key=lambda place: (-place[0], place[1])):
            sentence = reading.sentences[number]
            if sentence.asks or not _says(reading, sentence, claim, facing.claim_part):
                continue
            if shared >= _NEARLY * best:
                span = DecidingSpan(*here, source, *reading.normal.original(sentence.start, sentence.end))
                quote = shortened(reading.text[sentence.start : sentence.end])
                strength = shared / best if best else 0.0
                return Finding("supported", "exact", (("quote", quote),), strength, span)
            elsewhere = True
        elsewhere = elsewhere or find(plain(words), reading) is not None
    rule = "name_other_part" if elsewhere else "name_absent"
    return Finding("unsupported", rule, (("words", shortened(words)),), 0.2, DecidingSpan(*here))


def _is_short(text: str) -> bool:
    """Whether a sentence is no more than a name, a figure or a few words."""
    return len(atoms(text)) <= _LONGEST and not any(stop in text.rstrip("。.！\n ") for stop in "，；:")


def _weighted(claim: Reading, question: Sentence) -> dict[str, float]:
    """The words of a question; the nearer to 谁, 多少, who, the more they tell what is asked."""
    asking = _ASKING.search(claim.text, question.start, question.end)
    place = asking.start() if asking is not None else question.end
    weights: dict[str, float] = {}
    found = atoms(claim.text, question.start, question.end)
    for atom, following in zip(found, [*found[1:], None], strict=False):
        key = atom.key if atom.is_word or following is None else atom.key + following.key
        near = 1.0 / (1.0 + min(abs(atom.start - place), abs(atom.end - place)) / 6.0)
        weights[key] = max(weights.get(key, 0.0), near)
    return weights


def _says(reading: Reading, sentence: Sentence, claim: Reading, answer: tuple[int, int]) -> bool:
    if plain(claim.text[slice(*answer)]) in plain(reading.text[sentence.start : sentence.end]):
        return True
    found = atoms(claim.text, *answer)
    cover = coverage(claim.text, found, keys_of(reading.text, sentence.start, sentence.end))
    return cover.share >= 0.99 and len(found) > 1
