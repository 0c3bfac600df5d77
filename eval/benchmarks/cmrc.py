"""CMRC 2018 (Cui et al. 2019): the answer of a question as a claim on its passage, and another question's answer.

python -m eval.benchmarks.cmrc dev.json > pairs.jsonl
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.benchmarks.pairs import Pair, command, objects


def pairs(path: Path) -> Iterator[Pair]:
    """Question and answer (supported); question and the answer of the passage's next question (unsupported)."""
    for item in objects(path):
        for paragraph in item.get("paragraphs") or [item]:
            asked = [one for one in paragraph.get("qas") or [] if _answer(one)]
            for index, one in enumerate(asked):
                question, evidence = str(one["question"]).rstrip("？?") + "？", str(paragraph["context"])
                yield Pair(f"{one.get('id', index)}-true", question + _answer(one), evidence, "supported")
                other = _answer(asked[(index + 1) % len(asked)])
                if other not in _answer(one) and _answer(one) not in other:
                    yield Pair(f"{one.get('id', index)}-other", question + other, evidence, "unsupported")


def _answer(question: dict[str, Any]) -> str:
    answers = question.get("answers") or []
    first = answers[0] if answers else ""
    return str(first.get("text", "") if isinstance(first, dict) else first).strip()


if __name__ == "__main__":
    raise SystemExit(command(pairs, "cmrc"))
