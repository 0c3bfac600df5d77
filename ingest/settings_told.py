"""Settings out of the environment; one with a value that it can't have is told with its name and what it accepts."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from ingest.errors import SettingsInvalid

SHOWN = 60


class ToldSettings(BaseSettings):
    """Settings out of the environment, whose errors name the setting."""

    def __init__(self, **given: Any) -> None:
        """Reads the environment.

        Raises:
            SettingsInvalid: a value can't be; the message names the setting and what it accepts.
        """
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise told(error, type(self)) from None


def web_address(text: str) -> SplitResult:
    """The parts of an address of the web. Raises ValueError where it is none."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not http(s)://host[:port]")
    return parts


def told(error: ValidationError, settings: type[BaseSettings]) -> SettingsInvalid:
    """One line for the first setting that is wrong.

    Args:
        error: what pydantic raised.
        settings: the class; its `env_prefix` makes a field's name in the environment.
    """
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    field = settings.model_fields.get(name)
    variable = f"{settings.model_config.get('env_prefix', '')}{name}".upper()
    if field is None:
        return SettingsInvalid(f"{variable} cannot be read: {first['msg']}")
    secret = "SecretStr" in str(field.annotation) or isinstance(first.get("input"), SecretStr)
    given = "" if secret else f"={str(first.get('input'))[:SHOWN]!s}"
    accepted = accepts(field.annotation, field.metadata, name)
    return SettingsInvalid(
        f"{variable}{given} cannot be: it takes {accepted} ({field.description}); correct it or unset it"
    )


def accepts(annotation: Any, metadata: list[Any], name: str = "") -> str:
    """In words: `a whole number from 64 to 2000`."""
    shape = str(annotation)
    if get_origin(annotation) is Literal:
        return " or ".join(map(str, get_args(annotation)))
    if "bool" in shape:
        return "true or false"
    if "float" in shape or annotation is float:
        kind = "a number"
    elif "int" in shape or annotation is int:
        kind = "a whole number"
    elif "Path" in shape:
        return "a path"
    else:
        return "an address, http(s)://host[:port]" if name.endswith("_url") else "a text"
    bounds = {
        limit: getattr(one, limit)
        for one in metadata
        for limit in ("ge", "gt", "le", "lt")
        if hasattr(one, limit)
    }
    low = f"from {bounds['ge']}" if "ge" in bounds else f"above {bounds['gt']}" if "gt" in bounds else ""
    high = f"to {bounds['le']}" if "le" in bounds else ""
    return " ".join(part for part in (kind, low, high) if part)
