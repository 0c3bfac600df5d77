"""A file has so much time and so much memory; beyond that it costs one line, once, and the next file is read."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from fictional import HashEmbeddings, record_text
from typer.testing import CliRunner

from ingest import Library, Settings, ingest
from ingest.errors import SourceError
from ingest.reading import read_records
from ingest.reading_pool import Job, ReadingPool
from ui.cli import app

FORM = (
    "证券代码：309999 证券简称：星河示例\n投资者关系活动类别\n√其他\n时间\n2024年5月8日\n"
    "投资者关系活动主要内容介绍\n"
)


def slow_page() -> str:
    """Attributes that hide from a first look: the parser compares each with all others."""
    return "<p " + " ".join(f"a{number}='<'" for number in range(60_000)) + ">问：好吗？</p><p>答：好。</p>"


def growing_pdf() -> bytes:
    """A form that draws itself twice: pdfium follows it deep enough to take gigabytes."""
    stream = b"/F Do /F Do"
    drawn = b"/Resources<</XObject<</F 4 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]" + drawn + b"/Contents 5 0 R>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]"
        + drawn
        + b"/Length 11>>stream\n"
        + stream
        + b"\nendstream",
        b"<</Length 11>>stream\n" + stream + b"\nendstream",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


def test_too_slow_and_too_large_files_cost_themselves_alone(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(slow_page(), encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(growing_pdf())
    (tmp_path / "c.txt").write_text(record_text(1), encoding="utf-8")
    jobs = [Job(tmp_path / name, name) for name in ("a.html", "b.pdf", "c.txt")]
    with ReadingPool(Settings(max_seconds=1.5, max_megabytes=256)) as pool:
        slow, large, good = pool.read(jobs)
    # On a busy machine the clock may end it before its processor time does, which is not remembered.
    assert slow.reason is not None
    assert "longer than 2 s" in slow.reason and "JUPILU_MAX_SECONDS" in slow.reason
    assert large.reason is not None and large.lasting
    assert "256 MB" in large.reason or "longer than" in large.reason
    assert good.reason is None and len(good.records[0].pairs) == 5


def test_a_file_that_ran_over_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text(slow_page(), encoding="utf-8")
    settings = Settings(max_seconds=1)
    with Library.open(tmp_path / "library", settings, create=True, embeddings=HashEmbeddings()) as library:
        (first,) = ingest([tmp_path / "in"], library).failed
        begun = time.monotonic()
        (second,) = ingest([tmp_path / "in"], library).failed
        assert time.monotonic() - begun < 0.9
        assert first.reason == second.reason


def test_parse_tells_each_file_in_one_line_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPILU_MAX_SECONDS", "1")
    (tmp_path / "slow.html").write_text(slow_page(), encoding="utf-8")
    (tmp_path / "good.txt").write_text(record_text(1), encoding="utf-8")
    files = [str(tmp_path / name) for name in ("slow.html", "good.txt")]
    result = CliRunner().invoke(app, ["parse", *files, "--json"])
    assert result.exit_code == 1
    slow, good = json.loads(result.stdout)
    assert slow["source_file"] == "slow.html" and "longer than" in slow["error"]
    assert good["source_file"] == "good.txt" and len(good["pairs"]) == 5
    (line,) = result.stderr.strip().split("\n")
    assert line.startswith("jupilu: slow.html")


def test_a_sidecar_nested_absurdly_deep_costs_its_file_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(record_text(len(name) + ord(name[0])), encoding="utf-8")
    (tmp_path / "in" / "a.txt.json").write_text("[" * 100_000, encoding="utf-8")
    with Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings()) as library:
        report = ingest([tmp_path / "in"], library)
    assert len(report.failed) == len(report.added) == 1
    assert "a.txt.json" in report.failed[0].reason


GROWING: dict[str, Callable[[int], str]] = {
    "comments.html": lambda n: "<!--a-->" * n + "x",
    "gaps.txt": lambda n: FORM + "1、公司" + " " * n + "如何？\n答：好。",
    "glued.txt": lambda n: FORM + "问：好？答：好。" * (n // 4),
    "marks.txt": lambda n: FORM + "1、" * n + "答：" * 3,
    "labels.txt": lambda n: "时间：\n" * (n // 2) + "问：好？\n答：好",
    "bars.txt": lambda n: "时间 | " * n,
    "table.md": lambda n: "|a|b|\n|---|---|\n" + "|时间|2024年|\n" * (n // 2),
    "cells.html": lambda n: "<table>" + "<tr><td>时间</td><td>2024年</td></tr>" * (n // 2) + "</table>",
    "people.txt": lambda n: (
        FORM.replace("时间", "参与单位名称及人员姓名\n" + "甲基金\t张三\n" * (n // 2) + "时间")
        + "问：好\n答：好"
    ),
    "news.txt": lambda n: "有投资者提问，" + "投资者向甲乙（600000）" * n + "好吗？公司" + "回" * n,
    "feed.html": lambda n: (
        "<p>:甲乙(600000)好？</p><p>2026年1月1日 10:00</p><p>甲乙</p><p>好。</p>" * (n // 8)
    ),
    "speakers.txt": lambda n: "张三 董事长\n公司好。\n李四 分析师\n好吗？\n" * (n // 8),
    "list.json": lambda n: (
        '{"results":[' + '{"mainContent":"问","attachedContent":"答"},' * (n // 2) + "{}]}"
    ),
    "deep.json": lambda n: "[" * n,
    "attributes.html": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + ">好</p>",
    "sheet.html": lambda n: "<style>" + ".a{" * n + "</style><p>问：好？</p><p>答：好</p>",
}


@pytest.mark.parametrize("name", sorted(GROWING))
def test_time_grows_with_the_input_and_not_with_its_square(name: str) -> None:
    def seconds(size: int) -> float:
        data = GROWING[name](size).encode()
        gc.collect()  # what other tests left behind is not swept on this one's time
        begun = time.process_time()
        with suppress(SourceError):
            read_records(data, name, Settings())
        return time.process_time() - begun

    seconds(100)  # imports and patterns
    small = seconds(1500)
    # six times the input: a square would take 36 times as long. A busy machine slows one try, not all three.
    tries = [seconds(9000)]
    while tries[-1] >= 15 * max(small, 0.02) and len(tries) < 3:
        small = max(small, seconds(1500))
        tries.append(seconds(9000))
    assert min(tries) < 15 * max(small, 0.02), (small, tries)
