"""The panel of the evaluation tab: what is to be asked, how far it is, the figures in plain words, what failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.plain_words import plain_error
from ui.web.wording import Language, say

Source = Literal["own", "built_in"]
State = Literal["idle", "making", "running", "done", "stopped", "failed"]
FIGURES = (
    "outcome_right",
    "gold_pair_cited",
    "wrong_among_answered",
    "refusal_recall",
    "key_facts",
    "hit@1",
    "hit@5",
    "claim_support",
    "quotes_in_place",
)
"""The figures of a run (`eval.metrics`) that are shown with a sentence; all others stand in the whole report."""
FEWER_IS_BETTER = ("wrong_among_answered",)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands; `run` is `eval.run_file.document`, `report` its page, `fault` why there is none."""

    state: State = "idle"
    source: Source = "own"
    count: int = 20
    done: int = 0
    of: int = 0
    run: dict[str, Any] | None = None
    report: str = ""
    fault: Exception | None = None
    changes: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in ("making", "running")


def evaluation_panel(
    language: Language, standing: Standing, counts: Sequence[int], names: Mapping[str, str]
) -> Markup:
    """The whole tab.

    Args:
        language: of the page.
        standing: of the run that is on its way, else of the last one.
        counts: how many cases may be made.
        names: the companies' short names by code.
    """
    return html(
        "<div class='evaluation'{done}><h2>{title}</h2><p class='lead'>{intro}</p>{controls}{body}</div>",
        done=Markup(" data-done='true'") if standing.state in ("done", "stopped") else Markup(""),
        title=say(language, "eval_title"),
        intro=say(language, "eval_intro"),
        controls=_progress(language, standing) if standing.is_open else _controls(language, standing, counts),
        body=_body(language, standing, names),
    )


def _controls(language: Language, standing: Standing, counts: Sequence[int]) -> Markup:
    sources = joined(
        html(
            "<label><input type='radio' name='cases' value='{value}'{chosen}> <span>{name}<small>{about}</small></span></label>",
            value=source,
            chosen=Markup(" checked") if source == standing.source else Markup(""),
            name=say(language, f"eval_source_{source}"),
            about=say(language, f"eval_source_{source}_about"),
        )
        for source in ("own", "built_in")
    )
    options = joined(
        html(
            "<option value='{n}'{chosen}>{n}</option>",
            n=count,
            chosen=Markup(" selected") if count == standing.count else Markup(""),
        )
        for count in counts
    )
    return html(
        "<div class='controls'><fieldset><legend>{which}</legend>{sources}</fieldset>"
        "<p class='how-many'><label for='case-count'>{how_many}</label><select id='case-count'>{options}</select></p>"
        "<button type='button' id='run-evaluation' class='primary' data-action='start'>{run}</button></div>",
        which=say(language, "eval_which"),
        sources=sources,
        how_many=say(language, "eval_how_many"),
        options=options,
        run=say(language, "eval_run"),
    )


def _progress(language: Language, standing: Standing) -> Markup:
    making = standing.state == "making"
    text = (
        say(language, "eval_making")
        if making
        else say(language, "eval_running", done=standing.done, of=standing.of)
    )
    return html(
        "<div class='running'><p role='status'>{text}</p><progress aria-label='{label}' max='{of}' value='{done}'></progress>"
        "<button type='button' data-action='halt'>{stop}</button><p class='hint'>{stays}</p></div>",
        text=text,
        label=say(language, "eval_tab"),
        of=max(standing.of, 1),
        done=0 if making else standing.done,
        stop=say(language, "stop"),
        stays=say(language, "eval_stays"),
    )


def _body(language: Language, standing: Standing, names: Mapping[str, str]) -> Markup:
    if standing.state == "failed":
        why = (
            say(language, "failed", reason=plain_error(language, standing.fault))
            if standing.fault
            else say(language, "eval_no_records")
        )
        return html("<p class='notice' role='alert'>{why}</p>", why=why)
    if standing.run is None:
        return (
            html("<p role='status'>{t}</p>", t=say(language, "eval_stopped_early"))
            if standing.state == "stopped"
            else Markup("")
        )
    return _result(language, standing, standing.run, names)


def _result(
    language: Language, standing: Standing, run: Mapping[str, Any], names: Mapping[str, str]
) -> Markup:
    counts = run["counts"]
    told = [
        say(language, "eval_done", **{key: counts[key] for key in ("cases", "scored", "errors", "skipped")})
    ]
    if standing.state == "stopped":
        told.append(say(language, "eval_stopped", done=standing.done, of=standing.of))
    if counts["skipped"]:
        told.append(say(language, "eval_skipped", skipped=counts["skipped"]))
    told.append(say(language, f"eval_caution_{standing.source}"))
    return html(
        "<section class='result'><h3>{title}</h3>{told}{figures}{failed}{report}</section>",
        title=say(language, "eval_result"),
        told=joined(html("<p role='status'>{t}</p>", t=line) for line in told),
        figures=_figures(language, run["metrics"]),
        failed=_failed(language, run["cases"], names),
        report=_report(language, standing.report),
    )  # fmt: skip


def _figures(language: Language, metrics: Mapping[str, Mapping[str, Any]]) -> Markup:
    """Each figure with its name, what it is of, and what it means."""
    shown = [name for name in FIGURES if metrics[name]["of"] and metrics[name]["value"] is not None]
    return html(
        "<dl class='figures'>{all}</dl>",
        all=joined(
            html(
                "<div{less}><dt>{name}</dt><dd><strong>{value}</strong><span class='of'>{of}</span>"
                "<span class='bar' aria-hidden='true'><i style='width:{width}%'></i></span>"
                "<p>{means}</p></dd></div>",
                less=Markup(" class='less'") if name in FEWER_IS_BETTER else Markup(""),
                name=say(language, f"figure_{name}"),
                value=f"{metrics[name]['value']:.0%}",
                of=_of(language, metrics[name]),
                width=round(100 * metrics[name]["value"]),
                means=say(language, f"figure_{name}_means"),
            )
            for name in shown
        ),
    )


def _of(language: Language, metric: Mapping[str, Any]) -> str:
    """How many it is a share of, and between what it likely lies."""
    if metric["low"] is None or metric["low"] == metric["high"]:  # a resampling of equals tells nothing
        return say(language, "figure_of", of=metric["of"])
    return say(language, "figure_of_range", of=metric["of"], low=f"{metric['low']:.0%}", high=f"{metric['high']:.0%}")  # fmt: skip


def _failed(language: Language, cases: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Markup:
    """The cases that went wrong, each with a button that asks it."""
    wrong = [(case, list(wrongs(language, case))) for case in cases]
    wrong = [(case, why) for case, why in wrong if why]
    if not wrong:
        return html("<p class='all-well'>{t}</p>", t=say(language, "eval_all_well"))
    return html(
        "<h3>{title}</h3><ul class='failed-cases'>{items}</ul>",
        title=say(language, "counted", what=say(language, "eval_failed"), count=len(wrong)),
        items=joined(_failed_case(language, case, why, names) for case, why in wrong),
    )


def _failed_case(
    language: Language, case: Mapping[str, Any], why: Sequence[str], names: Mapping[str, str]
) -> Markup:
    company = case["company"] or ""
    beside = [" ".join(filter(None, (names.get(company, ""), company)))]
    if case["as_of"]:
        beside.append(say(language, "filtered_as_of", date=case["as_of"]))
    return html(
        "<li><p class='case-question'>{question} <span class='beside'>{beside}</span></p><p class='why'>{why}</p>"
        "<button type='button' data-action='ask-case' data-question='{question}' data-company='{company}' data-day='{day}'"
        " aria-label='{ask}：{question}'>{ask}</button></li>",
        question=case["question"],
        beside=" · ".join(filter(None, beside)),
        why="；".join(why) if language == "zh" else "; ".join(why),
        company=case["company"] or "",
        day=case["as_of"] or "",
        ask=say(language, "eval_ask_case"),
    )


def wrongs(language: Language, case: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a case, in the page's words; nothing where it is as it should be or was skipped."""
    if case["skipped"]:
        return
    if case["error"]:
        yield say(language, "wrong_error")
        return
    expected, got = case["expected"], case["outcome"]
    if expected and got != expected and any("should be" in fault for fault in case["faults"]):
        yield say(language, "wrong_outcome", expected=say(language, f"outcome_{expected}"), got=say(language, f"outcome_{got}"))  # fmt: skip
    elif case["gold_cited"] is False:
        yield say(language, "wrong_gold")
    facts = case["key_facts"]
    if got == "answered" and facts and facts["found"] < facts["of"]:
        yield say(language, "wrong_facts", found=facts["found"], of=facts["of"])
    if case["another_company"]:
        yield say(language, "wrong_company", companies="、".join(case["another_company"]))
    if case["quotes"]["in_place"] < case["quotes"]["of"]:
        yield say(language, "wrong_quotes", count=case["quotes"]["of"] - case["quotes"]["in_place"])


def _report(language: Language, report: str) -> Markup:
    """The whole report in a frame that may run its own script but has no origin: it reaches neither this page nor
    its cookies."""
    return html(
        "<details class='whole-report' data-key='evaluation-report'><summary>{title}</summary>"
        "<iframe title='{title}' sandbox='allow-scripts' loading='lazy' srcdoc='{report}'></iframe></details>",
        title=say(language, "eval_report"),
        report=report,
    )
