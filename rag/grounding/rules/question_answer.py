"""A claim that is a question with its short answer: does the evidence give this answer to it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rag.grounding.alignment import atoms, coverage, keys_of
from rag.grounding.clauses import Sentence
from rag.grounding.dates import Period, agree
from rag.grounding.facing import Facing
from rag.grounding.reading import Reading, plain
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
                quote = shortened(_text_of(reading, sentence))
                strength = shared / best if best else 0.0
                return Finding("supported", "exact", (("quote", quote),), strength, span)
            elsewhere = True
        elsewhere = elsewhere or _stands(words, reading.text)
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
    wanted = claim.text[slice(*answer)]
    if _stands(wanted, _text_of(reading, sentence)):
        return True
    if re.search(r"\d", wanted):  # 1月1日 is not said by 将于2月1日, though each of its words is
        days = [one for one in claim.periods if answer[0] <= one.start and one.end <= answer[1]]
        stated = [one for one in reading.periods if sentence.start <= one.start and one.end <= sentence.end]
        bare = not re.search(r"\d", "".join(_between(claim.text, answer, days)))
        return bool(days) and bare and all(any(agree(day, other) for other in stated) for day in days)
    found = atoms(claim.text, *answer)
    cover = coverage(claim.text, found, keys_of(reading.text, sentence.start, sentence.end))
    return cover.share >= 0.99 and len(found) > 1


def _stands(words: str, text: str) -> bool:
    """Whether words stand in a text, a number in them as a whole number."""
    wanted = re.escape(plain(words))
    whole = wanted if not re.search(r"\d", wanted) else rf"(?<![\d.]){wanted}(?!\d)"
    return re.search(whole, plain(text)) is not None


def _between(text: str, span: tuple[int, int], days: Sequence[Period]) -> Iterator[str]:
    """What of a span no period covers."""
    start = span[0]
    for day in days:
        yield text[start : day.start]
        start = day.end
    yield text[start : span[1]]


def _text_of(reading: Reading, sentence: Sentence) -> str:
    return reading.text[sentence.start : sentence.end]
