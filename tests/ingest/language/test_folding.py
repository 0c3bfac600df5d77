"""Radicals and compatibility forms are read as the characters that they stand for, one for one."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.language.folding import folded, nfkc, recognisable
from ingest.library.index_words import words


def test_both_blocks_of_radicals() -> None:
    assert folded("⼿⽉⻓⻋⻔⻛⻅⻢⻩⻬") == "手月长车门风见马黄齐"
    assert words("⻓⻛⻋业增⻓12%") == words("长风车业增长12%")


def test_every_radical_with_a_plain_character_is_known() -> None:
    radicals = [chr(code) for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))]
    left = [each for each in radicals if unicodedata.name(each, "") and folded(each) == each]
    assert len(left) <= 12, left


def test_traditional_labels_too() -> None:
    assert recognisable("證券代碼、⼈員") == "证券代码、人员"


@given(st.text())
def test_offsets_stay(text: str) -> None:
    assert len(folded(text)) == len(recognisable(text)) == len(text)
    assert nfkc(folded(text)) == nfkc(text)
