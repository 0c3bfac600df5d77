"""What all endpoints share: the service, the settings, the rooms, and one way to run work for a request."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse

from rag.answers import Answer
from ui.programs import Asking, company_refused
from ui.serving.refusals import Gone, Refused, refusal
from ui.serving.room import Room
from ui.serving.settings import ServeSettings
from ui.web.service import Choices, Service

if TYPE_CHECKING:
    from rag.disclosure_qa import DisclosureQA, Event

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where requests are worked on; made once the server's event loop runs."""

    service: Service
    settings: ServeSettings
    questions: Room
    looking: Room

    @classmethod
    def of(cls, service: Service, settings: ServeSettings) -> Desk:
        """A desk with its two rooms: questions, and what only looks something up."""
        room = Room(settings.at_once, settings.queue_size, settings.deadline)
        return cls(
            service, settings, room, Room(2 * settings.at_once, settings.queue_size, settings.deadline)
        )

    async def ask(self, request: Request, work: Callable[[DisclosureQA], T]) -> T:
        """What a piece of work gives that may take a while."""
        return await self._once(self.questions, request, work)

    async def look(self, request: Request, work: Callable[[DisclosureQA], T]) -> T:
        """What a piece of work gives that looks something up."""
        return await self._once(self.looking, request, work)

    async def _once(self, room: Room, request: Request, work: Callable[[DisclosureQA], T]) -> T:
        try:
            return await room.once(request.is_disconnected, lambda: work(self.service.qa()))
        except (Gone, Refused):
            raise
        except Exception as error:
            raise refusal(error) from error

    def events(self, request: Request, asked: Asking) -> AsyncGenerator[Event | None]:
        """What happens on the way to an answer, the answer last; None is a sign of life.

        Raises:
            Refused: 404 where the company that was chosen is none of the library's; 429, 504.
        """

        def work(stopped: Callable[[], bool]) -> Iterator[Event]:
            choices = Choices(asked.company, asked.as_of, asked.published_from)
            for event in self.service.stream(asked.question, choices, asked.history, stopped):
                if isinstance(event, Answer):
                    refused = company_refused(self.service.qa(), asked, event)
                    if refused:
                        raise Refused(404, "company_unknown", refused, param="company")
                yield event

        return self.questions.each(request.is_disconnected, work)

    async def answer(self, request: Request, asked: Asking) -> Answer:
        """The answer to one question."""
        try:
            async with aclosing(self.events(request, asked)) as events:
                found = [event async for event in events if isinstance(event, Answer)]
        except (Gone, Refused):
            raise
        except Exception as error:
            raise refusal(error) from error
        return found[-1]


async def streaming(
    events: AsyncGenerator[Event | None],
    lines: Callable[[Event], Iterator[str]],
    failed: Callable[[Refused], str],
) -> StreamingResponse:
    """Events as server-sent ones; what fails before the first two have come has its own status.

    By the second event a question has been read: that it is refused, or whose company is unknown, is told by then.

    Args:
        events: None among them is a sign of life.
        lines: the text to send for an event.
        failed: the text to send for a failure once the status has gone out.

    Raises:
        Exception: what failed before anything was sent.
    """
    first: list[Event | None] = []
    try:
        async for event in events:
            first.append(event)
            if sum(one is not None for one in first) == 2:
                break
    except BaseException as error:
        await events.aclose()
        if isinstance(error, Exception) and not isinstance(error, Gone | Refused):
            raise refusal(error) from error
        raise

    async def sent() -> AsyncIterator[str]:
        try:
            async with aclosing(events):
                for event in first:
                    for line in lines(event) if event is not None else ():
                        yield line
                async for event in events:
                    if event is None:
                        yield ": still at work\n\n"
                        continue
                    for line in lines(event):
                        yield line
        except Gone:
            return
        except Exception as error:  # noqa: BLE001  # told in the stream, which ends whole
            yield failed(refusal(error))

    headers = {"X-Accel-Buffering": "no"}  # a proxy hands the events on as they come
    return StreamingResponse(sent(), media_type="text/event-stream", headers=headers)


def server_sent(document: Any, name: str = "") -> str:
    """One server-sent event; JSON has no line breaks, so it is one line of data."""
    return f"{f'event: {name}' + chr(10) if name else ''}data: {as_text(document)}\n\n"


def as_text(document: Any) -> str:
    """JSON in one line; days as text."""
    return json.dumps(document, ensure_ascii=False, default=_plain, allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"not JSON: {type(value).__name__}")
