"""The gate's word lists: rag/data/gate.toml, each list compiled once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from rag.data_files import toml_tables


@cache
def table(name: str) -> Any:
    """A list or a mapping of the file as it stands there: `table("unit.scales")`."""
    group, _, key = name.partition(".")
    return tables()[group][key]


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The alternatives of a list as one pattern, case aside: `pattern("modality.possible")`."""
    return re.compile(alternatives(name), re.IGNORECASE)


@cache
def exact_pattern(name: str) -> re.Pattern[str]:
    """As `pattern`, capitals told apart."""
    return re.compile(alternatives(name))


def alternatives(name: str) -> str:
    """The alternatives of a list, for use in a longer pattern."""
    return "|".join(table(name))


@cache
def words(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(table(name))


@cache
def tables() -> dict[str, dict[str, Any]]:
    """All lists, by group and name."""
    return toml_tables("gate.toml")
