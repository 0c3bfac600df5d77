"""Why a request is refused: a status and one line, in the shape that OpenAI's clients read.

{"error": {"message": "…", "type": "invalid_request_error", "param": "as_of", "code": "…"}}
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from ingest.errors import (
    CompanyUnknown,
    JupiluError,
    LibraryError,
    ModelUnavailable,
    QuestionTooLong,
    RecordUnknown,
)
from ui.programs import WrongRequest

logger = logging.getLogger(__name__)

# A client of OpenAI's calls again by itself after 408, 409, 429 and 5xx unless it is told not to.
NO_RETRY: Mapping[str, str] = {"x-should-retry": "false"}


class Refused(Exception):
    """A request that is not answered; becomes the response, or the last event of a stream."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.param = status, code, message, param
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """The JSON document."""
        kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(
            self.status, "invalid_request_error" if self.status < 500 else "server_error"
        )
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        """The whole response."""
        return JSONResponse(self.body, self.status, self.headers)


class Gone(Exception):
    """Who asked has hung up: nothing is sent any more."""


def refusal(error: Exception) -> Refused:
    """What goes wrong on the way to an answer, as it is told; what has no name is logged under a number."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, WrongRequest):
        return Refused(400, "invalid_value", str(error), param=error.part)
    if isinstance(error, QuestionTooLong):
        return Refused(400, "question_too_long", str(error), param="question")
    if isinstance(error, RecordUnknown):
        return Refused(404, "record_unknown", str(error), param="record")
    if isinstance(error, CompanyUnknown):
        message = str(error).replace("jupilu companies lists", "GET /v1/companies lists")
        return Refused(404, "company_unknown", message, param="company")
    if isinstance(error, LibraryError | ModelUnavailable):
        logger.error("%s", error)
        return Refused(503, "not_ready", str(error), headers=NO_RETRY)
    if isinstance(error, JupiluError):
        return Refused(400, "invalid_value", str(error))
    incident = secrets.token_hex(4)
    logger.error("a request failed (%s)", incident, exc_info=error)
    return Refused(
        500,
        "internal_error",
        f"an error of Jupilu itself; its log tells more under {incident}",
        headers=NO_RETRY,
    )
