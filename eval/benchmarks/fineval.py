"""FinEval index extraction as labelled pairs: true statements and their six mutations.

    python -m eval.benchmarks.fineval CSV > pairs.jsonl

Its contexts are prompts: several search results in one text, each with title, day and content under names of their own.
They are handed over in the shape of a document with parts, which is what the gate reads.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from eval.benchmarks.pairs import Label, Pair, command
from eval.studies.mutation_sources import Source, part_of
from rag.grounding import EvidenceText

_RESULT: Final = re.compile(r"[一-龥]{2,12}检索\d{1,3}[:：]")
_ASKED: Final = re.compile(r"用户问题是：(?P<question>[^\n]*)")
_FIELDS: Final = re.compile(
    r"\s*文章标题：(?P<title>.*?)\s*发布时间：(?P<day>.*?)\s*文章内容：(?P<content>.*)", re.DOTALL
)


def shaped(context: str) -> EvidenceText:
    """A context as a document: each search result a part with a heading and a day. Of the prompt's own words only the
    user's question is kept, as the question that the document answers."""
    prompt, *results = _RESULT.split(context)
    asked = _ASKED.search(prompt)
    return EvidenceText(
        "\n".join(_part(result) for result in results or [context]), asked["question"] if asked else ""
    )


def _part(result: str) -> str:
    fields = _FIELDS.fullmatch(result)
    if fields is None:
        return f"## {result.strip()}"
    return f"## {fields['title']} 日期：{fields['day']} {fields['content'].strip()}"


def sources(path: Path, part: str = "all") -> list[Source]:
    """FinEval index extraction: contexts with the atomic statements that they support.

    Args:
        path: the csv, with columns 序号, 基座大模型query, 参考答案 (a JSON list).
        part: `tune` (the only half that constants were chosen on), `test`, or `all`.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    named = [(row, json.loads(row["参考答案"])) for row in rows]
    names = [_subject(statements) for _, statements in named]
    found: list[Source] = []
    for (row, statements), name in zip(named, names, strict=True):
        if part not in {"all", part_of(row["序号"])}:
            continue
        evidence = shaped(row["基座大模型query"])
        others = tuple(
            sorted({other for other in names if other and other not in evidence.text and name not in other})
        )
        found.append(Source(evidence, tuple(statements), name, others))
    return found


def _subject(statements: Sequence[str]) -> str:
    """The name that most statements are about: what stands between the date and 的."""
    found = Counter(
        match[1]
        for statement in statements
        if (match := re.match(r"[^，]*，[“\"]?([^，的“”\"]{2,20})[”“\"]?的", statement))
    )
    return found.most_common(1)[0][0] if found and found.most_common(1)[0][1] >= 3 else ""


def pairs(path: Path) -> Iterator[Pair]:
    """True statements (supported) and what was made of them (contradicted); the id tells the kind."""
    from eval.studies.mutations import KINDS, TRUE, cases

    for number, case in enumerate(cases(sources(path), KINDS)):
        label: Label = "supported" if case.kind == TRUE else "contradicted"
        yield Pair(f"{case.kind}-{number:06d}", case.claim, case.evidence.text, label)


if __name__ == "__main__":
    raise SystemExit(command(pairs, "fineval"))
