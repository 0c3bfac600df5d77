"""Fetching from sites of the exchanges' shape: what is kept, what is not asked twice, what costs only itself."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import FetchError, LibraryError, SettingsInvalid, SiteUnreachable
from ingest.fetching import FetchReport, FetchSettings, fetch
from ingest.fetching.asking import Asker
from ingest.fetching.ehudong import questions_in
from ingest.fetching.folder import Folder
from ingest.fetching.moments import moment, printed
from ingest.pipeline.sources import find, published_in_sidecar
from ingest.readers import read
from ingest.settings import Settings
from tests.ingest.exchanges import (
    BEIJING,
    MARCH_4,
    MARCH_7,
    PAGE,
    PDF,
    SHANGHAI,
    SHENZHEN,
    Exchanges,
    exchanges,
    feed,
)

pytestmark = pytest.mark.enable_socket  # loopback only
DAYS = {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}
TITLE = "309931云溪热控投资者关系管理信息20250303"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sites() -> Iterator[Exchanges]:
    with exchanges() as known:
        yield known


def settings(sites: Exchanges, **given: Any) -> FetchSettings:
    urls = dict.fromkeys(("cninfo_url", "files_url", "hudongyi_url", "ehudong_url"), sites.url)
    return FetchSettings(**{**urls, "gap": 0, "backoff": 0, **given})


def got(sites: Exchanges, into: Path, *codes: str, **given: Any) -> FetchReport:
    return fetch(codes or (SHENZHEN,), into, settings(sites, **given), **DAYS)


def files(into: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(into)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in into.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_what_is_fetched_is_what_ingest_reads(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHENZHEN, "1222000001", TITLE)
    sites.ask(SHENZHEN, "90001", "公司的液冷订单如何？", "您好，\n在手订单充足。", MARCH_4 + 3_600_000)
    sites.ask(SHENZHEN, "90002", "什么时候分红？", None)
    report = got(sites, tmp_path)
    assert not report.problems
    announced, asked = report.companies[0].sources
    assert (announced.new, asked.new, asked.unanswered) == (1, 1, 1)
    record, table = (one for one in find([tmp_path], tmp_path / "library") if not isinstance(one, tuple))
    assert record.path.read_bytes() == PDF and record.sidecar and "1222000001" in record.name
    assert published_in_sidecar(record.path) == date(2025, 3, 4)
    assert json.loads(Path(f"{record.path}.json").read_text("utf-8"))["source"].startswith(sites.url)
    source = read(table.path.read_bytes(), table.name, Settings())
    (row,) = source.rows
    assert (row.code, row.short_name) == (SHENZHEN, "云溪热控")
    assert (row.asked_on, row.answered_on) == (date(2025, 3, 3), date(2025, 3, 4))
    assert source.text[row.answer.start : row.answer.end] == "您好，\n在手订单充足。"
    assert all(agent.startswith("Jupilu/") for agent in sites.agents)


def test_a_second_run_gets_only_what_is_new(sites: Exchanges, tmp_path: Path) -> None:
    for number in range(3):
        sites.announce(SHENZHEN, f"122200000{number}", f"{TITLE} {number}")
    sites.ask(SHENZHEN, "90001", "公司的液冷订单如何？", "充足。")
    got(sites, tmp_path)
    before = files(tmp_path)
    sites.asked.clear()
    sites.announce(SHENZHEN, "1222000009", f"{TITLE} 9")
    sites.ask(SHENZHEN, "90003", "产能利用率是多少？", "九成。", MARCH_7)
    report = got(sites, tmp_path)
    announced, asked = report.companies[0].sources
    assert (announced.known, announced.new, asked.known, asked.new) == (3, 1, 1, 1)
    assert sites.paths("/finalpage") == ["/finalpage/2025-03-04/1222000009.PDF"]
    assert not sites.paths("/new/data") and not sites.paths("/newircs/index")  # the sites' numbers are kept
    after = files(tmp_path)
    assert all(after[name] == before[name] for name in before) and len(after) == len(before) + 3


def test_a_changed_answer_is_written_once_and_moves_to_its_day(sites: Exchanges, tmp_path: Path) -> None:
    sites.ask(SHENZHEN, "90001", "订单如何？", "充足。")
    got(sites, tmp_path)
    sites.ask(SHENZHEN, "90001", "订单如何？", "充足，请以公告为准。", MARCH_7)
    report = got(sites, tmp_path)
    assert report.companies[0].sources[1].changed == 1
    assert list(files(tmp_path)) == ["309931/309931_互动易_2025-03-07.csv"]
    before = files(tmp_path)
    assert got(sites, tmp_path).companies[0].sources[1].changed == 0 and files(tmp_path) == before


def test_an_answer_that_a_killed_run_left_under_two_days_stays_under_the_later(
    sites: Exchanges, tmp_path: Path
) -> None:
    sites.ask(SHENZHEN, "90001", "订单如何？", "充足。")
    sites.ask(SHENZHEN, "90002", "产能如何？", "九成。")
    got(sites, tmp_path)
    (old,) = (tmp_path / SHENZHEN).glob("*.csv")
    both = old.read_bytes()
    sites.ask(SHENZHEN, "90001", "订单如何？", "充足，请以公告为准。", MARCH_7)
    got(sites, tmp_path)
    old.write_bytes(both)
    assert got(sites, tmp_path).companies[0].sources[1].changed == 0
    text = old.read_text(encoding="utf-8-sig")
    assert "90002" in text and "90001" not in text


def test_a_page_is_never_kept_as_a_pdf(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHENZHEN, "1222000001", TITLE, data=PAGE.encode())
    sites.announce(SHENZHEN, "1222000002", TITLE, data=b"")
    sites.announce(SHENZHEN, "1222000003", TITLE, data=None)
    sites.announce(SHENZHEN, "1222000004", TITLE)
    report = got(sites, tmp_path)
    assert len(report.problems) == 3 and "a html came instead of a pdf" in report.problems[0]
    assert [name for name in files(tmp_path) if name.endswith(".pdf")] == [
        f"309931/309931_2025-03-04_{TITLE}_1222000004.pdf"
    ]
    sites.files["/finalpage/2025-03-04/1222000001.PDF"] = PDF
    assert got(sites, tmp_path).companies[0].sources[0].new == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"adjunctUrl": "../../../etc/passwd.pdf"},
        {"adjunctUrl": "http://elsewhere.example/a.pdf"},
        {"adjunctUrl": "//elsewhere.example/a.pdf"},
        {"adjunctUrl": None},
        {"announcementId": "../../x"},
        {"announcementId": ""},
        {"secCode": "300001"},
    ],
)
def test_nothing_odd_in_a_list_becomes_a_path_or_an_address(
    sites: Exchanges, tmp_path: Path, odd: dict[str, Any]
) -> None:
    sites.announce(SHENZHEN, "1222000001", "../../" + TITLE, **odd)
    sites.announce(SHENZHEN, "1222000002", "../../" + TITLE)
    into = tmp_path / "a" / "b"
    report = got(sites, into)
    assert len(report.problems) == 1
    assert sites.paths("/finalpage") == ["/finalpage/2025-03-04/1222000002.PDF"]
    assert {path.parent for path in tmp_path.rglob("*.pdf")} == {into / SHENZHEN}


def test_a_busy_site_is_asked_again_as_late_as_it_wants(sites: Exchanges) -> None:
    waits: list[float] = []
    late = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    busy = (429, {"Retry-After": "7"}, b"")
    sites.fails["/x"] = [busy, (503, {"Retry-After": late}, b""), (502, {}, b""), (200, {}, b"fine")]
    with Asker(settings(sites, backoff=3), sleep=waits.append) as asker:
        assert asker.body("GET", f"{sites.url}/x") == b"fine"
    assert waits[0] == 7 and 40 < waits[1] <= 50 and waits[2] == 12


def test_a_site_that_wants_no_more_is_left_alone(sites: Exchanges) -> None:
    waits: list[float] = []
    sites.fails["/x"] = [(429, {"Retry-After": "3600"}, b"")]
    with Asker(settings(sites), sleep=waits.append) as asker:
        for _ in range(3):
            with pytest.raises(SiteUnreachable, match="asks to wait 3600 s"):
                asker.body("GET", f"{sites.url}/x")
    assert len(sites.asked) == 1 and not waits
    sites.fails["/x"] = [(403, {}, b"")]
    with Asker(settings(sites), sleep=waits.append) as asker:
        for _ in range(3):
            with pytest.raises(SiteUnreachable, match="refuses"):
                asker.body("GET", f"{sites.url}/x")
    assert len(sites.asked) == 2


def test_requests_keep_their_distance(sites: Exchanges) -> None:
    waits: list[float] = []
    now = [100.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with Asker(settings(sites, gap=2), sleep=sleep, clock=lambda: now[0]) as asker:
        for _ in range(3):
            asker.body("GET", f"{sites.url}/new/data/szse_stock.json")
            now[0] += 0.5
    assert waits == [1.5, 1.5]


def test_bounds(sites: Exchanges, tmp_path: Path) -> None:
    for number in range(70):
        sites.announce(SHENZHEN, f"12220000{number:02d}", TITLE)
    sites.announce(SHENZHEN, "1222000099", TITLE, data=PDF + b"x" * 60_000)
    report = got(sites, tmp_path, max_pages=2, max_file_bytes=50_000)
    assert report.companies[0].sources[0].new == 59
    told = " ".join(report.problems)
    assert "more than 60 announcements" in told and "1222000099.PDF: more than 0 MB" in told


def test_shanghai_comes_from_a_search_and_from_pages(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHANGHAI, "1222000001", "青岚智造投资者关系活动记录表")
    sites.announce(SHANGHAI, "1222000002", "青岚智造投资者关系活动管理制度")
    sites.announce(SHANGHAI, "1222000003", "青岚智造年度报告")
    sites.feeds["1"] = feed(
        "501",
        SHANGHAI,
        "减速机<br>订单？",
        "2025年03月02日 08:00",
        "饱满 &lt;b&gt;。",
        "2025年03月04日 16:30",
    ) + feed("502", SHANGHAI, "何时投产？", "2025年03月05日 08:00")
    report = got(sites, tmp_path, SHANGHAI)
    assert not report.problems
    announced, asked = report.companies[0].sources
    assert (announced.new, asked.source, asked.new, asked.unanswered) == (1, "e互动", 1, 1)
    source = read(
        (tmp_path / SHANGHAI / f"{SHANGHAI}_e互动_2025-03-04.csv").read_bytes(), "x.csv", Settings()
    )
    (row,) = source.rows
    assert source.text[row.question.start : row.question.end] == "减速机\n订单？"
    assert source.text[row.answer.start : row.answer.end] == "饱满 <b>。"
    assert (row.short_name, row.asked_on, row.answered_on) == ("青岚智造", date(2025, 3, 2), date(2025, 3, 4))
    assert {told["column"] for path, told in sites.asked if "hisAnnouncement" in path} == {"sse"}


def test_beijing_has_no_questions(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(BEIJING, "1222000001", "投资者关系活动记录表")
    (announced,) = got(sites, tmp_path, BEIJING).companies[0].sources
    assert announced.new == 1


def test_a_site_of_another_shape_costs_what_it_has_and_says_so(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHENZHEN, "1222000001", TITLE)
    sites.fails["/newircs/company"] = [(200, {}, b'{"statusCode": 500}')]
    report = got(sites, tmp_path)
    assert report.companies[0].sources[0].new == 1
    assert len(report.problems) == 1 and "another shape" in report.problems[0]
    sites.fails["/new/hisAnnouncement"] = [(200, {}, PAGE.encode())]
    with pytest.raises(SiteUnreachable, match="a page instead of data"):
        got(sites, tmp_path)
    sites.fails.clear()
    sites.feeds["1"] = PAGE
    assert "does not say that there are none" in got(sites, tmp_path, SHANGHAI).problems[0]


def test_nobody_there_is_one_line(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("cninfo_url", "files_url", "hudongyi_url", "ehudong_url"), "http://127.0.0.1:9")
    with pytest.raises(SiteUnreachable, match=r"309931 announcements: 127\.0\.0\.1:9 cannot be reached"):
        fetch([SHENZHEN], tmp_path, FetchSettings(**nowhere, gap=0, backoff=0), **DAYS)


def test_a_full_disk_is_told_and_keeps_what_was_there(
    sites: Exchanges, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.announce(SHENZHEN, "1222000001", TITLE)
    got(sites, tmp_path)
    before = files(tmp_path)
    sites.announce(SHENZHEN, "1222000002", TITLE)

    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LibraryError, match="the disk is full"):
        got(sites, tmp_path)
    assert files(tmp_path) == before and not list(tmp_path.rglob("*.part"))


def test_a_run_that_was_killed_goes_on(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHENZHEN, "1222000001", TITLE)
    got(sites, tmp_path)
    folder = tmp_path / SHENZHEN
    (folder / ".x.pdf.part").write_bytes(PDF[:9])
    next(folder.glob("*.json")).unlink()  # killed between a file and its sidecar
    report = got(sites, tmp_path)
    assert report.companies[0].sources[0].new == 1 and len(list(folder.iterdir())) == 2


def test_one_run_at_a_time(sites: Exchanges, tmp_path: Path) -> None:
    with Folder(tmp_path).held(), pytest.raises(FetchError, match="another `jupilu fetch`"):
        got(sites, tmp_path)


def test_a_table_that_somebody_changed_is_not_written_over(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHENZHEN, "1222000001", TITLE)
    sites.ask(SHENZHEN, "90001", "订单如何？", "充足。")
    got(sites, tmp_path)
    (table,) = (tmp_path / SHENZHEN).glob("*.csv")
    table.write_text("mine;now", encoding="utf-8")
    report = got(sites, tmp_path)
    assert "move it away" in report.problems[0] and table.read_text(encoding="utf-8") == "mine;now"


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (MARCH_4, "2025-03-04 00:00:00"),
        (str(MARCH_4), "2025-03-04 00:00:00"),
        ("2025年03月04日 16:30", "2025-03-04 16:30:00"),
        ("13小时前", "2026-01-01 21:30:00"),
        ("昨天 09:15", "2026-01-01 09:15:00"),
        ("12月30日 08:00", "2025-12-30 08:00:00"),
        ("soon", ""),
        (None, ""),
        ("9" * 14, ""),
    ],
)
def test_moments(told: object, meant: str) -> None:
    assert printed(moment(told, datetime(2026, 1, 2, 2, 30, tzinfo=UTC))) == meant


def test_an_answer_is_no_question_and_a_quote_no_answer() -> None:
    page = feed("7", SHANGHAI, "问", "2025-03-02", "答", "2025-03-04").replace(
        "</div></div></div>", '</div></div><div class="feed_quote">收藏成功</div></div>', 1
    )
    (one,) = questions_in(page, SHANGHAI)
    assert (one.question, one.answer) == ("问", "答")


@pytest.mark.parametrize("given", [{"cninfo_url": "nowhere"}, {"gap": -1}, {"user_agent": "a\nb"}])
def test_settings_that_cannot_be(given: dict[str, Any]) -> None:
    with pytest.raises(SettingsInvalid, match="JUPILU_FETCH_"):
        FetchSettings(**given)
