"""Cases that are hard on purpose: everyday words, a thing that the company never mentions, a year it never speaks of.

A near miss is checked to have no answer: the word put into the question, or the year beside the question's
topics, is written nowhere in the company's records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from eval.gold_labels import normalise
from eval.making.askable import Askable
from eval.making.rewriting import Rewritten, drawn
from eval.making.topics import general_words
from rag.data_files import lexicon

# A term that is put in everyday words has at least so many characters, and so does one that is swapped.
SHORTEST: Final = 2
FIRST_YEAR: Final = 2010
_YEAR: Final = re.compile(r"20[0-3]\d(?=年|[QHqh上中下])")
_NO_THING: Final = re.compile(r"[A-Za-z]?\d+[A-Za-z]?|.*[年月日季]")


def in_everyday_words(question: str, seed: int) -> Rewritten | None:
    """The question with every formal term that has an everyday word put in that word; None where none has."""
    ways = _everyday()
    terms = sorted((term for term in ways if term in question), key=lambda term: (-len(term), term))
    text = question
    for term in terms:
        words = ways[term]
        text = text.replace(term, words[drawn(seed, question, term) % len(words)])
    return Rewritten(text, False, ("everyday",)) if text != question else None


def with_another_thing(one: Askable, others: Sequence[Askable], written: str, seed: int) -> Rewritten | None:
    """The question about a thing of another company's that is written nowhere in this company's records.

    Args:
        one: a pair's question.
        others: pairs of other companies.
        written: all that this company's records say, compared as key facts are.
        seed: another seed draws another thing.
    """
    own = [topic for topic in one.topics if _is_thing(topic) and topic in one.question]
    if not own:
        return None
    topic = max(own, key=lambda each: (len(each), each))
    things = sorted({t for other in others for t in other.topics if _is_thing(t) and len(t) == len(topic)})
    absent = [thing for thing in things if not _mentioned(thing, written)]
    if not absent:
        return None
    thing = absent[drawn(seed, one.key, "thing") % len(absent)]
    return Rewritten(one.question.replace(topic, thing), False, ("another", "thing"))


def in_another_year(one: Askable, written: Sequence[str], seed: int) -> Rewritten | None:
    """The question about a year in which the company says nothing on its topics.

    Args:
        one: a pair's question; it names a year.
        written: the texts of the company's pairs and statements, compared as key facts are.
        seed: another seed draws another year.
    """
    named = _YEAR.findall(one.question)
    if not named or one.published_on is None:
        return None
    topics = [normalise(topic).lower() for topic in one.topics if _is_thing(topic)]
    years = [
        str(year)
        for year in range(FIRST_YEAR, one.published_on.year)
        if str(year) not in named
        and not any(
            str(year) in text or f"{year % 100}年" in text
            for text in written
            if not topics or any(topic in text for topic in topics)
        )
    ]
    if not years:
        return None
    year = years[drawn(seed, one.key, "year") % len(years)]
    return Rewritten(_YEAR.sub(year, one.question), False, ("another", "year"))


def near_misses(
    pairs: Sequence[Askable],
    of_company: Mapping[str, Sequence[Askable]],
    written: Mapping[str, str],
    company_of: Mapping[str, str],
    seed: int,
) -> Iterable[tuple[str, Askable, Rewritten]]:
    """(kind, pair, question) of near misses, drawn by turns from another thing and another year.

    Args:
        pairs: in the order in which they are drawn.
        of_company: all pairs of each company.
        written: all that each company's records say.
        company_of: the company of each pair, by its key.
        seed: another seed draws others.
    """
    for number, one in enumerate(pairs):
        own = company_of[one.key]
        others = [other for name, group in of_company.items() if name != own for other in group]
        texts = [normalise(f"{o.pair.question}{o.pair.answer}").lower() for o in of_company[own]]
        if number % 2:
            new, kind = in_another_year(one, texts, seed), "other_period"
        else:
            new, kind = with_another_thing(one, others, written[own], seed), "near_miss"
        if new is not None:
            yield kind, one, new


def _is_thing(topic: str) -> bool:
    return len(topic) >= SHORTEST and not _NO_THING.fullmatch(topic)


def _mentioned(thing: str, written: str) -> bool:
    plain = normalise(thing).lower()
    return plain in written or (len(plain) >= 4 and (plain[:2] in written or plain[-2:] in written))


@lru_cache(maxsize=1)
def _everyday() -> dict[str, list[str]]:
    """Formal terms, each with the everyday words that mean it and little else."""
    found: dict[str, list[str]] = {}
    for everyday, formal in lexicon("colloquial.json").items():
        terms = formal.split()
        if len(terms) == 1 and len(terms[0]) >= SHORTEST and terms[0] not in general_words():
            found.setdefault(terms[0], []).append(everyday)
    return {term: sorted(words) for term, words in found.items()}
