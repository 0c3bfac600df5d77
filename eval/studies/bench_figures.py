"""A measured figure and its bar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure with its bar; `good` is None where there is no bar."""

    what: str
    value: str
    bar: str = ""
    good: bool | None = None

    def __str__(self) -> str:
        mark = {None: "    ", True: "ok  ", False: "MISS"}[self.good]
        return f"{mark} {self.what}: {self.value}" + (f"  ({self.bar})" if self.bar else "")
