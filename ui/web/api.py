"""The page's tools for programs: `gradio_client` calls them by name, MCP clients see them as tools.

They give the same JSON as `jupilu ask --json`, `jupilu show --json` and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio
from gradio.events import api

from ingest.errors import JupiluError
from ui.programs import Asking, WrongRequest, asking, company_refused, found_passages, whole_record

if TYPE_CHECKING:
    from ui.web.service import Service
    from ui.web.settings import WebSettings


def offer(service: Service, web: WebSettings) -> None:
    """Add the tools ask, search, show and companies to the Blocks that are being built."""

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
        asked = _checked(question, company, as_of, web.max_question)
        try:
            answer = service.answering().ask(asked.question, company=asked.company, as_of=asked.as_of)
            refused = company_refused(service.qa(), asked, answer)
        except (JupiluError, ValueError) as error:
            raise _wrong(str(error)) from error
        if refused:
            raise _wrong(refused)
        return answer.as_json()

    def search(question: str, company: str = "", as_of: str = "", count: int = 8) -> list[dict[str, Any]]:
        """Find the passages of investor-relations records that bear on a question, best first, without answering it.

        Args:
            question: What to look for, in Chinese or English.
            company: Stock code, short name or alias; leave empty for all companies.
            as_of: Only records published on or before this day, written YYYY-MM-DD; leave empty for all.
            count: How many passages at most, 1 to 20.
        """
        asked = _checked(question, company, as_of, web.max_question)
        try:
            groups = service.qa().search(asked.question, company=asked.company, as_of=asked.as_of)
        except (JupiluError, ValueError) as error:
            raise _wrong(str(error)) from error
        return found_passages(groups, int(count))

    def show(record: str) -> dict[str, Any]:
        """Show one whole record: its form fields, and every question with the company's answer.

        Args:
            record: A record's id (as in a citation's record_id), the beginning of one, or its source file's name.
        """
        try:
            return whole_record(service.record(record))
        except JupiluError as error:
            raise _wrong(str(error)) from error

    limits: dict[str, Any] = {"concurrency_id": "questions", "concurrency_limit": web.questions_at_once}
    api(ask, api_name="ask", **limits)
    api(search, api_name="search", **limits)
    api(show, api_name="show", concurrency_id="looking", concurrency_limit=8)


def _checked(question: str, company: str, as_of: str, longest: int) -> Asking:
    """What is asked, within the limits. Raises gradio.Error, in words for who calls."""
    try:
        return asking(question, company, as_of, longest)
    except WrongRequest as error:
        raise _wrong(str(error)) from error


def _wrong(text: str) -> gradio.Error:
    return gradio.Error(text, print_exception=False)
