"""What was planned or under way and has since happened, ended, or missed its day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rag.grounding.alignment import keys_of
from rag.grounding.dates import Period
from rag.grounding.modality import extent
from rag.overtaking.telling import SENTENCE, Clause, Told, Topic

# How far a project, a product or a procedure has come, by the words that companies use for it.
_STAGES: Final = (
    (4, re.compile(
        r"投产|量产|(?<!小)批量|交付|供货|开售|上市销售|实现销售|启动预约|正式运营|投入使用|投运|投用|实施完[成毕]|交割")),
    (3, re.compile(
        r"建成|建设完成|完工|竣工|结项|通过了?[^，。；]{0,40}(?:验证|认证|测试|审核|注册|批准)|获批|获得批[准复]|同意注册|核准"
        r"|完成了?[^，。；]{0,8}(?:建设|认证|验证|收购|合并|整合|重组|工商|过户|发行|回购)"
        r"|(?:收购|合并|建设|发行|回购|搭建|项目)[^，。；]{0,6}完成|已于[^，。；]{0,14}(?:披露|上市|公告|发布)"
        r"|已经?(?:全部|正式|基本|建设|顺利)?完成")),
    (2, re.compile(r"送样|测试|验证|认证|试产|试生产|调试|问询|小批量|小试|中试|试点|爬坡")),
    (1, re.compile(r"研发|开发|在建|建设|审核")),
)  # fmt: skip
_PLANNED: Final = re.compile(
    r"预计|(?<![购股励])计划(?!正常|顺利|推进|有序)|规划|拟(?![合定制])|将(?!军|来)|力争|争取|目标|有望|尽快|待|即将|希望|准备|打算|后续|未来|会(?![议计])|如|若|后$|以后|之后|可能|仍|继续|持续|时候"
)
_DENIED: Final = re.compile(r"尚未|还未|暂未|尚无|没有|未(?!来)|不|暂无")
_CHANGES: Final = re.compile(r"调整[为至到]|推迟|延期|延后|提前")
# Without one of these a stage's word only describes: 负责产品的研发、生产, 量产产品的价格.
_OPEN: Final = re.compile(
    r"目前|现[处在阶]|正|处于|阶段|推进|预计|(?<![购股励])计划|规划|拟|将|争取|力争|尚|在建|进行|进展|周期|建设期|加快|后期|很快|还在|仍|希望"
)
_REACHED: Final = re.compile(
    r"已|成功|正式|实现|完成|通过(?=[^，。；]{0,40}(?:验证|认证|测试|审核|注册|批准))|开始(?!时)|处于|进入|结项"
)
_GOES_ON: Final = re.compile(r"推进|建设|正在|在建")
_ENDS: Final = re.compile(r"终止|取消|中止|放弃|撤回|解除|搁置|不再(?:推进|实施|进行|持有|继续)|停止")
_EXPECTS: Final = re.compile(
    r"预计|(?<![购股励])计划|规划|拟(?![合定制])|将(?!军|来)|力争|争取|目标|有望|延期|建设期|周期"
)
_NUMBERED: Final = re.compile(
    r"(?:厂房|基地|车间|产线|工厂)([一二三四五六七八九十\d]+)|(?<!\d)([一二三四五六七八九十\d]+[期号])(?!\d)"
)
_LATIN: Final = re.compile(r"[a-z][a-z0-9\-]+", re.IGNORECASE)
_PUT_OFF: Final = re.compile(r"(?:延期|推迟|延后|延长)[至到]?$")
CONCLUDED: Final = 2  # the last stage that is still open
COMMON: Final = 0.3  # share of the topic that both sentences, with their questions, name
CLAUSE: Final = 0.05  # share of the topic that the later clause itself names
STILL: Final = 0.3  # share of the topic from which a clause says that it is still being built
ONE_EVENT: Final = 3  # words that what was expected and what was done share, where no stage is named
SOON: Final = 14  # characters from a time to what is expected for it

Kind = Literal["happened", "ended", "date"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A clause of an earlier statement and the clause of a later one that overtakes it."""

    kind: Kind
    old: Clause
    new: Clause


def stage(clause: Clause) -> int | None:
    """How far what a clause tells of has come, 0 (not begun) to 4 (in use); None where it tells no stage."""
    for number, words in _STAGES:
        match = words.search(clause.text)
        if match is None:
            continue
        if _DENIED.search(clause.text[: match.start()]):
            return max(0, number - 1)
        if _PLANNED.search(clause.text):
            return min(number, 1)
        return number
    return None


def turns(old: Told, new: Told, topic: Topic) -> Iterator[Turn]:
    """What the later statement overtakes of the earlier one in what both say of the topic."""
    before = list(_near(old, topic))
    after = list(_near(new, topic))
    if not before:
        return
    yield from _ended(before, new, topic)
    if after and _of_one_thing(old, before[0], new, after[0], topic):
        yield from _happened(before, after, new, topic)
        yield from _moved(before, after)


def _near(statement: Told, topic: Topic) -> Iterator[Clause]:
    """The clauses of the sentence nearest to the topic, if it is near enough."""
    for sentence in topic.sentences(statement)[:1]:
        if topic.share(statement.reading.sentence_keys[sentence]) >= SENTENCE:
            yield from (clause for clause in statement.clauses if clause.sentence == sentence)


def _of_one_thing(old: Told, one: Clause, new: Told, other: Clause, topic: Topic) -> bool:
    """Whether the sentences of two clauses, each with its question, name enough of the topic alike."""
    mine = old.reading.sentence_keys[one.sentence] | old.asked
    theirs = new.reading.sentence_keys[other.sentence] | new.asked
    return topic.share(mine & theirs) >= COMMON


def _happened(before: list[Clause], after: list[Clause], new: Told, topic: Topic) -> Iterator[Turn]:
    reached = [(number, clause) for clause in before if (number := stage(clause)) is not None]
    expected = [] if reached else [clause for clause in before if _EXPECTS.search(clause.text)]
    reached += [(1, clause) for clause in expected]
    since = [
        (number, clause)
        for clause in after
        if (number := stage(clause)) is not None and (_REACHED.search(clause.text) or clause.periods)
    ]
    if not reached or not since:
        return
    at, now = max(number for number, _ in reached), max(number for number, _ in since)
    if at > CONCLUDED or now <= at or now < CONCLUDED:
        return
    still_open = [clause for number, clause in reached if number == at and _OPEN.search(clause.text)]
    if not still_open:
        return
    old = max(still_open, key=lambda one: topic.share(one.keys))
    done = max((clause for number, clause in since if number == now), key=lambda one: topic.share(one.keys))
    if expected and len(_words(old) & _words(done)) < ONE_EVENT:
        return
    if (
        topic.share(done.keys) < CLAUSE
        or extent(done.text) == 0
        or _still_goes_on(new, topic)
        or _others(old.text, done.text)
    ):
        return
    yield Turn("happened", old, done)


def _others(one: str, other: str) -> bool:
    """Whether both name numbered things (四号厂房, 二期) or both names in Latin letters, and none of them alike."""
    for pattern in (_NUMBERED, _LATIN):
        mine, theirs = set(pattern.findall(one)), set(pattern.findall(other))
        if mine and theirs and not mine & theirs:
            return True
    return False


def _words(clause: Clause) -> frozenset[str]:
    return frozenset(key for key in clause.keys if len(key) > 1)


def _still_goes_on(new: Told, topic: Topic) -> bool:
    """Whether the later statement also says of the topic that it is being built: a part of it is done."""
    for clause in new.clauses:
        number = stage(clause)
        if (
            number is not None
            and number <= 1
            and _GOES_ON.search(clause.text)
            and topic.share(clause.keys) >= STILL
        ):
            return True
    return False


def overdue(old: Told, new: Told, topic: Topic, published: date) -> Turn | None:
    """What was expected for a time that had passed when a later statement spoke of it again."""
    after = list(_near(new, topic))
    for clause in _near(old, topic) if after else ():
        if not _EXPECTS.search(clause.text) or not _of_one_thing(old, clause, new, after[0], topic):
            continue
        said = new.reading.sentence_keys[after[0].sentence]
        for period in clause.periods:
            day = last_day_of(period)
            text = old.reading.text
            put_off = _PUT_OFF.search(text[clause.start : period.start]) is not None
            expected = text[clause.start if put_off else period.end : clause.end]
            event = "随着" not in expected and any(words.search(expected[:SOON]) for _, words in _STAGES[:2])
            again = said & frozenset(key for key in keys_of(expected) if len(key) > 1)
            if day is not None and day < published and (put_off or event) and again:
                return Turn("date", clause, max(after, key=lambda one: topic.share(one.keys)))
    return None


def _moved(before: list[Clause], after: list[Clause]) -> Iterator[Turn]:
    """The same event expected for another time."""
    for old, (event, first) in _expected(before):
        for new, (other, then) in _expected(after):
            one, two = _days(first), _days(then)
            if (
                event == other
                and one
                and two
                and (one[1] < two[0] or two[1] < one[0])
                and not _others(old.text, new.text)
            ):
                yield Turn("date", old, new)
                return


def _expected(clauses: list[Clause]) -> Iterator[tuple[Clause, tuple[str, Period]]]:
    """What is expected and for when; where a clause names several times (由…调整至…), for the last."""
    for clause in clauses:
        if not clause.periods or not (_EXPECTS.search(clause.text) or _CHANGES.search(clause.text)):
            continue
        for _, words in _STAGES[:2]:
            event = words.search(clause.text)
            if event is not None:
                yield clause, (event.group(), clause.periods[-1])
                break


def _days(period: Period) -> tuple[date, date] | None:
    """The first and the last day of a period; None where its year is not known."""
    last = last_day_of(period)
    return None if last is None else (date(last.year, *period.first), last)


def last_day_of(period: Period) -> date | None:
    """The last day of a period; None where its year is not known."""
    if period.year is None:
        return None
    month, day = period.last
    return date(period.year, month, min(day, monthrange(period.year, month)[1]))


def _ended(before: list[Clause], new: Told, topic: Topic) -> Iterator[Turn]:
    """What a later statement says has been ended; its words may name the thing only in the question (终止本次交易)."""
    if any(_ENDS.search(clause.text) for clause in before):
        return
    answers = topic.share(new.asked) >= SENTENCE
    for clause in new.clauses:
        match = _ENDS.search(clause.text)
        if match is None or _DENIED.search(clause.text[: match.start()]) or _PLANNED.search(clause.text):
            continue
        if answers or topic.share(clause.keys) >= SENTENCE:
            yield Turn("ended", max(before, key=lambda one: topic.share(one.keys)), clause)
            return
