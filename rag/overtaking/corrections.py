"""A later statement that says itself that an earlier figure was wrong: 误写为2.86亿元, 应为2.68亿元."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.figures import same_value
from rag.overtaking.telling import Told, Topic

_CORRECTS: Final = re.compile(r"更正|误写|误报|误为|误说|笔误|口误|有误|应为|勘误|订正|写错|修正为")


def corrected(before: Told, after: Told, topic: Topic) -> tuple[int, int] | None:
    """The sentences (of the earlier and of the later statement) where the later one names a figure of the earlier one as wrong.

    It must repeat that figure, give another of the same unit, and say that it corrects; None otherwise.
    """
    if not _CORRECTS.search(after.reading.text):
        return None
    near = topic.sentences(before)
    for old in before.figures:
        if old.sentence not in near:
            continue
        same = [one for one in after.figures if one.figure.unit == old.figure.unit]
        named = [one for one in same if same_value(one.figure, old.figure)]
        instead = [one for one in same if not same_value(one.figure, old.figure)]
        for wrong in named:
            later = [one for one in instead if one.figure.start > wrong.figure.end]
            between = after.reading.text[wrong.figure.start - 12 : later[0].figure.start] if later else ""
            if _CORRECTS.search(between):
                return old.sentence, later[0].sentence
    return None
