"""What can be set about `jupilu serve`; read from `JUPILU_SERVE_*` environment variables."""

from __future__ import annotations

from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from ingest.errors import SettingsInvalid
from ingest.settings_told import ToldSettings


class ServeSettings(ToldSettings):
    """Keys and limits of the API; `JUPILU_SERVE_X` in the environment sets `x`."""

    model_config = SettingsConfigDict(
        env_prefix="JUPILU_SERVE_", frozen=True, extra="ignore", allow_inf_nan=False
    )

    def __init__(self, **given: Any) -> None:
        """Reads the environment. Raises SettingsInvalid, which names the setting and what it accepts."""
        super().__init__(**given)
        for what, valid in (("KEYS", self.secrets), ("CORS_ORIGINS", self.origins)):
            if getattr(self, what.lower()) is not None and not valid():
                raise SettingsInvalid(f"JUPILU_SERVE_{what} is set and holds nothing: fill it or unset it")

    keys: SecretStr | None = Field(
        default=None,
        description="who may ask: KEY,KEY sent as a bearer token; without keys this machine alone",
    )
    cors_origins: str | None = Field(
        default=None,
        description="pages that may ask from a browser: https://a.example,https://b.example; none",
    )
    max_body_bytes: int = Field(default=2**20, ge=1024, le=2**30, description="bytes of one request")
    body_seconds: float = Field(
        default=20, gt=0, le=3600, description="seconds in which a request has to be whole"
    )
    max_question: int = Field(default=1000, ge=10, le=5000, description="characters in one question")
    max_history: int = Field(default=40, ge=0, le=1000, description="latest earlier messages that are read")
    max_claims: int = Field(default=100, ge=1, le=10_000, description="claims in one check")
    at_once: int = Field(default=4, ge=1, le=1024, description="questions answered at the same time")
    queue_size: int = Field(
        default=32, ge=0, le=100_000, description="questions that wait; more are answered 429"
    )
    deadline: float = Field(
        default=180, gt=0, le=86_400, description="seconds for one request, waiting included"
    )

    def secrets(self) -> tuple[bytes, ...]:
        """The keys; none where everybody on this machine may ask.

        Raises:
            SettingsInvalid: a key that no header can carry; the message does not show it.
        """
        found = _listed(self.keys.get_secret_value()) if self.keys else ()
        if any(not key.isascii() or not key.isprintable() or " " in key for key in found):
            raise SettingsInvalid(
                "JUPILU_SERVE_KEYS: a key is made of letters, digits and signs of ASCII without spaces"
            )
        return tuple(key.encode("ascii") for key in found)

    def origins(self) -> tuple[str, ...]:
        """The origins whose pages may ask from a browser."""
        return _listed(self.cors_origins or "")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(
        part.strip().rstrip("/") if "://" in part else part.strip()
        for part in text.split(",")
        if part.strip()
    )
