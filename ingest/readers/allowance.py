"""What a reader asks for before slow work: recognising scanned pages takes seconds and memory for each."""

from __future__ import annotations

from collections.abc import Callable

_granting: list[Callable[[float, int], None]] = []


def ask_for(seconds: float, megabytes: int) -> None:
    """Tell whoever watches this process that a file is going to take so much more; nobody may be watching."""
    for grant in _granting:
        grant(seconds, megabytes)


def granted_by(grant: Callable[[float, int], None]) -> None:
    """Let `grant` hear what readers ask for from now on."""
    _granting[:] = [grant]
