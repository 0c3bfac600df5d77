"""The bundled model: two engines, one space; LangChain's own standard tests."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy
import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from ingest.embedding.e5 import PASSAGE_PREFIX, QUERY_PREFIX, QueryEngine, WeightFile
from ingest.embedding.embeddings import E5Embeddings, embed_all, open_embeddings
from ingest.errors import ModelUnavailable
from ingest.settings import Settings

WEIRD = [
    "",
    " ",
    "\n\t 　",
    "光模块出货量如何？",
    "８００Ｇ与1.6T、GB300的占比为35.2％",
    "①②③ ㈱ ㍿ ﬁ ﷺ" * 20,
    "𠮷野家𠀋𡃁 罕见字 \ue000\uf052\uf0fe",
    "a\0b",
    "half \ud83d surrogate",
    "😀👩‍👩‍👧 emoji\u200d\u200b\ufeff",
    "<s> </s> <unk> <mask> <pad> ＜ｓ＞ a<5%",
    "▁▁ metaspace",
    "العربية हिन्दी ไทย한국어",
    "\x01\x02\x7f\x8f controls",
    "a  b   c\r\nd",
    "é e\u0301 ǅ İ ß",
]


@pytest.fixture(scope="module")
def embeddings() -> E5Embeddings:
    return E5Embeddings()


@pytest.mark.parametrize("text", WEIRD)
def test_both_engines_see_the_same_tokens(text: str) -> None:
    assert len(WEIGHTS.token_ids(QUERY_PREFIX + text)) + 2 == ENGINE.token_count(text)


def test_both_engines_give_the_same_vectors(embeddings: E5Embeddings) -> None:
    texts = [*WEIRD, "公司一季度营收增长，主要得益于海外订单。" * 40, "境外毛利率更高。"]
    slow = ENGINE.passages(texts)
    fast = embeddings.bulk().embed(texts, PASSAGE_PREFIX)
    assert (slow * fast).sum(axis=1).min() >= 0.98
    assert numpy.linalg.norm(fast, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_bulk_vector_does_not_depend_on_its_neighbours(embeddings: E5Embeddings) -> None:
    texts = [f"第{number}期项目预计明年投产，产能{number}万件。" * (1 + number % 7) for number in range(20)]
    together = embeddings.bulk().embed(texts, PASSAGE_PREFIX)
    alone = numpy.concatenate([embeddings.bulk().embed([text], PASSAGE_PREFIX) for text in texts])
    assert numpy.abs(together - alone).max() < 1e-4
    assert (embeddings.bulk().embed(texts, PASSAGE_PREFIX) == together).all()


def test_questions_without_text_get_no_direction(embeddings: E5Embeddings) -> None:
    passages, questions = embed_all(embeddings, ["满产。", "满产。", "一"], ["产能如何？", " ", ""])
    assert (passages[0] == passages[1]).all() and passages.shape == (3, 384)
    assert questions[0].any() and not questions[1].any() and not questions[2].any()


def test_few_texts_do_not_import_torch() -> None:
    program = (
        "import sys; from ingest.embedding.embeddings import E5Embeddings;"
        "E5Embeddings().embed_query('a'); E5Embeddings().embed_documents(['a','b']);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_missing_model_names_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    embeddings = open_embeddings(Settings(embedding_model="nobody/no-such-model"))
    with pytest.raises(ModelUnavailable, match="jupilu models pull nobody/no-such-model"):
        embeddings.embed_query("a")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class TestE5Unit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return E5Embeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"threads": 2}


@pytest.mark.anyio
class TestE5Integration(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return E5Embeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {}


WEIGHTS = WeightFile()
ENGINE = QueryEngine()
