"""The address that tells how the models stand; the page's script asks it while something is loading or written."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ui.web.panels.model import state_of, unable
from ui.web.routes import language_asked, let_in
from ui.web.service import Service


def model_routes(service: Service) -> list[Route]:
    """The address."""

    async def models(request: Request) -> Response:
        let_in(request)
        language = language_asked(request)
        offered = await run_in_threadpool(service.models.offered)
        told = {
            one.id: {"state": one.state, "able": one.is_able, "told": state_of(language, one)}
            for one in offered
        }
        return JSONResponse(
            {"models": told, "unable": unable(language, offered)}, headers={"Cache-Control": "no-store"}
        )

    return [Route("/jupilu/models", models)]
