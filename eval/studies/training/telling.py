"""Fits the judgement of sentences (`rag.writing.telling`).

    python -m eval.studies.training.telling fit --library DIR [--without FOLD] --out FILE
    python -m eval.studies.training.telling report --library DIR

`sentences.jsonl` says for questions that were written over public filings which sentences of the answer tell what is asked
(and which must come with them), as readers marked them: by file, pair, and a hash of each sentence. `report` prints the
figures out of fold: whether the likeliest sentence is a marked one, and for limits how many marked ones lead and how long
the lead is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from eval import folds
from eval.studies.training.material import mark_of, rows
from ingest.embedding.e5_words import WordPieces
from ingest.library.library import Library
from ingest.records import Span
from ingest.settings import Settings
from rag.finding.declining import bundled_declining
from rag.writing.sentence_signals import NAMES, sentence_signals
from rag.writing.telling import Telling, spoken_sentences

STRENGTH = 0.3  # the inverse of the weights' penalty; .1 to 1 give the same figures
# A lead of so many sentences: chosen on the report's figures out of fold, see docs/decisions/0013-sentences.md.
TELLS_FROM, UNSURE_BELOW, MOST, SHORT = 0.2, 0.6, 3, 100


@dataclass(frozen=True, slots=True)
class Marked:
    """One question beside one answer: `tells` and `belongs` are places in `sentences`."""

    question: str
    fold: int
    text: str
    whole: Span
    sentences: tuple[str, ...]
    tells: frozenset[int]
    belongs: frozenset[int]


def marked(library: Library) -> Iterator[Marked]:
    """The marked answers that are in the library; one whose sentences have changed is left out."""
    files: dict[str, list[str]] = {}
    for summary in library.records():
        files.setdefault(summary.source_file, []).append(summary.id)
    for row in rows("sentences.jsonl"):
        for record_id in files.get(row["file"], []):
            record = library.record(record_id)
            pair = next((p for p in record.pairs if p.number == row["pair"]), None)
            if pair is None or mark_of(" ".join(pair.question.split())) != row["question_sha1"]:
                continue
            spoken = spoken_sentences(record.text, pair.answer_span)
            sentences = tuple(one.of(record.text) for one in spoken)
            hashes = [mark_of(one) for one in sentences]
            if set(row["tells"]) <= set(hashes):
                yield Marked(
                    row["question"],
                    folds.fold_of(row["code"]),
                    record.text,
                    pair.answer_span,
                    sentences,
                    frozenset(at for at, one in enumerate(hashes) if one in row["tells"]),
                    frozenset(at for at, one in enumerate(hashes) if one in row["belongs"]),
                )


def fit(answers: Sequence[Marked], used: Sequence[int]) -> dict[str, Any]:
    """The model for the folds `used`, as `Telling.of` reads it."""
    from sklearn.linear_model import LogisticRegression

    words = WordPieces()
    values, labels = [], []
    for one in answers:
        if one.fold in used:
            for at, signals in enumerate(sentence_signals(one.question, one.sentences, words.near)):
                values.append([signals[name] for name in NAMES])
                labels.append(at in one.tells)
    table = numpy.array(values)
    means, deviations = table.mean(axis=0), table.std(axis=0) + 1e-6
    curve = LogisticRegression(C=STRENGTH, max_iter=1000).fit((table - means) / deviations, labels)
    return {
        "signals": list(NAMES),
        "weights": [round(float(one), 5) for one in curve.coef_[0]],
        "means": [round(float(one), 5) for one in means],
        "deviations": [round(float(one), 5) for one in deviations],
        "bias": round(float(curve.intercept_[0]), 5),
        "tells_from": TELLS_FROM,
        "unsure_below": UNSURE_BELOW,
        "most": MOST,
        "short": SHORT,
    }


def report(answers: Sequence[Marked]) -> None:
    """Print the figures out of fold."""
    every = range(folds.COUNT)
    models = {fold: Telling.of(fit(answers, [one for one in every if one != fold])) for fold in every}
    likely = [models[one.fold].probabilities(one.question, one.sentences) for one in answers]
    first = [int(numpy.argmax(p)) in one.tells for one, p in zip(answers, likely, strict=True)]
    print(f"answers {len(answers)}  the likeliest sentence is a marked one {numpy.mean(first):.3f}")
    declining = bundled_declining()
    for tells_from, unsure_below in ((0.15, 0.5), (0.2, 0.5), (0.2, 0.6), (0.25, 0.6), (0.3, 0.5)):
        some, every_one, belonging, lengths = [], [], [], []
        for one in answers:
            document = {
                **fit_document(models[one.fold]),
                "tells_from": tells_from,
                "unsure_below": unsure_below,
            }
            read = Telling.of(document).read(one.question, one.text, one.whole, declining)
            told = {sentence.span.of(one.text) for sentence in read if sentence.leads}
            wanted = {one.sentences[at] for at in one.tells}
            some.append(bool(wanted & told))
            every_one.append(wanted <= told)
            if one.belongs:
                belonging.append({one.sentences[at] for at in one.belongs} <= told)
            lengths.append(sum(map(len, told)))
        print(
            f"from {tells_from:.2f}, whole below {unsure_below:.1f}: a marked one leads {numpy.mean(some):.3f}, all of them"
            f" {numpy.mean(every_one):.3f}, what belongs to them {numpy.mean(belonging):.3f}, characters"
            f" {numpy.median(lengths):.0f} (median)"
        )


def fit_document(model: Telling) -> dict[str, Any]:
    """The document that a model was read from."""
    return {
        "signals": model.names,
        **{
            name: getattr(model, name)
            for name in (
                "weights", "means", "deviations", "bias", "tells_from", "unsure_below", "most", "short",
            )
        },
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, or report."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.training.telling", description=__doc__)
    parser.add_argument("what", choices=("fit", "report"))
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--without", type=int)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    with Library.open(options.library, Settings(library=options.library)) as library:
        answers = list(marked(library))
    if options.what == "report":
        report(answers)
        return 0
    used = [fold for fold in range(folds.COUNT) if fold != options.without]
    options.out.write_text(json.dumps(fit(answers, used), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
