"""Days and times as the exchanges' sites give them; they are Beijing's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from ingest.reading.dates import find_dates

BEIJING: Final = timezone(timedelta(hours=8))
_AGO: Final = re.compile(r"(\d{1,3})\s*(秒|分钟|小时|天)前")
_UNITS: Final = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def moment(value: object, now: datetime | None = None) -> datetime | None:
    """A moment in Beijing's time, from milliseconds since 1970 or from words; None where it says none.

    Args:
        value: `1724371200000`, `2024-08-23 15:01`, `2024年08月23日 15:01`, `13小时前`, `昨天 09:30`.
        now: what `前` and `昨天` count from; the present where absent.
    """
    now = (now or datetime.now(UTC)).astimezone(BEIJING)
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    if isinstance(value, int | float) or re.fullmatch(r"-?\d{11,14}", text):
        try:
            told = datetime.fromtimestamp(float(text) / 1000, BEIJING)
        except (OverflowError, OSError, ValueError):
            return None
        return told if 1990 <= told.year <= now.year + 1 else None
    if text.startswith("刚刚"):
        return now
    if ago := _AGO.match(text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    back = {"今天": 0, "昨天": 1, "前天": 2}.get(text[:2])
    days = [(now - timedelta(days=back)).date()] if back is not None else find_dates(text[:40], now.year)
    if not days:
        return None
    clock = _CLOCK.search(text)
    hours, minutes, seconds = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    try:
        found = datetime(days[0].year, days[0].month, days[0].day, hours, minutes, seconds, tzinfo=BEIJING)
    except ValueError:
        return None
    # a day without its year, told in January of December
    return found.replace(year=found.year - 1) if found > now + timedelta(days=31) else found


def printed(value: datetime | None) -> str:
    """`2024-08-23 15:01:00`; empty where there is none."""
    return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S") if value else ""
