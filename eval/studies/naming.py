"""Is the right company read out of a question? Over the questions in `cases/companies.txt`.

    python -m eval.studies.naming

A line is `kind | question | company chosen beside it | expected`: codes of the library's companies,
!code of a listed company that the library does not hold, ?name of one that is listed nowhere, - for none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eval.studies.followups import COMPANIES
from ingest.language.listed import listed_name
from ingest.library.library import Company
from rag.asking.companies import CompanyNames
from rag.asking.question import understand

# Known by code alone, as from exports of the exchanges' question sites.
CODES = (
    "000425 000636 001309 002202 002352 002465 002487 002840 300285 300476 300750 301358 600096 600406 600547 600809 601318 601888"
    " 603629 688111 689009"
).split()


@dataclass(frozen=True, slots=True)
class Resolved:
    """One question: whom it is about, and whom it was read to be about."""

    kind: str
    question: str
    wanted: frozenset[str]
    got: frozenset[str]


@cache
def library() -> CompanyNames:
    """The names of the companies that the cases are about."""
    by_code = [Company(code, listed_name(code), None, 1) for code in CODES]
    return CompanyNames([*COMPANIES, *by_code])


@cache
def run(file: Path = Path(__file__).parents[1] / "cases" / "companies.txt") -> Sequence[Resolved]:
    """Every question of a file."""
    results: list[Resolved] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, question, chosen, wanted = (part.strip() for part in line.split("|"))
            results.append(Resolved(kind, question, _wanted(wanted), _read(question, chosen)))
    return tuple(results)


def _wanted(text: str) -> frozenset[str]:
    return frozenset() if text == "-" else frozenset(part.lower() for part in text.split(","))


def _read(question: str, chosen: str) -> frozenset[str]:
    asked = understand(question, library(), company=chosen or None)
    found = {company.code or "" for company in asked.companies} | {f"~{c.code}" for c in asked.ambiguous}
    for name in asked.unknown:
        code = re.search(r"（(\d{6})）$", name)
        found.add(f"!{code[1]}" if code else f"?{name.lower()}")
    return frozenset(found)


def main() -> int:
    """Print the share that is right by kind, and each that is not."""
    results = run()
    wrong = [result for result in results if result.got != result.wanted]
    for result in wrong:
        print(f"{result.kind}: {result.question} → {', '.join(sorted(result.got)) or '-'}")
    kinds, missed = Counter(r.kind for r in results), Counter(r.kind for r in wrong)
    print("  ".join(f"{kind} {count - missed[kind]}/{count}" for kind, count in kinds.items()))
    right = len(results) - len(wrong)
    print(f"{right} of {len(results)} right ({right / len(results):.1%})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
