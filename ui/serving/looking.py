"""What is in the library, the views over it, and whether the server lives."""

from __future__ import annotations

from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from ui.commands.showing import companies_as_json, records_as_json
from ui.programs import WrongRequest, has_halves, whole_record
from ui.serving.refusals import Refused
from ui.serving.shapes import Day, DraftRequest
from ui.serving.work import Desk

if TYPE_CHECKING:
    from ingest.library.library import RecordSummary
    from rag.disclosure_qa import DisclosureQA

MOST_RECORDS = 500
"""Records of one page of the list."""
Short = Annotated[str, Query(max_length=200)]
Kind = Literal["pair", "statement", "form"]


def router(desk: Desk) -> APIRouter:
    """The endpoints that show what is there."""
    routes = APIRouter(tags=["look"])

    @routes.get("/health", summary="Whether the server lives; with a key also what it serves")
    async def health(request: Request) -> dict[str, Any]:
        told = {"status": "ok", "version": program_version()}
        return {**told, **await desk.look(request, _standing)} if request.state.known else told

    @routes.get("/v1/companies", summary="The companies of the library")
    async def companies(request: Request) -> list[dict[str, Any]]:
        return await desk.look(request, _companies)

    @routes.get("/v1/records", summary="The records of the library, newest first, a page at a time")
    async def records(
        request: Request,
        company: Short = "",
        first: Annotated[Day, Query(alias="from")] = None,
        last: Annotated[Day, Query(alias="to")] = None,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_RECORDS)] = 100,
    ) -> dict[str, Any]:
        whole(company)

        def work(qa: DisclosureQA) -> dict[str, Any]:
            found = _chosen(qa, company, first, last)
            after = offset + limit
            return {
                "total": len(found),
                "offset": offset,
                "next": after if after < len(found) else None,
                "records": records_as_json(found[offset:after]),
            }

        return await desk.look(request, work)

    @routes.get("/v1/records/{record}", summary="One record: its form, pairs, statements and canonical text")
    async def record(request: Request, record: str) -> dict[str, Any]:
        whole(record)

        def work(qa: DisclosureQA) -> dict[str, Any]:
            found = desk.service.record(record)
            return {**whole_record(found), "text": found.text}

        return await desk.look(request, work)

    return routes


def views(desk: Desk) -> APIRouter:
    """The views as `jupilu track`, `compare`, `find`, `brief` and `draft` print them with --json."""
    routes = APIRouter(prefix="/v1", tags=["views"])
    most = desk.settings.max_question

    @routes.get("/track", summary="What one company said on a topic over time")
    async def track(request: Request, topic: Short, company: Short = "", as_of: Day = None) -> dict[str, Any]:
        whole(filled(topic, "topic") + company)
        return await desk.ask(
            request, lambda qa: qa.track(topic, company=company or None, as_of=as_of).as_json()
        )

    @routes.get("/compare", summary="What several companies said on a topic, side by side")
    async def compare(
        request: Request,
        topic: Short,
        company: Annotated[list[Short], Query(max_length=20)] = [],  # noqa: B006  # FastAPI copies it
        as_of: Day = None,
    ) -> dict[str, Any]:
        whole("".join([filled(topic, "topic"), *company]))
        return await desk.ask(request, lambda qa: qa.compare(topic, companies=company, as_of=as_of).as_json())

    _offer_find(routes, desk)

    @routes.get("/brief", summary="One record, or the latest of a company, in brief")
    async def brief(request: Request, record: Short = "", latest: Short = "") -> dict[str, Any]:
        whole(record + latest)
        if bool(record) == bool(latest):
            raise WrongRequest("name a record, or a company with latest", "record")
        return await desk.ask(request, lambda qa: qa.brief(record or None, latest=latest or None).as_json())

    @routes.post("/draft", summary="A draft reply held against all that a company has said")
    async def draft(request: Request, body: DraftRequest) -> dict[str, Any]:
        whole(body.text + filled(body.company, "company"))
        if len(body.text) > 20 * most:
            raise Refused(400, "too_long", f"a draft has at most {20 * most} characters", param="text")

        def work(qa: DisclosureQA) -> dict[str, Any]:
            code = qa.company(body.company).code
            return qa.draft(body.text, company=code or body.company, as_of=body.as_of).as_json()

        return await desk.ask(request, work)

    return routes


def _offer_find(routes: APIRouter, desk: Desk) -> None:
    """Add the view that lists every place of some words."""

    @routes.get("/find", summary="Every place of some words, counted")
    async def find(
        request: Request,
        words: Short,
        company: Annotated[list[Short], Query(max_length=20)] = [],  # noqa: B006
        institution: Short = "",
        host: Short = "",
        category: Short = "",
        first: Annotated[Day, Query(alias="from")] = None,
        last: Annotated[Day, Query(alias="to")] = None,
        kind: Annotated[list[Kind], Query(max_length=3)] = [],  # noqa: B006
        sort: Literal["date", "company"] = "date",
        any_word: bool = False,
    ) -> dict[str, Any]:
        from rag.views.passages import PARTS
        from rag.views.words import words_of

        whole("".join([words, institution, host, category, *company]))
        try:
            words_of(words)
        except ValueError as error:
            raise WrongRequest(str(error), "words") from error
        return await desk.ask(
            request,
            lambda qa: qa.find(
                words,
                company=company,
                institution=institution,
                host=host,
                category=category,
                published_from=first,
                published_to=last,
                kinds=tuple(part for part in PARTS if not kind or part in kind),
                sort=sort,
                any_word=any_word,
            ).as_json(),
        )


def program_version() -> str:
    """The version that is installed."""
    try:
        return version("jupilu")
    except PackageNotFoundError:
        return "from a checkout"


def filled(text: str, name: str) -> str:
    """The text, which is not empty. Raises WrongRequest."""
    if not text.strip():
        raise WrongRequest(f"{name} is empty", name)
    return text


def whole(text: str) -> None:
    """Raises WrongRequest for half a character."""
    if has_halves(text):
        raise WrongRequest("half a character (a lone surrogate); send whole ones", "text")


def _standing(qa: DisclosureQA) -> dict[str, Any]:
    records = qa.library.records()
    return {
        "library": str(qa.library.path),
        "records": len(records),
        "companies": len(qa.library.companies()),
        "newest": max((one.published_on for one in records if one.published_on), default=None),
        "model": qa.writes,
    }


def _companies(qa: DisclosureQA) -> list[dict[str, Any]]:
    from rag.asking.company_aliases import read_aliases

    library = qa.library
    return companies_as_json(library.companies(), library.records(), read_aliases(library.path))


def _chosen(qa: DisclosureQA, company: str, first: date | None, last: date | None) -> list[RecordSummary]:
    """Records of one company (of all, where none is named) published in time, newest first, undated ones last."""
    found = qa.library.records()
    if company:
        meant = qa.company(company)
        found = [
            one
            for one in found
            if (one.code == meant.code if meant.code else one.short_name == meant.short_name)
        ]
    if first or last:
        found = [
            one
            for one in found
            if one.published_on and (first or date.min) <= one.published_on <= (last or date.max)
        ]
    return sorted(found, key=lambda one: (one.published_on or date.min, one.id), reverse=True)
