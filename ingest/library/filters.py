"""The hard filters of a search, the same for all parts of the index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingest.records import Passage, PassageKind

UNKNOWN_DAY = -1


@dataclass(frozen=True, slots=True)
class Where:
    """Hard filters; `None` lets everything pass. A passage without a date never passes a date filter.

    `published_from` and `published_to` are both inclusive.
    """

    codes: frozenset[str] | None = None
    published_from: date | None = None
    published_to: date | None = None
    kinds: frozenset[PassageKind] | None = None
    records: frozenset[str] | None = None

    @property
    def excludes_everything(self) -> bool:
        """Whether some filter allows no value at all."""
        return any(allowed is not None and not allowed for allowed in (self.codes, self.kinds, self.records))

    @property
    def days(self) -> tuple[int, int] | None:
        """The first and last day as yyyymmdd, or None where no date filter is set."""
        if self.published_from is None and self.published_to is None:
            return None
        first, last = self.published_from or date.min, self.published_to or date.max
        return (
            first.year * 10000 + first.month * 100 + first.day,
            last.year * 10000 + last.month * 100 + last.day,
        )


EVERYWHERE = Where()


def day_number(passage: Passage) -> int:
    """The publication day as yyyymmdd; `UNKNOWN_DAY` where it is not known."""
    day = passage.published_on
    return UNKNOWN_DAY if day is None else day.year * 10000 + day.month * 100 + day.day
