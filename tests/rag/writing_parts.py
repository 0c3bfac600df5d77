"""A question with evidence of fictional companies, for tests of what a model writes from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.library.library import Company
from ingest.records import Form, Passage, QAPair, Record, Span
from rag.answers import Answer, Claim, Searched
from rag.asking.companies import CompanyNames
from rag.asking.question import Question, understand
from rag.finding.declining import bundled_declining
from rag.finding.relevance import Relevant
from rag.finding.retrieval import Evidence
from rag.writing.quoting import cite
from rag.writing.telling import bundled_telling
from rag.writing.verbatim_answer import Draft, Section

LANCHUAN = Company("309001", "岚川智冷", "岚川智冷技术股份有限公司", 2)
CHENGYU = Company("009002", "澄屿微电", "澄屿微电子股份有限公司", 1)
NAMES = CompanyNames([LANCHUAN, CHENGYU])
COOLING = "公司2024年一季度液冷业务收入0.82亿元，同比增长41%。毛利率为31.2%，主要因为冷板产品占比提高。"
FACTORY = "公司在马来西亚的工厂预计2025年三季度投产，一期产能为每年3万台。"


def section(mark: int, answer: str, question: str, company: Company = LANCHUAN) -> Section:
    """A section that quotes all of `answer`."""
    text = f"问：{question}\n答：{answer}\n"
    start = text.index("答：") + 2
    span, asked = Span(start, start + len(answer)), Span(2, 2 + len(question))
    record = Record(
        id=f"{mark}" * 16,
        source_file=f"{mark}.txt",
        sha256=f"{mark}" * 64,
        format="txt",
        text=text,
        pages=(),
        form=Form(code=company.code, short_name=company.short_name, number="2024-001"),
        pairs=(QAPair(1, question, answer, asked, span),),
        statements=(),
        published_on=date(2024, 5, 12),
        published_on_basis="given",
    )
    passage = Passage(
        id=f"{record.id}:1:0",
        record_id=record.id,
        kind="pair",
        number=1,
        unit=0,
        slice=0,
        context="",
        question=question,
        text=answer,
        span=span,
        code=company.code,
        short_name=company.short_name,
        published_on=record.published_on,
    )
    told = bundled_telling().read(question, text, span, bundled_declining())
    citations = tuple(cite(record, passage, one.span, mark) for one in told)
    return Section(Relevant(Evidence(passage, 0.9, {}), False), record, citations, tuple(told))


def parts(
    text: str = "岚川智冷的液冷卖了多少？", sections: Sequence[Section] | None = None
) -> tuple[Question, Draft, Answer]:
    """A question, the verbatim draft for it, and the verbatim answer made from that."""
    asked = understand(text, NAMES, newest_of=lambda companies: date(2025, 1, 1))
    chosen = tuple(
        sections or (section(1, COOLING, "液冷业务收入多少？"), section(2, FACTORY, "海外工厂进展如何？"))
    )
    claims = tuple(Claim(c.quote, "supported", (), (c,)) for s in chosen for c in s.citations)
    answer = Answer(
        question=asked.text,
        standalone_question=asked.standalone,
        outcome="answered",
        text="\n".join(claim.text for claim in claims),
        as_of=None,
        newest_record=date(2024, 5, 12),
        searched=Searched(2, date(2024, 5, 12), date(2024, 5, 12)),
        claims=claims,
    )
    return asked, Draft("answered", chosen), answer
