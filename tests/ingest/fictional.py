"""Made-up source files and embeddings that cost nothing, for tests of library and pipeline."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings

from ingest import Library, ingest

DIMENSIONS = 16


class HashEmbeddings(Embeddings):
    """Vectors that depend on the text alone, and mean nothing."""

    def embed_query(self, text: str) -> list[float]:
        seed = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
        return [float(value) for value in numpy.random.default_rng(seed).normal(size=DIMENSIONS)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]


def record_text(number: int, code: str = "309901", pairs: int = 5, remark: str = "") -> str:
    """A whole activity record of a company that does not exist, as plain text."""
    month, day = 1 + number % 12, 1 + number % 28
    questions = "\n".join(
        f"{at}、第{number}次调研的第{at}个问题，公司的产能如何？\n"
        f"答：您好，第{number}次调研时产能利用率为{(number * 7 + at) % 90 + 10}%，订单充足。{remark}"
        for at in range(1, pairs + 1)
    )
    return (
        f"证券代码：{code}    证券简称：云栖样例\n云栖样例科技股份有限公司\n投资者关系活动记录表\n"
        f"编号：2024-{number:03d}\n"
        "投资者关系活动类别：√特定对象调研 □分析师会议\n"
        "参与单位名称及人员姓名：样例基金 张三\n"
        f"时间：2024年{month}月{day}日\n地点：公司会议室\n上市公司接待人员姓名：董事会秘书 李四\n"
        f"投资者关系活动主要内容介绍：\n{questions}\n附件清单（如有）：无\n日期：2024年{month}月{day}日\n"
    )


def write_records(folder: Path, count: int, pairs: int = 5) -> list[Path]:
    """So many records as text files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(count):
        file = folder / f"云栖样例：第{number:03d}次调研.txt"
        file.write_text(record_text(number, f"3099{number % 3:02d}", pairs), encoding="utf-8")
        files.append(file)
    return files


def state_of(library: Library) -> dict[str, Any]:
    """Everything that a library holds, in a form that can be compared; times of files are left out."""
    tables = {
        "sources": "SELECT sha256, size, state, unfinished, format, reason, name, given_on, given_basis"
        " FROM sources ORDER BY sha256",
        "paths": "SELECT path, name, size, sidecar, sha256, shown FROM paths ORDER BY path",
        "texts": "SELECT * FROM texts ORDER BY sha256",
        "records": "SELECT * FROM records ORDER BY id",
        "pairs": "SELECT * FROM pairs ORDER BY record_id, number",
        "statements": "SELECT * FROM statements ORDER BY record_id, unit",
        "passages": "SELECT * FROM passages ORDER BY id",
    }
    state: dict[str, Any] = {
        name: [tuple(row) for row in library.catalogue.rows(query)] for name, query in tables.items()
    }
    table = library.index.store.table()
    question = "产能利用率 订单 海外 毛利率"
    vector = table.passage[0] if len(table.ids) else [1.0]
    return state | {
        "vectors": (table.ids, table.passage.tobytes(), table.question.tobytes()),
        "filters": (table.records.tolist(), table.codes.tolist(), table.published.tolist()),
        "chroma": library.index.chroma
        and {field: library.index.chroma.ids(field) for field in ("passage", "question")},
        "words": library.index.words.ids(),
        "lexical": library.index.lexical(question, k=50),
        "dense": library.index.dense(vector, k=50),
        "unsettled": library.index.unsettled,
        "snapshot": library.snapshot(),
        "originals": sorted(file.name for file in (library.path / "originals").rglob("*") if file.is_file()),
    }


def main() -> None:
    """`python fictional.py FOLDER LIBRARY [real]`: an ingest that a test can kill."""
    folder, place = sys.argv[1:3]
    embeddings = None if "real" in sys.argv else HashEmbeddings()
    with Library.open(place, create=True, embeddings=embeddings) as library:
        print("begun", flush=True)
        print(ingest([folder], library).summary(), flush=True)


if __name__ == "__main__":
    main()
