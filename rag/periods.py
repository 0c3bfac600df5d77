"""Periods of questions: the grammar of `ingest.language.periods` under the name that callers know."""

from __future__ import annotations

from ingest.language.periods import Period, canonical, find_as_of, find_periods, last_day, without_as_of

__all__ = ["Period", "canonical", "find_as_of", "find_periods", "last_day", "without_as_of"]
