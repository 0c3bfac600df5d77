"""Is a record read right? The parser against labels that people made by eye.

A pair is right only where question and answer both equal the label to the last character after
normalisation (`eval.gold_labels.normalise`). Pairs of a file are matched as a multiset, so that one
missed pair costs one and not all that follow it.

Run: `python -m eval.parsing --records DIR [--labels tests/gold]`; exit status 1 below a threshold.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.gold_labels import (
    FORM_FIELDS,
    PairLabel,
    RecordLabel,
    field_hash,
    form_values,
    label_of,
    read_labels,
)
from ingest.errors import SourceError
from ingest.reading.source_file import read_records
from ingest.records import Record
from ingest.settings import Settings

PAIR_THRESHOLD = 0.98
FORM_THRESHOLD = 0.98


@dataclass(frozen=True, slots=True)
class RecordScore:
    """One labelled file: how many pairs stand in the label, came out, and are right; what is wrong.

    `faults` are lines for a person; `form` maps each labelled field to right or wrong; `error` is
    the reason why the file could not be read (all its pairs then count as missed).
    """

    name: str
    family: str
    labelled: int
    parsed: int
    right: int
    form: Mapping[str, bool]
    faults: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ParsingScore:
    """The scores of all labelled files together; ratios are 0 to 1."""

    records: tuple[RecordScore, ...]

    @property
    def precision(self) -> float:
        return _ratio(sum(each.right for each in self.records), sum(each.parsed for each in self.records))

    @property
    def recall(self) -> float:
        return _ratio(sum(each.right for each in self.records), sum(each.labelled for each in self.records))

    @property
    def f1(self) -> float:
        return _f1(self.precision, self.recall)

    @property
    def form(self) -> float:
        """Right fields of all labelled fields."""
        verdicts = [right for each in self.records for right in each.form.values()]
        return _ratio(sum(verdicts), len(verdicts))

    @property
    def errors(self) -> int:
        """Labelled files that were missing or could not be read."""
        return sum(each.error is not None for each in self.records)

    def by_field(self) -> dict[str, tuple[int, int]]:
        """For each form field: how many records have it right, and in how many it is labelled."""
        verdicts = {
            name: [each.form[name] for each in self.records if name in each.form] for name in FORM_FIELDS
        }
        return {name: (sum(found), len(found)) for name, found in verdicts.items()}


def _ratio(part: int, whole: int) -> float:
    # Nothing labelled and nothing parsed is perfect agreement, not a division by zero.
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(labels: Sequence[RecordLabel], records: Path, settings: Settings | None = None) -> ParsingScore:
    """Parse the labelled files that lie in the folder `records`, and compare.

    A labelled file that is missing or unreadable is scored as such, never left out.
    """
    settings = settings or Settings()
    wanted = {label.file_sha256 for label in labels}
    files: dict[str, Path] = {}
    for path in sorted(records.iterdir()):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest in wanted:
                files.setdefault(digest, path)
    return ParsingScore(tuple(_score_file(label, files.get(label.file_sha256), settings) for label in labels))


def _score_file(label: RecordLabel, path: Path | None, settings: Settings) -> RecordScore:
    if path is None:
        return _unread(label, label.file_sha256[:16], "no file with this hash in the folder")
    try:
        parsed = read_records(path.read_bytes(), path.name, settings)
    except SourceError as error:
        return _unread(label, path.name, str(error))
    return compare(label, parsed, path.name)


def _unread(label: RecordLabel, name: str, reason: str) -> RecordScore:
    wrong = dict.fromkeys(label.form, False)
    return RecordScore(name, label.family, len(label.pairs), 0, 0, wrong, error=reason)


def compare(label: RecordLabel, parsed: Sequence[Record], name: str) -> RecordScore:
    """The score of the records that came out of one source file.

    The form is taken from the first record (only tabular sources give several).
    """
    found = [label_of(pair) for record in parsed for pair in record.pairs]
    right = sum((Counter(map(_key, label.pairs)) & Counter(map(_key, found))).values())
    values = form_values(parsed[0].form) if parsed else {}
    form = {field: field_hash(field, values.get(field)) == digest for field, digest in label.form.items()}
    faults = _pair_faults(label.pairs, found)
    wrong = [field for field, is_right in form.items() if not is_right]
    if wrong:
        faults.append("form: " + ", ".join(wrong))
    return RecordScore(name, label.family, len(label.pairs), len(found), right, form, tuple(faults))


def _key(label: PairLabel) -> tuple[str, str]:
    return label.question, label.answer


def _pair_faults(labelled: Sequence[PairLabel], found: Sequence[PairLabel]) -> list[str]:
    faults = []
    surplus = Counter(map(_key, found)) - Counter(map(_key, labelled))
    missing = Counter(map(_key, labelled)) - Counter(map(_key, found))
    for number, pair in enumerate(labelled, 1):
        if not missing[_key(pair)]:
            continue
        missing[_key(pair)] -= 1
        same_question = [each for each in found if each.question == pair.question and surplus[_key(each)]]
        same_answer = [each for each in found if each.answer == pair.answer and surplus[_key(each)]]
        if same_question:
            length = same_question[0].answer_length
            faults.append(f"pair {number}: answer has {length} characters, label {pair.answer_length}")
        elif same_answer:
            length = same_answer[0].question_length
            faults.append(f"pair {number}: question has {length} characters, label {pair.question_length}")
        else:
            faults.append(f"pair {number}: question and answer both differ or are missing")
    known = {each.question for each in labelled} | {each.answer for each in labelled}
    for number, pair in enumerate(found, 1):
        if surplus[_key(pair)] and not {pair.question, pair.answer} & known:
            faults.append(f"parsed pair {number}: not in the label")
    return faults


def report(result: ParsingScore) -> str:
    """The scores as text: a line a record, its faults, the form by field, the totals."""
    lines = []
    for each in result.records:
        precision, recall = _ratio(each.right, each.parsed), _ratio(each.right, each.labelled)
        lines.append(
            f"{each.right:3d} right of {each.labelled:3d} labelled, {each.parsed:3d} parsed"
            f"  P {precision:.3f}  R {recall:.3f}  F1 {_f1(precision, recall):.3f}"
            f"  form {sum(each.form.values())}/{len(each.form)}  {each.family}  {each.name}"
        )
        lines += [f"      {fault}" for fault in each.faults]
        if each.error:
            lines.append(f"      not read: {each.error}")
    fields = (f"{name} {right}/{total}" for name, (right, total) in result.by_field().items() if total)
    lines.append("form by field: " + ", ".join(fields))
    lines.append(
        f"{len(result.records)} records ({result.errors} not read),"
        f" {sum(each.labelled for each in result.records)} pairs:"
        f" precision {result.precision:.4f}, recall {result.recall:.4f}, F1 {result.f1:.4f}"
        f" (wanted {PAIR_THRESHOLD}); form {result.form:.4f} (wanted {FORM_THRESHOLD})"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores; 0 where both thresholds are reached, 1 otherwise, 2 without labels."""
    parser = argparse.ArgumentParser(prog="python -m eval.parsing", description="Score the parser by labels.")
    parser.add_argument("--records", type=Path, required=True, help="folder that holds the source files")
    parser.add_argument("--labels", type=Path, default=Path("tests/gold"), help="a .jsonl file, or a folder")
    options = parser.parse_args(arguments)
    labels = read_labels(options.labels)
    if not labels:
        sys.stderr.write(f"no labels in {options.labels}: make some with python -m eval.gold_labels\n")
        return 2
    result = score(labels, options.records)
    sys.stdout.write(report(result) + "\n")
    return 0 if result.f1 >= PAIR_THRESHOLD and result.form >= FORM_THRESHOLD and not result.errors else 1


if __name__ == "__main__":
    sys.exit(main())
