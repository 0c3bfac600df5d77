"""Are follow-ups made standalone rightly? By rules alone, over dialogues of two and three turns.

    python -m eval.studies.followups eval/cases/followups.jsonl

A dialogue file is JSONL; each line is an object with `id` and `turns`. Every turn has a `question`;
each but the first also has

    must        strings that the standalone question has to contain; a list inside holds alternatives
    not         strings that it must not contain
    companies   codes of the companies that it has to be about (none: any or none)

A turn is right only when all three hold. Later turns build on what earlier ones were made into.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.gold_labels import normalise
from ingest.library.library import Company
from rag.asking.companies import CompanyNames
from rag.asking.followups import standalone

# The companies that the dialogues are about; names and codes are public facts, no text of theirs is here.
COMPANIES = (
    Company("688787", "海天瑞声", "北京海天瑞声科技股份有限公司", 1),
    Company("300470", "中密控股", "中密控股股份有限公司", 1),
    Company("301269", "华大九天", "北京华大九天科技股份有限公司", 1),
    Company("300346", "南大光电", "江苏南大光电材料股份有限公司", 1),
    Company("002837", "英维克", "深圳市英维克科技股份有限公司", 1),
    Company("300499", "高澜股份", "广州高澜节能技术股份有限公司", 1),
    Company("301018", "申菱环境", "广东申菱环境系统股份有限公司", 1),
    Company("002156", "通富微电", "通富微电子股份有限公司", 1),
    Company("002415", "海康威视", "杭州海康威视数字技术股份有限公司", 1),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An earlier turn as the rules read it."""

    question: str
    answer: dict[str, Any]
    company: str | None = None
    as_of: None = None


@dataclass(frozen=True, slots=True)
class FollowUpResult:
    """One follow-up: what it was made into, and what is wrong with that."""

    dialogue: str
    question: str
    standalone: str
    faults: tuple[str, ...] = field(default=())


def run(lines: Sequence[str], names: CompanyNames) -> list[FollowUpResult]:
    """Every follow-up of every dialogue."""
    results: list[FollowUpResult] = []
    for line in lines:
        dialogue = json.loads(line)
        history: list[Asked] = []
        for turn in dialogue["turns"]:
            text = standalone(turn["question"], history, names).text
            if "must" in turn:
                faults = tuple(_faults(turn, text, names))
                results.append(FollowUpResult(dialogue["id"], turn["question"], text, faults))
            history.append(Asked(turn["question"], {"standalone_question": text}))
    return results


def _faults(turn: dict[str, Any], text: str, names: CompanyNames) -> list[str]:
    plain = normalise(text)
    faults: list[str] = []
    for wanted in turn["must"]:
        alternatives = wanted if isinstance(wanted, list) else [wanted]
        if not any(normalise(one) in plain for one in alternatives):
            faults.append(f"lacks {'/'.join(alternatives)}")
    faults += [f"still has {word}" for word in turn["not"] if normalise(word) in plain]
    codes = {company.code for mention in names.mentions(text) for company in mention.companies}
    if turn["companies"] and codes != set(turn["companies"]):
        faults.append(f"about {', '.join(sorted(c or '?' for c in codes)) or 'nobody'}")
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the share that is right, and each that is not."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.followups", description=__doc__)
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    lines = [line for line in given.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    results = run(lines, CompanyNames(COMPANIES))
    for result in results:
        if result.faults:
            print(f"{result.dialogue} {result.question} → {result.standalone}: {'; '.join(result.faults)}")
    right = sum(not result.faults for result in results)
    print(
        f"{len(lines)} dialogues, {right} of {len(results)} follow-ups right ({right / max(1, len(results)):.1%})"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
