"""What can be set about the web page; read from `JUPILU_WEB_*` environment variables."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from ingest.errors import JupiluError
from ingest.settings_told import ToldSettings


class WebSettings(ToldSettings):
    """Limits and access of the page; `JUPILU_WEB_X` in the environment sets `x`."""

    model_config = SettingsConfigDict(env_prefix="JUPILU_WEB_", frozen=True, extra="ignore")

    users: SecretStr | None = Field(
        default=None, description="login for these only: name:password,name:password; no login if absent"
    )
    read_only: bool | None = Field(
        default=None,
        description="whether the page may not change the library; by default where others could reach it without login",
    )
    max_files: int = Field(default=300, ge=1, le=100_000, description="files in one upload")
    max_upload_bytes: int = Field(
        default=512 * 2**20, ge=1, le=2**40, description="bytes in one upload, all files together"
    )
    max_question: int = Field(default=1000, ge=10, le=5000, description="characters in one question")
    questions_at_once: int = Field(
        default=4, ge=1, le=1024, description="questions answered at the same time; others queue"
    )
    queue_size: int = Field(default=64, ge=1, le=100_000, description="waiting requests; more are refused")

    undo_seconds: float = Field(
        default=8, ge=0, le=600, description="seconds in which the removal of a record can be undone"
    )

    @field_validator("users")
    @classmethod
    def _readable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_users(value.get_secret_value())
        return value

    def logins(self) -> list[tuple[str, str]]:
        """Names with their passwords; empty where no login is asked."""
        return parse_users(self.users.get_secret_value()) if self.users else []


def parse_users(text: str) -> list[tuple[str, str]]:
    """`name:password,name:password` as pairs. Raises JupiluError, without showing a password."""
    pairs = [tuple(part.split(":", 1)) for part in text.split(",") if part.strip()]
    if not pairs or any(len(pair) != 2 or not pair[0].strip() or not pair[1] for pair in pairs):
        raise JupiluError("JUPILU_WEB_USERS is not name:password,name:password; correct it or unset it")
    return [(pair[0].strip(), pair[1]) for pair in pairs]
