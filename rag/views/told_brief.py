"""The answer to a question for one record as a whole (总结最近一次调研): its brief."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.library.library import Library, RecordSummary
from rag.asking.question import Question
from rag.views.about_records import Told, meant
from rag.views.brief import brief_of, latest_of
from rag.views.texts import brief_as_layout, brief_as_text


def about_one(asked: Question, records: Sequence[RecordSummary], library: Library) -> Told | None:
    """The record of the day that a question names, else the newest; None where there is none of that day.

    Args:
        asked: the question, understood.
        records: those that it is about, published in time; they alone are what the record is compared with.
        library: that holds them.
    """
    found = meant(asked, records) if asked.periods else latest_of(records)
    if found is None:
        return None
    brief = brief_of(library, found, records)
    if not brief.claims:
        return None
    text = brief_as_text(brief, asked.language)
    view = {**brief_as_layout(brief, asked.language), "length": len(text)}
    return Told(text, brief.claims, view=view)
