"""Fits the reading of refusals (`rag.finding.declining`).

    python -m eval.studies.training.declining --library DIR [--fintruthqa CSV] [--without FOLD] --out FILE

Prints how well refusals are told on the fold that was left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy

from eval.folds import fold_of
from eval.studies.training.material import by_home, mark_of, rows, written
from ingest.library.library import Library
from ingest.settings import Settings
from rag.finding.declining import LONGEST_RUN, Declining

RUNS = 1500  # so many runs of characters are kept
Answers = list[tuple[str, bool]]  # an answer, and whether it declines whatever is asked of it
Asked = list[tuple[str, str, bool]]  # a question, an answer, and whether it declines that


def material(library: Library, without: int | None) -> tuple[Answers, Asked, Asked]:
    """What to fit on: answers and questions of the other folds; and the questions of the fold left out."""
    answers: Answers = []
    asked: Asked = []
    held: Asked = []
    for (record_id, number, unit), group in by_home(written(library)).items():
        record = library.record(record_id)
        pairs = {p.number: p.answer for p in record.pairs}
        answer = pairs[number] if number else record.statements[unit].span.of(record.text)
        own = [(one.question, answer, one.label == "declines") for one in group if one.label != "neither"]
        if not own:
            continue
        if fold_of(record.form.code) == without:
            held += own
            continue
        asked += own
        if len({declines for _, _, declines in own}) == 1:
            answers.append((answer, own[0][2]))
    return answers, asked, held


def of_fintruthqa(file: Path) -> tuple[Answers, Asked]:
    """The same from rows of FinTruthQA."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        table = list(csv.DictReader(opened))
    answers: dict[int, set[bool]] = {}
    asked: Asked = []
    for row in rows("fintruthqa_questions.jsonl"):
        entry = table[row["row"]]
        if mark_of(entry["QUES"]) != row["question_sha1"]:
            continue
        declines = row["label"] == "declines"
        asked.append((row["question"], entry["ANS"], declines))
        answers.setdefault(row["row"], set()).add(declines)
    whole = [(table[at]["ANS"], labels == {True}) for at, labels in answers.items() if len(labels) == 1]
    return whole, asked


def fit_runs(answers: Answers) -> dict[str, Any]:
    """The weights of runs of characters: tf-idf, the best by chi-square, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.feature_selection import chi2
    from sklearn.linear_model import LogisticRegression

    from ingest.language.folding import nfkc

    texts = ["".join(nfkc(answer).split()) for answer, _ in answers]
    labels = numpy.array([declines for _, declines in answers])
    reading = TfidfVectorizer(
        analyzer="char", ngram_range=(1, LONGEST_RUN), min_df=5, sublinear_tf=True, lowercase=False, norm=None
    )
    counts = reading.fit_transform(texts)
    kept = numpy.sort(numpy.argsort(-chi2(counts, labels)[0], kind="stable")[:RUNS])
    chosen = counts[:, kept]
    lengths = numpy.sqrt(numpy.asarray(chosen.multiply(chosen).sum(axis=1)).ravel())
    unit = chosen.multiply(1 / numpy.maximum(lengths, 1e-9)[:, None]).tocsr()
    model = LogisticRegression(C=3.0, max_iter=1000, class_weight="balanced").fit(unit, labels)
    names = reading.get_feature_names_out()[kept]
    return {
        "bias": round(float(model.intercept_[0]), 4),
        "runs": {
            str(name): [round(float(weight), 4), round(float(rare), 4)]
            for name, weight, rare in zip(names, model.coef_[0], reading.idf_[kept], strict=True)
        },
    }


def fit(answers: Answers, asked: Asked) -> dict[str, Any]:
    """The whole model. What weighs its parts is fitted on answers that the runs were not fitted on."""
    from sklearn.linear_model import LogisticRegression

    blank = {"whole": 1, "part": 0, "figure": 0, "start": 0, "evades_from": 0.5}
    features, labels = [], []
    halves = [set(list(dict.fromkeys(a for a, _ in answers))[side::2]) for side in (0, 1)]
    for side in (0, 1):
        half = Declining.of(fit_runs([one for one in answers if one[0] in halves[1 - side]]) | blank)
        for question, answer, declines in asked:
            if answer not in halves[1 - side]:
                features.append(half.features(question, answer))
                labels.append(declines)
    model = LogisticRegression(C=10.0, max_iter=1000).fit(numpy.array(features), numpy.array(labels))
    likely = model.predict_proba(numpy.array(features))[:, 1]
    names = ("whole", "part", "figure")
    return {
        **{name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)},
        "start": round(float(model.intercept_[0]), 4),
        "evades_from": best_limit(likely, numpy.array(labels)),
        **fit_runs(answers),
    }


def best_limit(likely: Any, labels: Any) -> float:
    """The limit from which most questions are read rightly."""

    def right(limit: float) -> float:
        return float(((likely >= limit) == labels).sum())

    return max((round(0.3 + 0.02 * step, 2) for step in range(26)), key=right)


def measure(model: Declining, held: Asked) -> str:
    """Precision, recall and the area under the curve on questions that were left out."""
    from sklearn.metrics import roc_auc_score

    likely = numpy.array([model.probability(q, a) for q, a, _ in held])
    labels = numpy.array([declines for _, _, declines in held])
    said = likely >= model.evades_from
    right = int((said & labels).sum())
    return (
        f"refusals of {int(labels.sum())} in {len(held)} questions left out: precision {right / max(1, said.sum()):.3f},"
        f" recall {right / max(1, labels.sum()):.3f}, AUC {roc_auc_score(labels, likely):.3f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write, measure."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.training.declining", description=__doc__)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--fintruthqa", type=Path)
    parser.add_argument("--without", type=int)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    with Library.open(options.library, Settings(library=options.library, model="none")) as library:
        answers, asked, held = material(library, options.without)
    if options.fintruthqa:
        more = of_fintruthqa(options.fintruthqa)
        answers, asked = answers + more[0], asked + more[1]
    document = fit(answers, asked)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    if held:
        print(measure(Declining.of(document), held))
    return 0


if __name__ == "__main__":
    sys.exit(main())
