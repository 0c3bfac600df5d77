"""Where words stand in a text as it was printed."""

from __future__ import annotations

import pytest

from rag.views.words import Word, words_of


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("AI", "SAIC 的 AI服务器、ＡＩ 与 AIGC", ["AI", "ＡＩ"]),
        ("6T", "1.6T 和 6T", ["6T"]),
        ("1000", "共1,000台，另有21,000台和1000.5台", ["1,000"]),
        ("20℃", "到20°C，或 20 ℃", ["20°C", "20 ℃"]),
        ("機器人", "机 器\n人", ["机 器\n人"]),
        ("机器人", "人形機器人", ["機器人"]),
        ("人形机器人", "⼈形机器⼈", ["⼈形机器⼈"]),
        ("GPU", "GPUs，gpu", ["GPUs", "gpu"]),
        ("HBM", "HBM3E 和 HBM", ["HBM", "HBM"]),
        ("CoWoS", "CoW\noS", ["CoW\noS"]),
        ("毛利率(%)", "毛利率（％）", ["毛利率（％）"]),
        ("24", "2\n4", []),
    ],
)
def test_a_word_is_found_as_printed(word: str, text: str, found: list[str]) -> None:
    assert [place.of(text) for place in Word(word).places(text)] == found


def test_words_are_parted_except_in_quotation_marks() -> None:
    assert [word.text for word in words_of("液冷 “Meta AI”，冷板")] == ["Meta AI", "液冷", "冷板"]


@pytest.mark.parametrize("text", ["", "  ", "“”", "？"])
def test_no_word_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        words_of(text)
