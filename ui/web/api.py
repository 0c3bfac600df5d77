"""The page's tools for programs: `gradio_client` calls them by name, MCP clients see them as tools.

They give the same JSON as `jupilu ask --json`, `jupilu show --json` and so on.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import gradio
from gradio.events import api

from ingest.errors import JupiluError

if TYPE_CHECKING:
    from ui.web.service import Service
    from ui.web.settings import WebSettings

MOST_RESULTS = 20


def offer(service: Service, web: WebSettings) -> None:
    """Add the tools ask, search, show and companies to the Blocks that are being built."""

    def checked(question: str, company: str, as_of: str) -> tuple[str, str | None, date | None]:
        """What is asked, as `DisclosureQA` takes it. Raises gradio.Error, in words for who calls."""
        if len(question) > web.max_question:
            raise _wrong(f"the question is longer than {web.max_question} characters; shorten it")
        if any("\ud800" <= character <= "\udfff" for character in f"{question}{company}"):
            raise _wrong(
                "half a character (a lone surrogate) in the question or the company; send whole ones"
            )
        try:
            day = date.fromisoformat(as_of.strip()) if as_of.strip() else None
        except ValueError as error:
            raise _wrong(f"as_of is no date: {as_of[:40]!r}; write it YYYY-MM-DD") from error
        return question, company.strip() or None, day

    def ask(question: str, company: str = "", as_of: str = "") -> dict[str, Any]:
        """Answer a question about what a listed company has officially said, every sentence quoted from its investor-relations records (投资者关系活动记录表) with citations and verdicts.

        The outcome is answered, not_found, evaded (the company was asked and did not say),
        company_unknown or out_of_scope; a `company` that is not in the library is an error. Quote `text` and `claims` as they are; they are proven, and
        anything beyond them is not.

        Args:
            question: The question, in Chinese or English, about one or more companies.
            company: Stock code, short name or alias of the company; leave empty to take it from the question.
            as_of: Use only records published on or before this day, written YYYY-MM-DD; leave empty for all.
        """
        asked, chosen, day = checked(question, company, as_of)
        try:
            answer = service.answering().ask(asked, company=chosen, as_of=day)
            unknown = chosen is not None and answer.outcome == "company_unknown"
            if unknown and not service.qa().understood(asked, company=chosen, as_of=day).passed_over:
                raise _wrong(f"no company of the library is meant by {company[:80]!r}: {answer.text}")
        except (JupiluError, ValueError) as error:
            raise _wrong(str(error)) from error
        return answer.as_json()

    def search(question: str, company: str = "", as_of: str = "", count: int = 8) -> list[dict[str, Any]]:
        """Find the passages of investor-relations records that bear on a question, best first, without answering it.

        Args:
            question: What to look for, in Chinese or English.
            company: Stock code, short name or alias; leave empty for all companies.
            as_of: Only records published on or before this day, written YYYY-MM-DD; leave empty for all.
            count: How many passages at most, 1 to 20.
        """
        asked, chosen, day = checked(question, company, as_of)
        try:
            groups = service.qa().search(asked, company=chosen, as_of=day)
        except (JupiluError, ValueError) as error:
            raise _wrong(str(error)) from error
        most = min(max(int(count), 1), MOST_RESULTS)
        found = [evidence for group in groups for evidence in group][:most]
        return [_passage(evidence) for evidence in found]

    def show(record: str) -> dict[str, Any]:
        """Show one whole record: its form fields, and every question with the company's answer.

        Args:
            record: A record's id (as in a citation's record_id), the beginning of one, or its source file's name.
        """
        from ingest.library.export import record_as_json

        try:
            found = service.record(record)
        except JupiluError as error:
            raise _wrong(str(error)) from error
        return {"id": found.id, "source_file": found.source_file, **record_as_json([found])}

    limits: dict[str, Any] = {"concurrency_id": "questions", "concurrency_limit": web.questions_at_once}
    api(ask, api_name="ask", **limits)
    api(search, api_name="search", **limits)
    api(show, api_name="show", concurrency_id="looking", concurrency_limit=8)


def _wrong(text: str) -> gradio.Error:
    return gradio.Error(text, print_exception=False)


def _passage(evidence: Any) -> dict[str, Any]:
    passage = evidence.passage
    return {
        "record_id": passage.record_id,
        "code": passage.code,
        "short_name": passage.short_name,
        "published_on": passage.published_on.isoformat() if passage.published_on else None,
        "pair": passage.number,
        "question": passage.question,
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "score": round(evidence.score, 4),
        "repeats": [repeat.record_id for repeat in evidence.repeats],
    }
