"""One frozen settings object, passed explicitly; read from `JUPILU_*` environment variables."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingest.settings_told import ToldSettings, web_address


def user_data_dir() -> Path:
    """Where this user's data lives, by the platform's convention (XDG on Linux)."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "jupilu"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "jupilu"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "jupilu"


class Settings(ToldSettings):
    """Everything that can be set, with its default; `JUPILU_X` in the environment sets `x`."""

    model_config = SettingsConfigDict(env_prefix="JUPILU_", frozen=True, extra="ignore", allow_inf_nan=False)

    @field_validator("chroma_url", "model_base_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and web_address(value).port == 0:
            raise ValueError("no port")
        return value

    @field_validator("library", "models_dir")
    @classmethod
    def _is_a_path(cls, value: Path) -> Path:
        if "\0" in str(value) or not str(value).strip():
            raise ValueError("no path")
        return value

    @property
    def asks_chroma(self) -> bool:
        """Whether Chroma proposes what is near in meaning."""
        return self.vector_search == "chroma" or self.chroma_url is not None

    library: Path = Field(
        default_factory=lambda: user_data_dir() / "library", description="the library's folder"
    )
    chroma_url: str | None = Field(
        default=None, description="a Chroma server, http(s)://host:port, that proposes candidates"
    )
    chroma_token: SecretStr | None = Field(default=None, description="bearer token for that server")
    vector_search: Literal["exact", "chroma"] = Field(
        default="exact",
        description="exact: every vector is compared; chroma: Chroma proposes (as it does with a chroma_url)",
    )
    embedding_model: str = Field(
        default="multilingual-e5-small", description="the bundled model, or any sentence-transformers model"
    )
    reranker_model: str | None = Field(
        default=None, description="a sentence-transformers CrossEncoder by name; none by default"
    )
    passage_tokens: int = Field(default=400, ge=64, le=2000, description="tiktoken budget of one passage")
    max_file_bytes: int = Field(
        default=64 * 2**20, ge=1, le=2**40, description="larger source files are refused"
    )
    max_pages: int = Field(
        default=500, ge=1, le=10**6, description="paged source files with more pages are refused"
    )
    max_seconds: float = Field(
        default=15,
        gt=0,
        le=86_400,
        description="seconds of processor time for reading one file; then it is stopped",
    )
    max_megabytes: int = Field(
        default=900, ge=256, le=2**22, description="memory for reading one file, in MB; beyond it is stopped"
    )
    threads: int | None = Field(
        default=None, ge=1, le=1024, description="CPU threads for embedding; all if absent"
    )
    model: str = Field(
        default="auto",
        description="what writes answers: none, local, provider:model for LangChain, or auto: local if pulled",
    )
    model_base_url: str | None = Field(
        default=None,
        description="an OpenAI-compatible server, http(s)://host/v1; the provider's own if absent",
    )
    model_api_key: SecretStr | None = Field(
        default=None, description="its key; else the provider's own variable, such as OPENAI_API_KEY"
    )
    model_timeout: float = Field(
        default=60, gt=0, le=86_400, description="seconds to wait for the model's next words"
    )
    model_deadline: float = Field(default=120, gt=0, le=86_400, description="seconds for one written answer")
    model_retries: int = Field(default=1, ge=0, le=5, description="how often a failed call is repeated")
    model_evidence_tokens: int | None = Field(
        default=None,
        ge=64,
        le=2**20,
        description="tiktoken budget of the evidence; 400 for the local model, else 2,400",
    )
    model_answer_tokens: int = Field(
        default=160, ge=16, le=2**20, description="most tokens a model may write"
    )
    models_dir: Path = Field(
        default_factory=lambda: user_data_dir() / "models", description="where pulled models are kept"
    )
    local_threads: int | None = Field(
        default=None, ge=1, le=1024, description="CPU threads of the local model"
    )
    local_context_tokens: int = Field(
        default=4096, ge=512, le=2**20, description="context of the local model"
    )
    local_idle_seconds: int = Field(
        default=600, ge=-1, le=10**7, description="the local model leaves memory after so long; -1: never"
    )
