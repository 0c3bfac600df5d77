"""Follow-up questions made standalone: what "那海外呢？", "去年同期是多少" and "它" mean after what was asked before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.language.folding import nfkc
from ingest.language.listed import listing
from ingest.language.periods import find_as_of
from rag.asking.companies import CompanyNames, Mention, company_name
from rag.asking.company_aliases import folded, foreign_names
from rag.asking.followup_choices import against, chosen, is_yes, which_of_them, without_unclear_names
from rag.asking.followup_periods import first_period
from rag.asking.followup_words import (
    ELLIPSIS,
    ENDS_NE,
    KINDS,
    LEAD,
    OBJECT,
    PRONOUN,
    asks_nothing,
    readings,
    topic_of,
    without_asides,
)
from rag.asking.history import Earlier, HistoryItem, TurnLike, turns
from rag.asking.kinds import asks_of_all
from rag.asking.question import named_companies, simplified
from rag.asking.question_parts import is_aspect
from rag.asking.scope import out_of_scope


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which a follow-up can be meant: `way` says by which rule, `text` can be understood alone."""

    way: str
    text: str


@dataclass(frozen=True, slots=True)
class Standalone:
    """A follow-up made standalone.

    `text` can be understood without what went before; `sure` is False where a rule had to guess, so
    that a model may be asked instead. `as_of` is a day that carries over from the words of an
    earlier question.
    """

    text: str
    sure: bool
    as_of: date | None = None
    readings: tuple[Reading, ...] = ()


_ANYONE = re.compile(r"哪家|哪些公司|其他公司|别的公司|所有公司|行业内|有没有公司|which compan", re.I)
_ENGLISH_FIGURE = re.compile(
    r"\b(?:(?:gross|net|operating) (?:profit|margin)s?|net income|revenues?|sales|orders?|backlog|capacity|capex|headcount"
    r"|(?:R&D|research|selling|operating) (?:spending|expenses?|costs?)|inventor(?:y|ies)|cash flow|margins?|profits?)\b",
    re.I,
)
_ENGLISH_BUSINESS = re.compile(
    r"((?:'s|\bits|\btheir|\bof) )(?:the )?[\w&-]+(?: [\w&-]+){0,2}?(?= (?:business|segment|division|unit)\b)",
    re.I,
)
_ENGLISH_REFERENCE = re.compile(r"\b(?:it|its|they|their|the company|that)\b", re.I)


def standalone(
    question: str, history: Sequence[HistoryItem], names: CompanyNames, company: str | None = None
) -> Standalone:
    """Make a question understandable without what went before, by rules.

    Company, period and topic of the last turn that had them carry over, and become visible in the text.

    Args:
        question: as the user typed it.
        history: earlier turns, oldest first: questions, pairs, messages or turns (see `rag.asking.history`).
        names: the companies of the library.
        company: what is chosen beside the question now; it wins over the companies of earlier turns.

    Returns:
        The question itself where nothing has to carry over.
    """
    heard = [turn for turn in _heard(turns(history), names) if not asks_nothing(turn.question)]
    said = simplified(nfkc(question)).strip()
    if not heard or (out_of_scope(question) and not is_yes(said)):
        return Standalone(question, True)
    earlier = _earlier(heard[-1])
    as_of = _carried_day(heard[-1], said)
    if asks_of_all(said):
        return Standalone(question, True, as_of)
    if choice := chosen(said, heard[-1], names):
        return Standalone(_joined(choice, without_unclear_names(earlier, names)), True, as_of)
    beside = names.resolve(company) if company else ()
    speaker = company_name(beside[0]) if len(beside) == 1 else "" if company else _company(heard, names)
    if re.search(r"[a-z]", said) and not re.search(r"[\u4e00-\u9fff]", said):
        return _english(said, earlier, speaker, names, as_of)
    before = without_asides(_without_companies(earlier, names))[0]
    if is_yes(said):
        return Standalone(earlier if not company else _joined(speaker, before), True, as_of)
    return _chinese(said, before, speaker, heard, names, as_of)


def _chinese(
    said: str, before: str, speaker: str, heard: Sequence[TurnLike], names: CompanyNames, as_of: date | None
) -> Standalone:
    """Chinese follow-ups that are no choice and no yes."""
    if both := against(said, speaker, names):
        return Standalone(f"{_joined(both, before).rstrip('？?。 ')}，对比一下", True, as_of)
    them, asks = which_of_them(said, heard, names)
    if them:
        return Standalone(_joined(them, f"{topic_of(before)}{asks}"), True, as_of)
    plain, fresh = without_asides(said)
    plain = LEAD.sub("", plain) if len(plain) > 3 else plain
    only = _only_company(plain, names)
    if only and before:
        return Standalone(_joined(only, before), True, as_of)
    if elsewhere := _company_elsewhere(plain, names):
        return Standalone(_joined(elsewhere, before), False, as_of)
    own = _names_a_company(said, names) and not (speaker and OBJECT.search(said))
    told: dict[str, Reading] = {}
    for way, text in [("alone", plain)] if fresh else readings(plain, before):
        if speaker and not own:
            text = _without_pronouns(text, "" if fresh else before, speaker, bool(names.mentions(said)))
            if speaker not in text and not named_companies(text, names).companies:
                text = _joined(speaker, text)
        told.setdefault(text, Reading(way, text))
    found = tuple(told.values())
    return Standalone(found[0].text, len(found) == 1, as_of, found)


def _without_pronouns(text: str, before: str, speaker: str, two: bool) -> str:
    """它 as what was asked about where it is no subject (除了它, 为什么买它), else as the company that it stands for."""
    thing = OBJECT.search(text)
    if not thing:
        return PRONOUN.sub("", text)
    latin = re.search(r"(?<![A-Za-z])[A-Z][A-Za-z]{1,11}(?![A-Za-z])", before)
    meant = latin.group() if latin else topic_of(before) or speaker
    if two:  # 三环集团跟它采购
        meant = speaker
    return text[: thing.start()] + meant + text[thing.end() :]


def _english(said: str, earlier: str, company: str, names: CompanyNames, as_of: date | None) -> Standalone:
    """English follow-ups: the company carries over; a fragment is put beside the question before."""
    only, before = _only_company(said, names), [m for m in names.mentions(earlier) if m.companies]
    if only and len(before) == 1:
        return Standalone(f"{earlier[: before[0].start]}{only}{earlier[before[0].end :]}", True, as_of)
    named = bool(names.mentions(said)) or bool(_ANYONE.search(said))
    fragment = re.match(
        r"^(?:and|what about|how about)\s+(.{2,40}?)\s*\?*$|^why\b.{0,24}$|^(?!(?:what|who|when|where|how|is|are|does|do|did|was|will|can|has)\b)\S+(?:\s\S+){0,3}$",
        said,
        re.I,
    )
    text = _of_it(fragment[1], earlier) if fragment and fragment[1] else ""
    text = text or (f"{earlier.rstrip('?？. ')} ({said.rstrip('?')})?" if fragment else said)
    if not named and not names.mentions(text) and company:
        text = f"{company}: {text}"
    return Standalone(text, not fragment and not _ENGLISH_REFERENCE.search(said), as_of)


def _of_it(what: str, earlier: str) -> str:
    """An English question about another figure, period or business of the same company; nothing where neither is plain."""
    period = first_period(what)
    if period and period == what:
        known = first_period(earlier)
        return earlier.replace(known, what, 1) if known else ""
    if _ENGLISH_FIGURE.fullmatch(what):
        return _ENGLISH_FIGURE.sub(what, earlier, count=1) if _ENGLISH_FIGURE.search(earlier) else ""
    what = re.sub(r"^(?:the|its|their)\s+|\s+(?:business|segment|division|unit)$", "", what, flags=re.I)
    swapped = _ENGLISH_BUSINESS.sub(f"\\g<1>{what}", earlier, count=1)
    return swapped if swapped != earlier else ""


def _names_a_company(said: str, names: CompanyNames) -> bool:
    """Whether a question names whom it asks; a foreign company is a customer or a rival of the one talked about."""
    for mention in names.mentions(said):
        if mention.companies:
            return True
        # A nickname of a company elsewhere may be a word (标准化); a foreign one is a customer or a rival.
        if folded(mention.name) not in foreign_names() and not _is_nickname(mention):
            return True
    return bool(_ANYONE.search(said))


def _is_nickname(mention: Mention) -> bool:
    return mention.listed is not None and mention.name not in (mention.listed.short_name, mention.listed.code)


def _company_elsewhere(said: str, names: CompanyNames) -> str:
    """The name of a listed company that the library does not hold, where a question is its common short form."""
    bare = ELLIPSIS.match(LEAD.sub("", said))
    what = bare["what"] if bare and ENDS_NE.search(said) else ""
    if not 2 <= len(what) <= 3 or is_aspect(what) or any(what in kind for kind in KINDS):
        return ""
    for word in ("股份", "科技", "技术"):
        if what + word in listing().by_name and not names.resolve(what + word):
            return what + word
    return ""


def _heard(history: Sequence[TurnLike], names: CompanyNames) -> list[TurnLike]:
    """The turns, each with its standalone question; of those that came without one it is made anew."""
    heard: list[TurnLike] = []
    for turn in history:
        if not turn.answer.get("standalone_question"):
            alone = standalone(turn.question, heard[-3:], names, getattr(turn, "company", None)).text
            turn = Earlier(
                turn.question,
                {**turn.answer, "standalone_question": alone},
                getattr(turn, "company", None),
                getattr(turn, "as_of", None),
            )
        heard.append(turn)
    return heard


def _earlier(turn: TurnLike) -> str:
    told = turn.answer.get("standalone_question") or turn.question
    return simplified(nfkc(str(told))).strip()


def _company(history: Sequence[TurnLike], names: CompanyNames) -> str:
    """The company that was last talked about: named, chosen, or the only one cited; several are joined by 和."""
    for turn in reversed(history):
        found = list(named_companies(_earlier(turn), names).companies)
        chosen = getattr(turn, "company", None)
        if not found and chosen:
            found = list(names.resolve(str(chosen)))[:1]
        if not found:
            claims = turn.answer.get("claims") or []
            codes = {c.get("code") for claim in claims for c in claim.get("citations") or []}
            found = (
                [company for company in names.companies if company.code in codes] if len(codes) == 1 else []
            )
        if found:
            unique = dict.fromkeys(company.short_name or company.code or "" for company in found)
            return "和".join(unique)
    return ""


def _carried_day(turn: TurnLike, said: str) -> date | None:
    """The as-of day that the last question's own words had set, unless this one sets another."""
    if find_as_of(said) or getattr(turn, "as_of", None):
        return None
    day = turn.answer.get("as_of")
    return date.fromisoformat(str(day)) if day else None


def _without_companies(text: str, names: CompanyNames) -> str:
    """A question without the companies that it names; 公司 where something is done to or with it (对公司有影响吗)."""
    mentions = [mention for mention in names.mentions(text) if len(mention.companies) == 1]
    for mention in reversed(mentions):
        before, after = text[: mention.start], text[mention.end :]
        if before and re.search(r"[对给向与和跟是]$", before) and len(mentions) == 1:
            text = f"{before}公司{after}"
        else:
            text = f"{before}{after}"
    text = re.sub(r"20\d{2}[-年/.]\d{1,2}[-月/.]?(?:\d{1,2}日?)?(?:之前|以前|为止|前)[，,]?", "", text)
    joins = r"和(?!谐)|与(?!会)|跟(?![踪进])|、|" if len(mentions) > 1 else ""
    text = re.sub(
        rf"^[（(]\s*\d{{6}}\s*[)）]|^(?:公司)?(?:{joins}的|，|,|:|以及)+|^公司(?=\S{{2}})",
        "",
        text.strip(),
    )
    return re.sub(r"^(?:请问|请教)", "", text).strip()


def _only_company(said: str, names: CompanyNames) -> str:
    """The company's name where the question is nothing else ("那澄屿微电呢？"), else nothing."""
    found = [m for m in names.mentions(said) if len(m.companies) <= 1]
    if len(found) != 1:
        return ""
    rest = said[: found[0].start] + said[found[0].end :]
    bare = re.sub(
        r"^(?:是的?|对的?|嗯|没错)[，,]|(?:我)?(?:说|问|指)的?(?:就)?是|就是|那么?|换成|如果是|呢|怎么样|如何|公司|的|[，,？?。\s]|what about|how about|and",
        "",
        rest,
        flags=re.I,
    )
    companies = found[0].companies
    return "" if bare else (companies[0].short_name or found[0].name) if companies else found[0].name


def _joined(company: str, text: str) -> str:
    return company + re.sub(r"^公司(?=[怎如对有是会能的要在和与跟])", "", text.lstrip("的，, "))
