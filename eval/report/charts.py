"""The charts of the HTML report, as SVG: shares with their intervals, and shares over several runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from eval.report.text import percent

_LABEL: Final = 150  # pixels kept for the names
_BAR: Final = 200
_ROW: Final = 26


def bars(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Markup:
    """A bar for each row (name, figure with value, low, high, of); a row without a value says so."""
    drawn: list[Markup] = []
    for number, (name, one) in enumerate(rows):
        top = number * _ROW
        drawn.append(Markup('<text x="0" y="{y}">{name}</text>').format(y=top + 17, name=_short(name, 18)))
        drawn.append(
            Markup('<rect class="track" x="{x}" y="{y}" width="{w}" height="12" rx="2"/>').format(
                x=_LABEL, y=top + 7, w=_BAR
            )
        )
        value = one["value"]
        if value is not None:
            drawn.append(
                Markup('<rect class="bar" x="{x}" y="{y}" width="{w}" height="12" rx="2"/>').format(
                    x=_LABEL, y=top + 7, w=_pixels(value)
                )
            )
            drawn.append(
                Markup('<line class="band" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(
                    a=_LABEL + _pixels(one["low"]), b=_LABEL + _pixels(one["high"]), y=top + 13
                )
            )
        told = f"{percent(value)} (n={one['of']})"
        drawn.append(
            Markup('<text x="{x}" y="{y}">{told}</text>').format(x=_LABEL + _BAR + 10, y=top + 17, told=told)
        )
    return _svg(_LABEL + _BAR + 120, max(1, len(rows)) * _ROW, drawn)


def over_runs(names: Sequence[str], values: Sequence[float | None]) -> Markup:
    """One figure over several runs, oldest first; runs without a value are left open."""
    width, height, left = 360, 130, 44
    step = (width - left - 30) / max(1, len(values) - 1)
    points = [
        (left + 10 + number * step, 10 + (1 - value) * (height - 40), value)
        for number, value in enumerate(values)
        if value is not None
    ]
    drawn = [
        Markup(
            '<text class="faint" x="0" y="15">100%</text><text class="faint" x="0" y="{y}">0%</text>'
        ).format(y=height - 26)
    ]
    if len(points) > 1:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        drawn.append(Markup('<polyline class="line" points="{path}"/>').format(path=path))
    for x, y, value in points:
        drawn.append(
            Markup('<circle class="dot" cx="{x}" cy="{y}" r="4"><title>{v}</title></circle>').format(
                x=f"{x:.1f}", y=f"{y:.1f}", v=percent(value)
            )
        )
    for number, name in enumerate(names):
        drawn.append(
            Markup('<text class="faint" x="{x}" y="{y}" text-anchor="middle">{name}</text>').format(
                x=f"{left + 10 + number * step:.1f}", y=height - 6, name=_short(name, 12)
            )
        )
    return _svg(width, height, drawn)


def _svg(width: int, height: int, drawn: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {w} {h}" role="img">{body}</svg>').format(
        w=width, h=height, body=Markup("").join(drawn)
    )


def _pixels(share: float) -> float:
    return round(share * _BAR, 1)


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"


def risk_and_coverage(points: Sequence[tuple[float, float]]) -> Markup:
    """Risk over coverage: of the questions that would be answered from some confidence on, how many wrongly.

    Args:
        points: (share answered, share of these that is wrong), by falling confidence.
    """
    return _square([("line", points)], "answered 已回答", "wrong 错误")


def calibration(points: Sequence[tuple[float, float]]) -> Markup:
    """How often the best evidence did answer, over how likely it was held to; the diagonal would be right.

    Args:
        points: (mean confidence, share that answered) of each bin.
    """
    return _square(
        [("faint-line", [(0.0, 0.0), (1.0, 1.0)]), ("line", points)], "confidence 置信", "answered 命中"
    )


def _square(lines: Sequence[tuple[str, Sequence[tuple[float, float]]]], across: str, up: str) -> Markup:
    left, side = 44, 200
    drawn = [
        Markup('<rect class="track" x="{x}" y="10" width="{s}" height="{s}"/>').format(x=left, s=side),
        Markup(
            '<text class="faint" x="0" y="15">100%</text><text class="faint" x="0" y="{y}">0%</text>'
        ).format(y=side + 10),
        Markup('<text class="faint" x="{x}" y="{y}" text-anchor="middle">{name}</text>').format(
            x=left + side / 2, y=side + 30, name=across
        ),
        Markup('<text class="faint" x="{x}" y="24">{name}</text>').format(x=left + side + 8, name=up),
    ]
    for style, points in lines:
        path = " ".join(f"{left + x * side:.1f},{10 + (1 - y) * side:.1f}" for x, y in points)
        drawn.append(Markup('<polyline class="{style}" points="{path}"/>').format(style=style, path=path))
    for x, y in lines[-1][1]:
        drawn.append(
            Markup('<circle class="dot" cx="{x}" cy="{y}" r="3"><title>{a} → {b}</title></circle>').format(
                x=f"{left + x * side:.1f}", y=f"{10 + (1 - y) * side:.1f}", a=percent(x), b=percent(y)
            )
        )
    return _svg(left + side + 110, side + 40, drawn)
