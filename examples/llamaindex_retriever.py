"""Jupilu as a retriever of LlamaIndex (pip install llama-index-core).

    python -m examples.llamaindex_retriever LIBRARY "岚川智冷的液冷订单有多少？"

What the question names is a hard filter: another company's words are never among the nodes. With a model:

    from llama_index.core.query_engine import RetrieverQueryEngine
    RetrieverQueryEngine.from_args(Disclosures("library"), llm=...).query("…")
"""

from __future__ import annotations

import sys
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ingest.settings import Settings
from rag import DisclosureQA


class Disclosures(BaseRetriever):
    """Passages of records as nodes: `record.text[start:end]`, with who said it and when."""

    def __init__(self, library: str, **chosen: Any) -> None:
        """`chosen`: company and as_of, as `DisclosureQA.search` takes them."""
        super().__init__()
        self._qa = DisclosureQA.open(library, Settings(model="none"))
        self._chosen = chosen

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        groups = self._qa.search(query_bundle.query_str, **self._chosen)
        found = [(one.passage, one.score) for group in groups for one in group]
        return [
            NodeWithScore(
                node=TextNode(
                    id_=passage.id,
                    text=passage.text,
                    start_char_idx=passage.span.start,
                    end_char_idx=passage.span.end,
                    metadata={
                        "company": passage.short_name,
                        "code": passage.code,
                        "published_on": str(passage.published_on),
                        "record_id": passage.record_id,
                        "pair": passage.number,
                        "question": passage.question,
                    },
                ),
                score=score,
            )
            for passage, score in found
        ]


if __name__ == "__main__":
    for found in Disclosures(sys.argv[1]).retrieve(sys.argv[2]):
        about = found.metadata
        print(
            f"{found.score:.2f} {about['company']} {about['published_on']} 问：{about['question']}\n{found.text}\n"
        )
