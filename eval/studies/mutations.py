"""True statements and what becomes of them when one thing is changed: does the gate notice?

    python -m eval.studies.mutations fineval CSV [--part tune|test|all]
    python -m eval.studies.mutations records DIR [--pairs 300]

Every mutation is drawn by a hash of its statement, so a run prints the same table each time. Figures and periods are
found by a reader of their own (see plain_figures), not by the gate's.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.studies.mutation_sources import Source, fineval_sources, record_sources
from eval.studies.plain_figures import Printed, figures, periods
from rag.grounding import EvidenceText, check
from rag.grounding.reading import read

TRUE: Final = "true"
KINDS: Final = ("digit", "swap", "unit", "period", "company", "direction")
RECORD_KINDS: Final = (*KINDS, "modality", "negation", "quantifier", "premise", "stitched")


@dataclass(frozen=True, slots=True)
class Case:
    """A statement, the evidence it is held against and what was done to it (`true`: nothing)."""

    kind: str
    claim: str
    evidence: EvidenceText
    made_from: str


def draw(seed: str, choices: Sequence[str]) -> str:
    """One of the choices, by the hash of the seed."""
    return choices[int(hashlib.sha256(seed.encode()).hexdigest(), 16) % len(choices)]


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _figure(statement: str) -> Printed | None:
    """One of the statement's figures, by the hash of the statement."""
    found = figures(statement)
    return found[int(draw(statement, [str(n) for n in range(len(found))]))] if found else None


def change_digit(statement: str, source: Source) -> str | None:
    """One digit of one figure becomes another; the new number is nowhere in the evidence."""
    figure = _figure(statement)
    if figure is None:
        return None
    digits = [i for i, character in enumerate(figure.text) if character.isdigit()]
    for attempt in range(12):
        place = int(draw(f"{statement}{attempt}", [str(i) for i in digits]))
        digit = draw(f"{attempt}{statement}", [d for d in "123456789" if d != figure.text[place]])
        new = _put(figure.text, place, place + 1, digit)
        number = re.search(r"\d[\d.,]*", new)
        if number is not None and number.group() not in source.evidence.text:
            return _put(statement, figure.start, figure.end, new)
    return None


def swap_value(statement: str, source: Source) -> str | None:
    """One figure becomes another one of the same evidence and the same unit."""
    figure = _figure(statement)
    if figure is None:
        return None
    own = {one.number for one in figures(statement)}
    others = sorted(
        {one.text for one in figures(_said(source)) if one.unit == figure.unit and one.number not in own}
    )
    return _put(statement, figure.start, figure.end, draw(statement, others)) if others else None


def _said(source: Source) -> str:
    """What the company says: without the question."""
    return re.sub(r"^问：[^\n]*\n", "", source.evidence.text)


def change_unit(statement: str, source: Source) -> str | None:
    """万 becomes 亿, 亿 becomes 万, a bare 元 becomes 万元: a factor of ten thousand."""
    options = [
        one for one in figures(statement) if re.search(r"[万亿元]", one.text) and "万亿" not in one.text
    ]
    if not options:
        return None
    figure = options[int(draw(statement, [str(n) for n in range(len(options))]))]
    if "亿" in figure.text:
        new = figure.text.replace("亿", "万", 1)
    elif "万" in figure.text:
        new = figure.text.replace("万", "亿", 1)
    else:
        new = re.sub(r"(\d)(?=\s?(?:元|港元|美元|欧元|日元))", r"\1万", figure.text, count=1)
    return _put(statement, figure.start, figure.end, new) if new != figure.text else None


def change_period(statement: str, source: Source) -> str | None:
    """A date or period becomes one that the statement is not about: the year before, or another of the evidence."""
    options = list(periods(statement))
    if not options:
        return None
    period = options[-1]
    same_kind = sorted(
        {one.text for one in periods(_said(source)) if one.unit == period.unit and one.text != period.text}
    )
    if same_kind and int(hashlib.sha256(statement.encode()).hexdigest(), 16) % 2:
        return _put(statement, period.start, period.end, draw(statement, same_kind))
    other_year = str(int(period.number) + (-1 if len(statement) % 2 else 1))
    return _put(statement, period.start, period.end, period.text.replace(period.number, other_year, 1))


def change_company(statement: str, source: Source) -> str | None:
    """The company's name becomes another company's; a statement without the name gets another's in front."""
    if not source.other_names:
        return None
    other = draw(statement, source.other_names)
    if source.name and source.name in statement:
        return statement.replace(source.name, other)
    if statement.startswith("公司"):
        return other + statement[2:]
    return None


_DIRECTIONS: Final = (
    ("增长", "下降"), ("上涨", "下跌"), ("上升", "下降"), ("提升", "下降"), ("增加", "减少"), ("净流入", "净流出"), ("净买入", "净卖出"),
    ("涨幅", "跌幅"), ("增幅", "降幅"), ("提高", "降低"), ("扩大", "收窄"), ("盈利", "亏损"), ("下滑", "增长"), ("回落", "上升"),
)  # fmt: skip


def change_direction(statement: str, source: Source) -> str | None:
    """增长 becomes 下降, a plus a minus, and the other way round."""
    for one, other in _DIRECTIONS:
        for old, new in ((one, other), (other, one)):
            place = statement.find(old)
            beside = statement[max(0, place - 1) : place + len(old) + 8]
            if place >= 0 and old not in source.name and not re.search(r"涨跌|转|-\d", beside):
                return _put(statement, place, place + len(old), new)
    sign = re.search(r"(?<=[为达至约])([+-])(?=\d)", statement)
    if sign is not None:
        return _put(statement, *sign.span(1), "-" if sign[1] == "+" else "+")
    return None


_MODALITY: Final = (
    ("预计", "已"), ("计划", "已经"), ("有望", "已"), ("力争", "已"), ("拟", "已"), ("可能", "已经"), ("不排除", "已经"), ("目标", "已实现"),
    ("正在", "已经"), ("将", "已"),
)  # fmt: skip


def change_modality(statement: str, source: Source) -> str | None:
    """A plan or a possibility becomes a fact."""
    for old, new in _MODALITY:
        match = re.search(
            old + (r"(?!来|军|其|该|这|以|从|按|会)" if old == "将" else r"(?!合|定|性)"), statement
        )
        if match is not None:
            return _put(statement, *match.span(), new)
    return None


def change_negation(statement: str, source: Source) -> str | None:
    """What is denied is affirmed, what is affirmed is denied."""
    for old, new in (
        ("不存在", "存在"),
        ("没有", "有"),
        ("尚未", "已"),
        ("暂无", "已有"),
        ("并未", "已"),
        ("未", "已"),
    ):
        match = re.search(old + "(?!来)", statement)
        if match is not None:
            return _put(statement, *match.span(), new)
    for old, new in (("可以", "不可以"), ("能够", "不能"), ("存在", "不存在"), ("具有", "不具有"), ("具备", "不具备"), ("拥有", "没有"), ("已", "未"),
                     ("会", "不会"), ("属于", "不属于"), ("影响", "不影响"), ("是", "不是")):  # fmt: skip
        match = re.search(
            rf"(?<![不没未无并还只但于可就要总尤特越说正或才算]){old}(?![否经有者说以的定不否])", statement
        )
        if match is not None:
            return _put(statement, *match.span(), new)
    return None


def change_quantifier(statement: str, source: Source) -> str | None:
    """部分 becomes 全部."""
    for old in ("部分", "少数", "个别", "一些", "大部分", "多数", "主要"):
        place = statement.find(old)
        if place >= 0 and not statement.startswith(("大", "组成", "占"), max(0, place - 1)):
            return _put(statement, place, place + len(old), "全部")
    return None


def state_premise(statement: str, source: Source) -> str | None:
    """What an investor presumed in the question becomes a statement of the company."""
    said = read(source.evidence).company_keys
    for question in source.questions:
        for clause in re.split(r"[，。？！；,?!;]", question):
            words = re.sub(r"^(?:请问|想问|那么|另外|您好|董秘)|(?:吗|呢|么)$", "", clause.strip())
            if not 8 <= len(words) <= 40 or re.search(
                r"是否|如何|什么|怎么|哪|多少|几|何|为啥|能否|请|谢|您|吗|请教|展望|情况", words
            ):
                continue
            if not re.search(r"[是有已了将被能为会在]", words[1:]):
                continue  # a heading, not a premise
            keys = {words[i : i + 2] for i in range(len(words) - 1)}
            if len(keys & said) < 0.6 * len(keys):
                return f"{words}。"
    return None


def stitch(statement: str, source: Source) -> str | None:
    """Two halves of different sentences between one pair of quotation marks."""
    others = [other for other in source.statements if other != statement and other[:10] != statement[:10]]
    clauses = [clause for clause in statement.rstrip("。！；").split("，") if len(clause) >= 6]
    if not others or not clauses:
        return None
    other = draw(statement, others)
    tails = [
        clause
        for clause in other.rstrip("。！；").split("，")
        if len(clause) >= 6 and clause not in statement
    ]
    if not tails or f"{clauses[0]}，{tails[-1]}" in source.evidence.text:
        return None
    return f"公司表示：“{clauses[0]}，{tails[-1]}”"


MUTATORS: Final[dict[str, Callable[[str, Source], str | None]]] = {
    "digit": change_digit, "swap": swap_value, "unit": change_unit, "period": change_period, "company": change_company,
    "direction": change_direction, "modality": change_modality, "negation": change_negation,
    "quantifier": change_quantifier, "premise": state_premise, "stitched": stitch,
}  # fmt: skip


def cases(sources: Iterable[Source], kinds: Sequence[str]) -> Iterator[Case]:
    """Every true statement and each mutation that can be made of it; none that is another true
    statement, and none twice."""
    for source in sources:
        seen = set(source.statements)
        for statement in source.statements:
            yield Case(TRUE, statement, source.evidence, statement)
            for kind in kinds:
                mutant = MUTATORS[kind](statement, source)
                if mutant is not None and mutant not in seen:
                    seen.add(mutant)
                    yield Case(kind, mutant, source.evidence, statement)


@dataclass(frozen=True, slots=True)
class Table:
    """What became of the cases: verdicts by kind, seconds of processor time, and the cases that went wrong."""

    verdicts: dict[str, Counter[str]]
    seconds: float
    wrong: tuple[tuple[Case, str, tuple[str, ...]], ...]

    def caught(self, kind: str) -> float | None:
        """The share of mutations that the gate did not call supported."""
        counts = self.verdicts.get(kind, Counter())
        total = sum(counts.values())
        return None if not total else 1 - counts["supported"] / total

    def balanced(self, kind: str) -> float | None:
        """Balanced accuracy of supported against the rest, this kind of mutation against true statements."""
        caught, passed = self.caught(kind), self.caught(TRUE)
        return None if caught is None or passed is None else (caught + 1 - passed) / 2


def run(all_cases: Iterable[Case]) -> Table:
    """Check every case."""
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[tuple[Case, str, tuple[str, ...]]] = []
    seconds = 0.0
    for case in all_cases:
        started = time.process_time()
        result = check(case.claim, case.evidence)
        seconds += time.process_time() - started
        verdicts[case.kind][result.verdict] += 1
        if (case.kind == TRUE) != (result.verdict == "supported"):
            wrong.append((case, result.verdict, result.reasons))
    return Table(dict(verdicts), seconds, tuple(wrong))


def show(table: Table, title: str) -> str:
    """The table as text; never NaN: a kind without cases says so."""
    names = ("supported", "not_checkable", "unsupported", "contradicted")
    total = sum(sum(counts.values()) for counts in table.verdicts.values())
    lines = [
        title,
        f"{'kind':<12}{'cases':>7}"
        + "".join(f"{name:>15}" for name in names)
        + f"{'caught':>9}{'balanced':>10}",
    ]
    for kind, counts in table.verdicts.items():
        row = f"{kind:<12}{sum(counts.values()):>7}" + "".join(f"{counts[name]:>15}" for name in names)
        caught, balanced = table.caught(kind), table.balanced(kind)
        if kind != TRUE:
            row += f"{caught:>9.4f}" if caught is not None else f"{'no cases':>9}"
            row += f"{balanced:>10.4f}" if balanced is not None else f"{'':>10}"
        lines.append(row)
    true = table.verdicts.get(TRUE, Counter())
    if true:
        count = sum(true.values())
        lines.append(
            f"true statements: called contradicted {true['contradicted'] / count:.4f}, "
            f"contradicted or unsupported {(true['contradicted'] + true['unsupported']) / count:.4f}, "
            f"not supported {1 - true['supported'] / count:.4f}"
        )
    lines.append(
        f"{total} checks in {table.seconds:.1f} s on one core: {total / table.seconds if table.seconds else 0:.0f} a second"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one table; see the module's first lines."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.mutations", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    commands = parser.add_subparsers(dest="what", required=True)
    fineval = commands.add_parser("fineval")
    fineval.add_argument("csv", type=Path)
    fineval.add_argument("--part", choices=("tune", "test", "all"), default="all")
    records = commands.add_parser("records")
    records.add_argument("folder", type=Path)
    records.add_argument("--pairs", type=int, default=300)
    for command in (fineval, records):
        command.add_argument(
            "--wrong", type=int, default=0, help="show this many of what went wrong of each kind"
        )
    given = parser.parse_args(arguments)
    if given.what == "fineval":
        parts = ("tune", "test") if given.part == "all" else (given.part,)
        tables = [
            (f"FinEval index extraction, {part} part", run(cases(fineval_sources(given.csv, part), KINDS)))
            for part in parts
        ]
    else:
        sources = record_sources(given.folder, given.pairs)
        tables = [(f"records: {len(sources)} pairs", run(cases(sources, RECORD_KINDS)))]
    for title, table in tables:
        print(show(table, title))
        shown: Counter[str] = Counter()
        for case, verdict, reasons in sorted(
            table.wrong, key=lambda item: hashlib.sha256(item[0].claim.encode()).digest()
        ):
            if shown[case.kind] < given.wrong:
                shown[case.kind] += 1
                print(f"  {case.kind}: {case.claim}\n    {verdict}: {'; '.join(reasons)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
