"""True statements to mutate, with their evidence: the sentences of real records' answers, and FinEval's."""

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
from typing import Final

from rag.grounding import EvidenceText

_RESULT: Final = re.compile(r"[一-龥]{2,12}检索\d{1,3}[:：]")
_ASKED: Final = re.compile(r"用户问题是：(?P<question>[^\n]*)")
_FIELDS: Final = re.compile(
    r"\s*文章标题：(?P<title>.*?)\s*发布时间：(?P<day>.*?)\s*文章内容：(?P<content>.*)", re.DOTALL
)


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


def shaped(context: str) -> EvidenceText:
    """A context of FinEval as a document, which is what the gate reads: it is a prompt with several search results, each
    with title, day and content under names of their own. Each becomes a part with a heading and a day. Of the prompt's
    own words only the user's question is kept, as the question that the document answers."""
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
