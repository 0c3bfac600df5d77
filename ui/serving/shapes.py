"""What the endpoints take, as JSON. Every text has a bound; half characters are refused by the reading itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ui.programs import WrongRequest, day_of

LONGEST_TEXT = 200_000
"""Characters of any one text; the whole request is bounded in bytes as well."""


def _written_day(value: object) -> object:
    """Only YYYY-MM-DD is a day: no numbers, no times."""
    if value is not None and not isinstance(value, str):
        raise ValueError("write the day YYYY-MM-DD")
    try:
        return day_of(value, "the day")
    except WrongRequest as error:
        raise ValueError(str(error)) from None


Day = Annotated[date | None, BeforeValidator(_written_day)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Name = Annotated[str, Field(max_length=200)]


class Part(BaseModel):
    """A piece of a message's content; only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: Name = "text"
    text: Text = ""


class Message(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    def words(self) -> str:
        """The text of the message."""
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content)
        return self.content or ""

    def has_more_than_text(self) -> bool:
        """Whether there are pictures, sounds or files in it."""
        return isinstance(self.content, list) and any(
            part.type not in ("text", "input_text") for part in self.content
        )


class Strict(BaseModel):
    """A request of our own: a field that does not exist is a slip of the pen, and told."""

    model_config = ConfigDict(extra="forbid")


class AskRequest(Strict):
    """A question, as `jupilu ask` takes it."""

    question: Text = Field(description="in Chinese or English")
    company: Name | None = Field(default=None, description="code, short name, full name or alias")
    as_of: Day = Field(default=None, description="only records published on or before this day, YYYY-MM-DD")
    published_from: Day = Field(default=None, description="only records published on or after this day")
    history: list[Text | tuple[Text, Text] | Message] = Field(
        default=[], max_length=10_000, description="earlier turns, oldest first: questions, pairs or messages"
    )
    stream: bool = Field(default=False, description="server-sent events instead of one document")


class SearchRequest(Strict):
    """What to look for."""

    question: Text
    company: Name | None = None
    as_of: Day = None
    count: int = Field(default=8, ge=1, le=20, description="passages at most")


class EvidenceGiven(Strict):
    """A text that a claim may stand on, and the question that it answers."""

    text: Text
    question: Text = ""


class CheckRequest(Strict):
    """A claim and what it may stand on: a text, or several."""

    claim: Text
    evidence: Text | EvidenceGiven | list[Text | EvidenceGiven]
    id: Name | int | None = Field(default=None, description="given back beside the verdict")


class DraftRequest(Strict):
    """An IR reply to be held against all that a company has said."""

    text: Text
    company: Name
    as_of: Day = None


class ChatRequest(BaseModel):
    """OpenAI's chat completion request; what is not named here is accepted and ignored."""

    model_config = ConfigDict(extra="ignore")

    model: Text
    messages: list[Message] = Field(min_length=1, max_length=10_000)
    stream: bool | None = False
    stream_options: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = Field(
        default=None, description="`company` and `as_of` choose as in /v1/ask; the rest is ignored"
    )
    company: Name | None = Field(default=None, description="as in /v1/ask; in no request of OpenAI's own")
    as_of: Day = Field(default=None, description="as in /v1/ask; in no request of OpenAI's own")
    n: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    response_format: dict[str, Any] | None = None
    logprobs: bool | None = None
    audio: Any = None
    modalities: list[Any] | None = None
