"""Figures of a topic: what each is a figure of, of which period, and when two of them may be held against each other.

Figures, their labels and their periods are read by `rag.grounding`, years by `ingest.language.periods`; here stands only
what is asked of them. In doubt a figure is of no topic, has no period, and is compared with nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from ingest.language.numerals import plain_dates
from ingest.language.period_words import named_periods
from ingest.language.periods import find_periods, last_day, with_years
from ingest.records import Span
from rag.finding.topics import Topic, folded
from rag.grounding.dates import Period as Read
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import Figure
from rag.grounding.labels import is_elliptic, tokens
from rag.grounding.modality import certainty
from rag.grounding.reading import BoundFigure, Reading, read
from rag.views.said import Said

Told = Literal["named", "none", "unclear"]
"""Whether a figure's period is named beside it, no period is named at all, or which it is cannot be told."""
Kind = Literal["day", "month", "quarter", "half", "nine_months", "year", "other"]

_TIMES: Final = frozenset("倍 年 个月 天 日 周 秒 岁 号 时 点 分 小时 分钟 周年 个季度 期 届".split())
_RATES: Final = frozenset(
    "率 比 重 速 幅 度".split()
)  # 占比, 比重, 增速, 增幅, 毛利率: per cent is their unit
_AMOUNTS: Final = frozenset({"%", "‰", "百分点", "基点", "倍"})
_SUFFIX: Final = re.compile(r"的?(?:收入)?(?:金额|总额|规模|余额|水平|数量|总量|合计|总数|情况|比例|比率)+$")
_BASE: Final = re.compile(r"相对|相比|[较比]")
_PARTS: Final = re.compile(r"[，:；;()（）。/\s]+|其中")
_TAIL: Final = re.compile(r"(?:大?约|[为是达近超到至]|接近|超过)+$")
_VERBS: Final = re.compile(
    r"(?:大?约|[为是达近超到至]|接近|超过|实现|水平|保持在?|维持在?|共计?|合计)+$|^(?:[\d一二三四五六七八九十]{1,2}[、.)）]|[一二三四五]是|截至|截止|公司|其|的|目前|当前|我们|实现)+"
)
_SHARES: Final = re.compile(r"[\d%元](?:/|、|和|及)(?:约|近|超)?$")
_BOUND: Final = re.compile(
    r"(?:大约|约为|约|将近|接近|近|大概|不超过|不高于|不低于|不少于|不到|不足|低于|少于|高于|多于|超过了?|超出|超|逾|突破了?|至少|至多|最多|最少)$"
)
_TOTAL: Final = re.compile(r"^(?:总|累计|合计)")
_SHARE: Final = re.compile(r" 占|(?:比例|比率|比重|占比)$")
_EACH: Final = re.compile(r"每\s?\d")
FAR = 40  # characters: a period that stands farther before a figure need not be its own
_GENERIC: Final = re.compile(
    r"实现|截至|截止|公司|目前|当前|报告期内?|期末|全年|年度|整体|合计|总体|约为?|达到?"
)
FOREIGN = 3  # so many characters beside topic and time may stand in a label or question that names no business of its own
_OTHERS: Final = re.compile(r"同行|行业(?!相关|类|用|产品)|友商|对手|可比公司|[子孙]公司|参股公司|客户")
_COMPANY: Final = re.compile(r"(?<![子分孙母合])公司")
PLANNED = 1  # see `rag.grounding.modality.certainty`
SAME_LABEL = 0.8  # so much of two labels' words is shared where they name one measure


@dataclass(frozen=True, slots=True)
class When:
    """The days that a figure is of; `words` as printed, empty where no period is printed."""

    told: Told
    first: date | None = None
    last: date | None = None
    words: str = ""

    @property
    def kind(self) -> Kind:
        """How long it is: figures of a quarter and of a year are never held against each other."""
        if self.first is None or self.last is None:
            return "other"
        if self.first == self.last:
            return "day"
        months = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1
        whole = self.first.day == 1 and self.last == last_day(self.last.year, self.last.month)
        lengths: dict[int, Kind] = {1: "month", 3: "quarter", 6: "half", 9: "nine_months", 12: "year"}
        return lengths.get(months, "other") if whole else "other"

    def label(self) -> str:
        """The period in one spelling: 2024年, 2024年上半年, 2024-06-30; as printed where it is of another length."""
        if self.first is None or self.last is None:
            return self.words
        year, month = self.first.year, self.first.month
        if self.kind == "day":
            return self.first.isoformat()
        names = {"year": "", "half": "上半年" if month == 1 else "下半年", "nine_months": "前三季度"}
        if self.kind == "quarter" and month in (1, 4, 7, 10):
            return f"{year}年{'一二三四'[month // 3]}季度"
        if self.kind == "month":
            return f"{year}年{month}月"
        fits = self.kind in names and (month == 1 or (self.kind == "half" and month == 7))
        return f"{year}年{names[self.kind]}" if fits else self.words


@dataclass(frozen=True, slots=True)
class TopicFigure:
    """A figure that belongs to a topic.

    `printed` is the figure as the record prints it, at `span` of the record's text; `measure` its label there; `words` are
    the label's words, by which two measures are told apart. `change` is 1 or -1 for a rise or a fall by so much, 0 for
    a level; `planned` where it is expected, not yet so.
    """

    printed: str
    span: Span
    measure: str
    words: frozenset[str]
    value: Decimal
    high: Decimal | None
    unit: str
    bound: str
    each: bool
    basis: str
    change: int
    planned: bool
    when: When

    def as_text(self) -> str:
        """Measure, period and value in a row, as far as they are known."""
        return " ".join(part for part in (self.measure, self.when.label(), self.printed) if part)

    def as_json(self) -> dict[str, Any]:
        """The figure as plain values."""
        return {
            "printed": self.printed,
            "measure": self.measure,
            "value": str(self.value),
            "high": None if self.high is None else str(self.high),
            "unit": self.unit,
            "bound": self.bound,
            "basis": self.basis,
            "change": self.change,
            "planned": self.planned,
            "period": None
            if self.when.told != "named"
            else {"from": str(self.when.first), "to": str(self.when.last), "as_read": self.when.label()},
        }


def figures_of(said: Said, topic: Topic) -> tuple[TopicFigure, ...]:
    """The topic's figures in the sentences that are quoted of a statement, in order."""
    reading = reading_of(said)
    found: list[TopicFigure] = []
    longest: dict[int, int] = {}  # of a sentence, the label that says most whose figure it is
    for bound in reading.figures:
        span = _place(said, reading, bound.figure)
        if not any(quoted.contains(span) for quoted in said.spans):
            continue
        own = next((way for way in topic.ways if _belongs(bound, reading, way, said)), None)
        if own is None:
            continue
        figure = _figure(bound, reading, span, said, own)
        length = len(figure.measure.split(" ")[0])
        if length < longest.setdefault(bound.sentence, length):
            continue  # 三氟化氮国内市占率35%，国外市占率10%: of what the second is stands with the first
        longest[bound.sentence] = length
        found.append(figure)
    return tuple(found)


def reading_of(said: Said) -> Reading:
    """The whole answer or statement, read as the gate reads evidence."""
    passage = said.passage
    names = tuple(name for name in (passage.short_name, passage.code) if name)
    text = said.whole.of(said.record.text)
    return read(EvidenceText(text, passage.question, names, passage.published_on))


def same_measure(one: TopicFigure, other: TopicFigure) -> bool:
    """Whether two figures are of one thing in one unit: their labels share nearly all their words."""
    if (one.unit, one.each, one.basis, one.change) != (other.unit, other.each, other.basis, other.change):
        return False
    both, either = one.words & other.words, one.words | other.words
    return bool(either) and len(both) >= SAME_LABEL * len(either)


def same_period(one: TopicFigure, other: TopicFigure) -> bool:
    """Whether two figures are of the same days, both named."""
    return one.when.told == other.when.told == "named" and (one.when.first, one.when.last) == (
        other.when.first,
        other.when.last,
    )


def like_periods(one: TopicFigure, other: TopicFigure) -> bool:
    """Whether two figures are of equally long periods, or both told of the day on which they were told."""
    if one.when.told != other.when.told or one.when.told == "unclear":
        return False
    if one.when.told == "none":
        return True
    if one.when.first is None or other.when.first is None or one.when.kind != other.when.kind:
        return False
    # What is earned in a first quarter is not held against a third one; a share or a balance may be.
    same_part = one.when.first.month == other.when.first.month
    return one.when.kind != "other" and (same_part or one.when.kind == "day" or one.unit in _AMOUNTS)


def same_value(one: TopicFigure, other: TopicFigure) -> bool:
    """Whether two figures say the same amount."""
    return (one.value, one.high, one.bound) == (other.value, other.high, other.bound)


def _place(said: Said, reading: Reading, figure: Figure) -> Span:
    start, end = reading.normal.original(figure.start, figure.end)
    return Span(said.whole.start + start, said.whole.start + end)


def _belongs(bound: BoundFigure, reading: Reading, topic: Topic, said: Said) -> bool:
    """Whether a figure is one of the topic: its own label ends in what the topic measures, and label, sentence and
    question together name the rest of it."""
    figure = bound.figure
    label = _label(bound, reading, topic)
    if not label or figure.unit in _TIMES or reading.sentences[bound.sentence].asks:
        return False
    if _end_of(topic)[-1] in _RATES and figure.unit not in _AMOUNTS:
        return False
    if _is_part_only(bound, reading, topic, label):
        return False
    if _is_bare(label, topic) and not _of_the_company(bound, reading, topic, said):
        return False
    if not _is_bare(label, topic) and Topic((topic.measure,), topic.other_words).share(label) < 1:
        return False  # 液冷毛利率 is no 综合毛利率
    around = reading.text[reading.sentences[bound.sentence].start : figure.start] + "，" + label
    if (
        bound.name
        or "分别" in bound.zone
        or any(word.group() not in "".join(topic.pieces) for word in _OTHERS.finditer(around))
    ):
        return False  # in a row of several, or of others, it can't be told whose it is
    return topic.share(around) == 1 or (
        topic.share(around) >= 0.5 and topic.share(f"{around}，{said.passage.question}") == 1
    )


def _is_part_only(bound: BoundFigure, reading: Reading, topic: Topic, label: str) -> bool:
    """Whether a figure says less than it seems to under its label: a share of the measure (占营业收入50%), an amount for so
    many shares (每10股派3元), a count whose unit was not read (15.7亿块)."""
    figure, text = bound.figure, reading.text
    if figure.unit in ("%", "‰") and _end_of(topic)[-1] not in _RATES:
        changes = bound.direction or bound.basis
        if not changes and not _SHARE.search(label):
            return True
    clause = _PARTS.split(text[reading.sentences[bound.sentence].start : figure.start])[-1]
    if _EACH.search(clause):
        return True
    return not figure.unit and "一" <= text[figure.end : figure.end + 1] <= "龥"


def _end_of(topic: Topic) -> str:
    """The end of what the topic measures: how a label of one of its figures ends."""
    return topic.measure if topic.measure.isascii() else topic.measure[-2:]


def _label(bound: BoundFigure, reading: Reading, topic: Topic) -> str:
    """The figure's own label, without 约为 and the like, where it ends in what the topic measures; else nothing.

    Of a label such as 毛利率30%，同比下降1% the metric stands before the elliptic end, and both are shown. What follows
    the figure (3万吨产能) counts where it is the topic's measure.
    """
    end = _end_of(topic)
    if not end:
        return ""
    behind = folded(reading.text[bound.figure.end : bound.figure.end + len(topic.measure) + 3])
    named = re.match(
        rf"的?((?:{re.escape(topic.measure)})|[\u4e00-\u9fff]{{0,2}}{re.escape(end)})(?=[，。；、)和及与]|$)",
        behind,
    )
    if named:
        return named[1]
    parts = [part.strip() for part in _PARTS.split(bound.zone) if part.strip()]
    elliptic: list[str] = []
    for part in reversed(parts):
        shown = _VERBS.sub("", part)
        if not shown:
            continue
        if part.startswith(("其", "该")):
            return ""  # whose figure it is stands elsewhere
        if is_elliptic(shown):
            elliptic.insert(0, shown)
            continue
        plain = folded(shown)
        fits = (plain.endswith(end) or _SUFFIX.sub("", plain).endswith(end)) and not _BASE.match(shown)
        return " ".join([shown, *elliptic]) if fits else ""
    return ""


def _bound_word(before: str) -> str:
    """约, 近 or 超过 in front of a figure: without it the figure would say more than the company did."""
    found = _BOUND.search(before)
    return found.group() if found else ""


def _is_bare(label: str, topic: Topic) -> bool:
    """Whether a label names the topic's measure and nothing whose it is."""
    return len(_TOTAL.sub("", _SUFFIX.sub("", folded(label.split(" ")[0])))) <= len(topic.measure)


def _of_the_company(bound: BoundFigure, reading: Reading, topic: Topic, said: Said) -> bool:
    """Whether a figure under a bare label is the company's own, not that of some business named before it."""
    sentence = reading.sentences[bound.sentence]
    before = reading.text[sentence.start : bound.figure.start]
    clause = _PARTS.split(_TAIL.sub("", before))[-1]
    if _COMPANY.search(clause) and len(topic.beside(_SUFFIX.sub("", clause))) <= FOREIGN:
        return True
    asks = [part for part in _PARTS.split(said.passage.question) if topic.names_measure(part)]
    own = [*asks, before] if asks else []
    return bool(own) and all(len(topic.beside(text)) <= FOREIGN for text in own)


def _figure(bound: BoundFigure, reading: Reading, span: Span, said: Said, topic: Topic) -> TopicFigure:
    figure = bound.figure
    sentence = reading.sentences[bound.sentence]
    clause_start = max(sentence.start, *(reading.text.rfind(stop, 0, figure.start) + 1 for stop in "，。；"))
    clause = reading.text[clause_start : figure.end]
    planned = certainty(clause) <= PLANNED
    text = said.record.text
    sign = 1 if figure.value >= 0 else -1
    change = bound.direction * sign if bound.direction else (sign if figure.unit in ("百分点", "基点") else 0)
    label = _label(bound, reading, topic)
    return TopicFigure(
        printed=_bound_word(reading.text[: figure.start]) + "".join(span.of(text).split()),
        span=span,
        measure=label,
        words=tokens(_GENERIC.sub("，", bound.label)) | bound.chain,
        value=figure.value,
        high=figure.high,
        unit=figure.unit,
        bound=figure.bound,
        each=figure.each,
        basis=bound.basis,
        change=change,
        planned=planned,
        when=_when(bound, reading, said, planned=planned),
    )


def _when(bound: BoundFigure, reading: Reading, said: Said, *, planned: bool) -> When:
    """The period of a figure: the nearest one named in its label or before it in its sentence."""
    sentence = reading.sentences[bound.sentence]
    near = [*bound.own[::-1], *(() if bound.carried else bound.governing)]
    if not bound.own and _SHARES.search(reading.text[sentence.start : bound.figure.start]):
        return When("unclear")
    if not near:
        return When("none") if not _any_period(reading, said, sentence.end) else When("unclear")
    nearest = near[0]
    far = bound.figure.start - nearest.end > FAR
    if len(bound.own) > 1 or nearest.start >= bound.figure.end or far:
        return When("unclear")
    return resolved(nearest, reading, said, planned=planned)


def _any_period(reading: Reading, said: Said, end: int) -> bool:
    """Whether the statement up to here, or its question, names any period."""
    return any(period.start < end for period in reading.periods) or bool(
        named_periods(plain_dates(said.passage.question))
    )


def resolved(period: Read, reading: Reading, said: Said, *, planned: bool = False) -> When:
    """The days of a period that a statement names; unclear where two readings of its year are possible."""
    words = reading.text[period.start : period.end]
    if words.startswith("后年"):
        return When("unclear")  # 建成后年新增: every year after, more often than the year after next
    day = said.passage.published_on
    text = plain_dates(reading.text)
    if day is None or len(text) != len(reading.text):
        return When("unclear", words=words)
    named = [
        one
        for one in with_years(named_periods(text), day)
        if one.start < period.end and period.start < one.end
    ]
    if len(named) != 1:
        return When("unclear", words=words)
    own = find_periods(text[named[0].start : named[0].end], day, newest=not planned)
    carried = named[0].year
    if len(own) != 1 or (carried is not None and own[0].first.year != carried):
        return When("unclear", words=words)
    found = own[0]
    if (found.first.month, found.last.month) != (period.first[0], period.last[0]):
        return When("unclear", words=words)
    if period.year is not None and not period.is_open and period.year != found.first.year:
        return When("unclear", words=words)
    return When("named", found.first, found.last, words)
