"""What an answer says about how the question was read: companies that are not here or found nothing, relative periods."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.library.library import Company, RecordSummary
from rag.answers import Claim
from rag.asking.companies import CompanyNames, company_label, company_name
from rag.asking.kinds import kind_of
from rag.asking.question import Question
from rag.writing.wording import say


def names_of_all(companies: Sequence[Company], separator: str = "、") -> str:
    """The companies' names in a row."""
    return separator.join(map(company_name, companies))


def labels_of_all(companies: Sequence[Company]) -> str:
    """The companies' names and codes in a row."""
    return "、".join(map(company_label, companies))


def which_company(asked: Question, names: CompanyNames) -> str | None:
    """Why a question is about no company that is here, in words; None where it is about one, or about all."""
    if asked.companies:
        return None
    language = asked.language
    if asked.ambiguous:
        return _unclear(asked)
    if not asked.unknown:
        return None
    name = "、".join(asked.unknown)
    if not names.companies:
        return say(language, "library_empty", name=name)
    key = "company_listed" if asked.unknown_listed else "company_unknown"
    nearest = list(dict.fromkeys(near for one in asked.unknown for near in names.nearest(one.split("（")[0])))
    hint = (
        say(language, "company_nearest", nearest=labels_of_all(nearest))
        if nearest
        else say(language, "company_none_near", count=len(names.companies))
    )
    passed = say(language, "passed_over", company=name, chosen=asked.passed_over) if asked.passed_over else ""
    return _spaced(language, say(language, key, name=name), hint, passed)


def notes(asked: Question, claims: Sequence[Claim], records: Sequence[RecordSummary]) -> list[str]:
    """A line for each company that is named and not quoted, for one passed over, for periods such as 去年, for a list or a count.

    Args:
        asked: the question, understood.
        claims: the answer's; none where nothing was found.
        records: those that were searched.
    """
    kind = kind_of(asked)
    found = reading_notes(asked, claims, records)
    if kind in ("list", "count"):
        found.append(say(asked.language, f"read_as_{kind}"))
    return found


def reading_notes(asked: Question, claims: Sequence[Claim], records: Sequence[RecordSummary]) -> list[str]:
    """The same without the line for a list or a count: for answers that are the whole list."""
    language = asked.language
    found: list[str] = []
    told = {citation.code for claim in claims for citation in claim.citations}
    for company in asked.companies if len(asked.companies) > 1 else ():
        if claims and company.code not in told:
            found.append(_nothing_of(asked, company, records))
    for name in asked.unknown:
        key = "other_listed" if asked.unknown_listed else "other_unknown"
        found.append(say(language, key, name=name, company=names_of_all(asked.companies)))
    if asked.ambiguous and asked.companies:
        found.append(_unclear(asked))
    if asked.passed_over and asked.companies:
        found.append(
            say(language, "passed_over", company=names_of_all(asked.companies), chosen=asked.passed_over)
        )
    for period in asked.periods:
        if period.assumed or not re.search(r"\d{2}", period.text):
            found.append(say(language, "read_as", words=period.text, first=period.first, last=period.last))
    return found


def _unclear(asked: Question) -> str:
    return say(
        asked.language,
        "company_ambiguous",
        name=names_of_all(asked.ambiguous, "/"),
        nearest=labels_of_all(asked.ambiguous),
    )


def _nothing_of(asked: Question, company: Company, records: Sequence[RecordSummary]) -> str:
    own = [record for record in records if record.code == company.code]
    days = [record.published_on for record in own if record.published_on]
    unknown = say(asked.language, "unknown_date")
    return say(
        asked.language,
        "nothing_of",
        company=company_name(company),
        records=len(own),
        first=min(days, default=unknown),
        last=max(days, default=unknown),
    )


def _spaced(language: str, *sentences: str) -> str:
    return ("" if language == "zh" else " ").join(filter(None, sentences))
