"""The names by which a company is called: its own, what investors make of them, former ones, one's own aliases."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Final

from ingest.language.listed import everyday_names, listing, spellings
from ingest.library.damage import explained
from ingest.library.library import Company, RecordSummary
from rag.data_files import lexicon, word_lines, word_list

ALIASES_FILE: Final = "aliases.json"
_LEGAL_TAIL = re.compile(r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司$")
PLACE_HEAD = re.compile(
    r"^(?:北京|上海|天津|重庆|深圳(?:市)?|广州|杭州(?:市)?|苏州(?:市)?|南京(?:市)?|武汉|成都|西安|"
    r"(?:黑龙江|内蒙古|[\u4e00-\u9fff]{2})省|广东|江苏|浙江|山东|四川|湖北|湖南|福建|安徽|河南|河北|江西|辽宁)"
)


def names_of(company: Company) -> set[str]:
    """The whole names of a company, in lower case: short, full, without legal form and place."""
    names: set[str] = set()
    if company.short_name:
        names |= spellings(company.short_name)
    if company.company:
        bare = _LEGAL_TAIL.sub("", company.company)
        names |= {company.company, bare, PLACE_HEAD.sub("", bare)}
    return {name for name in map(folded, names) if len(name) >= 2 and name not in generic_words()}


def parts_of(company: Company) -> set[str]:
    """What is left of a short name when investors shorten it: 高澜, 海康, 威视; no everyday word, no generic one."""
    if not company.short_name:
        return set()
    found: set[str] = set()
    for short in spellings(company.short_name):
        found.add(bare_name(short))
        if re.fullmatch(r"[\u4e00-\u9fff]{4}", short):
            found |= {short[:2], short[2:]}
    unfit = generic_words() | everyday_names()["halves"]
    whole = names_of(company)
    return {
        part
        for part in found - whole
        if len(part) >= 2 and part not in unfit and re.fullmatch(r"[\u4e00-\u9fffa-z0-9]+", part)
    }


def bare_name(short_name: str) -> str:
    """`高澜股份` → `高澜`: the short name without the word that many names share."""
    for word in _suffixes():
        if short_name.endswith(word) and len(short_name) - len(word) >= 2:
            return short_name[: -len(word)]
    return short_name


def folded(text: str) -> str:
    """Lower case, NFKC where that keeps the length: places in what comes out are places in `text`."""
    return "".join(_folded_character(one) for one in text)


def former_names(records: Iterable[RecordSummary]) -> dict[str, set[str]]:
    """Other short names under which records of a code were published, by code."""
    found: dict[str, set[str]] = {}
    for record in records:
        if record.code and record.short_name:
            found.setdefault(record.code, set()).add(record.short_name)
    return found


@cache
def generic_words() -> frozenset[str]:
    """Words that many short names share: alone they name no company."""
    return word_list("name_suffixes")


@cache
def nicknames() -> Mapping[str, str]:
    """Codes by what investors call a company, and by what it was called before."""
    words = chain.from_iterable(word_lines("nicknames.txt"))
    return {folded(name): code for name, code in pairwise(words) if code.isdigit() and not name.isdigit()}


@cache
def foreign_names() -> Mapping[str, str]:
    """Names of companies without records here, in lower case, and the first name of each."""
    lines = word_lines("foreign_companies.txt")
    return {folded(name).replace("-", " "): names[0] for names in lines for name in names}


@cache
def english_codes() -> Mapping[str, str]:
    """Codes by English name, in lower case."""
    names: dict[str, str] = lexicon("english_names.json")
    known = listing().by_name
    return {english: known[folded(name)].code for english, name in names.items() if folded(name) in known}


def read_aliases(library: Path) -> dict[str, str]:
    """The aliases that a user gave to companies of a library: code by alias; none where there is no file."""
    path = library / ALIASES_FILE
    if not path.is_file():
        return {}
    with explained(path, library, decoding=True):
        given = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(given, dict) or not all(isinstance(code, str) for code in given.values()):
            raise ValueError("no aliases")
    return dict(given)


def write_alias(library: Path, code: str, name: str) -> dict[str, str]:
    """Keep one more alias; an empty name takes those of the code away. Gives all that are kept."""
    known = read_aliases(library)
    if name:
        known[name] = code
    else:
        known = {alias: owner for alias, owner in known.items() if owner != code}
    path = library / ALIASES_FILE
    beside = path.with_suffix(".part")
    with explained(path, library):
        beside.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
        beside.replace(path)
    return known


@cache
def _suffixes() -> Sequence[str]:
    return tuple(sorted(generic_words(), key=lambda word: (-len(word), word)))


@cache
def _folded_character(one: str) -> str:
    plain = unicodedata.normalize("NFKC", one).lower()
    return plain if len(plain) == 1 else one
