"""What the adapters of public data share: labelled pairs of claim and evidence, written as JSONL."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Label = Literal["supported", "contradicted", "unsupported"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line for `python -m eval.grounding`."""

    id: str
    claim: str
    evidence: str
    label: Label


def objects(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON or JSONL file.

    Raises:
        ValueError: it holds something else; the message names the file.
    """
    text = path.read_text(encoding="utf-8-sig")
    try:
        read = json.loads(text)
    except ValueError:
        try:
            read = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            raise ValueError(f"{path} is neither JSON nor JSONL: {error}") from error
    if isinstance(read, dict):
        read = read["data"] if isinstance(read.get("data"), list) else [read]
    for one in read:
        if not isinstance(one, dict):
            raise ValueError(f"{path} holds {type(one).__name__} where objects were expected")
        yield one


def command(
    adapter: Callable[[Path], Iterable[Pair]], name: str, arguments: Sequence[str] | None = None
) -> int:
    """Write an adapter's pairs to standard output: `python -m eval.benchmarks.NAME FILE > pairs.jsonl`."""
    parser = argparse.ArgumentParser(prog=f"python -m eval.benchmarks.{name}", description=adapter.__doc__)
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    try:
        for pair in adapter(given.file):
            print(json.dumps(asdict(pair), ensure_ascii=False))
    except (ValueError, KeyError, OSError) as error:
        print(f"{given.file}: {type(error).__name__}: {error}", file=sys.stderr)
        return 3
    return 0
