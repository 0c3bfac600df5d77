"""The report of one or several runs as one HTML page that needs nothing else: style, script and charts inside.

Questions, answers and records are strangers' words: every value is escaped on its way into the page, and
characters that control or turn the text are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.report.text import interval, number, percent, skipped

FOLDER: Final = Path(__file__).parent
VERDICTS: Final = {
    "supported": "有据 supported", "contradicted": "相悖 contradicted", "unsupported": "无据 unsupported",
    "not_checkable": "无法核验 not checkable",
}  # fmt: skip
_TONES: Final = {"supported": "good", "not_checkable": "unsure"}
BY_GROUP: Final = ("outcome_right", "key_facts", "hit@1", "citation_recall", "figure_fidelity")
OVER_RUNS: Final = (
    "outcome_right", "key_facts", "hit@1", "claim_support", "citation_recall", "citation_precision",
    "figure_fidelity", "wrong_and_cited",
)  # fmt: skip
_STATES: Final = ("faulty", "well", "unproven", "wrong", "error", "skipped")


def page(runs: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """The page. The last run is shown in full, the others only in the charts over runs.

    Args:
        runs: as `eval.run_file.document` gives them, oldest first; at least one.
        names: what each run is called.
    """
    run, cases = runs[-1], runs[-1]["cases"]
    history = [(name, [run["metrics"].get(name, {}).get("value") for run in runs]) for name in OVER_RUNS]
    told = _templates().get_template("report.jinja")
    return told.render(
        run={"confidence": None, **run},  # runs of earlier versions have none
        name=names[-1],
        names=names,
        skipped=skipped(run),
        groups=[
            ("按题型 · by type", _charts(run["by_type"])),
            ("按应有结论 · by outcome", _charts(run["by_outcome"])),
        ],
        history=[(name, values) for name, values in history if any(v is not None for v in values)]
        if len(runs) > 1
        else None,
        choices=[
            ("type", "题型 type", sorted({case["type"] for case in cases if case["type"]})),
            ("outcome", "结论 outcome", sorted({case["outcome"] for case in cases if case["outcome"]})),
            ("state", "情况 state", _STATES),
        ],
        verdicts=VERDICTS,
        tones=_TONES,
        style=(FOLDER / "static" / "report.css").read_text(encoding="utf-8"),
        script=(FOLDER / "static" / "report.js").read_text(encoding="utf-8"),
    )


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
    )
    environment.filters |= {
        "percent": percent,
        "interval": interval,
        "number": number,
        "states": _states,
        "short": lambda name, longest: name if len(name) <= longest else name[: longest - 1] + "…",
        "pixels": lambda share: round(share * 200, 1),
        "on_square": lambda point: (44 + point[0] * 200, 10 + (1 - point[1]) * 200),
        "first_two": lambda point: point[:2],
    }
    return environment


def _charts(groups: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """For each figure the groups that have it."""
    charts = [
        (name, [(group, told["metrics"][name]) for group, told in groups.items() if name in told["metrics"]])
        for name in BY_GROUP
    ]
    return [(name, rows) for name, rows in charts if rows]


def _states(case: Mapping[str, Any]) -> list[str]:
    if case["skipped"]:
        return ["skipped"]
    if case["error"]:
        return ["error", "faulty"]
    states = ["faulty" if case["faults"] else "well"]
    if any(sentence["verdict"] != "supported" for sentence in case["sentences"]):
        states.append("unproven")
    return [*states, "wrong"] if case["wrong_and_cited"] else states


def _clean(value: object) -> object:
    """Text without control and direction-changing characters (Unicode's Cc and Cf, but for new line and tab)."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))
