"""Fits the judgement of evidence (`rag.finding.judgement`).

    python -m eval.studies.training.judgement rows --library DIR --trained DIR --cases FILE... --out ROWS
    python -m eval.studies.training.judgement fit --rows ROWS [--without FOLD] --out FILE
    python -m eval.studies.training.judgement ablate --rows ROWS

`rows` asks every question (those written for training, and cases with gold) and keeps the signals of the best
passages; a question is embedded by the encoder under DIR/0..2 that has not seen its company. `fit` fits on the other
folds; the probability's curve and the limits are fitted on folds that the trees have not seen. `ablate` prints what each
group of signals is worth out of fold.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy

from eval import folds
from eval.answers import gold_places
from eval.cases import read_cases
from eval.studies.training.material import Unit, rows, unit_of, written
from ingest.library.filters import Where
from ingest.library.library import Library
from ingest.settings import Settings
from rag.asking.question import Question
from rag.disclosure_qa import DisclosureQA
from rag.finding.judgement import any_of
from rag.finding.relevance import MOST_SHOWN
from rag.finding.retrieval import JUDGED, TELL_RARITY, Retriever
from rag.finding.signals import NAMES, Signals, signals
from rag.finding.trained import Trained

KEPT = 12  # pairs of each question
# The weight of a passage that nobody judged: the search may have found an answer that the gold doesn't name.
UNJUDGED = 0.6
# What they cost beside a right answer (1) and a wrong one (-1); see `best_limits`.
NEEDLESS_REFUSAL, FURTHER_PAIR = 0.5, 0.05
JUDGED_AS = {"A": 1.0, "D": 1.0, "N": 0.0}  # P, a part of an answer, is left out
GROUPS = {
    "words met": ("said", "asked_before", "met", "rarest_met", "rarest_missed", "same_question"),
    "Latin and numbers": ("latin", "latin_missed"),
    "nearness": ("near", "near_question", "white", "white_question", "words"),
    "the mixed score": ("value",),
    "place among the candidates": ("rank", "ahead", "words_behind", "near_behind"),
    "time": ("day", "month", "year", "published", "age"),
}


@dataclass(slots=True)
class Row:
    """One question with the signals of its best pairs; `labels` are 1 where one answers or declines, 0, or NaN."""

    id: str
    written: bool
    fold: int
    outcome: str
    signals: list[Signals] = field(default_factory=list)
    labels: list[float] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def read_rows(library_folder: Path, trained: Path, cases: Sequence[Path], only: int | None) -> list[Row]:
    """The rows of all questions that name one company (or were written over one); of one fold alone if asked."""
    settings = Settings(library=library_folder, model="none")
    found: list[Row] = []
    with Library.open(library_folder, settings) as library:
        wanted = [only] if only is not None else list(range(folds.COUNT))
        parts = {fold: Trained.at(trained / str(fold)) for fold in wanted}
        qa = DisclosureQA(library, settings, keeps_receipts=False, trained=lambda code: parts[wanted[0]])
        searches = {fold: Retriever(library, settings, part) for fold, part in parts.items()}
        judged = {(row["question"], tuple(row["unit"])): row["verdict"] for row in rows("judged.jsonl")}
        for at, one in enumerate(written(library)):
            if folds.fold_of(one.code) not in wanted:
                continue
            asked = qa.understood(one.question, company=one.code)
            row = Row(f"w{at}", True, folds.fold_of(one.code), one.label)
            units = one.units if one.label != "neither" else frozenset()
            if len(asked.companies) == 1 and asked.companies[0].code == one.code:
                _fill(row, searches[row.fold], asked, units, judged, one.question)
                found.append(row)
            if at % 500 == 499:
                print(at + 1, file=sys.stderr, flush=True)
        for case in read_cases(cases):
            places = set(gold_places(library, case.gold))
            asked = qa.understood(case.question, company=case.company, as_of=case.as_of, history=case.history)
            if case.outcome not in ("answered", "evaded", "not_found") or len(asked.companies) != 1:
                continue
            if folds.fold_of(asked.companies[0].code) not in wanted:
                continue
            row = Row(case.id, False, folds.fold_of(asked.companies[0].code), case.outcome)
            gold = frozenset((record or "", number or 0, -1) for record, number in places)
            _fill(row, searches[row.fold], asked, gold, {}, "")
            found.append(row)
    return found


def _fill(
    row: Row,
    search: Retriever,
    asked: Question,
    units: frozenset[Unit],
    judged: dict[Any, str],
    question: str,
) -> None:
    where = Where(codes=frozenset([asked.companies[0].code or ""]), published_to=asked.as_of)
    candidates = search.candidates(asked.search_text, where, periods=asked.periods)
    told = signals(asked.search_text, candidates[:TELL_RARITY])[:JUDGED]
    seen: set[Unit] = set()
    for one, mine in zip(candidates, told, strict=False):
        unit = unit_of(one.passage)
        if unit in seen or len(seen) == KEPT:
            continue
        seen.add(unit)
        hit = unit in units or (unit[0], unit[1], -1) in units
        verdict = judged.get((question, unit))
        label = 1.0 if hit else JUDGED_AS.get(verdict or "N", math.nan)
        row.signals.append(mine)
        row.labels.append(label)
        row.weights.append(1.0 if hit or verdict or not row.written else UNJUDGED)


@dataclass(slots=True)
class Table:
    """All rows as matrices, one line a pair."""

    names: list[str]
    values: Any
    labels: Any
    weights: Any
    folds: Any
    rows: Any


def table_of(found: Sequence[Row], names: Sequence[str] | None = None) -> Table:
    names = list(names or NAMES)
    lines = [(at, row, n) for at, row in enumerate(found) for n in range(len(row.signals))]
    return Table(
        names,
        numpy.array([[row.signals[n][name] for name in names] for _, row, n in lines]),
        numpy.array([row.labels[n] for _, row, n in lines]),
        numpy.array([row.weights[n] for _, row, n in lines]),
        numpy.array([row.fold for _, row, n in lines]),
        numpy.array([at for at, _, _ in lines]),
    )


def fit_trees(table: Table, mask: Any) -> Any:
    """Gradient boosting on the lines of `mask`."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    use = mask & ~numpy.isnan(table.labels)
    return HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.08,
        max_leaf_nodes=10,
        min_samples_leaf=80,
        l2_regularization=5.0,
        random_state=0,
    ).fit(table.values[use], table.labels[use] > 0.5, sample_weight=table.weights[use])


def out_of_fold(table: Table, used: Sequence[int]) -> Any:
    """Each line's value by trees fitted on the other folds of `used`; NaN for other folds."""
    values = numpy.full(len(table.labels), numpy.nan)
    for fold in used:
        others = numpy.isin(table.folds, [one for one in used if one != fold])
        own = table.folds == fold
        values[own] = fit_trees(table, others).decision_function(table.values[own])
    return values


def fit(found: Sequence[Row], without: int | None) -> dict[str, Any]:
    """The model for the folds other than `without`, as `Judgement.of` reads it."""
    from sklearn.linear_model import LogisticRegression

    used = [fold for fold in range(folds.COUNT) if fold != without]
    table = table_of(found)
    inner = out_of_fold(table, used)
    known = ~numpy.isnan(inner) & ~numpy.isnan(table.labels)
    curve = LogisticRegression(C=1e6).fit(
        inner[known][:, None], table.labels[known] > 0.5, sample_weight=table.weights[known]
    )
    likely = curve.predict_proba(numpy.nan_to_num(inner)[:, None])[:, 1]
    # The gain is flat about its top: for the model of all folds the limits of each two of them are averaged.
    groups = [used] if without is not None else [[f for f in used if f != left] for left in used]
    limits = [best_limits(found, table, likely, group) for group in groups]
    answers_from, shown_from = (round(sum(one) / len(one), 2) for one in zip(*limits, strict=True))
    model = fit_trees(table, numpy.isin(table.folds, used))
    return {
        "signals": table.names,
        "start": float(model._baseline_prediction.ravel()[0]),
        "slope": float(curve.coef_[0, 0]),
        "shift": float(curve.intercept_[0]),
        "answers_from": answers_from,
        "shown_from": shown_from,
        "trees": [_tree(stage[0].nodes) for stage in model._predictors],
    }


def _tree(nodes: Any) -> dict[str, Any]:
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "signal": [-1 if is_leaf else int(index) for is_leaf, index in zip(leaf, nodes["feature_idx"], strict=True)],
        "limit": [0.0 if is_leaf else float(f"{limit:.7g}") for is_leaf, limit in zip(leaf, nodes["num_threshold"], strict=True)],
        "left": [int(at) for at in nodes["left"]],
        "right": [int(at) for at in nodes["right"]],
        "value": [float(f"{value:.6g}") for value in nodes["value"]],
    }  # fmt: skip


def best_limits(found: Sequence[Row], table: Table, likely: Any, used: Sequence[int]) -> tuple[float, float]:
    """From which probability to answer, and from which share of the best one to show more than one pair.

    Each question with a right pair shown counts one, an answer without one minus one, a refusal of what has an
    answer minus a half (the closest passages are shown below it), and each pair shown beyond the first a twentieth.
    Near misses among the written questions are weighed down to the share that they have among the cases.
    """
    own = [at for at, row in enumerate(found) if row.fold in used]
    lacking = [at for at in own if found[at].outcome in ("not_found", "neither")]
    cases = [at for at in own if not found[at].written]
    share_of_cases = sum(found[at].outcome == "not_found" for at in cases) / len(cases)
    weight = share_of_cases / (1 - share_of_cases) * (len(own) - len(lacking)) / len(lacking)
    questions: list[tuple[float, Any, Any, bool, float]] = []
    for at in own:
        lines = numpy.flatnonzero(table.rows == at)
        order = lines[numpy.argsort(-likely[lines], kind="stable")][:MOST_SHOWN]
        has = found[at].outcome not in ("not_found", "neither")
        chance = any_of([float(one) for one in likely[order]])
        questions.append((chance, likely[order], table.labels[order] > 0.5, has, 1.0 if has else weight))
    best = (-math.inf, 0.5, 1.0)
    for least in numpy.arange(0.02, 0.8, 0.01):
        for share in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            gain = 0.0
            for chance, chances, hits, has, counts in questions:
                if chance < least:
                    gain -= counts * NEEDLESS_REFUSAL * has
                    continue
                shown = chances >= share * chances[0]
                gain += counts * ((1 if hits[shown].any() else -1) - FURTHER_PAIR * (shown.sum() - 1))
            if gain > best[0]:
                best = (gain, round(float(least), 2), share)
    return best[1], best[2]


def report(name: str, found: Sequence[Row], table: Table, values: Any) -> str:
    """How well the cases' pairs are put in order and told apart, out of fold."""
    from sklearn.metrics import roc_auc_score

    first, three, tops, answerable = [], [], [], []
    for at, row in enumerate(found):
        if row.written or not row.signals:
            continue
        lines = numpy.flatnonzero(table.rows == at)
        order = lines[numpy.argsort(-values[lines], kind="stable")]
        tops.append(values[order[0]])
        answerable.append(row.outcome != "not_found")
        if row.outcome != "not_found":
            hits = table.labels[order] > 0.5
            first.append(hits[0])
            three.append(hits[:3].any())
    return (
        f"{name:36s} first {numpy.mean(first):.3f}  in three {numpy.mean(three):.3f}"
        f"  AUC answerable {roc_auc_score(answerable, tops):.3f}  ({len(tops)} questions)"
    )


def ablate(found: Sequence[Row]) -> None:
    """Print what the order and the decision lose without each group of signals."""
    table = table_of(found)
    every = range(folds.COUNT)
    mixed = table.values[:, table.names.index("value")]
    print(report("the mixed score alone", found, table, mixed))
    print(report("all signals", found, table, out_of_fold(table, every)), flush=True)
    for group, parts in GROUPS.items():
        kept = [name for name in table.names if name not in parts]
        less = table_of(found, kept)
        print(report(f"without {group}", found, less, out_of_fold(less, every)), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make rows, fit, or ablate."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.training.judgement", description=__doc__)
    parser.add_argument("what", choices=("rows", "fit", "ablate"))
    parser.add_argument("--library", type=Path)
    parser.add_argument("--trained", type=Path)
    parser.add_argument("--cases", type=Path, nargs="*", default=[])
    parser.add_argument("--only", type=int, help="rows of this fold")
    parser.add_argument("--rows", type=Path, nargs="*", default=[])
    parser.add_argument("--without", type=int)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    if options.what == "rows":
        found = read_rows(options.library, options.trained, options.cases, options.only)
        options.out.write_bytes(pickle.dumps(found))
        return 0
    files = [pickle.loads(file.read_bytes()) for file in options.rows]  # written by `rows`
    found = [row for rows_of_file in files for row in rows_of_file if row.signals]
    if options.what == "ablate":
        ablate(found)
        return 0
    document = fit(found, options.without)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print({name: document[name] for name in ("slope", "shift", "answers_from", "shown_from")})
    return 0


if __name__ == "__main__":
    sys.exit(main())
