"""深交所互动易 (irm.cninfo.com.cn): questions to companies of Shenzhen and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ingest.errors import FetchError
from ingest.fetching.asking import Asker
from ingest.fetching.moments import moment
from ingest.fetching.questions import Asked, Question, paged

PAGE_SIZE: Final = 1000  # the size that is known to be answered


def number_of(asker: Asker, code: str) -> str:
    """The platform's number of a company.

    Raises:
        FetchError: the site has no answer, or does not know the code.
    """
    url = f"{asker.settings.hudongyi_url}/newircs/index/queryKeyboardInfo"
    told = asker.json("POST", url, data={"keyWord": code})
    rows = told.get("data") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise FetchError(f"{url}: the answer has another shape than known")
    for row in rows:
        # where an entry names its code, it must be this one: the search also finds parts of codes
        if isinstance(row, dict) and row.get("secid") and _code(row) in (None, code):
            return str(row["secid"])
    raise FetchError(f"互动易 knows no company with the code {code}")


def questions(asker: Asker, code: str, number: str, first: date, last: date) -> Asked:
    """The questions to a company that were answered within some days.

    Args:
        asker: asks the site.
        code: the company's.
        number: the platform's number of it.
        first: the first day of the answer.
        last: the last one.

    Raises:
        FetchError: the site has no answer, or another one than expected.
    """
    url = f"{asker.settings.hudongyi_url}/newircs/company/question"

    def page_of(page: int) -> tuple[list[Question], bool]:
        told = asker.json(
            "POST",
            url,
            params={
                "stockcode": code,
                "orgId": number,
                "pageSize": PAGE_SIZE,
                "pageNum": page,
                "keyWord": "",
                "startDay": "",
                "endDay": "",
            },
        )
        listed = told.get("rows", "") if isinstance(told, dict) else ""
        if not isinstance(listed, list | None):
            raise FetchError(f"{url}: the list of questions has another shape than known")
        rows = [_question(row, code) for row in listed or () if isinstance(row, dict)]
        return rows, page >= _whole(told.get("totalPage"))

    return paged(page_of, code, first, last, asker.settings.max_pages)


def _question(row: Mapping[str, Any], code: str) -> Question:
    touched = moment(row.get("updateDate"))
    answer = str(row.get("attachedContent") or "").strip()
    return Question(
        id=str(row.get("indexId") or row.get("esId") or ""),
        code=str(row.get("stockCode") or code),
        short_name=str(row.get("companyShortName") or "").strip(),
        question=str(row.get("mainContent") or "").strip(),
        answer=answer,
        asked=moment(row.get("pubDate")),
        answered=(moment(row.get("attachedPubDate")) or touched) if answer else None,
        touched=touched,
    )


def _code(row: Mapping[str, Any]) -> str | None:
    told = row.get("stockCode") or row.get("code")
    return str(told) if told else None


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
