"""What was planned or under way and has since happened, ended, or moved to another day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.dates import Period, agree
from rag.grounding.modality import conditional
from rag.overtaking.telling import Clause, Told

_ENDS: Final = re.compile(r"终止|取消|停止|撤回|不再|放弃|解除|中止|终结|搁置|退出|注销")
_NOT_YET: Final = re.compile(r"尚未|还未|暂未|暂无|尚无|还没|未有|没有|暂不|尚处|仍处")


@dataclass(frozen=True, slots=True)
class Turn:
    """A clause of an earlier statement and the clause of a later one that overtakes it."""

    old: Clause
    new: Clause
    shared: str
