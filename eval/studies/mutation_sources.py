"""True statements to mutate, with their evidence: the sentences of real records' answers."""

from __future__ import annotations

import hashlib
import re
import sys
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
