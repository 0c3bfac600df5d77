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
from ingest.pipeline.reading_pool import Job, ReadingPool
from ingest.reading.source_file import read_records
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
    with ReadingPool(Settings(max_seconds=1.5)) as pool:
        slow, good = pool.read([jobs[0], jobs[2]])
    # On a busy machine the clock may end it before its processor time does, which is not remembered.
    assert slow.reason is not None
    assert "longer than 2 s" in slow.reason and "JUPILU_MAX_SECONDS" in slow.reason
    assert good.reason is None and len(good.records[0].pairs) == 5
    with ReadingPool(Settings(max_seconds=20, max_megabytes=256)) as pool:
        large, good = pool.read(jobs[1:])
    assert large.reason is not None and large.lasting and "256 MB" in large.reason
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


OCR = """
import time

class RapidOCR:
    def __call__(self, picture):
        until = time.process_time() + {seconds}
        while time.process_time() < until:
            pass
        words = ["问：公司的收入如何？", "答：公司收入增长12%。"]
        corners = [[[10, 40 * at], [200, 40 * at], [200, 40 * at + 20], [10, 40 * at + 20]] for at in (1, 2)]
        return [(corners[at], words[at], 0.9) for at in (0, 1)], None
"""


def scan() -> bytes:
    """A PDF of one page that is nothing but a picture."""
    picture = b"q 600 0 0 800 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n" % len(picture) + picture + b"\nendstream",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("seconds", "read"), [(2, True), pytest.param(3600, False, marks=pytest.mark.slow)], ids=["page", "hangs"]
)
def test_scanned_pages_have_more_time_but_no_end_of_it(
    seconds: int, read: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ocr").mkdir()
    (tmp_path / "ocr" / "rapidocr_onnxruntime.py").write_text(OCR.format(seconds=seconds), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "ocr"))
    (tmp_path / "scan.pdf").write_bytes(scan())
    with ReadingPool(Settings(max_seconds=1)) as pool:
        (reading,) = pool.read([Job(tmp_path / "scan.pdf", "scan.pdf")])
    if read:
        assert reading.reason is None and len(reading.records[0].pairs) == 1
        assert any("OCR" in warning for warning in reading.records[0].warnings)
    else:
        assert reading.reason is not None and "longer than" in reading.reason


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
    "quoted.html": lambda n: "<p>" + "针对投资者“好”的提问，" * (n // 8) + "</p>",
    "grid.txt": lambda n: "+--------+\n| 时间 | 好 |\n" * (n // 2),
    "badges.html": lambda n: (
        "<table>" + "<tr><td>问</td><td>好</td></tr><tr><td>答</td><td>好</td></tr>" * (n // 4)
    ),
    "heads.html": lambda n: "<table>" + ("<tr>" + "<td>时间</td>" * 4 + "</tr>") * (n // 4),
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
