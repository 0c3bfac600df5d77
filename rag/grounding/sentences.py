"""A claim judged sentence by sentence: the exact words first, then quotations, figures and clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.grounding.alignment import atoms, coverage, is_soft, nearest, pairs
from rag.grounding.answers_to import is_short, judge_answer
from rag.grounding.clauses import Sentence
from rag.grounding.dates import Period, agree
from rag.grounding.differences import NEAR, SHORTEST, Difference, differences, judged
from rag.grounding.modality import certainty, modal_words, overclaimed, wider
from rag.grounding.period_fit import is_base
from rag.grounding.polarity import denies
from rag.grounding.quotes import judge_quotation, quotations
from rag.grounding.reading import Reading, plain
from rag.grounding.sentence_periods import named_before, period_of_sentence
from rag.grounding.standing import TOLD_OF
from rag.grounding.stated_figures import Judged, judge_figures
from rag.grounding.stated_words import (
    Clause,
    align,
    candidates,
    clauses_of,
    judge_figure_clause,
    judge_words,
)
from rag.grounding.verdicts import DecidingSpan, Finding
from rag.grounding.wording import shortened

_COURTESY: Final = re.compile(
    r"^(?:尊敬的)?(?:投资者)?(?:您好|你好|谢谢|感谢|敬请|欢迎|祝)[^\d%]{0,30}$|^(?:thank you|hello|dear)\b.{0,40}$",
    re.IGNORECASE,
)
_OPINION: Final = re.compile(
    r"我(?:觉得|认为|想|建议)|值得(?:买|投资|关注|拥有)|应该(?:买|卖)|令人(?:兴奋|失望|振奋)|前景(?:光明|可期)|I (?:think|believe|feel)",
    re.IGNORECASE,
)
_TELLS: Final = re.compile(
    r"^(?:据[^，]{0,12}(?:披露|介绍|公告)，?|(?:公司|董秘|管理层)(?:表示|称|指出|介绍|回复)(?:说|称)?[，:]?)"
)
_FRAGMENT: Final = 8  # words or characters; longer ones state something
_STATES: Final = re.compile(
    r"[是有在会能要没不未无已了将被把让给到去来做想用说看得着过，；:]|\b(?:is|are|was|were|has|have|had|will|won|did)\b|\b\w+ed\b",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(r"(?:[她他它我你咱]们?|该|[这那]|此|大家|人们|有人)(?=[一-龥])")
_TOLD: Final = 0.7  # share of a clause that a sentence must have to tell the same
_VALUE_OF: Final = re.compile(r"([一-龥]{2})(?:日期?|时间)?(?:为|是|:|于)$")
_SENTENCE_BREAK: Final = "，。；！？:\n"


def judge_sentences(claim: Reading, readings: Sequence[Reading]) -> list[Finding]:
    """Findings on all that the claim asserts; at least one."""
    findings: list[Finding] = []
    figures = judge_figures(claim, readings) if claim.figures else []
    asserted = [
        sentence
        for sentence in claim.sentences
        if not _COURTESY.search(claim.text[sentence.start : sentence.end].strip())
    ]
    asked: Sentence | None = None
    for number, sentence in enumerate(claim.sentences):
        if sentence not in asserted:
            continue
        text = claim.text[sentence.start : sentence.end]
        if text.rstrip().endswith("？") and len(asserted) > 1:
            asked = sentence  # "Who won? Ann Lee.": the question says what the answer is about
            continue
        if asked is not None and is_short(text):
            findings.append(judge_answer(claim, asked, sentence, readings))
            continue
        if _OPINION.search(text):
            findings.append(Finding("not_checkable", "opinion"))
            continue
        if text.rstrip().endswith("？"):
            findings.append(Finding("not_checkable", "question"))
            continue
        here = [item for item in figures if item[0].sentence == number]
        findings += _judge_sentence(claim, sentence, readings, here)
    return findings or [Finding("not_checkable", "no_content")]


def _judge_sentence(
    claim: Reading, sentence: Sentence, readings: Sequence[Reading], figures: Sequence[Judged]
) -> list[Finding]:
    text = claim.text[sentence.start : sentence.end]
    start = sentence.start
    told = _TELLS.match(text)
    if told is not None and not quotations(claim):
        start += told.end()
    exact = _exact(claim, (start, sentence.end), readings)
    if exact is not None:
        return [exact]
    printed = plain(claim.text[start : sentence.end])
    stands = any(printed in reading.plain[0] for reading in readings)  # and is denied or doubted, or cut out
    if (
        not figures
        and not stands
        and _is_fragment(claim, (start, sentence.end))
        and not _periods_in(claim, sentence)
    ):
        return [_judge_fragment(claim, (start, sentence.end), readings)]
    settled = not any(finding.verdict in {"contradicted", "unsupported"} for _, finding, _ in figures)
    repeated = None if not settled else _repeated(claim, (start, sentence.end), readings, figures)
    quoted = sum(end - begin for begin, end in quotations(claim) if sentence.start <= begin < sentence.end)
    if repeated is not None and 2 * quoted < sentence.end - start:
        return [*(finding for _, finding, _ in figures if finding.verdict != "supported"), *repeated]
    findings: list[Finding] = []
    masked = [
        (period.start, period.end)
        for period in claim.periods
        if sentence.start <= period.start < sentence.end
    ]
    for span in quotations(claim):
        if sentence.start <= span[0] < sentence.end:
            findings.append(judge_quotation(claim, span, readings))
            masked.append(span)
    figures = [item for item in figures if not any(a <= item[0].figure.start < b for a, b in masked)]
    masked += [(item[0].figure.start, item[0].figure.end) for item in figures]
    findings += [finding for _, finding, _ in figures]
    words = [
        atom
        for atom in atoms(claim.text, start, sentence.end)
        if not any(a <= atom.start < b for a, b in masked)
    ]
    if not words:
        return findings or _bare_period(claim, sentence, readings)
    if not figures:
        findings += _periods_unsaid(claim, sentence, readings)
    for span in clauses_of(claim, start, sentence.end):
        inside = [item for item in figures if span[0] <= item[0].figure.start < span[1]]
        if (
            is_soft(
                "".join(
                    claim.text[atom.start : atom.end] for atom in words if span[0] <= atom.start < span[1]
                )
            )
            and not inside
        ):
            continue
        match = next(
            (bound.best for _, _, bound in inside if bound is not None and bound.best is not None), None
        )
        if match is not None:
            findings.append(judge_figure_clause(claim, span, readings, match, masked))
        elif not inside:
            clause = align(claim, *span, readings, masked)
            findings.append(
                _other_period(claim, sentence, span, clause, readings)
                or judge_words(claim, clause, span, readings)
            )
    return findings


def _periods_in(claim: Reading, sentence: Sentence) -> bool:
    return any(sentence.start <= period.start < sentence.end for period in claim.periods)


def _is_fragment(claim: Reading, span: tuple[int, int]) -> bool:
    """Whether a claim is a name or a term rather than a statement: then only its presence can be judged."""
    text = claim.text[slice(*span)]
    return (
        len(atoms(text)) <= _FRAGMENT
        and _STATES.search(text) is None
        and _SUBJECT.match(text.strip()) is None
    )


def _judge_fragment(claim: Reading, span: tuple[int, int], readings: Sequence[Reading]) -> Finding:
    """A term stands where one sentence of the evidence has all of it."""
    words = claim.text[slice(*span)].strip("。 \n")
    clause = align(claim, *span, readings, ())
    here = claim.normal.original(*span)
    if clause is not None:
        reading = readings[clause.source]
        sentence = reading.sentences[clause.sentence]
        cover = coverage(claim.text, atoms(claim.text, *span), reading.sentence_keys[clause.sentence])
        if cover.share >= 0.99:
            quote = shortened(reading.text[sentence.start : sentence.end])
            place = reading.normal.original(sentence.start, sentence.end)
            return Finding(
                "supported", "words", (("quote", quote),), 0.8, DecidingSpan(*here, clause.source, *place)
            )
    return Finding("unsupported", "name_absent", (("words", shortened(words)),), 0.2, DecidingSpan(*here))


def _exact(claim: Reading, span: tuple[int, int], readings: Sequence[Reading]) -> Finding | None:
    """The words as they stand in what the company says, not cut out of a denial, a doubt or a question."""
    wanted = plain(claim.text[slice(*span)])
    if not wanted:
        return None
    fragment = _is_fragment(claim, span)
    for source, reading in enumerate(readings):
        position = -1
        text, origins = reading.plain
        while (position := text.find(wanted, position + 1)) >= 0:
            start, end = origins[position], origins[position + len(wanted) - 1] + 1
            if _cuts_a_number(reading.text, start, end):
                continue
            if any(
                sentence.asks
                for sentence in reading.sentences
                if sentence.start < end and start < sentence.end
            ):
                continue
            if not (_unqualified if fragment else _same_sense)(reading.text, start, end):
                continue
            here = DecidingSpan(*claim.normal.original(*span), source, *reading.normal.original(start, end))
            return Finding("supported", "exact", (("quote", shortened(reading.text[start:end])),), 1.0, here)
    return None


def _repeated(
    claim: Reading, span: tuple[int, int], readings: Sequence[Reading], figures: Sequence[Judged]
) -> list[Finding] | None:
    """What a sentence changes that otherwise repeats one of the evidence; None where it repeats none."""
    wanted = pairs(atoms(claim.text, *span))
    if len(wanted) < SHORTEST:
        return None
    best: tuple[float, int, tuple[int, int], list[Difference]] | None = None
    for source, reading in enumerate(readings):
        for number, _ in nearest(wanted, reading.index)[:2]:
            stated = reading.sentences[number]
            if stated.asks:
                continue
            bound = [
                one.best for _, finding, one in figures if one is not None and finding.verdict == "supported"
            ]
            if any(
                match is not None and (match.source, match.stated.sentence) != (source, number)
                for match in bound
            ):
                continue
            share, found = differences(claim, span, reading, (stated.start, stated.end))
            if share >= NEAR and (best is None or share > best[0]):
                best = (share, source, (stated.start, stated.end), found)
    if best is None:
        return None
    share, source, place, found = best
    reading = readings[source]
    settled = [
        (one.figure.start, one.figure.end) for one, finding, _ in figures if finding.verdict == "supported"
    ]
    results = []
    for difference in found:
        outcome = judged(difference, claim, reading, settled, share)
        if outcome is not None:
            verdict, rule = outcome
            quote = shortened(reading.text[slice(*place)])
            values = {"quote": quote, "words": difference.claimed, "stated": difference.stated}
            here = DecidingSpan(
                *claim.normal.original(*difference.where),
                source,
                *reading.normal.original(*difference.stated_where),
            )
            results.append(Finding(verdict, rule, tuple(values.items()), 0.3, here))
    stated_text, claimed_text = reading.text[slice(*place)], claim.text[slice(*span)]
    if results and overclaimed(claimed_text, stated_text):
        values = {"quote": shortened(stated_text), "stated": modal_words(stated_text)}
        here = DecidingSpan(*claim.normal.original(*span), source, *reading.normal.original(*place))
        return [Finding("contradicted", "overclaimed", tuple(values.items()), 0.3, here)]
    return results or None


def _cuts_a_number(text: str, start: int, end: int) -> bool:
    before, first = text[start - 1 : start], text[start : start + 1]
    last, after = text[end - 1 : end], text[end : end + 1]
    follows = after.isascii() and (
        after.isalnum() or (after in {"%", "."} and text[end + 1 : end + 2].isdigit())
    )
    if last.isascii() and last.isalnum() and follows:
        return True
    if last.isdigit() and after in {"万", "亿", "千", "百", "%", "‰"}:
        return True
    return (
        first.isascii()
        and first.isalnum()
        and before.isascii()
        and (before.isalnum() or before in {".", "-"})
    )


def _unqualified(text: str, start: int, end: int) -> bool:
    """Whether nothing in front of a name in its clause denies or doubts it; what follows speaks of it."""
    left = max((text.rfind(stop, 0, start) for stop in _SENTENCE_BREAK), default=-1) + 1
    before, name = text[left:start], text[start:end]
    return not denies(before) and certainty(before) >= min(certainty(name), 2)


def _same_sense(text: str, start: int, end: int) -> bool:
    """Whether the clause around an exact match says no more against it than the match itself does."""
    left = max((text.rfind(stop, 0, start) for stop in _SENTENCE_BREAK), default=-1) + 1
    rights = [place for stop in _SENTENCE_BREAK if (place := text.find(stop, end)) >= 0]
    right = min(rights, default=len(text))
    inner_left = max((text.rfind(stop, start, end) for stop in _SENTENCE_BREAK), default=-1) + 1
    first_right = min(
        (place for stop in _SENTENCE_BREAK if (place := text.find(stop, start)) >= 0), default=len(text)
    )
    for whole, part in (
        (text[left : min(first_right, right)], text[start : min(first_right, end)]),
        (text[max(inner_left, left) : right], text[max(inner_left, start) : end]),
    ):
        if denies(whole) != denies(part) or certainty(whole) < min(certainty(part), 2) or wider(part, whole):
            return False
    return True


def _periods_unsaid(claim: Reading, sentence: Sentence, readings: Sequence[Reading]) -> list[Finding]:
    everywhere = [period for reading in readings for period in reading.periods]
    findings = []
    for period in claim.periods:
        if sentence.start <= period.start < sentence.end and not any(
            agree(period, other) for other in everywhere
        ):
            values = (("claimed", claim.text[period.start : period.end]),)
            here = DecidingSpan(*claim.normal.original(period.start, period.end))
            findings.append(Finding("unsupported", "period_absent", values, 0.2, here))
    return findings


def _other_period(
    claim: Reading,
    sentence: Sentence,
    span: tuple[int, int],
    clause: Clause | None,
    readings: Sequence[Reading],
) -> Finding | None:
    """A statement that the evidence makes of another period only."""
    if clause is None or clause.cover.share < _TOLD:
        return None
    claimed = [
        period
        for period in claim.periods
        if sentence.start <= period.start < span[1]
        and not is_base(claim.text, period)
        and not _is_value(claim, period, readings)
    ]
    if not claimed:
        return None
    wanted = [claimed[-1], *claimed[:-1]]
    found = atoms(claim.text, *span)
    taken = [(period.start, period.end) for period in claimed]
    for source, number in candidates(claim, span, readings):
        cover = coverage(claim.text, found, readings[source].sentence_keys[number], taken)
        if cover.share >= _TOLD and period_of_sentence(wanted, readings, source, number) in TOLD_OF:
            return None
    reading = readings[clause.source]
    fit = period_of_sentence(wanted, readings, clause.source, clause.sentence, clause.stated_end)
    if fit in TOLD_OF:
        return None
    if fit[1] == "free":
        unsaid = (("claimed", claim.text[wanted[0].start : wanted[0].end]),)
        here = DecidingSpan(*claim.normal.original(wanted[0].start, wanted[0].end))
        return Finding("unsupported", "period_unsaid", unsaid, 0.3, here)
    stated = named_before(reading, clause.sentence, clause.stated_end)[0]
    values = (
        ("claimed", claim.text[wanted[0].start : wanted[0].end]),
        ("stated", reading.text[stated.start : stated.end]),
    )
    here = DecidingSpan(*claim.normal.original(wanted[0].start, wanted[0].end), clause.source,
                        *reading.normal.original(stated.start, stated.end))  # fmt: skip
    return Finding("contradicted", "period_other", values, 0.3, here)


def _is_value(claim: Reading, period: Period, readings: Sequence[Reading]) -> bool:
    """Whether a date is what a claim states (成立日期为2031年9月21日), and the evidence has it under the same name."""
    name = _VALUE_OF.search(claim.text, 0, period.start)
    if name is None:
        return False
    return any(
        agree(period, other) and name[1] in reading.text[max(0, other.start - len(name[1]) - 4) : other.start]
        for reading in readings
        for other in reading.periods
    )


def _bare_period(claim: Reading, sentence: Sentence, readings: Sequence[Reading]) -> list[Finding]:
    unsaid = _periods_unsaid(claim, sentence, readings)
    if unsaid or not claim.periods:
        return unsaid or [Finding("not_checkable", "no_content")]
    return [Finding("supported", "words", (("quote", claim.text[sentence.start : sentence.end]),), 0.8)]
