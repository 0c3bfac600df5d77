"""Which of two versions of one record stands."""

from __future__ import annotations

from datetime import date

from ingest.library.revisions import later_versions
from ingest.library.summaries import RecordSummary

MAY = (date(2026, 5, 8), date(2026, 5, 8))


def record(
    name: str, number: str | None = "2026-001", held: tuple[date, date] | None = MAY, day: int = 9
) -> RecordSummary:
    return RecordSummary(
        id=name,
        source_file=name,
        format="pdf",
        code="609999",
        short_name="星河示例",
        company=None,
        number=number,
        held_on=held,
        published_on=date(2026, 5, day),
        published_on_basis="given",
        pairs=2,
        statements=0,
        warnings=(),
    )


def standing(*records: RecordSummary, questions: dict[str, set[str]] | None = None) -> set[str]:
    asked = questions or {}
    later = later_versions(records, lambda name: "", lambda name: asked.get(name, {"毛利率？", "订单？"}))
    return {one.id for one in records} - set(later)


def test_what_is_called_corrected_stands() -> None:
    assert standing(record("a.pdf"), record("a（更正后）.pdf")) == {"a（更正后）.pdf"}
    assert standing(record("a（更正前）.pdf"), record("a.pdf")) == {"a.pdf"}
    # the day itself may be what was corrected
    other = (date(2026, 5, 7), date(2026, 5, 7))
    assert standing(record("a.pdf"), record("a-修订.pdf", held=other)) == {"a-修订.pdf"}
    assert standing(record("a.pdf", number=None), record("更新a.pdf", number=None)) == {"更新a.pdf"}


def test_else_what_was_published_later() -> None:
    assert standing(record("b.pdf", day=12), record("a.pdf", day=15)) == {"a.pdf"}


def test_where_neither_tells_both_stand() -> None:
    assert standing(record("a.pdf"), record("b.pdf")) == {"a.pdf", "b.pdf"}


def test_the_same_number_alone_makes_no_versions() -> None:
    july = (date(2026, 7, 1), date(2026, 7, 1))
    assert standing(record("a.pdf"), record("b.pdf", held=july, day=20)) == {"a.pdf", "b.pdf"}
    different = {"a.pdf": {"毛利率？"}, "b更正.pdf": {"订单？"}}
    assert standing(record("a.pdf"), record("b更正.pdf"), questions=different) == {"a.pdf", "b更正.pdf"}


def test_three_versions() -> None:
    versions = [record("a.pdf"), record("a更正.pdf", day=12), record("a再更正.pdf", day=15)]
    later = later_versions(versions, lambda name: "", lambda name: {"毛利率？"})
    assert later["a.pdf"][-1].id == "a再更正.pdf"
    assert [one.id for one in later["a更正.pdf"]] == ["a再更正.pdf"]
