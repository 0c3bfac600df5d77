"""Is an answer right? Its outcome, its key facts, and whether it is wrong though it cites."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

REFUSALS: Final = frozenset(("not_found", "company_unknown", "out_of_scope"))
Place = tuple[str | None, int | None]  # record id and pair number


def wrong_and_cited(
    *,
    expected: str,
    outcome: str,
    facts: int,
    gold: Collection[Place],
    cited: Collection[Place],
    gold_codes: Collection[str | None],
    cited_codes: Collection[str | None],
) -> bool:
    """Whether an answer misleads under a citation.

    It answers what has no answer, cites another company than the gold's, or has none of the key facts
    and cites none of the pairs that answer. A citation that names no pair counts by its record.

    Args:
        expected: the outcome of a right answer.
        outcome: the outcome of this one.
        facts: how many key facts it has.
        gold: the pairs that answer.
        cited: what it cites.
        gold_codes: the companies of the gold.
        cited_codes: the companies cited.
    """
    if outcome != "answered":
        return False
    if expected not in ("answered", "evaded"):
        return True
    foreign = {code for code in cited_codes if code} - set(gold_codes)
    records = {record for record, _ in gold}
    hit = any(place in gold or (place[1] is None and place[0] in records) for place in cited)
    return bool(gold_codes and foreign) or (not facts and bool(gold) and not hit)
