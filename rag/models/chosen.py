"""Which language model writes: any LangChain chat model, the local one, or none (the company's words verbatim)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ingest.errors import ModelUnavailable
from ingest.settings import Settings
from rag.models.calls import bounded_client
from rag.models.local_model import LocalServer, missing
from rag.models.weights import QWEN

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NONE, LOCAL, AUTO = "none", "local", "auto"
LOCAL_EVIDENCE_TOKENS, REMOTE_EVIDENCE_TOKENS = 400, 2400


class ChatSource(Protocol):
    """A language model that can be reached when it is needed.

    `name` is what an answer's `model` and its receipt say; `evidence_tokens` is the tiktoken budget
    of the evidence that it is shown, `deadline` the seconds that one answer may take.
    """

    @property
    def name(self) -> str: ...

    @property
    def evidence_tokens(self) -> int: ...

    @property
    def deadline(self) -> float: ...

    def connect(self) -> BaseChatModel:
        """The chat model; whatever it raises means that it can't write now."""
        ...

    def close(self) -> None:
        """Give back what `connect` took."""
        ...


class _Patient:
    """How long the settings let a model take."""

    __slots__ = ()
    settings: Settings

    @property
    def deadline(self) -> float:
        return self.settings.model_deadline

    @property
    def silence(self) -> float:
        """Seconds without words after which it is given up."""
        return self.settings.model_timeout


@dataclass(frozen=True, slots=True)
class Provider(_Patient):
    """A chat model by `provider:model`, through LangChain's `init_chat_model`."""

    name: str
    settings: Settings

    @property
    def evidence_tokens(self) -> int:
        return self.settings.model_evidence_tokens or REMOTE_EVIDENCE_TOKENS

    def connect(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        given: dict[str, Any] = {"temperature": 0, "max_tokens": self.settings.model_answer_tokens}
        given |= {"timeout": self.settings.model_timeout, "max_retries": self.settings.model_retries}
        if self.name.startswith("openai:"):
            given["http_client"] = bounded_client(self.settings.model_deadline)
        if self.settings.model_base_url:
            given["base_url"] = self.settings.model_base_url
        if self.settings.model_api_key:
            given["api_key"] = self.settings.model_api_key.get_secret_value()
        model: BaseChatModel = init_chat_model(self.name, **given)
        return model

    def close(self) -> None:
        """Nothing to give back."""


class Local(_Patient):
    """The local model, spoken to as any OpenAI-compatible server is."""

    def __init__(self, settings: Settings) -> None:
        """Starts nothing yet."""
        self.settings = settings
        self.server = LocalServer(settings)

    @property
    def name(self) -> str:
        return f"local:{QWEN.name}"

    @property
    def evidence_tokens(self) -> int:
        return self.settings.model_evidence_tokens or LOCAL_EVIDENCE_TOKENS

    def connect(self) -> BaseChatModel:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=QWEN.name,
            base_url=self.server.url(),
            api_key=SecretStr(self.server.key),
            temperature=0,
            max_completion_tokens=self.settings.model_answer_tokens,
            timeout=self.settings.model_timeout,
            max_retries=self.settings.model_retries,
            extra_body={"cache_prompt": True, "repeat_penalty": 1.05},
        )

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory, so that writing begins at once."""
        return self.server.is_running

    def close(self) -> None:
        self.server.close()


def named(model: str) -> str:
    """A model's name as it may be asked for: none, local, auto or provider:model.

    Raises:
        ValueError: it is none of these.
    """
    wanted = model.strip()
    provider, _, name = wanted.partition(":")
    if wanted not in ("", NONE, LOCAL, AUTO) and not (provider and name):
        raise ValueError(
            f"{wanted!r} is no model: none, local, auto or provider:model, such as openai:gpt-4o-mini"
        )
    return wanted


def open_model(settings: Settings) -> ChatSource | None:
    """The model that the settings ask for; None for verbatim answers. Reaches nothing and imports nothing yet.

    `auto` is the local model where it has been pulled, else none.

    Raises:
        ModelUnavailable: the setting is no model's name.
    """
    try:
        wanted = named(settings.model) or AUTO
    except ValueError as error:
        raise ModelUnavailable(f"JUPILU_MODEL: {error}") from None
    if wanted == AUTO:
        wanted = NONE if missing(settings) else LOCAL
    if wanted == NONE:
        return None
    return Local(settings) if wanted == LOCAL else Provider(wanted, settings)
