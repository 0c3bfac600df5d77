"""Companies side by side: cited cells, blanks that say so, and higher only where it can be said."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.errors import CompanyUnknown
from rag.disclosure_qa import DisclosureQA
from rag.views import comparison_text

BOTH = ("云溪热控", "青岚智造")


def test_figures_of_one_measure_and_period_share_a_row_and_the_higher_is_named(qa: DisclosureQA) -> None:
    view = qa.compare("综合毛利率", companies=BOTH)
    rows = [row for row in view.rows if row.kind == "same"]
    told = [
        (row.period, [cell.figure.printed if cell.figure else None for cell in row.cells], row.higher)
        for row in rows
    ]
    assert told == [("2024年", ["29.8%", "30.1%"], 1), ("2023年", ["31.2%", "27.4%"], 0)]
    assert "2024年 综合毛利率：青岚智造（609932） 30.1% 较高（另为 29.8%）。" in comparison_text.as_text(view)


def test_every_cell_with_a_figure_is_cited_and_holds_it(qa: DisclosureQA) -> None:
    view = qa.compare("综合毛利率", companies=BOTH)
    cells = [cell for row in view.rows for cell in row.cells if cell.figure]
    assert cells
    for cell in cells:
        assert cell.figure is not None
        assert any(cell.figure.printed in claim.text for claim in cell.claims)
        for claim in cell.claims:
            citation = claim.citations[0]
            assert qa.library.record(citation.record_id).text[citation.start : citation.end] == citation.quote


def test_a_company_that_declines_is_no_company_that_says_nothing(qa: DisclosureQA) -> None:
    view = qa.compare("在手订单", companies=BOTH)
    assert [cell.status for cell in view.rows[0].cells] in (["figure", "declined"], ["figure", "quote"])
    assert not [row for row in view.rows if row.kind == "same"]
    assert "只有一家给出了数字，不可比" in comparison_text.as_text(view)


def test_a_blank_says_how_many_records_were_searched(qa: DisclosureQA) -> None:
    view = qa.compare("云梦新基地投产", companies=BOTH)
    assert view.rows[0].cells[1].status == "silent"
    assert "没有说（2 份记录）" in comparison_text.as_text(view)


def test_other_periods_are_not_compared(qa: DisclosureQA) -> None:
    view = qa.compare("综合毛利率", companies=BOTH, as_of="2025-04-30")
    assert [row.period for row in view.rows if row.kind == "same"] == ["2023年"]
    apart = view.rows[0]
    assert [cell.figure.when.label() for cell in apart.cells if cell.figure] == ["2024年", "2023年"]
    assert apart.higher is None


def test_nothing_of_later_than_the_day_asked_for_is_seen(qa: DisclosureQA) -> None:
    view = qa.compare("综合毛利率", companies=BOTH, as_of=date(2024, 12, 31))
    assert all((cell.day or date.min) <= date(2024, 12, 31) for row in view.rows for cell in row.cells)


def test_one_company_alone_is_not_compared(qa: DisclosureQA) -> None:
    with pytest.raises(CompanyUnknown):
        qa.compare("综合毛利率", companies=["云溪热控"])


def test_a_question_that_compares_is_answered_by_the_table(qa: DisclosureQA) -> None:
    answer = qa.ask("云溪热控和青岚智造2024年综合毛利率哪个高？")
    assert answer.outcome == "answered"
    assert "|---|" in answer.text
    assert "青岚智造（609932） 30.1% 较高" in answer.text
    assert {c.code for claim in answer.claims for c in claim.citations} == {"309931", "609932"}


def test_rows_are_as_wide_as_their_header(qa: DisclosureQA) -> None:
    view = qa.compare("综合毛利率", companies=BOTH)
    assert {len(row) for row in comparison_text.rows(view)} == {len(comparison_text.header(view))}
