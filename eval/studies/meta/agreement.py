"""Labels made by reading, the agreement of the two passes, and the measure's accuracy against them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.attribution import AnswerScore, score
from eval.recorded import RecordedAnswer
from eval.studies.meta.items import Item

ALCE: Final = {"recall": (0.851, 0.698), "precision": (0.776, 0.525)}  # accuracy, kappa, as published
Pass = tuple[int | None, tuple[int | None, ...]]


@dataclass(frozen=True, slots=True)
class Label:
    """What was read of one sentence: the two passes, and the citations' record ids, pairs and marks."""

    key: tuple[str, str]
    system: str
    citations: tuple[tuple[str, int, int], ...]
    first: Pass
    second: Pass


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled sentence and what the measure says: supported, and each citation right or not."""

    label: Label
    supported: bool
    needed: tuple[bool, ...]


def read_labels(path: Path) -> list[Label]:
    """The labels of a file. Raises ValueError where a line is none."""
    labels: list[Label] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            raw: dict[str, Any] = json.loads(line)
            passes = [(raw[name]["supported"], tuple(raw[name]["citations"])) for name in ("first", "second")]
            cited = tuple((str(c["record"]), int(c["pair"] or 0), int(c["mark"])) for c in raw["cited"])
            key = (raw["claim_sha256"], raw["evidence_sha256"])
            labels.append(Label(key, raw["system"], cited, passes[0], passes[1]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}:{number}: not a label ({error})") from error
    return labels


def judge(item: Item) -> tuple[bool, tuple[bool, ...]]:
    """What the measure says of one sentence: supported by all that it cites, and which citations are right."""
    marks = "".join(f"[{passage.mark}]" for passage in item.passages)
    answer = RecordedAnswer(
        question="", answer=f"{item.claim}{marks}", passages=item.passages, outcome="answered"
    )
    return _judgement(score(answer))


def join(labels: Sequence[Label], made: Sequence[Item]) -> tuple[list[Judged], int]:
    """The labels with the measure's judgement, and how many found no sentence."""
    by_key = {item.key: item for item in made}
    joined: list[Judged] = []
    for label in labels:
        item = by_key.get(label.key)
        if item is not None:
            joined.append(Judged(label, *judge(item)))
    return joined, len(labels) - len(joined)


def rights(labelled: Pass) -> tuple[bool, ...]:
    """Which citations are right by a pass: the sentence is fully supported and the citation does its part."""
    supported, citations = labelled
    return tuple(supported == 1 and bool(share) for share in citations)


def kappa(first: Sequence[object], second: Sequence[object]) -> float | None:
    """Cohen's kappa of two passes over the same things; None where there is nothing to disagree on.

    (observed - expected) / (1 - expected), expected from each pass's own shares (Cohen 1960).
    """
    if not first:
        return None
    size = len(first)
    observed = sum(one == other for one, other in zip(first, second, strict=True)) / size
    values = set(first) | set(second)
    expected = sum(first.count(value) * second.count(value) for value in values) / size**2
    return round((observed - expected) / (1 - expected), 4) if expected < 1 else None


def _judgement(scored: AnswerScore) -> tuple[bool, tuple[bool, ...]]:
    """The verdict on an item; a claim that was read as several sentences stands when all do."""
    sentences = scored.sentences
    supported = bool(sentences) and all(one.recalled for one in sentences)
    columns = zip(*([c.precise for c in one.citations] for one in sentences), strict=True)
    return supported, tuple(supported and any(column) for column in columns)


@dataclass(frozen=True, slots=True)
class Row:
    """How one judgement compares with the labels over one system: `right` of `count`."""

    name: str
    right: int
    count: int

    def shown(self) -> str:
        """Share and counts; a dash where nothing was labelled."""
        return f"{self.right / self.count:.1%} ({self.right} of {self.count})" if self.count else "— (0)"


def compare(joined: Sequence[Judged]) -> dict[str, list[Row]]:
    """The measure against the labels on which both passes agree: sentences, all citations, and the citations of
    sentences that have several (the others are right exactly where their sentence is supported)."""
    rows: dict[str, dict[str, list[bool]]] = {
        name: defaultdict(list) for name in ("recall", "precision", "several")
    }
    for one in joined:
        label = one.label
        if label.first[0] is None or label.first[0] != label.second[0]:
            continue
        rows["recall"][label.system].append(one.supported == bool(label.first[0]))
        first, second = rights(label.first), rights(label.second)
        for at, needed in enumerate(one.needed):
            if first[at] == second[at]:
                rows["precision"][label.system].append(needed == first[at])
                if len(one.needed) > 1:
                    rows["several"][label.system].append(needed == first[at])
    return {
        name: [Row(system, sum(hits), len(hits)) for system, hits in sorted(by_system.items())]
        for name, by_system in rows.items()
    }


def report(labels: Sequence[Label], joined: Sequence[Judged], missing: int) -> str:
    """The tables that docs/evaluation-meta.md shows."""
    sentences = [(one.first[0], one.second[0]) for one in labels]
    citations = [pair for one in labels for pair in zip(rights(one.first), rights(one.second), strict=True)]
    nothing = sum(one.first[0] is None or one.second[0] is None for one in labels)
    split = sum(first != second for first, second in sentences)
    lines = [
        f"{len(labels)} sentences with {len(citations)} citations labelled twice; {len(joined)} joined, {missing} not",
        f"asserting nothing by a pass, left out of the measure's accuracy: {nothing}; labelled differently, left out too: {split}",
        "",
        "| agreement of the passes | same | kappa | ALCE's annotators, kappa |",
        "|---|---|---|---|",
    ]
    for name, pairs in (("recall", sentences), ("precision", citations)):
        same = sum(one == other for one, other in pairs)
        found = kappa([one for one, _ in pairs], [other for _, other in pairs])
        lines.append(
            f"| {name} | {same} of {len(pairs)} | {found if found is not None else '—'} | {ALCE[name][1]} |"
        )
    lines += ["", "| the measure against the labels | accuracy | ALCE's, published |", "|---|---|---|"]
    compared = compare(joined)
    for name, title in (
        ("recall", "recall"),
        ("precision", "precision"),
        ("several", "precision, several cited"),
    ):
        total = Row(title, sum(r.right for r in compared[name]), sum(r.count for r in compared[name]))
        published = f"{ALCE[name][0]:.1%}" if name in ALCE else ""
        lines.append(f"| {title} | {total.shown()} | {published} |")
    lines += ["", "| by system | recall | precision |", "|---|---|---|"]
    precision = {row.name: row for row in compared["precision"]}
    for row in compared["recall"]:
        lines.append(
            f"| {row.name} | {row.shown()} | {precision[row.name].shown() if row.name in precision else '—'} |"
        )
    wrong = [
        one for one in joined if one.label.first[0] is not None and one.supported != bool(one.label.first[0])
    ]
    counts = (sum(one.supported for one in wrong), sum(not one.supported for one in wrong))
    lines += [
        "",
        f"by the first pass, called supported though it is not: {counts[0]}; not supported though it is: {counts[1]}",
    ]
    return "\n".join(lines)
