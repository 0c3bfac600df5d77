"""Against an earlier run: what got better and what got worse, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.metrics import LOWER_IS_BETTER
from eval.report.text import percent


@dataclass(frozen=True, slots=True)
class Compared:
    """Lines for a person; `notes` say why the two runs may not compare (other judge, other cases)."""

    notes: tuple[str, ...]
    figures: tuple[str, ...]
    better: tuple[str, ...]
    worse: tuple[str, ...]
    changed: tuple[str, ...]

    def lines(self) -> list[str]:
        """All of it."""
        said = [*(f"note: {note}" for note in self.notes), *self.figures]
        for name, lines in (("better", self.better), ("worse", self.worse), ("other faults", self.changed)):
            said += [f"{name}: {len(lines)}", *(f"  {line}" for line in lines)]
        return said


def compare(run: Mapping[str, Any], baseline: Mapping[str, Any]) -> Compared:
    """Compare two runs (see eval.run_file).

    A case is better when it has fewer faults than before, worse when it has more; with as many but other
    faults it is told apart. Cases that only one of the runs has are noted.
    """
    notes = [
        f"{name} was {baseline['made_by'][name]}, is {run['made_by'][name]}"
        for name in run["made_by"]
        if run["made_by"][name] != baseline["made_by"].get(name)
    ]
    notes += [
        f"other {name}" for name in run["inputs"] if run["inputs"][name] != baseline["inputs"].get(name)
    ]
    figures: list[str] = []
    for name, one in run["metrics"].items():
        now, before = one["value"], baseline["metrics"].get(name, {}).get("value")
        if now != before:
            figures.append(f"{name}: {percent(before)} → {percent(now)}{_direction(name, before, now)}")
    old = {case["id"]: case for case in baseline["cases"]}
    new = {case["id"]: case for case in run["cases"]}
    notes += [f"{len(new.keys() - old.keys())} cases are new"] if new.keys() - old.keys() else []
    notes += [f"{len(old.keys() - new.keys())} cases are gone"] if old.keys() - new.keys() else []
    better: list[str] = []
    worse: list[str] = []
    changed: list[str] = []
    for case_id, case in new.items():
        before = old.get(case_id)
        if before is None:
            continue
        if bool(before["skipped"]) != bool(case["skipped"]):
            notes.append(f"{case_id} was {'' if before['skipped'] else 'not '}skipped before")
            continue
        had, has = before["faults"], case["faults"]
        if had == has:
            continue
        line = (
            f"{case_id} {case['question']}: {'; '.join(had) or 'all well'} → {'; '.join(has) or 'all well'}"
        )
        bad_before, bad_now = _badness(before), _badness(case)
        (better if bad_now < bad_before else worse if bad_now > bad_before else changed).append(line)
    return Compared(tuple(notes), tuple(figures), tuple(better), tuple(worse), tuple(changed))


def _badness(case: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """An error is worst, then wrong and cited, then the number of faults."""
    return bool(case["error"]), bool(case["wrong_and_cited"]), len(case["faults"])


def _direction(name: str, before: float | None, now: float | None) -> str:
    if before is None or now is None:
        return ""
    return " (better)" if (now > before) != (name in LOWER_IS_BETTER) else " (worse)"
