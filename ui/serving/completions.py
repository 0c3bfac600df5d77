"""OpenAI's chat completions, so that any client or front end of theirs can use Jupilu as a model.

The model's name may choose: `jupilu`, `jupilu@309001`, `jupilu@岚川智冷@2025-06-30`, `jupilu@2025-06-30`.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from ingest.errors import CompanyUnknown
from rag.answers import Answer, Step
from rag.asking.edges import LONGEST_QUESTION
from ui.programs import Asking, WrongRequest, asking
from ui.serving.asking import latest
from ui.serving.markdown import as_markdown, as_words
from ui.serving.refusals import Refused
from ui.serving.shapes import ChatRequest
from ui.serving.work import Desk, server_sent, streaming

if TYPE_CHECKING:
    from ingest.library.library import Company
    from rag.disclosure_qa import DisclosureQA, Event

MODEL = "jupilu"
MOST_LISTED = 100
"""Companies up to which each is listed as a model of its own; a longer list helps nobody to choose."""
_PIECES = re.compile(r".*?(?:[。！？；]”?|\n+|\Z)", re.S)


def router(desk: Desk) -> APIRouter:
    """The endpoints that OpenAI's clients call."""
    routes = APIRouter(prefix="/v1", tags=["openai"])
    created = int(time.time())

    @routes.get("/models", summary="jupilu, and jupilu@CODE for each company")
    async def models(request: Request) -> dict[str, Any]:
        def work(qa: DisclosureQA) -> list[Company]:
            return qa.library.companies()

        companies = await desk.look(request, work)
        names = [one.code or one.short_name for one in companies if one.code or one.short_name]
        ids = [MODEL, *(f"{MODEL}@{name}" for name in names if len(names) <= MOST_LISTED)]
        return {"object": "list", "data": [_model(one, created) for one in ids]}

    @routes.get("/models/{model:path}", summary="One of them")
    async def model(request: Request, model: str) -> dict[str, Any]:
        company, _ = read_model(model)
        if company:
            await desk.look(request, lambda qa: _known(qa, model, company))
        return _model(model, created)

    @routes.post("/chat/completions", summary="An answer as a chat message, its citations as footnotes")
    async def chat(request: Request, body: ChatRequest) -> Response:
        _supported(body)
        asked = asked_by(body, desk.settings.max_question, desk.settings.max_history)
        named, _ = read_model(body.model)
        if named:
            await desk.look(request, lambda qa: _known(qa, body.model, named))
        identity = f"chatcmpl-{secrets.token_hex(12)}"
        if body.stream:
            usage = bool((body.stream_options or {}).get("include_usage"))
            chunks = _Chunks(identity, body, asked, usage=usage)
            return await streaming(
                desk.events(request, asked), chunks.of, lambda failed: server_sent(failed.body)
            )
        answer = (await desk.answer(request, asked)).as_json()
        text = as_markdown(answer)
        message = {"role": "assistant", "content": text, "refusal": None, "jupilu": answer}
        return JSONResponse(
            {
                "id": identity,
                "object": "chat.completion",
                "created": int(time.time()),
                "model": body.model,
                "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
                "usage": _usage(asked, text),
            }
        )

    return routes


def asked_by(body: ChatRequest, most: int, most_history: int) -> Asking:
    """The question and what came before it, from the messages; company and day from where they are given.

    A field of the request goes before its `metadata`, and that before the model's name. Messages of the system are
    not read: what may be said is decided by the records.

    Raises:
        WrongRequest, Refused: there is no question, or it can't be worked with.
    """
    last = body.messages[-1]
    if last.role != "user":
        raise WrongRequest("the last message must be the user's question", "messages")
    if last.has_more_than_text():
        raise Refused(
            400, "unsupported_content", "pictures, sounds and files are not read: send text", param="messages"
        )
    named, day = read_model(body.model)
    metadata = body.metadata or {}
    company = body.company or _text_of(metadata, "company") or named
    as_of = body.as_of or _text_of(metadata, "as_of") or day
    asked = asking(last.words(), company, str(as_of) if as_of else None, most)
    earlier = tuple(
        (one.role, one.words()[:LONGEST_QUESTION])
        for one in latest(body.messages[:-1], most_history)
        if one.role in ("user", "assistant")
    )
    history = tuple(
        {"role": role, "content": as_words(words) if role == "assistant" else words}
        for role, words in earlier
    )
    return Asking(asked.question, asked.company, asked.as_of, None, history)


def read_model(name: str) -> tuple[str | None, date | None]:
    """The company and the day in a model's name. Raises Refused (404) for a model that is none of ours."""
    own, *choices = name.split("@")
    company: str | None = None
    day: date | None = None
    for choice in filter(None, map(str.strip, choices)):
        with suppress(ValueError):
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", choice):
                day = date.fromisoformat(choice)
                continue
        if company is not None:
            raise _no_model(name)
        company = choice
    if own != MODEL:
        raise _no_model(name)
    return company, day


def _no_model(name: str, why: str = "") -> Refused:
    message = (
        f"there is no model {name[:80]!r}: {why or 'jupilu, jupilu@COMPANY or jupilu@COMPANY@YYYY-MM-DD'}"
    )
    return Refused(404, "model_not_found", message, param="model")


def _known(qa: DisclosureQA, model: str, company: str) -> bool:
    try:
        qa.company(company)
    except (CompanyUnknown, ValueError) as error:
        raise _no_model(model, str(error)) from error
    return True


def _text_of(metadata: dict[str, Any], name: str) -> str:
    value = metadata.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > 200):
        raise WrongRequest(f"metadata.{name} is no short text", "metadata")
    return value or ""


def _supported(body: ChatRequest) -> None:
    """Raises Refused for what would have to change an answer and can't."""
    kind = (body.response_format or {}).get("type", "text")
    refused = {
        "tools": bool(body.tools) and "Jupilu calls no tools",
        "functions": bool(body.functions) and "Jupilu calls no functions",
        "n": body.n not in (None, 1) and "there is one answer: the same question gives the same",
        "response_format": kind != "text" and "answers are text; the message's field `jupilu` is JSON",
        "logprobs": bool(body.logprobs) and "quotes have no probabilities",
        "audio": body.audio is not None and "answers are text",
        "modalities": any(one != "text" for one in body.modalities or ()) and "answers are text",
    }
    for param, why in refused.items():
        if why:
            raise Refused(400, "unsupported_parameter", f"{param} is not supported: {why}", param=param)


def _model(name: str, created: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": "jupilu"}


def _usage(asked: Asking, text: str) -> dict[str, int]:
    """Tokens of the question and of the answer as tiktoken counts them, for front ends that show them."""
    from ingest.reading.passages import token_count

    prompt, written = token_count(asked.question), token_count(text)
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


class _Chunks:
    """The chunks of a streamed completion.

    Nothing is sent before it is judged, and what is sent can't be taken back: so the answer comes once it is
    whole, in pieces; until then a comment tells how far it is.
    """

    def __init__(self, identity: str, body: ChatRequest, asked: Asking, *, usage: bool) -> None:
        self._head = {
            "id": identity,
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": body.model,
        }
        self._asked, self._with_usage, self._is_begun = asked, usage, False

    def of(self, event: Event) -> Iterator[str]:
        """What is sent for an event."""
        if not self._is_begun:
            self._is_begun = True
            yield self._chunk({"role": "assistant", "content": ""})
        if isinstance(event, Step):
            yield f": {event.name}\n\n"
        if not isinstance(event, Answer):
            return
        answer = event.as_json()
        text = as_markdown(answer)
        for piece in filter(None, _PIECES.findall(text)):
            yield self._chunk({"content": piece})
        yield self._chunk({"jupilu": answer}, "stop")
        if self._with_usage:
            yield server_sent({**self._head, "choices": [], "usage": _usage(self._asked, text)})
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return server_sent({**self._head, "choices": [choice]})
