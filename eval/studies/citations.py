"""Do citations hold to the character? Over every pair, and over the answers to many questions.

    python -m eval.studies.citations --library DIR [--questions 500]

Checks that texts rebuilt from the stored originals are those of the catalogue; that question and answer of
every pair stand at their spans; that the words of a pdf's answers lie on the page that is named; and that
every quote of the answers to randomly chosen questions stands at its place. Exit status 1 if any does not.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from ingest.library.library import Library
from ingest.records import Record, Span
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA


@dataclass(frozen=True, slots=True)
class Held:
    """How many were looked at and how many did not hold, with the first few that did not."""

    what: str
    looked_at: int
    broken: tuple[str, ...]

    def line(self) -> str:
        """One line for a person."""
        held = self.looked_at - len(self.broken)
        return f"{self.what}: {held} of {self.looked_at} hold" + "".join(f"\n  {b}" for b in self.broken[:5])


def check_texts(library: Library) -> Held:
    """Every text rebuilt from its original against the catalogue's."""
    return Held("texts rebuilt from their originals", len(library.records()), tuple(library.verify()))


def check_pairs(library: Library) -> Held:
    """Question and answer of every pair against the canonical text at their spans."""
    broken: list[str] = []
    looked_at = 0
    for summary in library.records():
        record = library.record(summary.id)
        for pair in record.pairs:
            looked_at += 1
            if (
                pair.question_span.of(record.text) != pair.question
                or pair.answer_span.of(record.text) != pair.answer
            ):
                broken.append(f"{record.source_file} pair {pair.number}")
    return Held("pairs at their spans", looked_at, tuple(broken))


def check_pages(library: Library, sample: int, seed: int) -> Held:
    """Boxes of random pdf answers: all there, inside their page, on the pages that the text says."""
    from ingest.readers.pdf import boxes

    chosen = random.Random(seed)
    records = [library.record(s.id) for s in library.records() if s.format == "pdf" and s.pairs]
    broken: list[str] = []
    for record in chosen.choices(records, k=sample) if records else []:
        pair = chosen.choice(record.pairs)
        (found,) = boxes(library.original(record.id), [pair.answer_span])
        pages = {page.number: page for page in record.pages}
        inside = all(
            0 <= box.left < box.right <= pages[box.page].width + 1
            and 0 <= box.top < box.bottom <= pages[box.page].height + 1
            for box in found
        )
        if not found or not inside or {box.page for box in found} != _pages(record, pair.answer_span):
            broken.append(f"{record.source_file} pair {pair.number}")
    return Held("pdf answers whose boxes lie on the pages named", sample if records else 0, tuple(broken))


def check_answers(qa: DisclosureQA, questions: int, seed: int) -> Held:
    """Every quote of the answers to random questions of the records, the company chosen beside them."""
    chosen = random.Random(seed)
    asked = [
        (pair.question, summary.code)
        for summary in qa.library.records()
        for pair in qa.library.record(summary.id).pairs
    ]
    broken: list[str] = []
    looked_at = 0
    for question, code in chosen.sample(asked, min(questions, len(asked))):
        answer = qa.ask(question[:300], company=code)
        for claim in answer.claims:
            for citation in claim.citations:
                looked_at += 1
                record = qa.library.record(citation.record_id)
                page = next(
                    (p.number for p in record.pages if p.span.start <= citation.start < p.span.end), None
                )
                if record.text[citation.start : citation.end] != citation.quote or page != citation.page:
                    broken.append(f"{citation.source_file} {citation.start}:{citation.end}")
    return Held(f"quotes in the answers to {min(questions, len(asked))} questions", looked_at, tuple(broken))


def _pages(record: Record, span: Span) -> set[int]:
    """The pages that hold characters of a span other than white space."""
    return {
        page.number
        for page in record.pages
        if record.text[max(page.span.start, span.start) : max(0, min(page.span.end, span.end))].strip()
    }


def main() -> int:
    """Print the four checks."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.citations", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    settings = Settings(library=options.library, model="none")
    with DisclosureQA.open(options.library, settings) as qa:
        results = [
            check_texts(qa.library),
            check_pairs(qa.library),
            check_pages(qa.library, 200, options.seed),
            check_answers(qa, options.questions, options.seed),
        ]
    for held in results:
        print(held.line())
    return 1 if any(held.broken for held in results) else 0


if __name__ == "__main__":
    sys.exit(main())
