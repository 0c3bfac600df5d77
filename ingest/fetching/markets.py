"""At which exchange a code is listed."""

from __future__ import annotations

from enum import StrEnum


class Market(StrEnum):
    """The three exchanges."""

    shenzhen = "SZ"
    shanghai = "SH"
    beijing = "BJ"


def market_of(code: str) -> Market:
    """By the code's first digits: 6 and 900 Shanghai; 4, 8 and 92 Beijing; all others Shenzhen."""
    if code.startswith(("6", "900")):
        return Market.shanghai
    return Market.beijing if code.startswith(("4", "8", "92")) else Market.shenzhen
