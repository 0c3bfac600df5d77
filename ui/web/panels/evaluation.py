"""The panel of the evaluation tab: how far it is, and the report in a frame of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.wording import Language, say


def told(text: str) -> Markup:
    """One message in place of a report."""
    return html("<div class='evaluation'><p role='status'>{text}</p></div>", text=text)


def running(language: Language, done: int, of: int) -> Markup:
    """How many cases are done; `of` is 0 before the first."""
    text = say(language, "eval_running", done=done, of=of) if of else say(language, "eval_starting")
    return html(
        "<div class='evaluation'><p role='status'>{text}</p>"
        "<progress aria-label='{text}' max='{of}' value='{done}'></progress></div>",
        text=text,
        of=max(of, 1),
        done=done,
    )


def finished(language: Language, run: Mapping[str, Any], report: str) -> Markup:
    """A line of counts, why cases were skipped, and the whole report.

    Args:
        language: of the page.
        run: see `eval.run_file.document`.
        report: the page of `eval.report.html`. It stands in a frame that may run its own script but has
            no origin: it reaches neither this page nor its cookies.
    """
    counts = run["counts"]
    lines = [
        say(
            language,
            "eval_done",
            cases=counts["cases"],
            scored=counts["scored"],
            errors=counts["errors"],
            skipped=counts["skipped"],
        )
    ]
    if counts["skipped"]:
        lines.append(say(language, "eval_skipped", skipped=counts["skipped"]))
    return html(
        "<div class='evaluation' data-done='true'>{lines}"
        "<iframe title='{title}' sandbox='allow-scripts' srcdoc='{report}'></iframe></div>",
        lines=joined(html("<p role='status'>{line}</p>", line=line) for line in lines),
        title=say(language, "eval_report"),
        report=report,
    )
