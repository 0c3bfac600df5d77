"""UHGEval (Liang et al. 2023): keywords of a generated news continuation, held against the true article.

python -m eval.benchmarks.uhgeval FILE.json > pairs.jsonl
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks.pairs import Label, Pair, command, objects


def pairs(path: Path) -> Iterator[Pair]:
    """Each annotated keyword as a claim; an annotation that begins 合理 is supported, 不合理 unsupported."""
    for number, item in enumerate(objects(path)):
        article = "".join(str(item.get(part) or "") for part in ("newsBeginning", "newsRemainder"))
        for index, (keyword, remark) in enumerate((item.get("annotations") or {}).items()):
            if str(remark).startswith(("合理", "不合理")):
                label: Label = "supported" if str(remark).startswith("合理") else "unsupported"
                yield Pair(f"{item.get('id', number)}-{index}", str(keyword), article, label)


if __name__ == "__main__":
    raise SystemExit(command(pairs, "uhgeval"))
