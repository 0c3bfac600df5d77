"""What was trained for questions: the question encoder, the judgement of evidence, the reading of refusals and of
sentences.

One folder holds all of them, so that an evaluation can ask each question with parts that have not seen its company.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ingest.embedding.e5_network import difference_at
from ingest.embedding.e5_questions import QuestionEngine
from ingest.embedding.e5_words import WordPieces
from rag.data_files import read_json
from rag.finding.declining import Declining, bundled_declining
from rag.finding.judgement import Judgement, bundled_judgement
from rag.writing.telling import Telling, bundled_telling

ENCODER, JUDGEMENT, DECLINING, TELLING = (
    "question_encoder.npz",
    "judgement.json",
    "declining.json",
    "telling.json",
)


@dataclass(frozen=True, slots=True)
class Trained:
    """The trained parts that answer a question."""

    encoder: QuestionEngine
    judgement: Judgement
    declining: Declining
    telling: Telling

    @classmethod
    def bundled(cls) -> Trained:
        """Those that come with the program. Raises ModelUnavailable where a file is not installed."""
        return cls._sharing(QuestionEngine(), bundled_judgement(), bundled_declining(), bundled_telling())

    @classmethod
    def at(cls, folder: Path) -> Trained:
        """Those in a folder that `python -m eval.studies.training` wrote."""
        return cls._sharing(
            QuestionEngine(difference_at(folder / ENCODER)),
            Judgement.of(read_json(folder / JUDGEMENT)),
            Declining.of(read_json(folder / DECLINING)),
            Telling.of(read_json(folder / TELLING)),
        )

    @classmethod
    def _sharing(
        cls, encoder: QuestionEngine, judgement: Judgement, declining: Declining, telling: Telling
    ) -> Trained:
        """The parts, of which two read the bundled model's file: it is opened once, when the first of them needs it."""
        words = WordPieces(lambda: encoder.weights)
        return cls(encoder, judgement, declining, replace(telling, words=words))
