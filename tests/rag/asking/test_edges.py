"""What comes in from outside is made fit before any work is done."""

from __future__ import annotations

import pytest

from ingest.errors import QuestionTooLong
from rag.asking.edges import LONGEST_NAME, LONGEST_QUESTION, fit_name, fit_question, without_surrogates


def test_half_a_pair_is_replaced() -> None:
    assert without_surrogates("毛利\ud800率\udfff？") == "毛利\ufffd率\ufffd？"
    assert fit_question("\udcff\udcfe") == "\ufffd\ufffd"
    assert fit_name("云\ud83d") == "云\ufffd" and fit_name(None) is None


def test_what_nobody_asks_is_refused_before_any_work() -> None:
    assert fit_question("问" * LONGEST_QUESTION)
    with pytest.raises(QuestionTooLong, match="5000 are read"):
        fit_question("问" * (LONGEST_QUESTION + 1))
    with pytest.raises(QuestionTooLong, match="company"):
        fit_name("云" * (LONGEST_NAME + 1))
