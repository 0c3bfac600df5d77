"""Which words a text is indexed under: Han characters alone and in twos, the rest whole and in parts."""

from __future__ import annotations

import re

from ingest.language.folding import nfkc

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
GAP_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
RUN = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+(?:[.\-+/&'][^\W_{HAN}]+)*)")
PART = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")


def fold(text: str) -> str:
    """One form for all widths and cases; no thousands commas, no gaps between Han characters."""
    folded = nfkc(text).lower()
    return THOUSANDS.sub("", GAP_BETWEEN_HAN.sub("", folded))


def words(text: str) -> list[str]:
    """The index words of a text, in order and with repeats.

    A run of Han characters gives each character and each two neighbours (no dictionary that goes
    stale). A run of letters and digits stays whole and also gives its parts, so that `800G` is
    found by `800g` and by `800`, and `1.6T` by `1.6`.
    """
    found: list[str] = []
    for match in RUN.finditer(fold(text)):
        han, other = match.groups()
        if han:
            found.extend(han)
            found.extend(han[at : at + 2] for at in range(len(han) - 1))
            continue
        found.append(other)
        parts = PART.findall(other)
        if len(parts) > 1:
            found.extend(part for part in parts if len(part) > 1)
    return found
