"""Hostile files, the same every time: mutated, crafted, grown. `python tests/ingest/hostile.py` reads them and prints figures.

They are read as an ingest reads them, by the pool of workers; a good record stands between every ten of them.
"""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl  # type: ignore[import-untyped]
from drawing import Drawing, write_pdf
from fictional import record_text

from ingest.pipeline.reading_pool import Job, Reading, ReadingPool
from ingest.pipeline.watching import processor_seconds
from ingest.settings import Settings

FORM = (
    "证券代码：309999 证券简称：星河示例\n星河示例股份有限公司投资者关系活动记录表\n编号：2024-001\n投资者关系活动类别\n"
    "√特定对象调研 □其他\n参与单位名称及人员姓名\n北辰基金 张三；南屿证券 李四\n时间\n2024年5月8日\n地点\n公司会议室\n"
    "上市公司接待人员姓名\n董事会秘书 王五\n投资者关系活动主要内容介绍\n1、公司的收入如何？\n答：公司收入增长12%。\n"
    "2、毛利率呢？\n答：毛利率为33%。\n附件清单（如有）\n无\n日期\n2024年5月9日\n"
)
MUTANTS = 32
"""So many of each sample."""
SECONDS_AT_MOST = 20.0
MEGABYTES_AT_MOST = 1024.0

File = tuple[str, bytes]


def everything() -> Iterator[File]:
    """All hostile files: name and bytes."""
    yield from mutated()
    yield from crafted()
    yield from grown()


# --- samples and what is done to them -----------------------------------------------------------


def samples() -> Iterator[File]:
    """A good file of every format."""
    page = Drawing()
    for at, line in enumerate(FORM.split("\n")):
        page.text(60, 80 + 20 * at, line)
    page.row(60, 400)
    yield "a.pdf", write_pdf(page, page)
    made = docx.Document()
    table = made.add_table(rows=0, cols=2)
    for label, value in zip(FORM.split("\n")[3::2], FORM.split("\n")[4::2], strict=False):
        row = table.add_row().cells
        row[0].text, row[1].text = label, value
    out = io.BytesIO()
    made.save(out)
    yield "b.docx", out.getvalue()
    book = openpyxl.Workbook()
    for line in FORM.split("\n"):
        book.active.append([line, "公司"])
    out = io.BytesIO()
    book.save(out)
    yield "c.xlsx", out.getvalue()
    rows = "".join(f"<tr><td>{line}</td><td>好</td></tr>" for line in FORM.split("\n"))
    yield "d.html", f"<html><body><table>{rows}</table></body></html>".encode()
    feed = "<p>:星河示例(309999)好吗？</p><p>2024年5月8日 10:00</p><p>星河示例</p><p>好。</p>"
    yield "e.html", f"<html><title>e互动</title><body>{feed * 5}</body></html>".encode()
    yield "f.txt", FORM.encode()
    yield "g.txt", FORM.encode("gb18030")
    yield (
        "h.csv",
        "股票代码,公司简称,问题,回答,回答时间\n309999,星河示例,好吗？,好。,2024-05-08\n".encode() * 3,
    )
    told = [
        {
            "mainContent": "好吗？",
            "attachedContent": "好。",
            "stockCode": "309999",
            "pubDate": "1714521600000",
        }
    ]
    yield "i.json", json.dumps({"results": told * 4}, ensure_ascii=False).encode()
    yield "j.md", ("# 记录\n| 时间 | 2024年5月8日 |\n|---|---|\n" + FORM.replace("\n", " |\n| ")).encode()


def mutated() -> Iterator[File]:
    """Samples with bytes flipped, cut, doubled and moved; archives also inside their members."""
    for name, data in samples():
        for seed in range(MUTANTS):
            source = random.Random(f"{name}{seed}")
            broken = data
            if data.startswith(b"PK") and seed % 2:
                broken = _inside(data, source)
            else:
                for _ in range(source.randint(1, 12)):
                    broken = _mutant(broken, source)
            yield f"mutant-{seed:02}-{name}", broken


def _mutant(data: bytes, source: random.Random) -> bytes:
    if not data:
        return b"\x00"
    at, length = source.randrange(len(data)), source.choice((1, 1, 2, 8, 64, 512))
    piece = data[at : at + length]
    return source.choice(
        (
            data[:at] + source.randbytes(len(piece)) + data[at + length :],
            data[:at] + data[at + length :],
            data[:at] + piece * source.choice((2, 50)) + data[at + length :],
            data[: max(1, at)],
            data[:at]
            + source.choice((b"\x00", b"\xff\xfe", b"<", b">>", b"9" * 40, b"-", b"(", b"\n"))
            + data[at:],
            data[at:] + data[:at],
        )
    )


def _inside(data: bytes, source: random.Random) -> bytes:
    """An archive whose members are mutated and packed again: what reads their XML sees it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = set(source.sample(names, k=min(2, len(names)))) | {n for n in names if "document.xml" in n}
        for entry in names:
            held = old.read(entry)
            for _ in range(source.randint(1, 6) if entry in chosen else 0):
                held = _mutant(held, source)
            new.writestr(entry, held)
    return out.getvalue()


# --- crafted ------------------------------------------------------------------------------------


def crafted() -> Iterator[File]:
    """Files made to hurt one reader each."""
    for kind, makers in (("pdf", _pdfs), ("docx", _words), ("xlsx", _books), ("txt", _texts)):
        for number, (ending, data) in enumerate(makers()):
            yield f"crafted-{kind}-{number:02}.{ending}", data


def _pdf(*objects: bytes, trailer: bytes = b"<</Root 1 0 R/Size 99>>") -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, each) for at, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer" + trailer + b"\n%%EOF\n"


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<<" + extra + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream"


def _paged(content: bytes, *more: bytes, page: bytes = b"", extra: bytes = b"") -> bytes:
    font = b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<<"
        + font
        + b"/XObject<</F 5 0 R>>>>/Contents 4 0 R"
        + page
        + b">>",
        _stream(content, extra),
        *more,
    )


def _pdfs() -> Iterator[File]:
    zeros = zlib.compress(b"\n" * 400_000_000, 9)
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</F 5 0 R>>>>"
    words = b"BT /F1 9 Tf 1 0 0 1 10 10 Tm (some words) Tj ET\n"
    bodies = [
        _paged(b"[" * 200_000),
        _paged(b"<<" * 200_000),
        _paged(b"(" * 500_000),
        _paged(b"q " * 500_000),
        _paged(b"/F Do " * 3, _stream(b"/F Do /F Do", form)),
        _paged(zeros, extra=b"/Filter/FlateDecode"),
        _paged(zlib.compress(zeros, 9), extra=b"/Filter[/FlateDecode/FlateDecode]"),
        _paged(words * 20_000),
        _paged(words * 150_000),
        _paged(b"0 0 1 1 re f\n" * 200_000),
        _paged(b"0 0 m 600 800 l S\n" * 200_000),
        _paged(
            b"".join(
                b"%d 0 m %d 800 l S 0 %d m 600 %d l S\n" % (n % 600, n % 600, n % 800, n % 800)
                for n in range(20_000)
            )
        ),
        _paged(b"".join(b"%d %d 9 9 re S\n" % (n * 7 % 590, n * 13 % 790) for n in range(30_000))),
        _paged(words, page=b"/MediaBox[0 0 1e30 1e30]"),
        _paged(words, page=b"/MediaBox[nan 0 -5 0]"),
        _paged(words, page=b"/Rotate 45/UserUnit 1e9"),
        _paged(b"BT /F1 1e9 Tf (x) Tj /F1 1e-9 Tf (y) Tj 1e38 0 0 1e38 0 0 Tm (z) Tj ET"),
        _paged(b"1e30 0 0 1e30 0 0 cm " + words),
        _paged(b"W n " * 100_000 + words),
        _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
        _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2147483647>>"),
        _pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[" + b"3 0 R " * 400 + b"]/Count 400>>",
            b"<</Type/Page/MediaBox[0 0 9 9]>>",
        ),
        _pdf(b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>"),
        _pdf(b"[" * 100_000 + b"]" * 100_000),
        _pdf(b"1 0 R", trailer=b"<</Root 1 0 R/Prev 0/Size 99>>"),
        b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
        b"%PDF-1.7\nxref\n0 999999999\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 999999999>>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"1 0 obj<</A 1 0 R>>endobj\n" * 50_000 + b"trailer<</Root 1 0 R>>",
        b"%PDF-" + b"\x00" * 100_000,
        b"%PDF-1.7\n" + b"%" * 1_000_000,
    ]
    for data in bodies:
        yield "pdf", data


def _word(body: str, **members: str) -> bytes:
    """A Word file with a body of one's own; further members by their path, `/` written as two underscores."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = io.BytesIO()
    docx.Document().save(made)
    out = io.BytesIO()
    xml = body if body.startswith("<?xml") else f"<w:document {space}><w:body>{body}</w:body></w:document>"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, xml if entry == "word/document.xml" else old.read(entry))
        for path, held in members.items():
            new.writestr(path.replace("__", "/"), held)
    return out.getvalue()


def _words() -> Iterator[File]:
    said = "<w:p><w:r><w:t>问：好吗？</w:t></w:r></w:p>"
    cell = "<w:tc><w:tcPr>{}</w:tcPr>" + said + "</w:tc>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈" * 10}">' for n in range(12))
    head = '<?xml version="1.0"?><!DOCTYPE w [{}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'
    bodies = [
        head.format(laughs, "&l11;"),
        head.format('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"),
        "<w:tbl><w:tr><w:tc>" * 400 + said + "</w:tc></w:tr></w:tbl>" * 400,
        "<w:tbl><w:tr><w:tc>" * 30 + said * 2000 + "</w:tc></w:tr></w:tbl>" * 30,
        said * 60_000,
        "<w:p><w:r>" + "<w:t>好</w:t>" * 200_000 + "</w:r></w:p>",
        "<w:p>" + "<w:r><w:rPr><w:b/></w:rPr><w:t>问：</w:t></w:r>" * 50_000 + "</w:p>",
        "<w:sdt><w:sdtContent>" * 3000 + said + "</w:sdtContent></w:sdt>" * 3000,
        "<w:tbl><w:tr>" + cell.format('<w:gridSpan w:val="999999999"/>') * 3 + "</w:tr></w:tbl>",
        "<w:tbl><w:tr>"
        + cell.format('<w:gridSpan w:val="-1"/><w:vMerge w:val="x"/>') * 3
        + "</w:tr></w:tbl>",
        "<w:tbl><w:tr>" + cell.format("") * 20_000 + "</w:tr></w:tbl>",
        "<w:tbl>" + ("<w:tr>" + cell.format("<w:vMerge/>") * 2 + "</w:tr>") * 20_000 + "</w:tbl>",
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="99999"/><w:numId w:val="-7"/></w:numPr></w:pPr><w:r><w:t>好</w:t></w:r></w:p>'
        * 3000,
        "<w:p><w:r><w:sym w:char='ZZZZ'/><w:sym w:char='D800'/><w:sym/></w:r></w:p>" * 1000,
        "<w:p><w:r><w:t>" + "\u202e好\u200b" * 100_000 + "</w:t></w:r></w:p>",
        "",
        "<w:p>",
    ]
    for body in bodies:
        yield "docx", _word(body)
    yield "docx", _word(said, word__media__bomb="0" * 200_000_000)
    yield "docx", _word(said, word__document2__xml="<a>" * 1_000_000)


def _books() -> Iterator[File]:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cell = '<c r="A1" t="inlineStr"><is><t>问题</t></is></c>'
    sheets = [
        f'<worksheet {space}><dimension ref="A1:XFD1048576"/><sheetData/></worksheet>',
        f'<worksheet {space}><sheetData><row r="1">{cell}</row><row r="1048576">{cell}</row></sheetData></worksheet>',
        f"<worksheet {space}><sheetData>{f'<row>{cell}</row>' * 60_000}</sheetData></worksheet>",
        f"<worksheet {space}><sheetData><row>{cell * 50_000}</row></sheetData></worksheet>",
        f'<worksheet {space}><sheetData><row r="-5"><c r="ZZZZ9"/><c r="!"/></row></sheetData></worksheet>',
        f'<worksheet {space}><sheetData><row><c t="s"><v>99999999</v></c><c><v>1e999</v></c></row></sheetData></worksheet>',
        f"<worksheet {space}>" + "<sheetData>" * 5000,
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "'
        + "哈" * 1000
        + '"><!ENTITY b "'
        + "&a;" * 1000
        + '"><!ENTITY c "'
        + "&b;" * 1000
        + f'">]><worksheet {space}><sheetData><row><c t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>',
    ]
    for sheet in sheets:
        out = io.BytesIO()
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.namelist():
                new.writestr(entry, sheet if entry.endswith("sheet1.xml") else old.read(entry))
        yield "xlsx", out.getvalue()


def _texts() -> Iterator[File]:
    pages = [
        "<div>" * 50_000,
        "<table><tr><td>" * 3000 + "问：好？",
        "<p " + " ".join(f"a{n}='<'" for n in range(60_000)) + ">问：好？</p>",
        "<!--" * 100_000,
        "<p>&" + "amp;" * 300_000,
        "<style>" + ".a{color:#fff}" * 100_000 + "</style><p class=a>问：好？</p>",
        "<b>" * 2500 + "问：好？" + "</b>" * 2500,
        "<table>" + "<tr><td>问</td><td>好？</td><td>时间</td></tr>" * 20_000 + "</table>",
        "<table>" + "<tr>" + "<td>时间</td>" * 5000 + "</tr>" * 3 + "</table>",
        "<p>有投资者问“" + "好" * 200_000 + "”，公司回复称，好。</p>",
        "<p>针对投资者" + "“好”的提问，" * 50_000 + "</p>",
        "<svg>" * 10_000 + "<p>问：好？",
        "<p>\ud7ff\ufffe\uffff" * 10_000,
    ]
    for text in pages:
        yield "html", f"<html><body>{text}".encode("utf-8", errors="surrogatepass")
    objects = [
        "[" * 300_000,
        '{"a":' * 100_000,
        '{"mainContent":"好？","attachedContent":' + "9" * 100_000 + "}",
        '[{"question":"\\ud800好？","answer":"\\udfff好"}]',
        '[{"question":"好？","answer":"好","answer_time":"9999999999999999"}]',
        '[{"question":"好？","answer":"好","code":1e400,"reply_time":NaN}]',
        '{"q":' * 30 + '{"q":{"content":"好"},"a":{"content":"好"}}' + "}" * 30,
        '[{"stock":' * 200 + "{}" + "}]" * 200,
        '{"question":"a","answer":"b"}\n' * 50_000,
    ]
    for text in objects:
        yield "json", text.encode()
    tables = [
        '问题,回答\n"' + "好" * 2_000_000,
        "问题,回答\n" + '"好","好\n' * 50_000,
        "问题,回答\n" + "好,好\n" * 49_000,
        "," * 500_000 + "\n问题,回答",
        "问题,回答\n\x00,\x00\n" * 1000,
    ]
    for text in tables:
        yield "csv", text.encode()
    yield "md", ("|" * 20_000 + "\n" + "|---" * 20_000 + "\n" + "|好" * 20_000).encode()
    yield "md", ("**" * 200_000 + "问：好？").encode()
    yield "md", ("> " * 100_000 + "\n# " * 10_000 + "\n**a**").encode()
    yield "txt", FORM.encode("utf-16-le")
    yield "txt", b"\xff\xfe" + FORM.encode("utf-16-be")
    yield "txt", FORM.encode() + b"\x80\x81\xfe\xff" * 1000
    yield "txt", ("\u202e\u200b\ufeff" * 100_000 + FORM).encode()
    yield "txt", ("+" + "-" * 200_000 + "+\n| 时间 | 好 |\n+--------+\n").encode()
    yield "txt", ("+--------+\n| 时间 | 好 |\n" * 20_000 + "+--------+\n").encode()
    yield "txt", ("|" * 100_000 + "\n+--------+\n" * 2).encode()


# --- grown --------------------------------------------------------------------------------------

_TOKENS = (
    "时间 ", "问：", "答：", "1、", "（一）", "① ", "Q1：", "投资者", "公司", "，", "（", "）", "“", "”", " ", "\t", "\n", "　",
    "2024年", "5月8日、", "张三、", "甲基金 张三；", "甲基金：", "董事长", "√□", "附件", "星河示例（309999）", "有投资者问", "公司回复称，",
    "http://", "|", "-", "=", "*", "#", "…", "？", "证券代码：", "编号：", "不涉及", "2024-05-08 10:00 ", "排名不分先后", "等31家机构", "A.",
)  # fmt: skip


def grown() -> Iterator[File]:
    """One token many thousand times, where the form's cells stand and where people talk."""
    labels = ("参与单位名称及人员姓名\n", "上市公司接待人员姓名\n", "投资者关系活动主要内容介绍\n", "")
    for number, token in enumerate(_TOKENS):
        for place, label in enumerate(labels):
            many = token * (120_000 // len(token))
            text = FORM.replace(label, label + many, 1) if label else many
            yield f"grown-{number:02}-{place}.txt", text.encode()


# --- reading them -------------------------------------------------------------------------------


class _Timed(ReadingPool):
    """Notes how long each job took: of processor time, which a busy machine does not stretch, and by the clock."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.seconds: dict[str, float] = {}
        self.clock: dict[str, float] = {}
        self.stopped: list[str] = []

    def _read(self, job: Job) -> Reading:
        worker = self._worker()
        begun, before = time.monotonic(), processor_seconds(worker.pid)
        reading = super()._read(job)
        self.clock[job.name] = time.monotonic() - begun
        after = processor_seconds(worker.pid)
        if after is None or before is None:  # it was stopped, or the system does not tell
            self.stopped.append(job.name)
            self.seconds[job.name] = min(self.clock[job.name], self._settings.max_seconds + 1)
        else:
            self.seconds[job.name] = after - before
        return reading


def main() -> int:
    """Read everything; print one JSON object; 0 if all bounds held."""
    faults: list[str] = []
    count = good = read = 0
    with tempfile.TemporaryDirectory() as folder:
        jobs: list[Job] = []
        for number, (name, data) in enumerate(everything()):
            path = Path(folder) / name
            path.write_bytes(data)
            jobs.append(Job(path, name))
            if number % 10 == 9:
                path = Path(folder) / f"good-{number}.txt"
                path.write_text(record_text(number), encoding="utf-8")
                jobs.append(Job(path, path.name))
        pool = _Timed(Settings())
        with pool:
            for reading in pool.read(jobs):
                name, reason = reading.job.name, reading.reason
                if name.startswith("good-"):
                    good += 1
                    if reason is not None or len(reading.records[0].pairs) != 5:
                        faults.append(f"{name}: a good record was not read: {reason}")
                    continue
                count += 1
                read += reason is None
                if reason is not None and (
                    "\n" in reason or "Traceback" in reason or "please report" in reason
                ):
                    faults.append(reason)
                if reason is not None and name not in reason:
                    faults.append(f"{name}: not named in its reason: {reason}")
        slowest = max(pool.seconds, key=pool.seconds.__getitem__)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figures = {
        "files": count,
        "read": read,
        "refused": count - read,
        "good files between them": good,
        "tracebacks and other faults": len(faults),
        "slowest, in seconds of processor time": [slowest, round(pool.seconds[slowest], 1)],
        "slowest by the clock": round(max(pool.clock.values()), 1),
        "stopped by a bound": sorted(pool.stopped),
        "longer than 5 s": sorted(name for name, each in pool.seconds.items() if each > 5),
        "peak megabytes of a worker": round(peak),
        "faults": faults[:20],
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    held = not faults and pool.seconds[slowest] <= SECONDS_AT_MOST and peak <= MEGABYTES_AT_MOST
    return 0 if held and count >= 500 else 1


if __name__ == "__main__":
    sys.exit(main())
