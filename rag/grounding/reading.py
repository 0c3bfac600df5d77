"""A text read for checking: its sentences, and every figure with label, period, direction and basis."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.grounding.alignment import keys_of
from rag.grounding.clauses import Sentence, cut
from rag.grounding.dates import Period, periods, resolve
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import Figure, figures
from rag.grounding.labels import Basis, basis, comparable, direction, is_elliptic, reach, tokens
from rag.grounding.lists import listed
from rag.grounding.normalise import Normal, normalise
from rag.grounding.period_fit import datelines, is_base
from rag.grounding.words import words

_PUNCTUATION: Final = frozenset(" \n\"'，。；！？:、,.!?;()-…")
_CLAUSE_END: Final = re.compile(r"[，、:()；。\n\"|]|- ")
_TAIL_END: Final = re.compile(r"[，、；。:！？\n()|]|$")
_HEAD_END: Final = re.compile(r"\n|[。！？]")
_NOUN: Final = re.compile(r"[一-龥](?<![的左以至到和与及之])")
_HEADING: Final = 80  # characters at most
_PAGE: Final = 1500  # characters from which a text is a page of several
_NUMBERED: Final = re.compile(r"(?:^|\n)[^\n:，。？\d]{2,14}\d{1,2}:")
_FILLER: Final = re.compile(r"分别|有|约|达|共|超|近|仅|至|到")


@dataclass(frozen=True, slots=True)
class BoundFigure:
    """A figure with what it is a figure of.

    `head` is its own label (the words next to it), `core` the metric at its end, `chain` the label of the metric it leans on where its
    own names none (同比增长), `zone` both as printed, `beside` the rest of the label, `lead` what its sentence says before. `own` are periods in the label,
    `governing` those that govern the sentence, nearest first (`carried`: from the sentence before); `against` are
    those that it is compared with (比2029年).
    """

    figure: Figure
    sentence: int
    label: str
    head: frozenset[str]
    core: frozenset[str]
    chain: frozenset[str]
    zone: str
    beside: frozenset[str]
    lead: frozenset[str]
    own: tuple[Period, ...]
    governing: tuple[Period, ...]
    carried: bool
    against: tuple[Period, ...]
    direction: int
    basis: Basis
    reach: str = ""  # how far back its metric looks (近一周)
    name: str = ""  # its own name in a list of several (甲、乙分别为1%、2%)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read for checking.

    `plain` is the text without white space and punctuation, in lower case, and where each character of it
    stands in the normalised text; `heads` are the keys of each part's heading and of the company's names: what a
    sentence without a subject is about; `index` leads from a key (see `alignment`) to the sentences that hold it.
    """

    normal: Normal
    parts: tuple[tuple[int, int], ...]
    sentences: tuple[Sentence, ...]
    periods: tuple[Period, ...]
    figures: tuple[BoundFigure, ...]
    part_periods: tuple[tuple[Period, ...], ...]
    datelines: tuple[tuple[Period, ...], ...]
    part_tokens: tuple[frozenset[str], ...]
    heads: tuple[frozenset[str], ...]
    sentence_keys: tuple[frozenset[str], ...]
    index: dict[str, tuple[int, ...]]
    company_keys: frozenset[str]
    investor_keys: frozenset[str]
    name_keys: frozenset[str]
    label_counts: Counter[str]
    plain: tuple[str, tuple[int, ...]]
    original: str

    @property
    def text(self) -> str:
        return self.normal.text

    @property
    def is_page(self) -> bool:
        """Whether it is a page of several texts, whose headings (## …, 资料2:) run into sentences."""
        headed = sum(self.text[start:end].lstrip().startswith("#") for start, end in self.parts)
        spoken = any(sentence.speaker == "investor" for sentence in self.sentences)
        numbered = 0 if spoken else len(_NUMBERED.findall(self.text))
        return len(self.text) > _PAGE or max(headed, numbered) > 1


def known_year(piece: EvidenceText, found: Sequence[Period]) -> int | None:
    """The year that 今年 means: the publication's, else the first that the text names."""
    if piece.published_on is not None:
        return piece.published_on.year
    return next((period.year for period in found if period.year is not None and not period.relative), None)


@lru_cache(maxsize=256)
def read(piece: EvidenceText) -> Reading:
    """Read a piece of evidence (or a claim) once; later checks against the same piece are quick."""
    normal = normalise(piece.text)
    text = normal.text
    parts, sentences = cut(normal, piece.speaker)
    found = periods(text)
    resolved = resolve(found, known_year(piece, found), parts)
    plain = figures(text, [(period.start, period.end) for period in resolved])
    plain = [figure for figure in plain if not _is_window(text, figure)]
    part_periods = tuple(
        tuple(period for period in resolved if start <= period.start < end) for start, end in parts
    )
    bound = _bind(normal, sentences, plain, resolved)
    part_tokens = tuple(tokens(comparable(text[start:end])) for start, end in parts)
    sentence_keys = tuple(keys_of(text, sentence.start, sentence.end) for sentence in sentences)
    index: dict[str, list[int]] = defaultdict(list)
    for number, keys in enumerate(sentence_keys):
        for key in keys:
            index[key].append(number)
    kept = plain_positions(text)
    name_keys = keys_of(normalise("，".join(piece.names)).text)
    return Reading(
        normal, tuple(parts), tuple(sentences), tuple(resolved), tuple(bound), part_periods, datelines(text, parts, resolved), part_tokens,
        tuple(_head_keys(text, start, end) | name_keys for start, end in parts),
        sentence_keys, {key: tuple(numbers) for key, numbers in index.items()},
        _keys_said(sentences, sentence_keys, asks=False) | name_keys,
        _keys_said(sentences, sentence_keys, asks=True) | keys_of(normalise(piece.question).text),
        name_keys,
        Counter(token for figure in bound for token in figure.head | figure.lead),
        (lowered("".join(text[position] for position in kept)), tuple(kept)),
        piece.text,
    )  # fmt: skip


def _head_keys(text: str, start: int, end: int) -> frozenset[str]:
    """The keys of a part's heading: its first line, or what stands before its content."""
    stop = _HEAD_END.search(text, start + 1, min(end, start + _HEADING))
    return keys_of(text, start, stop.start() if stop else min(end, start + _HEADING))


def _keys_said(
    sentences: Sequence[Sentence], keys: Sequence[frozenset[str]], *, asks: bool
) -> frozenset[str]:
    return frozenset().union(
        *(said for sentence, said in zip(sentences, keys, strict=True) if sentence.asks == asks)
    )


def plain_positions(text: str) -> list[int]:
    """The positions of a normalised text that are neither white space nor punctuation; the point of 1.5,
    the sign of -5 and the colon of 9:30 stay."""
    return [
        position
        for position, character in enumerate(text)
        if character not in _PUNCTUATION
        or (character in ".:-" and text[position + 1 : position + 2].isdigit()
            and (character == "-" or text[position - 1 : position].isdigit()))
    ]  # fmt: skip


def plain(text: str) -> str:
    """A normalised text without white space and punctuation, in lower case."""
    return lowered("".join(text[position] for position in plain_positions(text)))


def lowered(text: str) -> str:
    """In lower case, character by character: the length never changes."""
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def _is_window(text: str, figure: Figure) -> bool:
    """近20日, 5个交易日 in front of a metric: part of the metric's name, not a figure of its own."""
    if figure.unit in words("unit.sizes"):
        return _NOUN.match(text, figure.end) is not None  # 12英寸产线, 16MW机型: the name of a product
    if figure.unit not in words("unit.duration"):
        return False
    before = text[max(0, figure.start - 2) : figure.start]
    after = text[figure.end : figure.end + 1]
    if after.isdigit():
        return True  # 3个月1.43%: the term of a rate
    return before.endswith(("近", "过去", "前", "最近", "第", "每", "连续", "未来")) or (
        bool(after) and "一" <= after <= "龥"
    )


def _bind(
    normal: Normal, sentences: Sequence[Sentence], plain: Sequence[Figure], resolved: Sequence[Period]
) -> list[BoundFigure]:
    text = normal.text
    bound: list[BoundFigure] = []
    by_sentence: dict[int, list[Figure]] = defaultdict(list)
    index = 0
    for figure in plain:
        while index + 1 < len(sentences) and figure.start >= sentences[index].end:
            index += 1
        by_sentence[index].append(figure)
    carried: tuple[Period, ...] = ()
    part = -1
    cursor = 0
    for number, sentence in enumerate(sentences):
        if sentence.part != part:
            part, carried = sentence.part, ()
        inside: list[Period] = []
        compared: list[Period] = []
        while cursor < len(resolved) and resolved[cursor].start < sentence.end:
            (compared if is_base(text, resolved[cursor]) else inside).append(resolved[cursor])
            cursor += 1
        here = by_sentence.get(number, ())
        bound += _bind_in(normal, number, sentence.start, here, inside, compared, carried)
        if inside:
            carried = (inside[-1],)
    return bound


def _bind_in(
    normal: Normal,
    number: int,
    sentence_start: int,
    found: Sequence[Figure],
    inside: Sequence[Period],
    compared: Sequence[Period],
    carried: tuple[Period, ...],
) -> Iterator[BoundFigure]:
    """The figures `found` in the sentence of this number. It names the periods `inside` and compares with those `compared`;
    the sentence before speaks of `carried`."""
    text = normal.text
    previous_end = sentence_start
    chain: frozenset[str] = frozenset()
    chain_text = ""
    ordered, shares = listed(text, sentence_start, found)
    for figure in ordered:
        start = _field_start(normal, min(previous_end, figure.start), figure.start)
        tail = _tail(text, figure, found)
        own = tuple(period for period in inside if start <= period.start < figure.start)
        own += _behind(text, figure, inside, found)
        plain_label = _without(
            text[start : figure.start], start, [one for one in own if one.start < figure.start]
        )
        share = shares.get(figure.start)
        apart: frozenset[str] = frozenset()
        if share is not None:
            plain_label = share.label
            apart = tokens(comparable(share.others)) - tokens(comparable(share.label))
            if share.year is not None:
                own = (Period(share.year, (1, 1), (12, 31), start, figure.start),)
        bare = comparable(plain_label)
        head_text = _head(bare)
        head = tokens(head_text) | tokens(comparable(tail))
        core_text = head_text.rstrip("为是约达到有至:的").rpartition("的")[2]
        elliptic = is_elliptic(core_text)
        core = tokens(core_text)
        before = tuple(period for period in reversed(inside) if period.start < start)
        yield BoundFigure(
            figure, number, bare + tail, head, core | chain if elliptic else core, chain if elliptic else frozenset(),
            f"{chain_text} {plain_label}" if elliptic else plain_label,
            tokens(bare) - head - apart,
            tokens(comparable(text[sentence_start : figure.start])) - head - apart, own, before or carried,
            not before, tuple(one for one in compared if start <= one.start < figure.start), direction(plain_label, tail), basis(plain_label),
            reach(plain_label) or (reach(chain_text) if elliptic else ""), share.label if share is not None else "",
        )  # fmt: skip
        if not elliptic:
            chain, chain_text = core, plain_label
        elif len(head) > len(core):
            chain = head - core
        previous_end = figure.end


def _tail(text: str, figure: Figure, found: Sequence[Figure]) -> str:
    """The words behind a figure, to the end of its clause; none where another figure stands there."""
    end = _TAIL_END.search(text, figure.end)
    tail = text[figure.end : end.start() if end else figure.end]
    return "" if any(figure.end <= other.start < figure.end + len(tail) for other in found) else tail


def _without(label: str, offset: int, inside: Sequence[Period]) -> str:
    pieces: list[str] = []
    position = 0
    for period in inside:
        pieces.append(label[position : max(position, period.start - offset)])
        position = min(len(label), period.end - offset)
    pieces.append(label[position:])
    return "".join(pieces)


def _behind(
    text: str, figure: Figure, inside: Sequence[Period], figures_here: Sequence[Figure]
) -> tuple[Period, ...]:
    """Periods that follow a figure in its own clause: rose 5.2% in 2031."""
    stop = _TAIL_END.search(text, figure.end)
    end = min(
        [stop.start() if stop else len(text), *(one.start for one in figures_here if one.start >= figure.end)]
    )
    return tuple(period for period in inside if figure.end <= period.start < end)


def _field_start(normal: Normal, start: int, end: int) -> int:
    """In a table's line (总股本: 1.55亿 流通股: 1.54亿) a field begins at white space and its name ends in a colon."""
    fields = [gap for gap in normal.gaps if start < gap < end and ":" in normal.text[gap:end]]
    return max(fields, default=start)


def _head(label: str) -> str:
    """The words next to the figure: its last clause that says anything, and what stands before a bare one."""
    for piece in reversed(_CLAUSE_END.split(label)):
        if tokens(_FILLER.sub("", piece)):
            return piece
    return ""


def find(wanted: str, reading: Reading) -> tuple[int, int] | None:
    """Where the evidence has these characters, white space and punctuation aside, in its normalised text."""
    plain, origins = reading.plain
    position = plain.find(wanted) if wanted else -1
    if position < 0:
        return None
    return origins[position], origins[position + len(wanted) - 1] + 1
