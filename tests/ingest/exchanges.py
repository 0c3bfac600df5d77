"""Stands for the exchanges' sites on loopback: answers of the shape that theirs have, about companies that don't exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SHENZHEN, SHANGHAI, BEIJING = "309931", "609932", "929933"
MARCH_4, MARCH_7 = (
    1_741_017_600_000,
    1_741_276_800_000,
)  # 2025-03-04 and 2025-03-07 at Beijing, in milliseconds
PDF = b"%PDF-1.4\n% a record of a company that does not exist\n%%EOF\n"
PAGE = "<!DOCTYPE html><html><body>系统繁忙，请稍后再试</body></html>"


@dataclass
class Exchanges:
    """What the sites know, and what they were asked.

    `fails` holds answers (status, headers, body) to give instead, by the beginning of a path; each is given once
    and the last one for good.
    """

    url: str = ""
    announcements: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    questions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)
    fails: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    stops_at: str = ""
    stopped: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)

    def announce(
        self, code: str, number: str, title: str, time: Any = MARCH_4, data: bytes | None = PDF, **more: Any
    ) -> None:
        """One more announcement, the newest, with its file (none where `data` is None)."""
        path = f"finalpage/2025-03-04/{number}.PDF"
        row = {
            "id": None,
            "secCode": code,
            "secName": "云溪热控",
            "orgId": f"gs{code}",
            "announcementId": number,
            "announcementTitle": title,
            "announcementTime": time,
            "adjunctUrl": path,
            "adjunctSize": 137,
            "adjunctType": "PDF",
        }
        self.announcements.setdefault(code, []).insert(0, {**row, **more})
        if data is not None:
            self.files[f"/{path}"] = data

    def ask(self, code: str, number: str, question: str, answer: str | None, time: int = MARCH_4) -> None:
        """One more question at 互动易, or another answer to one that is there."""
        rows = self.questions.setdefault(code, [])
        rows[:] = [row for row in rows if row["indexId"] != number]
        rows.insert(
            0,
            {
                "indexId": number,
                "contentType": 1,
                "trade": ["通用设备"],
                "mainContent": question,
                "boardType": ["012002"],
                "pubDate": time - 86_400_000,
                "stockCode": code,
                "companyShortName": "云溪热控",
                "author": "1",
                "authorName": "某投资者",
                "pubClient": "4",
                "attachedId": number if answer else None,
                "attachedContent": answer,
                "attachedAuthor": "云溪热控" if answer else None,
                "attachedPubDate": None,
                "updateDate": time,
            },
        )

    def paths(self, beginning: str) -> list[str]:
        """The paths that were asked for and begin so."""
        return [path for path, _ in self.asked if path.startswith(beginning)]

    def answer(self, path: str, told: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """What the site says."""
        self.asked.append((path, told))
        for beginning, answers in self.fails.items():
            if path.startswith(beginning) and answers:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        if path == "/new/data/szse_stock.json":
            rows = [
                {"code": code, "orgId": f"gs{code}", "zwjc": "云溪热控", "category": "A股"}
                for code in (SHENZHEN, SHANGHAI, BEIJING)
            ]
            return _json({"stockList": rows})
        if path == "/new/hisAnnouncement/query":
            return _json(self._announcements(told))
        if path == "/newircs/index/queryKeyboardInfo":
            return _json({"data": [{"secid": f"irm{told['keyWord']}", "stockCode": told["keyWord"]}]})
        if path == "/newircs/company/question":
            rows = self.questions.get(told["stockcode"], [])
            size, page = int(told["pageSize"]), int(told["pageNum"])
            pages = -(-len(rows) // size)
            return _json({"rows": rows[(page - 1) * size : page * size], "totalPage": pages})
        if path == "/company.do":
            return 200, {}, f'<a href="ajax/userfeeds.do?typeCode=company&uid=77&page=2">{told}</a>'.encode()
        if path == "/ajax/userfeeds.do":
            return 200, {}, self.feeds.get(told["page"], "<div>近1个月暂无回复</div>").encode()
        if path in self.files:
            return 200, {"Content-Type": "application/pdf"}, self.files[path]
        return 404, {}, b"no"

    def _announcements(self, told: dict[str, str]) -> dict[str, Any]:
        code, number = told["stock"].split(",")
        rows = self.announcements.get(code, []) if number == f"gs{code}" else []
        words = told["searchkey"]
        if told["tabName"] == "fulltext":
            rows = [row for row in rows if words in row["announcementTitle"]]
        elif code == SHANGHAI:
            rows = []
        size, page = int(told["pageSize"]), int(told["pageNum"])
        part = rows[(page - 1) * size : page * size]
        marked = [
            {**row, "announcementTitle": row["announcementTitle"].replace(words, f"<em>{words}</em>")}
            for row in part
            if words
        ] or part
        return {
            "totalAnnouncement": len(rows),
            "hasMore": page * size < len(rows),
            "announcements": marked or None,
        }


def feed(number: str, code: str, question: str, asked: str, answer: str = "", answered: str = "") -> str:
    """An item of a page of 上证e互动."""
    said = f"""<div class="m_feed_detail m_qa"><div class="m_feed_face"><a rel="tag" class="ansface" uid="77"></a>
      <p>青岚智造</p></div><div class="m_feed_cnt"><div class="m_feed_txt" id="m_feed_txt-{number}">
      {answer}
      </div></div></div><div class="m_feed_func top10"><div class="m_feed_from"><span>{answered}</span><em>来自</em>
      <a href="javascript:;">网站</a></div></div>"""
    return f"""<div class="m_feed_item" id="item-{number}"><div class="m_feed_detail">
      <div class="m_feed_face"><a rel="face" title="guest" href="user.do?uid=1"></a><p>guest</p></div>
      <div class="m_feed_cnt"><div class="m_feed_txt"><a href='user.do?uid=77' >:青岚智造({code})</a>{question}</div>
      <div class="m_feed_func"><div class="m_feed_from"><span>{asked}</span><em>来自</em></div></div></div></div>
      {said if answer else ""}</div>"""


@contextmanager
def exchanges() -> Iterator[Exchanges]:
    """The sites, until the block ends."""
    known = Exchanges()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def _answer(self, body: str) -> None:
            known.agents.add(self.headers["User-Agent"])
            parts = urlsplit(self.path)
            told = parse_qs(f"{parts.query}&{body}", keep_blank_values=True)
            status, headers, data = known.answer(parts.path, {key: value[0] for key, value in told.items()})
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            if known.stops_at and parts.path.startswith(known.stops_at):
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                known.stopped.set()
                known.goes_on.wait(30)
                self.close_connection = True
                return
            self.wfile.write(data)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield known
    finally:
        known.goes_on.set()
        server.shutdown()
        server.server_close()


def _json(document: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()
