"""The pipeline that a user would otherwise build: LangChain, Chroma, 500-character chunks, top five.

It shares with Jupilu the library's canonical texts, the embedding model and, where a model writes, that
model; it knows nothing of pairs, companies, dates or the gate. Its answers are recorded answers, so they
are scored as Jupilu's are (`python -m eval.studies.versus`). Extractive: the top chunk is quoted. Written: a chat
model is told to answer from the chunks and to cite them, in the words that tutorials use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from eval.cases import Case
from eval.recorded import RecordedAnswer, RecordedPassage
from ingest.library.library import Library
from ingest.records import Record, Span

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

CHUNK_CHARACTERS: Final = 500
TOP: Final = 5
DONT_KNOW: Final = "我不知道"
PROMPT: Final = (
    "你是一个问答助手。请只根据下面的上下文回答问题，每句话后用[编号]标注所依据的上下文。"
    f"如果上下文中没有答案，就回答“{DONT_KNOW}”。回答不超过三句。\n\n上下文：\n{{context}}\n\n问题：{{question}}\n回答："
)
_NO_ANSWER = re.compile(r"不知道|没有(?:提及|提到|相关|找到|答案)|无法(?:回答|确定|得知)|未(?:提及|提到)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A fixed-size slice of a record's canonical text; `pairs` are the pairs whose answers it overlaps most first."""

    id: str
    record_id: str
    span: Span
    text: str
    pairs: tuple[int, ...]


def chunks_of(record: Record) -> list[Chunk]:
    """A record's canonical text in chunks of at most 500 characters, without overlap, blind to its form."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=0, add_start_index=True
    )
    found: list[Chunk] = []
    for number, document in enumerate(splitter.create_documents([record.text])):
        start = int(document.metadata["start_index"])
        span = Span(start, start + len(document.page_content))
        found.append(
            Chunk(f"{record.id}:{number}", record.id, span, document.page_content, _pairs(record, span))
        )
    return found


def _pairs(record: Record, span: Span) -> tuple[int, ...]:
    overlaps = [
        (min(span.end, pair.answer_span.end) - max(span.start, pair.answer_span.start), pair.number)
        for pair in record.pairs
    ]
    return tuple(
        number for length, number in sorted(overlaps, key=lambda one: (-one[0], one[1])) if length > 0
    )


class PlainPipeline:
    """Chunks of a whole library in an embedded Chroma collection.

    Example:
        >>> with Library.open("library") as library:
        ...     PlainPipeline(library, Path("plain")).answer(case).passages[0].text
    """

    def __init__(self, library: Library, folder: Path) -> None:
        """Embeds what `folder` does not hold yet: minutes for some hundred records the first time.

        Args:
            library: its canonical texts and its embeddings are used.
            folder: where Chroma keeps the chunks; a collection for each snapshot of the library.
        """
        import chromadb
        import numpy
        from chromadb.config import Settings as ChromaSettings

        from ingest.embedding.embeddings import open_embeddings

        self.library = library
        self.embeddings = open_embeddings(library.settings)
        every = [chunk for summary in library.records() for chunk in chunks_of(library.record(summary.id))]
        self.chunks = {chunk.id: chunk for chunk in every}
        client = chromadb.PersistentClient(
            path=str(folder), settings=ChromaSettings(anonymized_telemetry=False)
        )
        self._collection: Any = client.get_or_create_collection(
            f"plain-{library.snapshot()[:16]}",
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
        held = set(self._collection.get(include=[])["ids"])
        wanted = [chunk for chunk in every if chunk.id not in held]
        for first in range(0, len(wanted), 64):
            batch = wanted[first : first + 64]
            vectors = numpy.array(
                self.embeddings.embed_documents([chunk.text for chunk in batch]), dtype=numpy.float32
            )
            self._collection.add(ids=[chunk.id for chunk in batch], embeddings=vectors)

    def search(self, question: str, top: int = TOP) -> list[Chunk]:
        """The chunks nearest to a question, best first."""
        count = min(top, len(self.chunks))
        if not count:
            return []
        vector = self.embeddings.embed_query(question)
        found = self._collection.query(query_embeddings=[vector], n_results=count, include=[])
        return [self.chunks[one] for one in found["ids"][0]]

    def passages(self, case: Case) -> tuple[RecordedPassage, ...]:
        """The passages found for a case, marked 1 to 5; a company chosen beside it is put before its question."""
        return tuple(self._recorded(mark, chunk) for mark, chunk in enumerate(self.search(asked_of(case)), 1))

    def _recorded(self, mark: int, chunk: Chunk) -> RecordedPassage:
        record = self.library.record(chunk.record_id)
        return RecordedPassage(
            mark=mark,
            text=chunk.text,
            question=None,
            code=record.form.code,
            short_name=record.form.short_name,
            published_on=record.published_on,
            record_id=record.id,
            pair=chunk.pairs[0] if chunk.pairs else None,
        )

    def answer(self, case: Case, model: BaseChatModel | None = None) -> RecordedAnswer:
        """The recorded answer to one case: the top chunk quoted, or what the model writes from five."""
        started = perf_counter()
        passages = self.passages(case)
        if model is None:
            text, outcome = quoted(passages), "answered" if passages else "not_found"
        else:
            text = written(model, asked_of(case), passages)
            outcome = "not_found" if not text or _NO_ANSWER.search(text) else "answered"
        seconds = round(perf_counter() - started, 3)
        system = "plain extractive" if model is None else "plain written"
        return RecordedAnswer(
            question=case.question,
            answer=text,
            passages=passages,
            id=case.id,
            outcome=outcome,
            seconds=seconds,
            system=system,
        )


def asked_of(case: Case) -> str:
    """The question as this pipeline gets it: it has no other place for a company than the words."""
    given = case.company
    return f"{given}：{case.question}" if given and given not in case.question else case.question


def quoted(passages: Sequence[RecordedPassage]) -> str:
    """The first passage, each of its sentences with the mark."""
    from ingest.language.sentences import sentence_spans

    if not passages:
        return ""
    text = passages[0].text
    sentences = [" ".join(span.of(text).split()) for span in sentence_spans(text)]
    return "".join(f"{sentence}[1]" for sentence in sentences if any(c.isalnum() for c in sentence))


def written(model: BaseChatModel, question: str, passages: Sequence[RecordedPassage]) -> str:
    """What a chat model answers from the passages, as it writes it."""
    context = "\n\n".join(f"[{passage.mark}] {passage.text}" for passage in passages)
    return model.invoke(PROMPT.format(context=context, question=question)).text.strip()
