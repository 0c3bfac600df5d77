"""Which listed company a question is about: by code, short name, full name, nickname, pinyin or English name."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from ingest.language.listed import Listed, everyday_names, listing
from ingest.library.library import Company, Library
from rag.asking.company_aliases import (
    ALIASES_FILE,
    bare_name,
    folded,
    foreign_names,
    former_names,
    names_of,
    nicknames,
    parts_of,
    read_aliases,
)
from rag.asking.company_typos import Misspelled
from rag.asking.latin_names import LatinNames, foreign_subject
from rag.asking.name_signs import (
    beside_another,
    compares,
    cut_by_a_word,
    goes_on,
    is_a_place,
    is_cut_in_a_noun,
    makes_another_name,
    marks_a_company,
    marks_a_topic,
    opens_here,
    shaped_names,
)
from rag.asking.outside_names import outside_subject, protected_names
from rag.asking.subsidiaries import QuestionsWith, names_in, subsidiary

# A name is near another where half of it is the same.
NEAR = 0.5
NAMES_REMEMBERED = 20_000
_CODE = re.compile(
    r"(?<![\d.])(?P<market>(?:SH|SZ|BJ)[.:]?)?(?P<code>\d{6})(?P<end>\.(?:SH|SZ|BJ|SS))?(?![\d.]?\d)"
    r"(?!\s*(?:万|亿|千|户|元|股(?![东份票价权])|人(?![均员])|吨|台|套|件|家|平|名|%|个|只))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A company named in a text: where, and which companies of the library it may mean.

    Where `companies` is empty the library does not hold it; `listed` is then the listed company of that
    name, if there is one. `subsidiary`: one of the company's is named, so that the name is a topic, too.
    """

    start: int
    end: int
    name: str
    companies: tuple[Company, ...]
    listed: Listed | None = None
    subsidiary: bool = False


class CompanyNames:
    """The names under which the companies of a library are known, beside those of all listed companies.

    >>> names = CompanyNames(library.companies())
    >>> [m.name for m in names.mentions("高澜的液冷业务怎么样")]
    ['高澜']
    """

    def __init__(
        self,
        companies: Sequence[Company],
        aliases: Mapping[str, str] | None = None,
        former: Mapping[str, set[str]] | None = None,
        questions: QuestionsWith = lambda word, at_most: (),
    ) -> None:
        """
        Args:
            companies: those of the library.
            aliases: a user's own: code by name.
            former: other short names of a company's records, by code.
            questions: gives the library's questions in which a word stands, from which subsidiaries are learned.
        """
        self._questions = questions
        self._subsidiary = lru_cache(maxsize=NAMES_REMEMBERED)(self._subsidiary_of)
        self.companies = tuple(companies)
        self._by_code = {company.code: company for company in self.companies if company.code}
        whole: dict[str, set[Company]] = defaultdict(set)
        parts: dict[str, set[Company]] = defaultdict(set)
        for company in self.companies:
            for name in names_of(company):
                whole[name].add(company)
            for part in parts_of(company):
                parts[part].add(company)
            for name in (former or {}).get(company.code or "", ()):
                whole[folded(name)].add(company)
        for name, code in nicknames().items():
            if code in self._by_code and name not in whole:
                parts[name] = {self._by_code[code]}
        for name, code in (aliases or {}).items():
            if code in self._by_code:
                whole[folded(name)] = {self._by_code[code]}
        self._whole = _sorted(whole)
        self._parts = _sorted({name: found for name, found in parts.items() if name not in whole})
        self._longest = max(map(len, [*self._whole, "一" * 8]))
        self._latin = LatinNames(self.companies)
        self._misspelled = Misspelled(self._whole)

    @classmethod
    def of(cls, library: Library) -> Self:
        """The names of a library's companies, with former ones and the user's aliases."""
        return cls(
            library.companies(),
            read_aliases(library.path),
            former_names(library.records()),
            library.questions_with,
        )

    def resolve(self, text: str) -> tuple[Company, ...]:
        """The companies that `text`, given as *the* company, may mean: none, one, or several."""
        wanted = folded(text.strip())
        code = _CODE.fullmatch(text.strip())
        if code:
            return tuple(c for c in self.companies if c.code == code["code"])
        bare = bare_name(wanted)
        exact = self._whole.get(wanted) or self._parts.get(wanted) or self._whole.get(bare)
        if exact:
            return exact
        if len(wanted) < 2 or wanted in listing().by_name:
            return ()
        return (
            self._parts.get(bare)
            or self._latin.resolve(text)
            or tuple(c for c in self.companies if wanted in folded(f"{c.short_name or ''} {c.company or ''}"))
            or self._misspelled.resolve(wanted)
        )

    def listed(self, text: str) -> Listed | None:
        """The listed company that `text`, given as *the* company, means, in the library or not."""
        name = folded(text.strip())
        code = _CODE.fullmatch(text.strip())
        known = listing()
        if code or name in nicknames():
            return known.by_code.get(code["code"] if code else nicknames()[name])
        latin = self._latin.find(text.strip())
        return known.by_name.get(name) or (latin[0].listed if latin else None)

    def mentions(self, text: str) -> list[Mention]:
        """Every company named in `text`, in order, the longest name at each place."""
        found = self._by_code_in(text)
        found += self._named(text, folded(text), _spans(found))
        for latin in self._latin.find(text, taken=_spans(found)):
            name = text[latin.start : latin.end]
            found.append(Mention(latin.start, latin.end, name, latin.companies, latin.listed))
        outside = protected_names(text)
        if not any(mention.companies for mention in found):
            for start, end, companies in self._misspelled.find(
                folded(text), taken=[*_spans(found), *outside]
            ):
                found.append(Mention(start, end, text[start:end], companies))
        if not found:
            found = [
                Mention(start, end, text[start:end], (), one)
                for start, end, one in self._misspelled.listed(folded(text))
                if not any(first < end and start < last for first, last in outside)
            ]
        if not found:
            doubtful = self._misspelled.doubtful(folded(text))
            found = [
                Mention(start, end, text[start:end], ())
                for start, end in doubtful
                if not any(first < end and start < last for first, last in outside)
            ]
        named = any(mention.companies for mention in found)
        for latin in self._latin.unknown(text, named, taken=_spans(found)):
            found.append(Mention(latin.start, latin.end, text[latin.start : latin.end], ()))
        for start, end in shaped_names(text, bool(found)):
            if not any(one.start < end and start < one.end for one in found):
                found.append(Mention(start, end, text[start:end], ()))
        return sorted(found, key=lambda mention: mention.start)

    def outside(self, text: str) -> list[Mention]:
        """The company from outside that a question asks about; for a text that names none and has none chosen beside it."""
        return [
            Mention(start, end, text[start:end], ()) for start, end in outside_subject(text, self._questions)
        ]

    def subsidiaries(self, text: str) -> list[Mention]:
        """Subsidiaries named in `text`, each as a mention of its company; for a text that names no company."""
        return [
            Mention(at, at + len(name), name, (self._by_code[code],), subsidiary=True)
            for name in names_in(text)
            if (code := self._subsidiary(name)) in self._by_code and (at := text.find(name)) >= 0
        ]

    def _subsidiary_of(self, name: str) -> str | None:
        return subsidiary(name, self._questions)

    def nearest(self, name: str, count: int = 5) -> list[Company]:
        """The companies whose names look like `name`, best first; none where none is near."""
        wanted = {name, bare_name(name)}

        def likeness(company: Company) -> float:
            own = [n for n in (company.short_name, bare_name(company.short_name or "")) if n]
            return max(
                (difflib.SequenceMatcher(None, a, b).ratio() for a in wanted for b in own if _share(a, b)),
                default=0.0,
            )

        likely = {company: likeness(company) for company in self.companies}
        near = [company for company in self.companies if likely[company] >= NEAR]
        return sorted(near, key=lambda c: (-likely[c], c.code or ""))[:count]

    def _by_code_in(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        for match in _CODE.finditer(text):
            company, listed = self._by_code.get(match["code"]), listing().by_code.get(match["code"])
            marked = match["market"] or match["end"] or match["code"][0] in "03689"
            if company or listed or marked:
                companies = (company,) if company else ()
                found.append(Mention(match.start(), match.end(), match.group(), companies, listed))
        return found

    def _named(self, text: str, plain: str, taken: list[tuple[int, int]]) -> list[Mention]:
        """The names in Chinese characters (or glued to them), outside the places that are taken."""
        found: list[Mention] = []
        outside = {start: end for start, end in protected_names(text) if plain[start:end] not in self._whole}
        at = 0
        while at < len(text) - 1:
            mention = None
            if at in outside:
                mention = self._at(text, plain, at, outside[at])
                found += [mention] if mention else []
                at = outside[at]
                continue
            for end in range(min(len(text), at + self._longest), at + 1, -1):
                if any(start < end and at < stop for start, stop in taken):
                    continue
                mention = self._at(text, plain, at, end)
                if mention:
                    break
            if mention:
                found.append(mention)
            at = mention.end if mention else at + 1
        return found

    def _at(self, text: str, plain: str, start: int, end: int) -> Mention | None:
        name = plain[start:end]
        if (not name[0].isalnum() and name[0] != "*") or not _stands_alone(plain, start, end):
            return None
        everyday = everyday_names()
        if companies := self._whole.get(name):
            if name in everyday["common"] and not marks_a_company(text, start, end, own=True):
                return None
            return Mention(start, end, text[start:end], companies)
        listed = listing().by_name.get(name)
        if listed:
            loose = name in everyday["loose"] or len(name) == 2
            if name in everyday["common"]:
                fits = marks_a_company(text, start, end)
            elif name in everyday["sentence"]:
                fits = marks_a_company(text, start, end, own=True)
            else:
                fits = not loose or (
                    (opens_here(text, start) and not cut_by_a_word(text, start, end))
                    or marks_a_company(text, start, end)
                )
            if fits and len(name) > 2:
                return Mention(start, end, text[start:end], (), listed)
        if (name in self._parts or name in nicknames()) and is_a_place(text, start, end):
            return None
        if companies := self._parts.get(name):
            return self._shortened(text, start, end, companies)
        if name in nicknames() and opens_here(text, start):
            if name in everyday["halves"] and not marks_a_company(text, start, end, own=True):
                return None
            return Mention(start, end, text[start:end], (), listing().by_code.get(nicknames()[name]))
        if listed and len(name) == 2 and opens_here(text, start):
            return Mention(start, end, text[start:end], (), listed)
        foreign = name in foreign_names() and not name.isascii() and opens_here(text, start)
        if foreign and (foreign_subject(text, end) or (compares(text) and beside_another(text, start, end))):
            return Mention(start, end, text[start:end], ())
        return None

    def _shortened(self, text: str, start: int, end: int, companies: tuple[Company, ...]) -> Mention | None:
        """A part of a name that stands for the whole, unless it is cut from a word or opens another name."""
        if cut_by_a_word(text, start, end) and not opens_here(text, start):
            return None
        if is_cut_in_a_noun(text, start, end):
            return None
        if text[start:end] in everyday_names()["halves"] and not marks_a_company(text, start, end, own=True):
            return None
        longer = makes_another_name(text, start, end) or self._all_but_one(text, start, end, companies)
        if longer:
            return Mention(start, longer, text[start:longer], ())
        return Mention(start, end, text[start:end], companies)

    def _all_but_one(self, text: str, start: int, end: int, companies: Sequence[Company]) -> int:
        """Where a name ends that is the company's but for its last character (国电南网, 国电南瑞), no slip; else 0."""
        longer = text[start : end + 2]
        for company in companies:
            short = company.short_name or ""
            like = len(short) == len(longer) == 4 and bare_name(short) == short and short[:3] == longer[:3]
            if like and short != longer and opens_here(text, start) and goes_on(text, end + 2):
                return 0 if self._misspelled.resolve(longer) else end + 2
        return 0


def is_topic(text: str, mention: Mention) -> bool:
    """Whether the company at `mention` is what the question is about rather than whom it asks."""
    return marks_a_topic(text, mention.start, mention.end)


def aliases_stamp(library: Path) -> int:
    """Changes when the user's aliases change."""
    path = library / ALIASES_FILE
    return path.stat().st_mtime_ns if path.is_file() else 0


def company_name(company: Company) -> str:
    """What a company is called on screen: its short name, else its full name, else its code."""
    return company.short_name or company.company or company.code or "?"


def company_label(company: Company) -> str:
    """Name and code, as in 高澜股份（300499）; one of them where the other is not known."""
    name = company_name(company)
    return f"{name}（{company.code}）" if company.code and company.code != name else name


def source_label(short_name: str | None, code: str | None) -> str:
    """Whose record it is, in front of its day: a code alone stands in brackets, so that it does not run into the day."""
    return f"{short_name or ''}（{code}）" if code else short_name or "?"


def _sorted(names: Mapping[str, set[Company]]) -> dict[str, tuple[Company, ...]]:
    return {name: tuple(sorted(found, key=lambda c: c.code or "")) for name, found in names.items()}


def _spans(mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    return [(mention.start, mention.end) for mention in mentions]


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut at either end."""
    before = start > 0 and plain[start - 1].isascii() and plain[start - 1].isalpha()
    after = end < len(plain) and plain[end].isascii() and plain[end].isalpha()
    first, last = plain[start], plain[end - 1]
    return not (before and first.isascii() and first.isalpha()) and not (
        after and last.isascii() and last.isalpha()
    )


def _share(one: str, other: str) -> bool:
    """Whether two names share two characters in a row."""
    return any(one[at : at + 2] in other for at in range(len(one) - 1))
