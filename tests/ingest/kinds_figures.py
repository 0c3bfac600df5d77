"""How many of the pairs and fields of `kinds/` are right: `python tests/ingest/kinds_figures.py [FILE.txt...]`.

Run on a new file of cases before the code is changed, it prints what reading gives at first sight.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

from eval.gold_labels import normalise
from ingest.errors import SourceError
from ingest.library.export import record_as_json
from ingest.reading.source_file import read_records
from ingest.records import Record
from ingest.settings import Settings

DAYS_AND_CODES = ("code", "codes", "published_on", "days", "held_on")


def value(field: str, records: list[Record]) -> Any:
    """What reading gave for a field of a case."""
    if field == "codes":
        return [record.form.code for record in records]
    if field == "days":
        return [record.published_on and record.published_on.isoformat() for record in records]
    found = record_as_json(records)[field]
    return len(found) if field == "participants" else found


def main(paths: list[Path]) -> None:
    """Print the figures over all cases of some files."""
    right = wrong = missed = fields = field_count = misleading = refused = cases = 0
    for case in [c for path in paths for c in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]]:
        cases += 1
        head, _, marked = case.partition("\n---\n")
        name, _, told = head.partition("\n")
        wanted = {key: each for key, each in json.loads(told).items() if key != "warns"}
        parts = [re.findall(p, marked, re.DOTALL) for p in ("⟪(.*?)⟫", "⟦(.*?)⟧")]
        plain = [[normalise(re.sub(r"<[^>]*>", "", words)) for words in each] for each in parts]
        pairs = set(zip(*plain, strict=True))
        records: list[Record] = []
        try:
            records = read_records(re.sub("[⟪⟫⟦⟧]", "", marked).encode(), name, Settings())
        except SourceError:
            refused += bool(wanted.pop("refused", False))
        if not records:
            missed, field_count = missed + len(pairs), field_count + len(wanted)
            continue
        found = {(normalise(pair.question), normalise(pair.answer)) for r in records for pair in r.pairs}
        right, wrong = right + len(found & pairs), wrong + len(found - pairs)
        missed += len(pairs - found)
        for field in wanted.keys() - {"refused"}:
            got = value(field, records)
            field_count += 1
            fields += got == wanted[field]
            misleading += got != wanted[field] and got is not None and field in DAYS_AND_CODES
    print(
        f"{date.today()}: {cases} files, {refused} refused as they should be; pairs {right} right, {wrong} wrong, "
        f"{missed} missed, F1 {2 * right / max(1, 2 * right + wrong + missed):.3f}; fields {fields}/{field_count}; "
        f"a wrong code or day in {misleading}"
    )


if __name__ == "__main__":
    given = [Path(path) for path in sys.argv[1:]]
    main(given or sorted((Path(__file__).parent / "kinds").glob("*.txt")))
