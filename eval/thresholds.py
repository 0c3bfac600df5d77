"""Thresholds for a run, in TOML: what must hold for exit status 0.

    [at_least]            # metric = lowest value, as a share
    key_facts = 0.85
    [at_most]             # metric or count = highest value
    wrong_and_cited = 0.05
    errors = 0
    [not_worse]           # against --baseline: by how much a metric may be worse
    claim_support = 0.01

A metric that has no value misses its threshold: nothing passes unmeasured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from eval.metrics import LOWER_IS_BETTER

DEFAULT: Final = Path(__file__).parent / "thresholds.toml"
UNSEEN: Final = Path(__file__).parent / "thresholds_unseen.toml"
_SECTIONS: Final = ("at_least", "at_most", "not_worse")


def read_thresholds(path: Path) -> dict[str, dict[str, float]]:
    """The thresholds of a file. Raises ValueError naming what cannot be read."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    unknown = set(raw) - set(_SECTIONS)
    if unknown:
        raise ValueError(f"{path}: no section {', '.join(sorted(unknown))}; there are {', '.join(_SECTIONS)}")
    for section, values in raw.items():
        if not isinstance(values, dict):
            raise ValueError(f"{path}: {section} is a section, written [{section}]")
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{path}: {section}.{name} is no number")
    return {section: {n: float(v) for n, v in raw.get(section, {}).items()} for section in _SECTIONS}


def missed(
    run: Mapping[str, Any],
    thresholds: Mapping[str, Mapping[str, float]],
    baseline: Mapping[str, Any] | None = None,
) -> list[str]:
    """A line for each threshold that a run misses; none when all hold.

    Raises:
        ValueError: a threshold names what no run has, or `not_worse` is asked for without a baseline.
    """
    lines: list[str] = []
    for name, least in thresholds["at_least"].items():
        value = _value(run, name)
        if value is None or value < least:
            lines.append(f"{name} is {_told(value)}, at least {least:g} is asked")
    for name, most in thresholds["at_most"].items():
        value = _value(run, name)
        if value is None or value > most:
            lines.append(f"{name} is {_told(value)}, at most {most:g} is asked")
    if thresholds["not_worse"] and baseline is None:
        raise ValueError("[not_worse] needs --baseline")
    for name, margin in thresholds["not_worse"].items() if baseline is not None else ():
        value, before = _value(run, name), _value(baseline or {}, name)
        if value is None or before is None:
            lines.append(f"{name} cannot be compared: was {_told(before)}, is {_told(value)}")
            continue
        loss = value - before if name in LOWER_IS_BETTER else before - value
        if loss > margin:
            lines.append(f"{name} was {_told(before)}, is {_told(value)}: worse by more than {margin:g}")
    return lines


def _value(run: Mapping[str, Any], name: str) -> float | None:
    if name in run["metrics"]:
        value: float | None = run["metrics"][name]["value"]
        return value
    if name in run["counts"]:
        return float(run["counts"][name])
    known = ", ".join([*run["metrics"], *run["counts"]])
    raise ValueError(f"no figure is called {name}; there are {known}")


def _told(value: float | None) -> str:
    return "not measured" if value is None else f"{value:g}"
