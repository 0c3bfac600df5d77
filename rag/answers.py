"""What DisclosureQA gives back: an answer, its claims, their verdicts and citations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from rag.grounding.verdicts import Verdict

Outcome = Literal["answered", "not_found", "evaded", "company_unknown", "out_of_scope"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim's words stand: `record.text[start:end] == quote`, always.

    `mark` is the number printed in the answer as [1]; `pair` is the pair's number (0 for a
    statement), `page` counts from 1 and is None in unpaged formats.
    """

    mark: int
    record_id: str
    source_file: str
    code: str | None
    short_name: str | None
    number: str | None
    published_on: date | None
    pair: int
    question: str
    quote: str
    start: int
    end: int
    page: int | None


@dataclass(frozen=True, slots=True)
class SupersededBy:
    """The later statement that overtakes an older one.

    `reason` is corrected, ended, happened, figure or date; `quote` is the later sentence, shown under `mark`; `start` and `end`
    are where the overtaken sentence stands in its own record's text.
    """

    mark: int
    reason: str
    record_id: str
    pair: int
    published_on: date | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with the verdict on it; `reasons` are for a person.

    A `folded` one is proven as the others but not in `Answer.text`: it stands in `Answer.full_text`.
    `superseded_by` is the later statement that overtakes it.
    """

    text: str
    verdict: Verdict
    reasons: tuple[str, ...]
    citations: tuple[Citation, ...]
    folded: bool = False
    superseded_by: SupersededBy | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched: how many records, and the publication dates of the first and last one."""

    records: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class PeriodRead:
    """A period that the question asks about: its days, and the question's words for it."""

    first: date
    last: date
    as_read: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; `text` is what a person reads first, `claims` is what was proven.

    `full_text` is the text with all that is folded in it; the same where nothing is.
    `closest` are up to three passages near a question that was not found; they are said to be near, never to answer.
    `periods` are those that the question asks about, as they were read (去年 from the as-of day, else
    from the newest record). `newest_record` is the publication date of the newest record that was searched;
    `timings_ms` are wall-clock milliseconds a step, the only part that differs between two
    runs of the same question over the same library; `receipt` is a hash of all the rest. `notice`
    is one line for the person who asked: why no model wrote, or how much of its draft fell. `view` lays a timeline,
    comparison, list or brief out for a page (`rag.views.layouts`); its quotes are those of `claims`.
    """

    question: str
    standalone_question: str
    outcome: Outcome
    text: str
    as_of: date | None
    newest_record: date | None
    searched: Searched
    claims: tuple[Claim, ...] = ()
    model: str = "none"
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    receipt: str = ""
    notice: str | None = None
    periods: tuple[PeriodRead, ...] = ()
    closest: tuple[Citation, ...] = ()
    full_text: str = ""
    view: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu ask --json` prints (DESIGN §5)."""
        body = asdict(self)
        searched = body.pop("searched")
        if self.view is None:
            del body["view"]
        body["searched"] = {
            "records": searched["records"],
            "from": searched["first"],
            "to": searched["last"],
        }
        body["periods"] = [{"from": p.first, "to": p.last, "as_read": p.as_read} for p in self.periods]
        plain: dict[str, Any] = json.loads(json.dumps(body, default=_plain, ensure_ascii=False))
        return plain

    def sealed(self, snapshot: str) -> Answer:
        """The same answer with its receipt: a hash over the library's snapshot and all but times."""
        whole = replace(self, full_text=self.full_text or self.text)
        body = whole.as_json()
        del body["timings_ms"], body["receipt"]
        body.pop("view", None)  # the claims in another order: nothing that they don't say
        text = json.dumps([snapshot, body], ensure_ascii=False, sort_keys=True)
        return replace(whole, receipt=hashlib.sha256(text.encode()).hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class Step:
    """An event of `DisclosureQA.stream`: a step of the way was finished, after so many milliseconds."""

    name: Literal["question", "retrieval", "writing", "grounding"]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Provisional:
    """An event of `DisclosureQA.stream`: the verbatim answer, while a model is still writing."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Drafted:
    """An event of `DisclosureQA.stream`: a sentence that the model wrote, as the gate judged it.

    `claim` is None for a sentence that may not be shown as fact; `text`, `marks` and `reasons` are
    then for those who want to know what fell and why.
    """

    text: str
    marks: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[str, ...]
    claim: Claim | None


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not JSON: {type(value).__name__}")
