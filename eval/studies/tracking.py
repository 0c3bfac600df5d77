"""The views over the shared records: are statements missed, is a day out of place, is anything uncited?

    python -m eval.studies.tracking timelines --library DIR     # recall by day and by pair, order, citations
    python -m eval.studies.tracking comparisons --library DIR   # who said nothing, what may be compared

`eval/cases/views_timelines.jsonl` and `views_comparisons.jsonl` hold topics written before the views and the pairs that
speak of them, found by plain text search and reading; half of each was kept back until the rules stood. Records are
named by hashes. Cases whose companies the library lacks are counted, not scored.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from eval.studies.given import CASES, lines_of
from ingest.settings import Settings
from rag.answers import Claim
from rag.disclosure_qa import DisclosureQA

Pair = tuple[str, int]


@dataclass
class Tally:
    """Counts over the cases of one half."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    slowest: float = 0.0

    def share(self, part: str, whole: str) -> str:
        """A share with what it is of; a dash where there is nothing to count."""
        of = self.counts[whole]
        return f"{self.counts[part] / of:.3f} ({self.counts[part]}/{of})" if of else "- (0)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two measurements; exit status 0, or 3 where no case could be scored."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.tracking")
    parser.add_argument("what", choices=("timelines", "comparisons"))
    parser.add_argument("--library", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument(
        "--verbose", action="store_true", help="print each case, what was missed and what is beside the point"
    )
    given = parser.parse_args(arguments)
    settings = Settings(model="none")
    if given.library:
        settings = settings.model_copy(update={"library": given.library})
    cases = given.cases or CASES / f"views_{given.what}.jsonl"
    rows = lines_of(cases)
    measure = timelines if given.what == "timelines" else comparisons
    with DisclosureQA.open(settings.library, settings) as qa:
        tallies, skipped = measure(qa, rows, verbose=given.verbose)
    for half, tally in sorted(tallies.items(), reverse=True):
        report = timeline_report if given.what == "timelines" else comparison_report
        print(f"{half}: " + "; ".join(report(tally)))
    print(f"skipped (company not in the library): {skipped}")
    return 0 if tallies else 3


def timelines(
    qa: DisclosureQA, rows: Iterable[dict[str, Any]], *, verbose: bool = False
) -> tuple[dict[str, Tally], int]:
    """Each timeline against its gold pairs: a day is found where its entry cites one of them."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    held = {record.code for record in qa.library.records()}
    days = {record.id: record.published_on for record in qa.library.records()}
    skipped = 0
    for row in rows:
        if row["company"] not in held:
            skipped += 1
            continue
        tally = tallies[row["half"]]
        started = time.perf_counter()
        view = qa.track(row["topic"], company=row["company"])
        tally.slowest = max(tally.slowest, time.perf_counter() - started)
        gold: set[Pair] = {(one, pair) for one, pair in row["gold"]}
        also: set[Pair] = {(one, pair) for one, pair in row["also"]}
        cited = {(c.record_id, c.pair) for claim in view.claims for c in claim.citations}
        repeated = {day for entry in view.entries for day in entry.repeated_on}
        wanted = {days.get(one) for one, _ in gold}
        found = {days.get(one) for one, _ in gold & cited} | (wanted & repeated)
        beside = [e for e in view.entries if not {(c.record_id, c.pair) for c in e.citations} & (gold | also)]
        order = [entry.day or date.min for entry in view.entries]
        tally.counts["cases"] += 1
        tally.counts["days"] += len(wanted)
        tally.counts["days_found"] += len(wanted & found)
        tally.counts["pairs"] += len(gold)
        tally.counts["pairs_cited"] += len(gold & cited)
        tally.counts["entries"] += len(view.entries)
        tally.counts["beside"] += len(beside)
        tally.counts["wrong_order"] += sum(one < other for one, other in pairwise(order))
        tally.counts["uncited"] += sum(not entry.claims for entry in view.entries)
        tally.counts["quotes"] += len(view.claims)
        tally.counts["quotes_off"] += sum(not _in_place(qa, claim) for claim in view.claims)
        tally.counts["figures"] += sum(len(entry.figures) for entry in view.entries)
        tally.counts["changes"] += sum(c.what == "figure" for e in view.entries for c in e.changes)
        if verbose:
            missed = sorted(str(day) for day in wanted - found)
            off = [str(entry.day) for entry in beside]
            print(f"{row['id']} {row['topic']}: missed {missed}, beside the point {off}")
    return dict(tallies), skipped


def comparisons(
    qa: DisclosureQA, rows: Iterable[dict[str, Any]], *, verbose: bool = False
) -> tuple[dict[str, Tally], int]:
    """Each table against who said nothing, and which figures of one measure and period there are."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    held = {record.code for record in qa.library.records()}
    skipped = 0
    for row in rows:
        if not set(row["companies"]) <= held:
            skipped += 1
            continue
        tally = tallies[row["half"]]
        started = time.perf_counter()
        view = qa.compare(row["topic"], companies=row["companies"])
        tally.slowest = max(tally.slowest, time.perf_counter() - started)
        silent = {
            code for code, cell in zip(view.codes, view.rows[0].cells, strict=True) if cell.status == "silent"
        }
        wanted = set(row["silent"])
        same = sorted(f"{one.period}" for one in view.rows if one.kind == "same")
        tally.counts["cases"] += 1
        tally.counts["cells"] += len(view.codes)
        tally.counts["silent_wrong"] += len(silent - wanted)
        tally.counts["spoken_wrong"] += len(wanted - silent)
        tally.counts["rows_wanted"] += len(row["same"])
        tally.counts["rows_found"] += sum(period in same for period in row["same"])
        tally.counts["rows_beside"] += sum(period not in row["same"] for period in same)
        tally.counts["figures"] += sum(c.figure is not None for one in view.rows for c in one.cells)
        tally.counts["uncited"] += sum(
            c.figure is not None and not c.claims for one in view.rows for c in one.cells
        )
        tally.counts["quotes"] += len(view.claims)
        tally.counts["quotes_off"] += sum(not _in_place(qa, claim) for claim in view.claims)
        if verbose:
            print(f"{row['id']} {row['topic']}: silent {sorted(map(str, silent))}, of one period {same}")
    return dict(tallies), skipped


def timeline_report(tally: Tally) -> list[str]:
    """The figures of the timelines of one half."""
    return [
        f"{tally.counts['cases']} timelines",
        f"days found {tally.share('days_found', 'days')}",
        f"pairs cited {tally.share('pairs_cited', 'pairs')}",
        f"entries beside the point {tally.share('beside', 'entries')}",
        f"out of order {tally.counts['wrong_order']}",
        f"entries uncited {tally.counts['uncited']}",
        f"quotes not in place {tally.share('quotes_off', 'quotes')}",
        f"figures {tally.counts['figures']}, changes of figures {tally.counts['changes']}",
        f"slowest {tally.slowest:.2f} s",
    ]


def comparison_report(tally: Tally) -> list[str]:
    """The figures of the tables of one half."""
    return [
        f"{tally.counts['cases']} tables",
        f"called silent and did speak {tally.share('silent_wrong', 'cells')}",
        f"quoted and said nothing on it {tally.share('spoken_wrong', 'cells')}",
        f"rows of one measure and period {tally.share('rows_found', 'rows_wanted')}, others {tally.counts['rows_beside']}",
        f"figures {tally.counts['figures']}, uncited {tally.counts['uncited']}",
        f"quotes not in place {tally.share('quotes_off', 'quotes')}",
        f"slowest {tally.slowest:.2f} s",
    ]


def _in_place(qa: DisclosureQA, claim: Claim) -> bool:
    return all(qa.library.record(c.record_id).text[c.start : c.end] == c.quote for c in claim.citations)


if __name__ == "__main__":
    sys.exit(main())
