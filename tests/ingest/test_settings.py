"""A setting that can't be is told with its name, what was given, and what it accepts; a secret is not."""

from __future__ import annotations

import pytest

from ingest.errors import JupiluError, SettingsInvalid
from ingest.settings import Settings


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("threads", "abc", "a whole number from 1 to 1024"),
        ("passage_tokens", "5", "a whole number from 64 to 2000"),
        ("max_seconds", "nan", "a number above 0 to 86400"),
        ("max_seconds", "inf", "a number above 0 to 86400"),
        ("model_retries", "99", "a whole number from 0 to 5"),
        ("chroma_url", "nonsense", "an address, http(s)://host[:port]"),
        ("chroma_url", "http://host:99999", "an address, http(s)://host[:port]"),
        ("model_base_url", "file:///etc", "an address, http(s)://host[:port]"),
        ("library", " ", "a path"),
        ("vector_search", "fast", "exact or chroma"),
    ],
)
def test_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, accepted: str) -> None:
    monkeypatch.setenv(f"JUPILU_{name.upper()}", value)
    with pytest.raises(SettingsInvalid) as raised:
        Settings()
    told = str(raised.value)
    assert told.startswith(f"JUPILU_{name.upper()}={value} ") and f"takes {accepted} (" in told
    assert "\n" not in told


def test_given_in_python() -> None:
    with pytest.raises(JupiluError, match="JUPILU_MAX_PAGES=0 cannot be"):
        Settings(max_pages=0)


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.web.settings import WebSettings

    monkeypatch.setenv("JUPILU_WEB_USERS", "hunter2")
    with pytest.raises(JupiluError) as raised:
        WebSettings()
    assert "hunter2" not in str(raised.value) and "JUPILU_WEB_USERS" in str(raised.value)
