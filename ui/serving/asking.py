"""/v1/ask, /v1/search, /v1/check: the same JSON as `jupilu ask --json` and `jupilu check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from rag.answers import Answer, Claim, Drafted, Provisional, Step
from rag.asking.edges import LONGEST_QUESTION
from ui.programs import Asking, asking, found_passages
from ui.serving.refusals import Refused
from ui.serving.shapes import AskRequest, CheckRequest, EvidenceGiven, Message, SearchRequest
from ui.serving.work import Desk, server_sent, streaming

if TYPE_CHECKING:
    from rag.asking.history import HistoryItem
    from rag.disclosure_qa import DisclosureQA, Event

T = TypeVar("T")


def router(desk: Desk) -> APIRouter:
    """The endpoints that answer, find and judge."""
    routes = APIRouter(prefix="/v1", tags=["ask"])
    limits = desk.settings

    @routes.post("/ask", summary="Answer a question, every sentence cited")
    async def ask(request: Request, body: AskRequest) -> Response:
        asked = asking_of(desk, body)
        if body.stream:
            return await streaming(
                desk.events(request, asked), _events, lambda failed: server_sent(failed.body, "error")
            )
        return JSONResponse((await desk.answer(request, asked)).as_json())

    @routes.post("/search", summary="Passages that bear on a question, best first, without an answer")
    async def search(request: Request, body: SearchRequest) -> list[dict[str, Any]]:
        day = body.as_of.isoformat() if body.as_of else None
        asked = asking(body.question, body.company, day, limits.max_question)

        def work(qa: DisclosureQA) -> list[dict[str, Any]]:
            if asked.company:
                qa.company(asked.company)
            return found_passages(
                qa.search(asked.question, company=asked.company, as_of=asked.as_of), body.count
            )

        return await desk.ask(request, work)

    @routes.get("/search", summary="The same, by address")
    async def search_by_address(
        request: Request, query: Annotated[SearchRequest, Query()]
    ) -> list[dict[str, Any]]:
        return await search(request, query)

    @routes.post("/check", summary="Judge a claim, or a list of claims, against evidence")
    async def check(
        request: Request, body: Annotated[CheckRequest | list[CheckRequest], Body()]
    ) -> dict[str, Any] | list[dict[str, Any]]:
        claims = body if isinstance(body, list) else [body]
        if len(claims) > limits.max_claims:
            raise Refused(400, "too_many", f"a list has at most {limits.max_claims} claims: send it in parts")
        if any(len(one.claim) > limits.max_question for one in claims):
            raise Refused(
                400, "too_long", f"a claim has at most {limits.max_question} characters", param="claim"
            )
        results = await desk.ask(request, lambda _: list(map(_judged, claims)))
        return results if isinstance(body, list) else results[0]

    return routes


def asking_of(desk: Desk, body: AskRequest) -> Asking:
    """What is asked, within the limits of the settings."""
    most = desk.settings.max_question
    asked = asking(body.question, body.company, body.as_of.isoformat() if body.as_of else None, most)
    history = tuple(map(_turn, latest(body.history, desk.settings.max_history)))
    return Asking(asked.question, asked.company, asked.as_of, body.published_from, history)


def latest(items: list[T], most: int) -> list[T]:
    """The last `most` of some items."""
    return items[len(items) - min(most, len(items)) :]


def _turn(given: str | tuple[str, str] | Message) -> HistoryItem:
    """An earlier turn; of a text beyond all measure, its beginning."""
    if isinstance(given, Message):
        return {"role": given.role, "content": given.words()[:LONGEST_QUESTION]}
    if isinstance(given, str):
        return given[:LONGEST_QUESTION]
    question, answer = given
    return question[:LONGEST_QUESTION], answer[:LONGEST_QUESTION]


def _events(event: Event) -> Iterator[str]:
    """An event of the way to an answer, as /v1/ask tells it."""
    if isinstance(event, Step):
        yield server_sent(event, "step")
    elif isinstance(event, Claim):
        yield server_sent(event, "claim")
    elif isinstance(event, Provisional):
        yield server_sent(event.answer.as_json(), "provisional")
    elif isinstance(event, Drafted):
        yield server_sent(event, "verdict")
    elif isinstance(event, Answer):
        yield server_sent(event.as_json(), "answer")


def _judged(one: CheckRequest) -> dict[str, Any]:
    from rag.grounding import EvidenceText
    from rag.grounding import check as judge

    given = one.evidence if isinstance(one.evidence, list) else [one.evidence]
    evidence = [
        EvidenceText(each.text, each.question) if isinstance(each, EvidenceGiven) else each for each in given
    ]
    result = judge(one.claim, evidence).as_json()
    return result if one.id is None else {**result, "id": one.id}
