"""True statements to mutate: FinEval's, with their contexts, and the sentences of real records' answers."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.grounding import EvidenceText


@dataclass(frozen=True, slots=True)
class Source:
    """True statements with their evidence, and what mutations may draw on: names of other companies."""

    evidence: EvidenceText
    statements: tuple[str, ...]
    name: str
    other_names: tuple[str, ...]
    questions: tuple[str, ...] = ()


def part_of(key: str) -> str:
    """Which half a context belongs to: `tune` or `test`, by the SHA-256 of its number."""
    return ("tune", "test")[int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2]


def fineval_sources(path: Path, part: str = "all") -> list[Source]:
    """FinEval index extraction: contexts with the atomic statements that they support.

    Args:
        path: the csv, with columns 序号, 基座大模型query, 参考答案 (a JSON list).
        part: `tune` (the only half that constants were chosen on), `test`, or `all`.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    named = [(row, json.loads(row["参考答案"])) for row in rows]
    names = [_subject(statements) for _, statements in named]
    sources: list[Source] = []
    for (row, statements), name in zip(named, names, strict=True):
        if part not in {"all", part_of(row["序号"])}:
            continue
        text = row["基座大模型query"]
        others = tuple(
            sorted({other for other in names if other and other not in text and name not in other})
        )
        sources.append(Source(EvidenceText(text), tuple(statements), name, others))
    return sources


def _subject(statements: Sequence[str]) -> str:
    """The name that most statements are about: what stands between the date and 的."""
    found = Counter(
        match[1]
        for statement in statements
        if (match := re.match(r"[^，]*，[“\"]?([^，的“”\"]{2,20})[”“\"]?的", statement))
    )
    return found.most_common(1)[0][0] if found and found.most_common(1)[0][1] >= 3 else ""


def record_sources(folder: Path, pairs: int = 300) -> list[Source]:
    """Real records: the sentences of the company's answers, with question and answer as evidence."""
    from ingest.errors import SourceError
    from ingest.reading.source_file import read_records
    from ingest.settings import Settings

    settings = Settings()
    sources: list[Source] = []
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    names: dict[Path, str] = {path: path.name.partition("：")[0] for path in paths}
    for path in sorted(paths, key=lambda one: hashlib.sha256(one.name.encode()).hexdigest()):
        try:
            records = read_records(path.read_bytes(), path.name, settings)
        except SourceError as error:
            print(f"left out: {error}", file=sys.stderr)
            continue
        others = tuple(sorted(set(names.values()) - {names[path]}))
        for record in records:
            for pair in record.pairs[:6]:
                statements = tuple(
                    sentence.strip() for sentence in re.findall(r"[^。！？；\n]+[。！？；]", pair.answer) if 12 <= len(sentence.strip()) <= 160
                    and "？" not in sentence and not re.search(r"^(?:您好|尊敬|感谢|谢谢)", sentence.strip())
                )  # fmt: skip
                if statements:
                    short = record.form.short_name or names[path]
                    evidence = EvidenceText(
                        f"问：{pair.question}\n答：{pair.answer}", published_on=record.published_on
                    )
                    sources.append(Source(evidence, statements[:6], short, others, (pair.question,)))
        if len(sources) >= pairs:
            break
    return sources[:pairs]
