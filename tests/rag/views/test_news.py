"""What came in: since a day, since the last look, of watched companies; what is new and what only reads so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest import Library, ingest
from ingest.errors import CompanyUnknown, LibraryDamaged
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from rag.views.looks import LOOKS_FILE, read_looks
from rag.views.news import NewsReport
from rag.views.news_text import as_text, header, rows, shown
from tests.rag.views.conftest import FORM

FIRST = "1、公司目前在手订单情况如何？\n答：截至2024年3月31日，公司在手订单金额约为8.2亿元。\n2、云梦新基地什么时候投产？\n答：云梦新基地正在建设，预计2024年12月投产。"
SECOND = (
    "1、公司的在手订单是多少？\n答：截至2025年3月31日，公司在手订单金额约为11.5亿元。\n"
    "2、云梦新基地什么时候可以投产？\n答：云梦新基地正在建设，预计2024年12月投产。\n"
    "3、公司是否涉足核聚变领域？\n答：公司为两个核聚变装置供应低温阀门，今年已经交付。\n"
    "4、公司何时回购股份？\n答：感谢您的关注，请以公司公告为准。"
)


def written(folder: Path, name: str, code: str, day: str, number: str, visitors: str, dialogue: str) -> Path:
    """A record as a text file, published on its day."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}{number}_{day}.txt"
    year, month, of_month = (int(part) for part in day.split("-"))
    told = {"code": code, "name": name, "number": number, "category": "特定对象调研", "host": "段清禾"}
    told |= {"day": f"{year}年{month}月{of_month}日", "visitors": visitors, "dialogue": dialogue}
    file.write_text(FORM.format(**told), encoding="utf-8")
    return file


def add(library: Path, folder: Path) -> None:
    report = ingest([folder], library, Settings(library=library, model="none"))
    assert not report.failed, report.failed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    sources = folder / "sources"
    written(sources, "云溪热控", "309931", "2024-04-26", "2024-001", "松岚资产 韩一诺；远汀证券 陆闻", FIRST)
    visitors = "上海松岚资产管理合伙企业（有限合伙） 韩一诺；远汀证券股份有限公司 陆闻；青梧基金 白露；线上参与的投资者"
    written(sources, "云溪热控", "309931", "2025-05-20", "2025-001", visitors, SECOND)
    written(sources, "澜屏热控", "309932", "2025-05-21", "2025-006", "远汀证券 陆闻", FIRST)
    add(folder / "library", sources)
    return folder / "library"


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may write to."""
    return Path(shutil.copytree(made, tmp_path / "library"))


@pytest.fixture
def qa(library: Path) -> Iterator[DisclosureQA]:
    settings = Settings(library=library, model="none")
    with DisclosureQA(Library.open(library, settings), settings, keeps_receipts=False) as opened:
        yield opened


def names(report: NewsReport) -> list[str | None]:
    return [one.short_name for one in report.companies]


def test_what_is_new_since_a_day(qa: DisclosureQA) -> None:
    report = qa.news(date(2025, 1, 1))
    assert names(report) == ["澜屏热控", "云溪热控"] and report.quiet == 0
    one = report.companies[1]
    assert (one.compared, one.compared_from) == (1, date(2024, 4, 26))
    assert [record.number for record in one.records] == ["2025-001"] and one.records[0].institutions == 3
    assert [asked.citation.pair for asked in one.questions] == [3, 4]
    assert [asked.declines for asked in one.questions] == [False, True]
    assert (one.asked_before, one.repeated) == (2, 1)
    (change,) = one.changes
    assert change.reason == "figure" and "8.2亿元" in change.old.quote and "11.5亿元" in change.new.quote
    assert [visitor.institution for visitor in one.institutions] == ["青梧基金"]


def test_every_line_is_cited_verbatim(qa: DisclosureQA) -> None:
    report = qa.news(date(2025, 1, 1))
    citations = [asked.citation for one in report.companies for asked in one.questions]
    citations += [at for one in report.companies for change in one.changes for at in (change.old, change.new)]
    citations += [visitor.citation for one in report.companies for visitor in one.institutions]
    assert len(citations) == 5 and sorted(at.mark for at in citations) == [1, 2, 3, 4, 5]
    for at in citations:
        assert qa.library.record(at.record_id).text[at.start : at.end] == at.quote
        assert (at.code, at.published_on is None, bool(at.source_file)) == ("309931", False, True)
    assert {at.mark for at in shown(report)} == {
        mark for mark in range(1, 6) if f"[{mark}]" in as_text(report)
    }


def test_the_first_record_of_a_company_is_nothing_to_compare(qa: DisclosureQA) -> None:
    one = qa.news(date(2025, 1, 1)).companies[0]
    assert one.compared == 0 and not (one.questions or one.changes or one.institutions)
    assert "库中此前没有这家公司的记录" in as_text(qa.news(date(2025, 1, 1)))


def test_since_the_last_look(qa: DisclosureQA, library: Path, tmp_path: Path) -> None:
    first = qa.news()
    assert first.is_first_look and first.since == date(2025, 4, 21) and len(first.companies) == 2
    assert not qa.news().looked_at  # it was not remembered
    qa.looked(first)
    assert qa.news().companies == () and "没有" in as_text(qa.news())
    # older than what was seen, and yet it came in since
    written(tmp_path / "more", "云溪热控", "309931", "2024-08-30", "2024-002", "青梧基金 白露", FIRST)
    add(library, tmp_path / "more")
    again = qa.news()
    assert names(again) == ["云溪热控"] and again.looked_at is not None and again.since is None
    assert again.companies[0].records[0].number == "2024-002"
    assert (
        not again.companies[0].questions and not again.companies[0].institutions
    )  # known from later records
    assert (
        qa.news(date(2025, 1, 1)).since and len(qa.news().companies) == 1
    )  # a look since a day moves nothing


def test_a_look_at_one_company_leaves_the_others_unseen(qa: DisclosureQA) -> None:
    qa.looked(qa.news(company="云溪热控"))
    assert names(qa.news()) == ["澜屏热控"]


def test_watched_companies(qa: DisclosureQA, library: Path) -> None:
    assert qa.watch(["澜屏热控"]) == ("309932",)
    report = qa.news(date(2024, 1, 1))
    assert names(report) == ["澜屏热控"] and report.watched == ("309932",)
    assert names(qa.news(date(2024, 1, 1), company="309931")) == ["云溪热控"]  # named ones go before
    assert qa.watch(["309931"], ["309932"]) == ("309931",) and read_looks(library).looked_at is None
    with pytest.raises(CompanyUnknown):
        qa.watch(["没有的公司"])


def test_a_broken_file_of_looks_is_told(qa: DisclosureQA, library: Path) -> None:
    (library / LOOKS_FILE).write_text('{"seen": 3}', encoding="utf-8")
    with pytest.raises(LibraryDamaged, match=LOOKS_FILE):
        qa.news()


def test_a_corrected_version_is_not_held_against_the_one_it_corrects(
    qa: DisclosureQA, library: Path, tmp_path: Path
) -> None:
    qa.looked(qa.news())
    folder = tmp_path / "more"
    file = written(
        folder,
        "云溪热控",
        "309931",
        "2025-05-20",
        "2025-001",
        "松岚资产 韩一诺",
        SECOND.replace("11.5", "11.6"),
    )
    file.rename(folder / "云溪热控2025-001（更正后）_2025-05-22.txt")
    add(library, folder)
    (one,) = qa.news().companies
    assert len(one.records[0].corrects) == 1 and one.compared == 1
    assert "8.2亿元" in one.changes[0].old.quote and "11.6亿元" in one.changes[0].new.quote


def test_rows_hold_everything(qa: DisclosureQA) -> None:
    report = qa.news(date(2025, 1, 1))
    table = rows(report)
    assert {len(row) for row in table} == {len(header("zh"))} == {len(header("en"))}
    kinds = [row[4] for row in table]
    assert (kinds.count("新记录"), kinds.count("新问题"), kinds.count("数字更新")) == (2, 2, 1)
    assert kinds.count("首次来访") == 1
    assert "first visits: 1" in as_text(report, "en")


def test_few_are_shown_and_the_rest_is_counted(qa: DisclosureQA, library: Path, tmp_path: Path) -> None:
    topics = "氢能 光伏 储能 船舶 航空 半导体 医疗 农业 轨交 矿山".split()
    dialogue = "\n".join(
        f"{at}、公司有没有{topic}方面的业务？\n答：公司在{topic}领域已有{at}个客户。"
        for at, topic in enumerate(topics, 1)
    )
    written(tmp_path / "more", "云溪热控", "309931", "2025-06-30", "2025-002", "松岚资产 韩一诺", dialogue)
    add(library, tmp_path / "more")
    report = qa.news(date(2025, 6, 1))
    count = len(report.companies[0].questions)
    assert count > 8 and f"另有 {count - 8} 个" in as_text(report)
    assert as_text(report, everything=True).count("〔新〕") == count
