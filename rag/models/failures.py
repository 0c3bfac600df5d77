"""Why a model did not write, as one line for a person. A key never gets into it: no provider's words are repeated."""

from __future__ import annotations

import re
from typing import Final, Literal

from ingest.errors import ModelUnavailable

Failure = Literal[
    "model_missing",
    "model_no_key",
    "model_wrong_key",
    "model_busy",
    "model_timeout",
    "model_dropped",
    "model_stopped",
    "model_too_long",
    "model_too_much",
    "model_unknown",
    "model_empty",
    "model_no_answer",
    "model_unproven",
    "model_failed",
]

_BY_STATUS: Final[dict[int, Failure]] = {
    401: "model_wrong_key",
    403: "model_wrong_key",
    402: "model_busy",
    404: "model_unknown",
    408: "model_timeout",
    413: "model_too_long",
    429: "model_busy",
    504: "model_timeout",
}
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long", re.I
)
_NO_KEY = re.compile(r"api_key|api key|credentials", re.I)


class WritingFailed(Exception):
    """The model did not write an answer that can be used; the verbatim answer stands."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        """`failure` is the key of the notice in rag/writing/wording.py; `detail` fills its {detail}."""
        super().__init__(failure)
        self.failure: Failure = failure
        self.detail = detail


def explained(error: Exception, *, streaming: bool) -> WritingFailed:
    """What an exception of any provider means.

    Args:
        error: as it was raised; its text is looked at but not repeated.
        streaming: whether words had already come.
    """
    cause: BaseException | None = error
    while cause is not None:  # a client wraps what was raised inside its stream
        if isinstance(cause, WritingFailed):
            return cause
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, ModelUnavailable):
        return WritingFailed("model_missing", str(error))
    status = getattr(error, "status_code", None)
    words = str(error)
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    if isinstance(error, ImportError):
        return WritingFailed("model_failed", f"{error.name or 'a package'} is not installed")
    if _TOO_LONG.search(words) or "ContextOverflow" in names:
        return WritingFailed("model_too_long")
    if isinstance(status, int) and status in _BY_STATUS:
        return WritingFailed(_BY_STATUS[status])
    if isinstance(error, TimeoutError) or "Timeout" in names:
        return WritingFailed("model_timeout")
    if streaming:
        return WritingFailed("model_dropped")
    if status is None and _NO_KEY.search(words):
        return WritingFailed("model_no_key")
    if isinstance(error, ConnectionError) or "APIConnectionError" in names or "ConnectError" in names:
        return WritingFailed("model_dropped")
    return WritingFailed("model_failed", f"{type(error).__name__}{f' {status}' if status else ''}")
