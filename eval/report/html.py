"""The report of one or several runs as one HTML page that needs nothing else: style, script and charts inside.

Questions, answers and records are strangers' words: every value is escaped on its way into the page, and
characters that control or turn the text are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from eval.report.charts import bars, calibration, over_runs, risk_and_coverage
from eval.report.text import interval, number, percent, skipped

STATIC: Final = Path(__file__).parent / "static"
VERDICTS: Final = {
    "supported": "有据 supported", "contradicted": "相悖 contradicted", "unsupported": "无据 unsupported",
    "not_checkable": "无法核验 not checkable",
}  # fmt: skip
_TONES: Final = {"supported": "good", "not_checkable": "unsure"}
BY_GROUP: Final = ("outcome_right", "key_facts", "hit@1", "citation_recall", "figure_fidelity")
OVER_RUNS: Final = (
    "outcome_right", "key_facts", "hit@1", "claim_support", "citation_recall", "citation_precision",
    "figure_fidelity", "wrong_and_cited",
)  # fmt: skip


def page(runs: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """The page. The last run is shown in full, the others only in the charts over runs.

    Args:
        runs: as `eval.run_file.document` gives them, oldest first; at least one.
        names: what each run is called.
    """
    run = runs[-1]
    parts = [_head(run, names[-1]), _figures(run), _outcomes(run), _confidence(run)]
    parts += [
        _groups(run, "by_type", "按题型 · by type"),
        _groups(run, "by_outcome", "按应有结论 · by outcome"),
    ]
    if len(runs) > 1:
        parts.append(_over_runs(runs, names))
    parts.append(_cases(run))
    style = (STATIC / "report.css").read_text(encoding="utf-8")
    script = (STATIC / "report.js").read_text(encoding="utf-8")
    return str(
        Markup(
            '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>{title}</title><style>{style}</style></head><body>{body}<script>{script}</script></body></html>\n"
        ).format(
            title=f"Jupilu · {_clean(names[-1])}",
            style=Markup(style),
            body=Markup("").join(parts),
            script=Markup(script),
        )
    )


def _head(run: Mapping[str, Any], name: str) -> Markup:
    made, counts, inputs = run["made_by"], run["counts"], run["inputs"]
    library = inputs["library"]
    lines = [
        f"{counts['cases']} 题：评分 {counts['scored']}，出错 {counts['errors']}，跳过 {counts['skipped']} · "
        f"{counts['cases']} cases: {counts['scored']} scored, {counts['errors']} errors, {counts['skipped']} skipped",
        f"{counts['sentences']} sentences: {counts['not_checkable']} not checkable, {counts['citing_nothing']} cite nothing; "
        f"{counts['citations']} citations, {counts['marks_without_passage']} marks without a passage",
        f"jupilu {made['jupilu']} · gate {made['gate']} · writes {made['writes']} · embeddings {made['embedding_model'] or '–'}"
        + (f" · second opinions {', '.join(made['second_opinions'])}" if made["second_opinions"] else ""),
    ]
    if library:
        lines.append(f"library {library['snapshot'][:16]}, {library['records']} records")
    files = [*inputs["cases"], *([inputs["recorded"]] if inputs["recorded"] else [])]
    lines += [f"{one['file']} {one['sha256'][:16]}" for one in files]
    lines += [f"跳过 · skipped: {cases} × {reason}" for reason, cases in skipped(run).items()]
    return _html(
        "<h1>评测报告 · {name}</h1>{lines}",
        name=name,
        lines=_joined(_html('<p class="note">{line}</p>', line=line) for line in lines),
    )


def _figures(run: Mapping[str, Any]) -> Markup:
    rows = [
        _html(
            '<tr><td>{name}</td><td class="n"><strong>{value}</strong></td><td class="n">{interval}</td>'
            '<td class="n">{of} {unit}</td><td class="n">{left}</td></tr>',
            name=name, value=percent(one["value"]), interval=interval(one), of=one["of"], unit=one["unit"],
            left=one["left_out"],
        )
        for name, one in run["metrics"].items()
        if one["of"] or one["left_out"]
    ]  # fmt: skip
    times = run["timings"]
    return _html(
        '<h2>指标 · figures</h2><div class="wide"><table><thead><tr><th>figure</th><th class="n">value</th>'
        '<th class="n">95% interval</th><th class="n">of</th><th class="n">left out</th></tr></thead><tbody>{rows}</tbody>'
        "</table></div><p class='note'>{times}</p>",
        rows=_joined(rows),
        times=f"latency p50 {number(times['ms_p50'])} ms, p95 {number(times['ms_p95'])} ms ({times['answers']} answers); "
        f"{number(times['sentences_per_second'])} sentences scored a second",
    )


def _outcomes(run: Mapping[str, Any]) -> Markup:
    if not run["outcomes"]:
        return Markup("")
    got = sorted({row["got"] for row in run["outcomes"]})
    cells = {(row["expected"], row["got"]): row["cases"] for row in run["outcomes"]}
    rows = [
        _html(
            "<tr><th>{wanted}</th>{cells}</tr>",
            wanted=wanted,
            cells=_joined(
                _html(
                    '<td class="n {tone}">{n}</td>',
                    n=cells.get((wanted, one), "·"),
                    tone="" if (wanted, one) not in cells else "on" if wanted == one else "off",
                )
                for one in got
            ),
        )
        for wanted in sorted({row["expected"] for row in run["outcomes"]})
    ]
    return _html(
        '<h2>结论 · outcomes (rows: expected, columns: given)</h2><div class="wide"><table><thead><tr><th></th>{heads}</tr>'
        "</thead><tbody>{rows}</tbody></table></div>",
        heads=_joined(_html('<th class="n">{one}</th>', one=one) for one in got),
        rows=_joined(rows),
    )


def _confidence(run: Mapping[str, Any]) -> Markup:
    told = run.get("confidence")  # runs of earlier versions have none
    if not told or not told["cases"]:
        return Markup("")
    area = "–" if told["auc"] is None else f"{told['auc']:.3f}"
    return _html(
        '<h2>把握 · confidence</h2><p class="note">{line}</p><div class="charts"><div class="chart"><h3>risk over coverage</h3>'
        '{risk}</div><div class="chart"><h3>calibration</h3>{calibration}</div></div>',
        line=f"{told['cases']} 题 cases; area under the curve, with an answer against without: {area}",
        risk=risk_and_coverage([(x, y) for x, y in told["risk_coverage"]]),
        calibration=calibration([(x, y) for x, y in told["calibration"]]),
    )


def _groups(run: Mapping[str, Any], section: str, title: str) -> Markup:
    groups = run[section]
    charts = []
    for name in BY_GROUP:
        rows = [(group, told["metrics"][name]) for group, told in groups.items() if name in told["metrics"]]
        if rows:
            charts.append(_html('<div class="chart"><h3>{n}</h3>{svg}</div>', n=name, svg=bars(rows)))
    if not charts:
        return Markup("")
    return _html('<h2>{title}</h2><div class="charts">{charts}</div>', title=title, charts=_joined(charts))


def _over_runs(runs: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Markup:
    charts = []
    for name in OVER_RUNS:
        values = [run["metrics"].get(name, {}).get("value") for run in runs]
        if any(value is not None for value in values):
            told = " → ".join(percent(value) for value in values)
            charts.append(
                _html(
                    '<div class="chart"><h3>{n}</h3>{svg}<p class="note">{told}</p></div>',
                    n=name, svg=over_runs(names, values), told=told,
                )
            )  # fmt: skip
    return _html('<h2>历次 · over runs</h2><div class="charts">{charts}</div>', charts=_joined(charts))


def _cases(run: Mapping[str, Any]) -> Markup:
    cases = run["cases"]
    types = sorted({case["type"] for case in cases if case["type"]})
    got = sorted({case["outcome"] for case in cases if case["outcome"]})
    states = ("faulty", "well", "unproven", "wrong", "error", "skipped")
    choices = [
        ("type", "题型 type", types),
        ("outcome", "结论 outcome", got),
        ("state", "情况 state", states),
    ]
    selects = [
        _html(
            '<label>{label}<select name="{name}"><option value="">全部 all</option>{options}</select></label>',
            label=label, name=name, options=_joined(_html("<option>{one}</option>", one=one) for one in options),
        )
        for name, label, options in choices
    ]  # fmt: skip
    return _html(
        '<h2>逐题 · every case</h2><form class="filters" hidden><label>搜索 search<input type="search" name="words"></label>'
        '{selects}<output id="shown" class="faint"></output></form>{cases}',
        selects=_joined(selects),
        cases=_joined(_case(case) for case in cases),
    )


def _case(case: Mapping[str, Any]) -> Markup:
    states = _states(case)
    if case["skipped"]:
        tag = _tag("跳过 skipped", "unsure")
    elif case["error"]:
        tag = _tag("出错 error", "bad")
    else:
        tag = _tag("无误 well" if not case["faults"] else f"{len(case['faults'])} 处 faults",
                   "bad" if case["faults"] else "good")  # fmt: skip
    passages = {passage["mark"]: passage for passage in case["passages"]}
    asked = [f"此前 before: {question}" for question in case["history"]]
    asked += [f"公司 company: {case['company']}"] if case["company"] else []
    asked += [f"截至 as of: {case['as_of']}"] if case["as_of"] else []
    facts = case["key_facts"]
    asked += [f"要点 key facts: {facts['found']} / {facts['of']}"] if facts and facts["of"] else []
    outcome = case["outcome"] or "–"
    if case["expected"]:
        outcome += f"（应为 expected {case['expected']}）" if case["expected"] != case["outcome"] else ""
    body = _joined(_claim(sentence, passages) for sentence in case["sentences"])
    if not case["sentences"] and case["answer"]:
        body = _html("<blockquote>{answer}</blockquote>", answer=case["answer"])
    reason = case["skipped"] or case["error"]
    return _html(
        '<details class="case" data-type="{type}" data-outcome="{got}" data-state="{states}"><summary>'
        '<span class="code">{id}</span><span class="question">{question}</span><span class="tag">{kind}</span>{tag}</summary>'
        '<div class="inside"><p class="note">{outcome}</p>{asked}{reason}{faults}{body}</div></details>',
        type=case["type"] or "", got=case["outcome"] or "", states=" ".join(states), id=case["id"],
        question=case["question"], kind=case["type"] or "–", tag=tag, outcome=outcome,
        asked=_joined(_html('<p class="note">{one}</p>', one=one) for one in asked),
        reason=_html("<p>{reason}</p>", reason=reason) if reason else Markup(""),
        faults=_html('<ul class="faults">{all}</ul>', all=_joined(_html("<li>{f}</li>", f=f) for f in case["faults"]))
        if case["faults"] else Markup(""),
        body=body,
    )  # fmt: skip


def _claim(sentence: Mapping[str, Any], passages: Mapping[int, Mapping[str, Any]]) -> Markup:
    alone = {one["mark"]: one for one in sentence["citations"]}
    quotes = [
        _html(
            "<blockquote>[{mark}] {text}<br><span class='faint'>{source}{needed}</span></blockquote>",
            mark=mark,
            text=passages[mark]["text"],
            source=" · ".join(
                str(passages[mark][key])
                for key in ("short_name", "code", "published_on", "question")
                if passages[mark][key]
            ),
            needed="" if alone[mark]["precise"] else " · 未起作用 not precise",
        )
        for mark in sentence["marks"]
    ]
    missing = [f"[{mark}] 没有对应资料 no such passage" for mark in sentence["marks_without_passage"]]
    wrong = [
        f"{one['text']}: {VERDICTS[one['verdict']]}"
        for one in sentence["figures"]
        if one["verdict"] != "supported"
    ]
    return _html(
        '<div class="claim {verdict}"><p>{text} {tag}</p>{reasons}{quotes}</div>',
        verdict=sentence["verdict"],
        text=sentence["text"],
        tag=_tag(VERDICTS[sentence["verdict"]], _TONES.get(sentence["verdict"], "bad")),
        reasons=_joined(
            _html('<p class="faint">{one}</p>', one=one) for one in [*sentence["reasons"], *missing, *wrong]
        ),
        quotes=_joined(quotes),
    )


def _states(case: Mapping[str, Any]) -> list[str]:
    if case["skipped"]:
        return ["skipped"]
    if case["error"]:
        return ["error", "faulty"]
    states = ["faulty" if case["faults"] else "well"]
    if any(sentence["verdict"] != "supported" for sentence in case["sentences"]):
        states.append("unproven")
    return [*states, "wrong"] if case["wrong_and_cited"] else states


def _tag(text: str, tone: str) -> Markup:
    return _html('<span class="tag {tone}">{text}</span>', tone=tone, text=text)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _html(template: str, **values: object) -> Markup:
    """`template` with its fields filled; what is not Markup is escaped."""
    return Markup(template).format(**{name: _clean(value) for name, value in values.items()})


def _clean(value: object) -> object:
    """Text without control and direction-changing characters (Unicode's Cc and Cf, but for new line and tab)."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))
