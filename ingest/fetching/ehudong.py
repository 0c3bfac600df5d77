"""上证e互动 (sns.sseinfo.com): questions to companies of Shanghai and their answers, out of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from ingest.errors import FetchError
from ingest.fetching.asking import Asker
from ingest.fetching.moments import moment
from ingest.fetching.questions import Asked, Question, paged

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

PAGE_SIZE: Final = 100
_NUMBER: Final = re.compile(r"\buid=[\"']?(\d{1,12})")
_COMPANY: Final = re.compile(r"\s*[:：]?\s*([^()（）]{1,20})[(（](\d{6})[)）]\s*")
_NOTHING: Final = re.compile(r"暂无|暂时没有|无回复|没有更多")


def number_of(asker: Asker, code: str) -> str:
    """The platform's number of a company, out of the company's page.

    Raises:
        FetchError: the site has no answer, or does not know the code.
    """
    page = asker.text("GET", f"{asker.settings.ehudong_url}/company.do", params={"stockcode": code})
    found = _NUMBER.search(page)
    if found is None:
        raise FetchError(f"上证e互动 knows no company with the code {code}")
    return found[1]


def questions(
    asker: Asker, code: str, number: str, first: date, last: date, now: datetime | None = None
) -> Asked:
    """The questions to a company that were answered within some days.

    Args:
        asker: asks the site.
        code: the company's.
        number: the platform's number of it.
        first: the first day of the answer.
        last: the last one.
        now: what `13小时前` counts from; the present where absent.

    Raises:
        FetchError: the site has no answer, or another one than expected.
    """
    url = f"{asker.settings.ehudong_url}/ajax/userfeeds.do"

    def page_of(page: int) -> tuple[list[Question], bool]:
        told = asker.text(
            "POST",
            url,
            params={"typeCode": "company", "type": 11, "pageSize": PAGE_SIZE, "uid": number, "page": page},
        )
        rows = list(questions_in(told, code, now))
        if not rows and "m_feed_item" in told:
            raise FetchError(f"{url}: the questions have another shape than known")
        if not rows and page == 1 and told.strip() and not _NOTHING.search(told):
            raise FetchError(f"{url}: a page without questions, and it does not say that there are none")
        return rows, False

    return paged(page_of, code, first, last, asker.settings.max_pages)


def questions_in(page: str, code: str, now: datetime | None = None) -> Iterator[Question]:
    """The questions of one page.

    A question is a `m_feed_item`: its first `m_feed_txt` is the question, opened by a link `:NAME(CODE)`; that of the
    part `m_qa`, there once the company has answered, is the answer. The first time (`m_feed_from`) is the question's,
    the last of several the answer's, wherever in the item it stands.
    """
    from selectolax.lexbor import LexborHTMLParser

    now = now or datetime.now(UTC)
    for item in LexborHTMLParser(page).css("div.m_feed_item"):
        asked = item.css_first("div.m_feed_detail:not(.m_qa) div.m_feed_txt")
        number = re.search(r"\d+", item.attributes.get("id") or "")
        if asked is None or number is None:
            continue
        link = asked.css_first("a")
        company = _COMPANY.fullmatch(link.text()) if link is not None else None
        if link is not None and company is not None:
            link.decompose()
        answer = item.css_first("div.m_qa div.m_feed_txt")
        times = [when.text(strip=True) for when in item.css("div.m_feed_from span")]
        yield Question(
            id=number[0],
            code=company[2] if company else code,
            short_name=company[1].strip() if company else "",
            question=_text(asked),
            answer=_text(answer) if answer is not None else "",
            asked=moment(times[0], now) if times else None,
            answered=moment(times[-1], now) if answer is not None and len(times) > 1 else None,
        )


def _text(node: LexborNode) -> str:
    """The words of an element, its line breaks kept."""
    for line_break in node.css("br"):
        line_break.replace_with("\n")
    lines = (" ".join(line.split()) for line in node.text().split("\n"))
    return "\n".join(line for line in lines if line)
