"""Gold labels of parsing: what a person read in a record, kept as numbers and hashes only.

The labelled records are other people's text, so no word of them is stored: a label holds, for each
pair and each form field, the hash of the normalised text. Labels are made by eye; this module only
turns a person's reading (full text, kept outside the repository) into a line that may be stored.

A reading is a JSON object::

    {"file": "…pdf", "family": "…", "pairs": [{"question": "…", "answer": "…"}],
     "form": {"code": "…", "short_name": "…", "company": "…", "number": null, "categories": ["…"],
              "held_on": ["2024-01-31", "2024-01-31"], "signed_on": null,
              "participants": [{"institution": "…", "people": ["…"]}], "hosts": ["…"], "place": "…"}}

A form field that is left out of the reading is not scored (the person could not decide).

Run: `python -m eval.gold_labels READINGS.json --records DIR >> tests/gold/NAME.jsonl`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.records import Form, QAPair

FORM_FIELDS = (
    "code",
    "short_name",
    "company",
    "number",
    "categories",
    "held_on",
    "signed_on",
    "participants",
    "hosts",
    "place",
)
_HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class PairLabel:
    """Hashes and normalised lengths (characters) of one question and its answer."""

    question: str
    answer: str
    question_length: int
    answer_length: int


@dataclass(frozen=True, slots=True)
class RecordLabel:
    """What a person read in one source file, as hashes; `form` maps a field to its hash."""

    file_sha256: str
    pairs: tuple[PairLabel, ...]
    form: Mapping[str, str]
    family: str


def normalise(text: str) -> str:
    """NFKC, then without white space and zero-width characters: the form in which texts are compared."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(c for c in composed if not c.isspace() and unicodedata.category(c) != "Cf")


def text_hash(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of the normalised text."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()[:_HASH_DIGITS]


def pair_label(question: str, answer: str) -> PairLabel:
    """The label of a pair that reads `question` and `answer`."""
    return PairLabel(text_hash(question), text_hash(answer), len(normalise(question)), len(normalise(answer)))


def label_of(pair: QAPair) -> PairLabel:
    """The label that a parsed pair would have, to be compared with a person's."""
    return pair_label(pair.question, pair.answer)


def form_values(form: Form) -> dict[str, Any]:
    """A parsed form as the JSON values that a reading holds."""
    return {
        "code": form.code,
        "short_name": form.short_name,
        "company": form.company,
        "number": form.number,
        "categories": list(form.categories),
        "held_on": [day.isoformat() for day in form.held_on] if form.held_on else None,
        "signed_on": form.signed_on.isoformat() if form.signed_on else None,
        "participants": [
            {"institution": each.institution, "people": list(each.people)} for each in form.participants
        ],
        "hosts": list(form.hosts),
        "place": form.place,
    }


def field_hash(field: str, value: Any) -> str:
    """The hash of one form field; the order of ticked categories does not matter, all other order does."""
    normal = _normal_value(value)
    if field == "categories" and isinstance(normal, list):
        normal = sorted(normal)
    text = json.dumps(normal, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]


def _normal_value(value: Any) -> Any:
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, Mapping):
        return {key: _normal_value(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_normal_value(each) for each in value]
    return value


def label_line(reading: Mapping[str, Any], data: bytes) -> str:
    """The line to store for a person's `reading` of the source file with the bytes `data`.

    Raises ValueError where the reading has a form field that is none.
    """
    unknown = set(reading["form"]) - set(FORM_FIELDS)
    if unknown:
        raise ValueError(f"{reading['file']}: no form field is called {', '.join(sorted(unknown))}")
    labels = [pair_label(each["question"], each["answer"]) for each in reading["pairs"]]
    line = {
        "file_sha256": hashlib.sha256(data).hexdigest(),
        "pairs": [
            {"q": each.question, "a": each.answer, "q_len": each.question_length, "a_len": each.answer_length}
            for each in labels
        ],
        "form": {
            field: field_hash(field, reading["form"][field])
            for field in FORM_FIELDS
            if field in reading["form"]
        },
        "family": reading["family"],
    }
    return json.dumps(line, ensure_ascii=False)


def read_labels(path: Path) -> list[RecordLabel]:
    """All labels in a `.jsonl` file, or in the `parsing*.jsonl` files of a folder, in the order of names."""
    files = sorted(path.glob("parsing*.jsonl")) if path.is_dir() else [path]
    return [_record_label(line) for file in files for line in file.read_text("utf-8").splitlines() if line]


def _record_label(line: str) -> RecordLabel:
    stored = json.loads(line)
    return RecordLabel(
        stored["file_sha256"],
        tuple(PairLabel(each["q"], each["a"], each["q_len"], each["a_len"]) for each in stored["pairs"]),
        stored["form"],
        stored["family"],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one label line for each reading in a JSON list."""
    parser = argparse.ArgumentParser(prog="python -m eval.gold_labels", description=__doc__.split("\n")[0])
    parser.add_argument("readings", type=Path, help="JSON list of readings")
    parser.add_argument("--records", type=Path, required=True, help="folder that holds the source files")
    options = parser.parse_args(arguments)
    for reading in json.loads(options.readings.read_text("utf-8")):
        sys.stdout.write(label_line(reading, (options.records / reading["file"]).read_bytes()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
