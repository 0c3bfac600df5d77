"""Investor Q&A exports (互动易, e互动 and tools around them): one question and its answer a row.

The column names that are known, and the plain form to write by hand, are in docs/csv.md.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ingest.errors import NotARecord, SourceError
from ingest.reading.dates import find_dates
from ingest.records import Row, SourceFormat, SourceText, Span

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "question": ("question", "q", "ques", "问题", "提问", "提问内容", "问题内容", "投资者提问", "问", "maincontent", "question_content"),
    "answer": ("answer", "a", "ans", "回答", "回答内容", "回复", "回复内容", "答复", "答复内容", "公司回复", "公司答复", "董秘回复", "答", "attachedcontent", "answer_content", "reply"),
    "code": ("code", "ts_code", "stock_code", "stockcode", "symbol", "company_code", "secucode", "股票代码", "证券代码", "公司代码", "代码"),
    "short_name": ("short_name", "name", "stock_name", "companyshortname", "secuname", "公司简称", "股票简称", "证券简称", "简称", "股票名称", "证券名称", "名称"),
    "company": ("company", "company_name", "full_name", "公司全称", "公司名称", "公司"),
    "asked_on": ("asked_on", "question_time", "ask_time", "pubdate", "question_date", "提问时间", "问题时间", "提问日期"),
    "answered_on": (
        "answered_on",
        "answer_time",
        "reply_time",
        "answer_date",
        "pub_time",
        "attachedpubdate",
        "updatedate",
        "trade_date",
        "回答时间",
        "回复时间",
        "答复时间",
        "更新时间",
        "回答日期",
        "回复日期",
        "发布时间",
    ),
}  # fmt: skip
COMPANIES = ("stock", "sec", "secu", "security", "company", "corp", "gs", "listed_company", "ticker")
_ASKED = ("question", "ask", "ques", "q", "inquiry", "query", "issue", "wt", "tw")
_ANSWERED = ("answer", "reply", "ans", "a", "response", "respond", "hf", "hd")
_CONTENTS = ("", "content", "contents", "text", "detail", "body", "desc", "nr")
_MOMENTS = ("time", "date", "at", "on", "day", "datetime", "sj", "rq", "timestamp")
_COMPOUNDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "question": (_ASKED, _CONTENTS),
    "answer": (_ANSWERED, _CONTENTS),
    "code": (COMPANIES, ("code", "symbol", "id_code")),
    "short_name": (COMPANIES, ("name", "shortname", "abbr", "shortname_cn", "jc")),
    "asked_on": (_ASKED, _MOMENTS),
    "answered_on": (_ANSWERED, _MOMENTS),
}
"""Names that tools make of two words: `askContent`, `reply_time`, `secName`."""
_CHINESE_NAMES: Mapping[str, re.Pattern[str]] = {
    "question": re.compile(
        r"(?:投资者|网友|股民|用户)?(?:的|所)?(?:提出的?)?(?:提问|问题|咨询)(?:内容|描述|详情|正文)?"
    ),
    "answer": re.compile(
        r"(?:上市公司|公司|董秘|官方|管理层|企业)?的?(?:回答|回复|答复|解答|回应)(?:内容|详情|情况|正文)?"
    ),
    "code": re.compile(r"(?:上市公司|公司|证券|股票|[aA]股)代码"),
    "short_name": re.compile(r"(?:上市公司|公司|证券|股票|[aA]股)(?:简称|名称)"),
    "asked_on": re.compile(r"(?:投资者)?(?:提问|问题|咨询)(?:时间|日期)"),
    "answered_on": re.compile(r"(?:上市公司|公司|董秘)?(?:回答|回复|答复|解答|更新)(?:时间|日期)"),
}
_NEEDED = "question (问题), answer (回答); useful besides: code (股票代码), short_name (公司简称), question_time, answer_time"
_EMPTY = {"", "nan", "none", "null", "nat", "-", "--", "无", "暂无", "未回复", "未回答", "暂未回复"}
_MAX_FIELD = 2**20


def looks_tabular(text: str, name: str) -> bool:
    """Whether a text is a csv: its first line is a heading of known columns, or it is called .csv and parts evenly."""
    first = text.lstrip("\ufeff").lstrip().split("\n", 1)[0]
    if len(first) > 4000:
        return False
    for delimiter in ",;\t|":
        cells = _keys(first.split(delimiter))
        if (
            len(cells) > 1
            and _field_of(cells, "question") is not None
            and _field_of(cells, "answer") is not None
        ):
            return True
    return name.lower().endswith((".csv", ".tsv")) and any(sign in first for sign in ",;\t")


def read_text(text: str, name: str) -> SourceText:
    """The canonical text: one block a row, a heading line of code, name and days, then 问：… and 答：….

    Rows without an answer are no pairs; a warning counts them.

    Raises:
        NotARecord: the columns are others than those of Q&A exports, or no row has an answer.
        SourceError: a field is absurdly large or the quoting is broken.
    """
    return read_rows(_table(text, name), name, "csv")


def read_rows(table: Iterator[Sequence[str]], name: str, source_format: SourceFormat) -> SourceText:
    """The canonical text of a table of questions and answers whose first row names the columns; see `read_text`."""
    columns = columns_of(next(table, []))
    if "question" not in columns or "answer" not in columns:
        raise NotARecord(f"{name}: no Q&A export; needed columns: {_NEEDED}")
    writer = _Writer()
    unanswered = broken = 0
    for cells in table:
        row = {field: cells[at].strip() if at < len(cells) else "" for field, at in columns.items()}
        question, answer = _tidy(row["question"]), _tidy(row["answer"])
        if not question and not answer:
            broken += any(cell.strip() for cell in cells)
        elif answer.lower() in _EMPTY:
            unanswered += 1
        elif not question:
            broken += 1
        else:
            writer.add(question, answer, row, name)
    if not writer.rows:
        reason = (
            f"none of its {unanswered} questions is answered"
            if unanswered
            else "no row has a question and an answer"
        )
        raise NotARecord(f"{name}: {reason}")
    warnings = []
    if unanswered:
        warnings.append(f"{unanswered} questions without an answer left out")
    if broken:
        warnings.append(f"{broken} rows without a question left out")
    if any(row.code is None for row in writer.rows):
        warnings.append("rows without a company code: add a column code (股票代码)")
    return SourceText(source_format, "".join(writer.parts), rows=tuple(writer.rows), warnings=tuple(warnings))


def columns_of(heading: Sequence[str]) -> dict[str, int]:
    """Which column holds which field, by the names in a table's first row."""
    return dict(_columns_of(tuple(_keys(heading))))


@lru_cache(maxsize=256)
def _columns_of(keys: tuple[str, ...]) -> Mapping[str, int]:
    """Objects of one list have the same names: they are looked up once."""
    return {field: at for field in _COLUMNS if (at := _field_of(keys, field)) is not None}


def _table(text: str, name: str) -> Iterator[list[str]]:
    text = text.lstrip("\ufeff").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    first = text.split("\n", 1)[0]
    if first.lower().startswith("sep="):  # what Excel writes
        text = text.split("\n", 1)[1] if "\n" in text else ""
        first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(_MAX_FIELD)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise SourceError(
                f"{name}: line {rows.line_num} is no valid csv ({error}); export it again"
            ) from error


def _keys(cells: Sequence[str]) -> list[str]:
    return [re.sub(r"[\s\"'\ufeff]", "", cell).lower() for cell in cells]


def _field_of(keys: Sequence[str], field: str) -> int | None:
    """The column that holds a field: the first of its known names, in the order of preference."""
    known = next((keys.index(known) for known in _COLUMNS[field] if known in keys), None)
    if known is not None or field not in _COMPOUNDS:
        return known
    whole = {key for names in _COLUMNS.values() for key in names}
    worded = _CHINESE_NAMES[field]
    known = next((at for at, key in enumerate(keys) if key not in whole and worded.fullmatch(key)), None)
    if known is not None:
        return known
    firsts, seconds = _COMPOUNDS[field]
    made = [first + second for first in firsts for second in seconds]
    bare = [key if key in whole else key.replace("_", "").replace("-", "") for key in keys]
    return next((bare.index(name) for name in made if name in bare and name not in whole), None)


def _tidy(text: str) -> str:
    """Line ends kept as single newlines, white space at the ends of lines gone."""
    if text.strip().lower() in _EMPTY:
        return ""
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in re.sub(r"<br\s*/?>", "\n", text).split("\n")]
    return "\n".join(line for line in lines if line)


def _code(text: str) -> str | None:
    """Six digits, from `000425.SZ`, `sz000425`, or a number that lost its leading zeros."""
    match = re.search(r"(?<!\d)(\d{6})(?!\d)", text)
    if match:
        return match[1]
    # Spreadsheets turn 000425 into 425 and 425.0.
    short = re.fullmatch(r"(\d{1,5})(?:\.0)?", text)
    return short[1].zfill(6) if short else None


def _day(text: str) -> date | None:
    if re.fullmatch(r"1\d{12}(?:\.0)?", text):
        # 互动易's own interface gives milliseconds since 1970; the exchanges' day is Beijing's.
        return (datetime.fromtimestamp(float(text) / 1000, UTC) + timedelta(hours=8)).date()
    found = find_dates(text[:40])
    return found[0] if found else None


class _Writer:
    """Collects the canonical text and the spans of what stands in it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.rows: list[Row] = []
        self.length = 0

    def write(self, text: str) -> Span:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return Span(start, self.length)

    def add(self, question: str, answer: str, row: Mapping[str, str], name: str) -> None:
        row = _company_parted(row)
        code = _code(row.get("code", "")) or (None if row.get("code") else _code_in_name(name))
        short_name = row.get("short_name") or None
        asked_on, answered_on = _day(row.get("asked_on", "")), _day(row.get("answered_on", ""))
        heading = [code or "", short_name or ""]
        heading += [f"提问 {asked_on.isoformat()}"] if asked_on else []
        heading += [f"回答 {answered_on.isoformat()}"] if answered_on else []
        self.write("\n\n" if self.rows else "")
        words = " ".join(each for each in heading if each)
        self.write(f"{words}\n" if words else "")
        self.write("问：")
        question_span = self.write(question)
        self.write("\n答：")
        answer_span = self.write(answer)
        self.rows.append(
            Row(
                question_span,
                answer_span,
                code,
                short_name,
                row.get("company") or None,
                asked_on,
                answered_on,
            )
        )


_NAMED_CODE = re.compile(
    r"\s*([^\s（()）]{2,12})\s*[（(]\s*(?:(?:SH|SZ|BJ)[.:]?)?(\d{6})(?:\.(?:SH|SZ|BJ))?\s*[)）]\s*",
    re.IGNORECASE,
)


def _company_parted(row: Mapping[str, str]) -> Mapping[str, str]:
    """A row whose company stands in one cell with its code (`某某(300000)`), code and short name parted."""
    cell = next(
        (
            found
            for field in ("short_name", "company")
            if (found := _NAMED_CODE.fullmatch(row.get(field, "")))
        ),
        None,
    )
    if row.get("code") or cell is None:
        return row
    return {**row, "code": cell[2], "short_name": cell[1], "company": ""}


def _code_in_name(name: str) -> str | None:
    match = re.search(r"(?<!\d)(\d{6})(?!\d)", name)
    return match[1] if match else None
