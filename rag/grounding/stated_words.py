"""The findings on a claim's words: each clause held against the clause of the evidence that it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match as Block
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.alignment import Coverage, atoms, coverage, is_report_word, keys_of, nearest, pairs
from rag.grounding.binding import Match
from rag.grounding.entities import specific
from rag.grounding.modality import (
    certainty,
    conditional,
    exclusive,
    extent,
    extent_words,
    modal_words,
    overclaimed,
    wider,
)
from rag.grounding.polarity import denies, excepted, opposed
from rag.grounding.reading import Reading
from rag.grounding.verdicts import DecidingSpan, Finding, Verdict
from rag.grounding.wording import shortened

_CLAUSE: Final = re.compile(r"[^，。；！？:\n]+")
_STATED_CLAUSE: Final = re.compile(
    r"[^，。；！？:()\n]+"
)  # a remark in brackets does not turn the rest round
_ORDERED: Final = 0.65
_ORDERED_SHORT: Final = 0.8
_LONG: Final = 14  # words or characters from which one more character turns nothing round
_BEGINNING: Final = 2
_COPULA: Final = re.compile(r"是|为|系|\b(?:is|was|are|were)\b", re.IGNORECASE)
_CANDIDATES: Final = 3
_TURNING: Final = frozenset(
    "不未无没非否莫勿全都均每只仅唯最首独已未将拟可能或超增减升降涨跌高低多少大小强弱快慢早晚买卖进出内外上下前后东西南北男女正负一二两三四五六七八九十百千万亿零半双"
)
_NOTHING: Final = Coverage(1.0, (), 0.0)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the claim, and the clause of the evidence that it comes nearest to."""

    start: int
    end: int
    cover: Coverage  # by the sentence it comes from and its neighbours
    anywhere: Coverage  # by all that the company says in the evidence
    source: int
    sentence: int
    stated_start: int
    stated_end: int


def judge_figure_clause(
    claim: Reading,
    span: tuple[int, int],
    readings: Sequence[Reading],
    match: Match,
    masked: Sequence[tuple[int, int]],
) -> Finding:
    """The finding on the words around a figure that was found: who it is about, how sure, affirmed or denied.

    The words may be fewer or others than the evidence's, since labels were compared already; but a name that
    the evidence, or the part of it that the figure stands in, does not have is another company's or product's.
    """
    reading = match.reading
    sentence = reading.sentences[match.stated.sentence]
    before = reading.text.rfind("，", sentence.start, match.stated.figure.start) + 1 or sentence.start
    clause = Clause(
        *span, _NOTHING, _NOTHING, match.source, match.stated.sentence, before,
        min(place for place in (reading.text.find("，", match.stated.figure.end), sentence.end) if place >= 0),
    )  # fmt: skip
    said = frozenset().union(*(one.company_keys | one.investor_keys for one in readings))
    found = atoms(claim.text, *span)
    subject = _subject_end(claim, span)
    begins = next((atom.start for atom in found if not any(a <= atom.start < b for a, b in masked)), span[0])
    for start, end in coverage(claim.text, found, said, masked).residue:
        word = claim.text[start:end]
        if start <= begins + 1 and end - start >= 2 and not is_report_word(word):
            return _finding(claim, span, clause, readings, "unsupported", "name_absent", 0.2, words=word)
    part = frozenset().union(
        reading.investor_keys, reading.name_keys,
        *(keys for other, keys in zip(reading.sentences, reading.sentence_keys, strict=True) if other.part == sentence.part),
    )  # fmt: skip
    for start, end in coverage(claim.text, found, part, masked).residue:
        if start < subject and end - start >= 2 and not is_report_word(claim.text[start:end]):
            return _finding(
                claim,
                span,
                clause,
                readings,
                "unsupported",
                "name_other_part",
                0.3,
                words=claim.text[start:end],
            )
    behind = max(
        (figure.figure.end for figure in claim.figures if span[0] <= figure.figure.start < span[1]),
        default=span[1],
    )
    for start, end in coverage(claim.text, found, part, masked).residue:
        if start >= behind and end - start >= 2 and not is_report_word(claim.text[start:end]):
            words = claim.text[start:end]
            return _finding(claim, span, clause, readings, "not_checkable", "paraphrase", 0.5, words=words)
    words, stated = claim.text[slice(*span)], reading.text[clause.stated_start : clause.stated_end]
    values = {"quote": shortened(stated)}
    if denies(words) and not denies(stated):
        return _finding(claim, span, clause, readings, "contradicted", "negation", 0.3, **values)
    label = re.split("[:，；]", match.stated.zone)[-1]
    if overclaimed(words, label) and certainty(claim.text) >= 2:
        return _finding(
            claim,
            span,
            clause,
            readings,
            "contradicted",
            "overclaimed",
            0.3,
            stated=modal_words(label),
            **values,
        )
    return _finding(claim, span, clause, readings, "supported", "words", 1.0)


def _subject_end(claim: Reading, span: tuple[int, int]) -> int:
    """Where the words end that say whom a clause is about: at its last 的, else after its first words."""
    text = claim.text[slice(*span)]
    place = text.rfind("的")
    return span[0] + place if place > 1 else span[0] + max(6, len(text) // 3)


def clauses_of(claim: Reading, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of a sentence; one of less than four characters goes with what follows it."""
    found: list[tuple[int, int]] = []
    waiting: int | None = None
    for match in _CLAUSE.finditer(claim.text, start, end):
        begin = match.start() if waiting is None else waiting
        if match.end() - begin < 4 and match.end() < end - 1:
            waiting = begin
            continue
        found.append((begin, match.end()))
        waiting = None
    if waiting is not None:
        found.append((waiting, end))
    return found


def candidates(claim: Reading, span: tuple[int, int], readings: Sequence[Reading]) -> list[tuple[int, int]]:
    """The sentences of the evidence that share most with a stretch of the claim: (source, sentence); no questions."""
    found = atoms(claim.text, *span)
    wanted = pairs(found) or [atom.key for atom in found]
    chosen: list[tuple[int, int]] = []
    for source, reading in enumerate(readings):
        said = [item for item in nearest(wanted, reading.index) if not reading.sentences[item[0]].asks]
        chosen += [(source, sentence) for sentence, _ in said[:_CANDIDATES]]
    return chosen


def align(
    claim: Reading,
    start: int,
    end: int,
    readings: Sequence[Reading],
    masked: Sequence[tuple[int, int]],
) -> Clause | None:
    """Find the clause of the evidence that a stretch of the claim comes from; None where nothing is shared.

    Args:
        claim: the claim.
        start, end: the stretch.
        readings: the evidence.
        masked: ranges of the claim that other rules judge.
    """  # fmt: skip
    found = atoms(claim.text, start, end)
    wanted = pairs(found) or [atom.key for atom in found]
    best: tuple[float, int, int] | None = None
    for source, sentence in candidates(claim, (start, end), readings):
        share = coverage(claim.text, found, readings[source].sentence_keys[sentence], masked).share
        if best is None or share > best[0] + 1e-9:
            best = (share, source, sentence)
    if best is None:
        return None
    _, source, sentence = best
    reading = readings[source]
    window = reading.sentence_keys[sentence] | reading.heads[reading.sentences[sentence].part]
    for neighbour in (sentence - 1, sentence + 1):
        if 0 <= neighbour < len(reading.sentences):
            other = reading.sentences[neighbour]
            if not other.asks and other.part == reading.sentences[sentence].part:
                window = window | reading.sentence_keys[neighbour]
    everything = frozenset().union(*(one.company_keys for one in readings))
    stated_start, stated_end = _stated_clause(set(wanted), reading, sentence)
    return Clause(
        start, end, coverage(claim.text, found, window, masked), coverage(claim.text, found, everything, masked),
        source, sentence, stated_start, stated_end,
    )  # fmt: skip


def _stated_clause(wanted: set[str], reading: Reading, sentence: int) -> tuple[int, int]:
    whole = reading.sentences[sentence]
    best, chosen = -1.0, (whole.start, whole.end)
    for match in _STATED_CLAUSE.finditer(reading.text, whole.start, whole.end):
        keys = keys_of(reading.text, match.start(), match.end())
        shared = len(keys & wanted)
        score = shared - 0.001 * len(keys)
        if shared and score > best:
            best, chosen = score, (match.start(), match.end())
    return chosen


def judge_words(
    claim: Reading, clause: Clause | None, span: tuple[int, int], readings: Sequence[Reading]
) -> Finding:
    """The finding on the words of a clause that no figure of the evidence was found for.

    Args:
        claim: the claim.
        clause: what `align` found for the stretch `span`.
        span: the stretch of the claim.
        readings: the evidence.
    """
    words = claim.text[slice(*span)]
    if clause is None:
        characters = frozenset().union(*(one.company_keys for one in readings))
        if _same_characters(claim, span, characters):
            return _finding(claim, span, None, readings, "not_checkable", "paraphrase", 0.0, words=words)
        return _finding(claim, span, None, readings, "unsupported", "no_overlap", 0.0)
    reading = readings[clause.source]
    stated = reading.text[clause.stated_start : clause.stated_end]
    share = clause.cover.share
    whole = reading.sentences[clause.sentence]
    left_out = excepted(reading.text[whole.start : whole.end], words)
    if left_out is not None:
        verdict: Verdict = "contradicted" if left_out else "not_checkable"
        return _finding(claim, span, clause, readings, verdict, "exception", 0.4)
    premise = _premise(claim, span, readings, clause)
    if premise is not None:
        return premise
    if share >= 0.3:
        conflict = _conflict(words, stated, share)
        if conflict is not None:
            judged, rule, values = conflict
            return _finding(claim, span, clause, readings, judged, rule, 0.3, **values)
    if clause.anywhere.residue:
        changed = _replaced(claim, clause, reading) if share >= 0.6 else None
        if changed is not None and (opposed(*changed) or specific(changed[0])):
            return _finding(
                claim,
                span,
                clause,
                readings,
                "contradicted",
                "replaced",
                0.3,
                words=changed[0],
                stated=changed[1],
            )
        absent = [claim.text[start:end] for start, end in clause.anywhere.residue]
        named = next((word for word in absent if specific(word)), None)
        if named is not None:
            return _finding(
                claim, span, clause, readings, "unsupported", "name_absent", share / 2, words=named
            )
        if share < 0.12 and not _same_characters(claim, span, reading.sentence_keys[clause.sentence]):
            return _finding(claim, span, clause, readings, "unsupported", "no_overlap", share / 2)
        if share >= 0.8 and len(words) >= _LONG and all(_harmless(word) for word in absent):
            return _finding(claim, span, clause, readings, "supported", "words", share)
        return _finding(
            claim, span, clause, readings, "not_checkable", "paraphrase", share, words="、".join(absent[:3])
        )
    if clause.cover.residue:
        apart_words = [claim.text[start:end] for start, end in clause.cover.residue]
        if share >= 0.8 and all(len(word) <= 4 and not specific(word) for word in apart_words):
            return _finding(claim, span, clause, readings, "supported", "words", share)
        apart = "、".join(claim.text[start:end] for start, end in clause.cover.residue[:3])
        return _finding(claim, span, clause, readings, "not_checkable", "paraphrase", share, words=apart)
    if not _in_order(claim, span, reading, clause):
        return _finding(claim, span, clause, readings, "not_checkable", "order", share)
    return _finding(claim, span, clause, readings, "supported", "words", share)


def _in_order(claim: Reading, span: tuple[int, int], reading: Reading, clause: Clause) -> bool:
    """Whether the words stand in the evidence in the claim's order, and the last of them in the same clause
    as most: A 把 x 卖给 B is not B 把 x 卖给 A, and 冠军，乙… is not 冠军是乙."""
    dated = [(period.start, period.end) for period in claim.periods]
    mine = [atom.key for atom in atoms(claim.text, *span) if not any(a <= atom.start < b for a, b in dated)]
    sentence = reading.sentences[clause.sentence]
    keys = reading.sentence_keys[clause.sentence]
    while mine and mine[0] not in keys:
        mine.pop(0)  # the subject, named in the sentence before
    theirs = [atom.key for atom in atoms(reading.text, sentence.start, sentence.end)]
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    if len(mine) < _LONG:
        blocks = [block for block in blocks if block.size > 1 or len(mine) == 1]
    least = _ORDERED if len(mine) >= _LONG else _ORDERED_SHORT
    ordered = sum(block.size for block in blocks) >= least * len(mine)
    clauses = [keys_of(reading.text, *found.span()) for found in _CLAUSE.finditer(
        reading.text, sentence.start, sentence.end)]  # fmt: skip
    in_one = any(len([key for key in mine if key not in keys]) <= 1 for keys in clauses)
    copula = _COPULA.search(claim.text, *span)
    if copula is None:
        leaps = len(mine) < _LONG and not in_one and _leaps(reading, sentence.start, sentence.end, blocks)
        return ordered and not leaps
    named = {key for end in (copula.start(), span[1]) for key in pairs(atoms(claim.text, span[0], end))[-1:]}
    if ordered and max((len(keys) for keys in clauses), default=0) < len(mine):
        return True  # the evidence runs over several short clauses
    return any(named <= keys for keys in clauses)  # 冠军是甲 and 甲夺得冠军 are one


def _leaps(reading: Reading, start: int, end: int, blocks: Sequence[Block]) -> bool:
    """Whether a short claim joins the words of two clauses and leaves out how the second one begins:
    甲打工，乙念书 does not say 甲念书."""
    places = [atom.start for atom in atoms(reading.text, start, end)]
    used = {places[block.b + step] for block in blocks for step in range(block.size)}
    clauses = [found.span() for found in _CLAUSE.finditer(reading.text, start, end)]
    touched = [(a, b) for a, b in clauses if sum(a <= place < b for place in used) >= 2]
    return any(
        not any(place in used for place in [p for p in places if a <= p < b][:_BEGINNING])
        for a, b in touched[1:]
    )


def _same_characters(claim: Reading, span: tuple[int, int], keys: frozenset[str]) -> bool:
    """Whether the evidence has half of the claim's characters, in other words than these."""
    mine = atoms(claim.text, *span)
    return 2 * sum(atom.key in keys for atom in mine) >= len(mine)


def _harmless(word: str) -> bool:
    """One more character of Chinese that turns nothing round (新, 前, 大 are; 不, 全, 已 are not)."""
    return len(word) == 1 and not word.isascii() and word not in _TURNING


def _premise(
    claim: Reading, span: tuple[int, int], readings: Sequence[Reading], clause: Clause
) -> Finding | None:
    """What the investor's question says and the company does not."""
    if clause.anywhere.share >= 0.9 and not clause.anywhere.residue:
        return None
    found = atoms(claim.text, *span)
    for reading in readings:
        if reading.investor_keys:
            asked = coverage(claim.text, found, reading.investor_keys)
            if asked.share >= 0.85 and asked.share > clause.anywhere.share + 0.05 and asked.weight >= 4:
                return _finding(
                    claim,
                    span,
                    clause,
                    readings,
                    "unsupported",
                    "premise",
                    0.2,
                    quote=claim.text[slice(*span)],
                )
    return None


def _conflict(words: str, stated: str, share: float) -> tuple[Verdict, str, dict[str, str]] | None:
    quote = shortened(stated)
    if denies(words) != denies(stated) and (share >= 0.6 or denies(words)):
        return ("contradicted" if share >= 0.6 else "unsupported"), "negation", {"quote": quote}
    if share >= 0.6 and overclaimed(words, stated):
        return "contradicted", "overclaimed", {"stated": modal_words(stated), "quote": quote}
    if share >= 0.75 and certainty(words) < 2 and certainty(stated) == 4:
        return "unsupported", "other_certainty", {"quote": quote}
    if wider(words, stated) or (exclusive(words) and not exclusive(stated)):
        verdict: Verdict = "contradicted" if extent(words) == 3 and extent(stated) < 2 else "unsupported"
        return verdict, "extent", {"quote": quote, "stated": extent_words(stated)}
    if conditional(stated) and not conditional(words) and share >= 0.75:
        return "unsupported", "condition", {"quote": quote}
    return None


def _replaced(claim: Reading, clause: Clause, reading: Reading) -> tuple[str, str] | None:
    """The words of the claim that stand where the evidence has others, and these."""
    words = claim.text[clause.start : clause.end]
    stated = reading.text[clause.stated_start : clause.stated_end]
    matcher = SequenceMatcher(None, words, stated, autojunk=False)
    blocks = matcher.get_matching_blocks()
    if sum(block.size for block in blocks) < 0.6 * len(words):
        return None
    residue = {position - clause.start for a, b in clause.anywhere.residue for position in range(a, b)}
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and residue & set(range(a, b)):
            return words[a:b], stated[c:d]
    return None


def _finding(
    claim: Reading, span: tuple[int, int], clause: Clause | None, readings: Sequence[Reading], verdict: Verdict,
    rule: str, strength: float, **values: str,
) -> Finding:  # fmt: skip
    start, end = claim.normal.original(*span)
    deciding = DecidingSpan(start, end)
    if clause is not None:
        reading = readings[clause.source]
        stated = reading.normal.original(clause.stated_start, clause.stated_end)
        deciding = DecidingSpan(start, end, clause.source, *stated)
        sentence = reading.sentences[clause.sentence]
        values = {"quote": shortened(reading.text[sentence.start : sentence.end])} | values
    return Finding(verdict, rule, tuple(values.items()), strength, deciding)
