"""Whether a clause can be read off the evidence from left to right: words left out, none put in, nobody else in between.

子公司为公司提供担保 has all the words of 公司为子公司提供担保, and 水稻种子增加90万亩 those of 玉米种子增加90万亩；水稻种子…; neither can be
read off. The clause and the evidence up to it are laid beside each other as a longest common subsequence (Wagner and
Fischer 1974) in which neighbours count more, a figure as the one that it was bound to. Then every stretch that only one
of the two has is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from rag.grounding.alignment import Atom, atoms, coverage, is_soft, keys_of
from rag.grounding.binding import Match
from rag.grounding.facing import Facing, Span
from rag.grounding.labels import direction
from rag.grounding.polarity import negations
from rag.grounding.reading import BoundFigure, Reading
from rag.grounding.rules.paraphrase import is_harmless
from rag.grounding.synonyms import interchangeable
from rag.grounding.words import alternatives, exact_pattern, words

SENTENCES_BEFORE: Final = 2  # that may name whom a clause is about
NEIGHBOURS: Final = 0.3  # what two matches beside each other count more than two apart
_ALL: Final = 0.99  # of the words, by weight

_LISTED: Final = re.compile(r"\d+年|..")  # how the name of one of a list begins
_YEAR: Final = re.compile(r"\d+年\D?")
_SENTENCE_END: Final = re.compile(r"[。；！？\n]")


class Token(NamedTuple):
    """A character of Chinese, another word, or a whole figure (`#` and its number)."""

    key: str
    start: int
    end: int


class Gap(NamedTuple):
    """What stands between two matches: the claim's own tokens, a range of the evidence; `first` before the first match, `last`
    behind the last."""

    mine: Sequence[Token]
    theirs: Span
    first: bool
    last: bool


def obstacle(part: Facing, place: tuple[int, int]) -> str | None:
    """The words over which a clause can't be read off a sentence of the evidence; None where it can.

    Args:
        part: a clause, `begins` where its own sentence begins; its figures as bound.
        place: (source, sentence) of the evidence.
    """
    source, number = place
    reading = part.readings[source]
    own = reading.sentences[number]
    first = number
    while first > max(0, number - SENTENCES_BEFORE) and _goes_on(reading, first - 1, own.part):
        first -= 1
    begins = reading.sentences[first].start
    figures = [item.best for item in part.figures if item.best is not None]
    here = [match for match in figures if (match.source, match.stated.sentence) == place]
    if here and reading.is_page:  # figures there have rules of their own
        return None
    mine = _after_name(part, _claimed(part, here), reading.name_keys)
    theirs = _stated(reading, (begins, own.end), here)
    if is_soft("".join(part.claim.text[token.start : token.end] for token in mine)):
        return None
    own_names = [_LISTED.match(_bare_name(match.stated.name)) for match in here]
    if any(name is not None and name.group() in part.words for name in own_names):
        return None  # of a list, under its own name
    path = _laid_beside([token.key for token in mine], [token.key for token in theirs])
    if not path:
        return part.words
    if (words := _other_level(part, here) or _unresolved(part, reading, here)) is not None:
        return words
    look = _Look(part, reading, begins, own.end, bool(here))
    return next((words for gap in _gaps(path, mine, theirs, begins) if (words := look.stops(gap))), None)


def _bare_name(name: str) -> str:
    """The name of one of a list without a date and the company before it."""
    if _YEAR.fullmatch(name):
        return name
    for before in ("alignment.date", "alignment.self"):
        name = exact_pattern(before).sub("", name, count=1)
    return name


def _goes_on(reading: Reading, number: int, part: int) -> bool:
    sentence = reading.sentences[number]
    return sentence.part == part and not sentence.asks


def _claimed(part: Facing, here: Sequence[Match]) -> list[Token]:
    """The claim's tokens without dates (other rules judge them), but 去年 and its like are words."""
    text, (start, end) = part.claim.text, part.claim_part
    dates = [(one.start, one.end) for one in part.periods if one.relative is None or one.relative >= 0]
    bound = [item for item in part.figures if item.best is not None]
    spans = [(item.claimed.figure.start, item.claimed.figure.end) for item in bound if item.best in here]
    elsewhere = [(one.figure.start, one.figure.end) for one in part.claim.figures]
    masked = dates + [span for span in elsewhere if span not in spans]
    return _tokens(text, start, end, spans, masked)


def _other_level(part: Facing, here: Sequence[Match]) -> str | None:
    """A change or share that the claim tells of another level than the evidence: 钢2亿元，同比增长4%，铝1亿元，同比持平 says
    no growth of aluminium."""
    for item in part.figures:
        if item.best is None or item.best not in here or not item.claimed.chain or not item.best.stated.chain:
            continue
        level = next((one for one in reversed(part.told) if _leads(one.claimed, item.claimed)), None)
        stated = item.best.stated
        theirs = [one for one in item.best.reading.figures if _leads(one, stated)]
        if level is not None and level.best is not None and theirs and level.best.stated != theirs[-1]:
            return part.claim.text[item.claimed.figure.start : item.claimed.figure.end]
    return None


def _leads(level: BoundFigure, change: BoundFigure) -> bool:
    """Whether a figure with a metric of its own stands before a change in one sentence."""
    same = level.sentence == change.sentence and level.figure.start < change.figure.start
    return same and not level.chain and level.figure.unit != "%"


def _unresolved(part: Facing, reading: Reading, here: Sequence[Match]) -> str | None:
    """A figure of a list (分别为1%、2%) of which it is not known whose it is."""
    for match in here:
        sentence = reading.sentences[match.stated.sentence]
        before = _clauses(reading.text[sentence.start : match.stated.figure.start])[-1]
        years = {one.year for one in match.stated.own} & {one.year for one in part.claim.periods}
        if "分别" in before and "分别" not in part.claim.text and not years:
            return before
    return None


def _after_name(part: Facing, mine: Sequence[Token], known: frozenset[str]) -> Sequence[Token]:
    """The tokens behind the name of what the document is about, or behind 公司, where the clause begins with it."""
    company = exact_pattern("alignment.self").match(part.claim.text, mine[0].start) if mine else None
    if company is not None:
        mine = [token for token in mine if token.start >= company.end()]
    end = 0
    while end < len(mine) and (mine[end].key in known if mine[end].key.isascii() else _has(known, mine, end)):
        end += 1
    return mine[end:] if end > 1 else mine


def _has(known: frozenset[str], mine: Sequence[Token], at: int) -> bool:
    """Whether the document's names have a character together with one of its neighbours."""
    return any(mine[n].key + mine[n + 1].key in known for n in (at - 1, at) if 0 <= n < len(mine) - 1)


def _stated(reading: Reading, span: Span, here: Sequence[Match]) -> list[Token]:
    spans = [(match.stated.figure.start, match.stated.figure.end) for match in here]
    return _tokens(reading.text, *span, spans, ())


def _tokens(text: str, start: int, end: int, figures: Sequence[Span], masked: Sequence[Span]) -> list[Token]:
    empty = words("alignment.function")
    found: list[Token] = []
    for atom in atoms(text, start, end):
        figure = next((n for n, (a, b) in enumerate(figures) if a < atom.end and atom.start < b), None)
        if figure is not None:
            if found and found[-1].key == f"#{figure}":
                found[-1] = found[-1]._replace(end=atom.end)
            else:
                found.append(Token(f"#{figure}", atom.start, atom.end))
        elif atom.key not in empty and not any(a < atom.end and atom.start < b for a, b in masked):
            found.append(Token(atom.key, atom.start, atom.end))
    return found


def _laid_beside(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The best common subsequence as pairs of places, the latest of equal ones."""
    width = len(theirs) + 1
    best = [[0.0] * width for _ in range(len(mine) + 1)]
    met = [[-1.0] * width for _ in range(len(mine) + 1)]
    for i, key in enumerate(mine, 1):
        above, row, joined, before = best[i - 1], best[i], met[i], met[i - 1]
        for j, other in enumerate(theirs, 1):
            if key == other:
                joined[j] = 1.0 + max(above[j - 1], before[j - 1] + NEIGHBOURS)
            row[j] = max(above[j], row[j - 1], joined[j])
    path: list[tuple[int, int]] = []
    i, j, follows = len(mine), len(theirs), False
    while i and j:
        if met[i][j] > 0 and (follows or met[i][j] >= best[i][j]):
            path.append((i - 1, j - 1))
            i, j = i - 1, j - 1
            follows = met[i][j] > 0 and met[i][j] + NEIGHBOURS >= best[i][j]
        elif best[i - 1][j] >= best[i][j]:
            i -= 1
        else:
            j -= 1
    return path[::-1]


def _gaps(
    path: Sequence[tuple[int, int]], mine: Sequence[Token], theirs: Sequence[Token], begins: int
) -> Iterator[Gap]:
    """All stretches between matches in which one of the two has something."""
    claimed, stated = 0, begins
    for number, (i, j) in enumerate(path):
        yield Gap(mine[claimed:i], (stated, theirs[j].start), number == 0, last=False)
        claimed, stated = i + 1, theirs[j].end
    yield Gap(mine[claimed:], (stated, stated), first=False, last=True)


class _Look(NamedTuple):
    """Looks at gaps between a claim's clause and the evidence that it is read off."""

    part: Facing
    reading: Reading
    begins: int  # of the evidence that is read
    ends: int
    figured: bool

    def stops(self, gap: Gap) -> str | None:
        """What a gap holds that stops the reading; None where it only leaves out what may be left out."""
        mine = "".join(self.part.claim.text[token.start : token.end] for token in gap.mine)
        theirs = self.reading.text[slice(*gap.theirs)]
        *_, opening = _clauses(theirs)
        if gap.first:
            return self._stops_at_first(gap, mine, opening)
        added = self._added(mine)
        if added and not gap.last and interchangeable(added, exact_pattern("alignment.self").sub("", theirs)):
            added = ""
        if added and not (self.figured and (is_harmless(added) or self._signed(gap, added))):
            return added
        if gap.last:
            return None
        return self._left_out(mine, theirs, opening)

    def _stops_at_first(self, gap: Gap, mine: str, opening: str) -> str | None:
        """Words before the first match name whom the clause is about: the document's own name, or somebody named
        before a clause that names nobody. The evidence's clause may not begin with somebody whom the claim has not named."""
        added = self._added(mine)
        free = (
            opening.endswith("、" if self.figured else ("、", "的"))
            or not _names(opening)
            or self._told_before(opening)
        )
        if added:
            before = keys_of(self.reading.text, 0, gap.theirs[1]) | self.reading.investor_keys
            known = coverage(
                self.part.claim.text, [Atom(*token[1:], token.key) for token in gap.mine], before
            )
            exchanged = added in self.reading.text[gap.theirs[1] : self.ends]
            return None if free and known.share >= _ALL and not exchanged else added
        return None if free or (self.figured and not mine) else opening

    def _left_out(self, mine: str, theirs: str, opening: str) -> str | None:
        """A denial next to what is read, somebody else who comes in, or the company put for somebody."""
        pieces = _clauses(theirs)
        near = pieces[0] if len(pieces) == 1 else f"{pieces[0]}，{opening}"
        if negations(near) > negations(mine):
            return near
        stage = exact_pattern("alignment.stage").search(near)
        if stage is not None and stage.group() not in self.part.claim.text:
            return stage.group()
        company = exact_pattern("alignment.self")
        if company.search(mine) and _names(theirs):
            return mine
        if company.search(near) and not company.search(mine) and company.search(self.part.words):
            return near
        if len(pieces) > 1 and "其中" in opening:
            return opening
        if len(pieces) > 1 and _names(opening):
            return opening
        if exact_pattern("alignment.doubt").search(near) and not exact_pattern("alignment.doubt").search(
            mine
        ):
            return near
        begun = _SENTENCE_END.split(theirs)
        newly = _clauses(begun[-1])[0] if len(begun) > 1 else ""
        return newly if _names(newly) else None

    def _added(self, mine: str) -> str:
        """Words of the claim's own that carry a fact; 元/吨 is 每吨…元."""
        bare = exact_pattern("alignment.self").sub("", mine)
        each = _each().match(bare)
        if each is not None and re.search(
            f"[每/]{re.escape(each[1])}", self.reading.text[self.begins : self.ends]
        ):
            bare = bare[each.end() :]
        return "" if is_soft(bare) else bare

    def _signed(self, gap: Gap, added: str) -> bool:
        """Whether the claim says a direction for which the evidence has a sign: 同比+39.4%."""
        place = gap.theirs[1]
        return bool({"+", "-"} & set(self.reading.text[place - 1 : place + 1])) and direction(added) != 0

    def _told_before(self, opening: str) -> bool:
        """Whether an earlier clause of the claim's sentence has said what the evidence's clause begins with."""
        begins, start = self.part.begins, self.part.claim_part[0]
        said = exact_pattern("alignment.opening").sub("", opening)
        return (
            begins < start
            and coverage(said, atoms(said), keys_of(self.part.claim.text, begins, start)).share >= _ALL
        )


@cache
def _each() -> re.Pattern[str]:
    return re.compile(f"[每/]?({alternatives('unit.measures')})")


def _clauses(text: str) -> list[str]:
    return exact_pattern("sentence.clause_mark").split(text)


def _names(text: str) -> bool:
    """Whether the beginning of a clause holds more than a date, an adverb or a conjunction."""
    rest = exact_pattern("alignment.opening").sub("", exact_pattern("alignment.date").sub("", text))
    return any(atom.key not in words("alignment.function") for atom in atoms(rest))
