"""Companies named in Latin letters: English names, pinyin of short names, and names that nobody here bears."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.language.listed import Listed, listing, readings
from ingest.library.library import Company
from rag.asking.company_aliases import english_codes, folded, foreign_names, names_of, parts_of
from rag.data_files import word_list

_TOKEN = re.compile(r"[A-Za-z][A-Za-z&.-]*[A-Za-z]|[A-Za-z]")
_TAIL = re.compile(
    r"[\s-]*\b(?:micro(?:electronics)?|electronics?|semiconductors?|tech(?:nology|nologies)?|optoelectronics?|opto|group|holdings?"
    r"|environment(?:al)?|co|corp(?:oration)?|inc|ltd|limited|company|industr(?:y|ies)|software|bank|pharma)\b\.?",
    re.I,
)
_METRIC = (
    r"revenues?|sales|margins?|profits?|earnings|orders?|backlog|capacity|capex|dividends?|costs?|growth|shipments?|results?|guidance"
    r"|outlook|exports?|inventor(?:y|ies)|headcount|r&d|cash|debt|customers?|plans?|stock"
)
_ZH_CUE = (
    r"\s*(?:公司)?\s*的?\s*(?:20\d\d|\d\d年|今年|去年|明年|[一二三四]季度|上半年|下半年|Q[1-4]|H[12])?年?\s*的?\s*"
    r"(?:毛利|营收|收入|净利|利润|产能|订单|资本开支|分红|回购|股价|市值|销量|出货|研发|财报|年报|业绩|存货|员工|现金|多少钱|有多少|是多少)"
)
_SUBJECT_BEFORE = re.compile(
    r"(?:^|[,;:，；：、]\s*|\b(?:did|does|do|has|have|is|are|was|will|can|about|at|of|for|with|and|or|vs\.?|versus|than|compare|by|from|between)\s+)$",
    re.I,
)
_SUBJECT_AFTER = re.compile(
    rf"^(?:'s\b|’s\b|:|：|\s+(?:[a-z]+\s+){{0,3}}(?:{_METRIC})\b|\s+(?:20\d\d|FY\d|[1-4]?[QH]\d)"
    rf"|\s+(?:say|said|plan|expect|ship|sell|have|report|make|build|produce|earn)\b|{_ZH_CUE})",
    re.I,
)
_COMPARES = re.compile(
    r"\b(?:vs\.?|versus|compare[ds]?|compared|comparison|whose|higher|lower|better|than)\b|对比|相比|比较|谁|哪家|哪个",
    re.I,
)
_SUPPLIERS = re.compile(r"\bsuppliers?\b|\bsupply chain\b", re.I)
# Words of a company's name that are none by themselves.
_GENERIC = re.compile(
    r"(?:semiconductors?|photonics|electronics|technolog(?:y|ies)|systems|dynamics|materials|devices|robotics|labs?|networks|motors|energy|optics)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class LatinName:
    """A name in Latin letters: companies of the library, or one that is listed, or neither."""

    start: int
    end: int
    companies: tuple[Company, ...] = ()
    listed: Listed | None = None


class LatinNames:
    """English names and pinyin of a library's companies, beside those of all listed ones."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self._by_code = {company.code: company for company in companies if company.code}
        self._companies = tuple(companies)
        self._own: Mapping[str, tuple[Company, ...]] | None = None
        self._by_initials: Mapping[str, tuple[Company, ...]] | None = None

    def find(self, text: str, *, taken: Sequence[tuple[int, int]] = ()) -> list[LatinName]:
        """The companies that `text` names in Latin letters, in order, outside the places that are taken."""
        tokens = [
            one
            for one in _TOKEN.finditer(text)
            if not any(start < one.end() and one.start() < end for start, end in taken)
        ]
        found: list[LatinName] = []
        at = 0
        while at < len(tokens):
            count, name = self._at(text, tokens[at : at + 4])
            if name is None:
                at += 1
                continue
            found.append(name)
            at += count
            while at < len(tokens) and tokens[at].start() < name.end:
                at += 1
        return found

    def unknown(self, text: str, named: bool, *, taken: Sequence[tuple[int, int]] = ()) -> list[LatinName]:
        """Proper names that resolve to nothing, where the question asks about them.

        `named` says that the question names a company of the library: then another name counts only
        where the two are compared, else it is a customer, a rival or a topic.
        """
        if not _COMPARES.search(text) and (named or _SUPPLIERS.search(text)):
            return []
        found: list[LatinName] = []
        for one in _TOKEN.finditer(text):
            if any(
                start < one.end() and one.start() < end
                for start, end in [*taken, *((f.start, f.end) for f in found)]
            ):
                continue
            if self._is_asked_about(text, one):
                tail = _TAIL.match(text, one.end())
                found.append(
                    LatinName(one.start(), tail.end() if tail and tail.end() < len(text) else one.end())
                )
        return found

    def resolve(self, name: str) -> tuple[Company, ...]:
        """The companies of the library whose English name or pinyin a whole text is."""
        found = self.find(name.strip())
        return found[0].companies if len(found) == 1 and found[0].start == 0 else ()

    def _at(self, text: str, tokens: Sequence[re.Match[str]]) -> tuple[int, LatinName | None]:
        """The longest name that begins with the first of these words, and how many words it has."""
        start = tokens[0].start()
        for count in range(len(tokens), 0, -1):
            end = tokens[count - 1].end()
            words = text[start:end]
            if any(gap.strip(" -.'") for gap in re.findall(r"[^A-Za-z&.-]+", words)):
                continue
            name = self._named(words, start, self._with_tail(text, end))
            if name:
                return count, name
        return 0, None

    def _named(self, words: str, start: int, end: int) -> LatinName | None:
        code = english_codes().get(" ".join(folded(words).split()))
        if code:
            own = self._by_code.get(code)
            return LatinName(start, end, (own,) if own else (), listing().by_code.get(code))
        spelled = re.sub(r"[^a-z]", "", folded(words))
        if initialled := self._of_initials(words):
            return LatinName(start, end, initialled)
        if len(spelled) < 5 or words in word_list("latin_words"):
            return None
        companies = self._spelled.get(spelled, ())
        if companies:
            return LatinName(start, end, companies)
        proper = words[0].isupper() or " " in words
        others = listing().by_pinyin.get(spelled, ()) if len(spelled) >= 8 else ()
        if not others and proper and len(spelled) >= 6:
            others = listing().by_first_syllables.get(spelled, ())
        if len(others) != 1:
            return None
        own = self._by_code.get(others[0].code)
        return LatinName(start, end, (own,) if own else (), others[0])

    @property
    def _spelled(self) -> Mapping[str, tuple[Company, ...]]:
        """The library's companies by pinyin of their names and of the parts of these."""
        if self._own is None:
            found: dict[str, dict[Company, None]] = {}
            for company in self._companies:
                for spelled in _pinyin_of(company):
                    found.setdefault(spelled, {}).setdefault(company)
            self._own = {spelled: tuple(companies) for spelled, companies in found.items()}
        return self._own

    def _of_initials(self, words: str) -> tuple[Company, ...]:
        """The companies whose initials a word is; DML is a laser as well, so three capitals are no company."""
        typed = words.isalpha() and (words.islower() or len(words) > 3)
        return (
            self._initials.get(words.lower(), ()) if typed and words not in word_list("latin_words") else ()
        )

    @property
    def _initials(self) -> Mapping[str, tuple[Company, ...]]:
        """The library's companies by the first letters of their short names' pinyin: ywk, hkws."""
        if self._by_initials is None:
            found: dict[str, list[Company]] = {}
            for company in self._companies:
                syllables = _syllables(company)
                if len(syllables) > 2:
                    found.setdefault("".join(one[0] for one in syllables), []).append(company)
            self._by_initials = {letters: tuple(companies) for letters, companies in found.items()}
        return self._by_initials

    def _is_asked_about(self, text: str, one: re.Match[str]) -> bool:
        word = one.group().strip(".-")
        before, after = text[: one.start()], text[one.end() :]
        known = folded(word) in foreign_names()
        if not known:
            if word in word_list("latin_words") or not word[0].isupper() or len(word) < 4 or word.isupper():
                return False
            if _GENERIC.match(word) or (before and before[-1].isdigit()) or after[:1].isdigit():
                return False
        if re.match(r"^'s\b|^’s\b", after):
            return True
        opens = bool(_SUBJECT_BEFORE.search(before)) or _opens_chinese(before)
        if _COMPARES.search(text) and opens:
            return True
        return opens and (bool(_SUBJECT_AFTER.match(after)) or (known and _asks_it(before)))

    @staticmethod
    def _with_tail(text: str, end: int) -> int:
        tail = _TAIL.match(text, end)
        return tail.end() if tail else end


def foreign_subject(text: str, end: int) -> bool:
    """Whether a Chinese question asks for a figure of the foreign company whose name ends at `end`."""
    return bool(re.match(_ZH_CUE, text[end:]))


def _asks_it(before: str) -> bool:
    return bool(re.search(r"\b(?:did|does|do|has|have|is|are|was|will|can)\s+$", before, re.I))


def _opens_chinese(before: str) -> bool:
    return bool(re.search(r"(?:^|[，,。；;：:、？?！!\s]|请问|请教|和|与|跟|同|比)$", before))


def _pinyin_of(company: Company) -> set[str]:
    """The pinyin of a company's names and of their parts; as the listing has it, else by pypinyin."""
    known = listing().by_code.get(company.code or "")
    if known and folded(known.short_name) == folded(company.short_name or known.short_name):
        syllables = known.pinyin.split()
        characters = "".join(re.findall(r"[\u4e00-\u9fff]", known.short_name))[-len(syllables) :]
        parts = [characters.find(part) for part in parts_of(company)]
        cuts = [(at, at + len(part)) for at, part in zip(parts, parts_of(company), strict=True) if at >= 0]
        return {"".join(syllables[start:end]) for start, end in [(0, len(syllables)), *cuts]}
    return {"".join(spelled) for name in names_of(company) | parts_of(company) if (spelled := _spelled(name))}


def _syllables(company: Company) -> list[str]:
    """The syllables of a company's short name; as the listing has them, else by pypinyin."""
    name = "".join(re.findall(r"[\u4e00-\u9fff]", company.short_name or ""))
    known = listing().by_code.get(company.code or "")
    if known and folded(known.short_name) == folded(company.short_name or ""):
        return known.pinyin.split()
    return _spelled(name)


def _spelled(name: str) -> list[str]:
    """The syllables of a name in Chinese characters; empty for another one."""
    if not re.fullmatch(r"[\u4e00-\u9fff]+", name):
        return []
    known = [readings().get(character, frozenset()) for character in name]
    if all(len(one) == 1 for one in known):
        return [next(iter(one)) for one in known]
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(name))
