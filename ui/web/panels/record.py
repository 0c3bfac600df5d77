"""A whole record as a page of its own: form, statements, every question and answer, warnings."""

from __future__ import annotations

from urllib.parse import quote as url_quote

from markupsafe import Markup

from ingest.language.listed import listed_name
from ingest.records import Record
from ui.web.panels.markup import html, joined
from ui.web.plain_words import plain_warning
from ui.web.wording import Language, say

_STYLE = Markup(
    ":root{color-scheme:light dark}body{font:16px/1.7 system-ui,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',"
    "sans-serif;max-width:46rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}"
    "dt{font-weight:600;float:left;clear:left;margin-right:.6em}dd{margin:0 0 .2em}"
    ".text{white-space:pre-wrap}article{border-top:1px solid #8885;padding:.6rem 0}"
    "article:target{outline:3px solid #2563eb;outline-offset:.4rem}h2{font-size:1.1rem}h3{font-size:1rem;margin:.3rem 0}"
    ".warning{border-left:4px solid #d97706;padding-left:.6rem}a{color:#2563eb}@media (prefers-color-scheme:dark){a{color:#7aa7ff}}"
)


def record_page(language: Language, record: Record) -> Markup:
    """The complete HTML document."""
    form = record.form
    name = (
        " ".join(filter(None, (form.short_name or form.company or listed_name(form.code), form.code)))
        or record.source_file
    )
    return html(
        "<!doctype html><html lang='{code}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'><title>{name}</title>"
        "<style>{style}</style></head><body><main><h1>{name}</h1><dl>{facts}</dl>{people}"
        "<p><a href='{base}/original' download>{download}</a></p>{warnings}{statements}{pairs}</main></body></html>",
        code="zh-CN" if language == "zh" else "en",
        name=name,
        style=_STYLE,
        facts=_facts(language, record),
        people=_people(language, record),
        base=url_quote(record.id, safe=""),
        download=say(language, "download"),
        warnings=joined(
            html("<p class='warning'>{w}</p>", w=plain_warning(language, warning))
            for warning in record.warnings
        ),
        statements=joined(
            html(
                "<article id='statement-{n}'><h2>{kind} {title}</h2><div class='text'>{text}</div></article>",
                n=number,
                kind=say(language, "statement"),
                title=statement.title,
                text=statement.text,
            )
            for number, statement in enumerate(record.statements)
        ),
        pairs=joined(
            html(
                "<article id='pair-{n}'><h2>{label}{page}</h2><h3 class='text'>{question}</h3>"
                "<div class='text'>{answer}</div></article>",
                n=pair.number,
                label=say(language, "pair", number=pair.number),
                page=f" · {say(language, 'page', number=pair.page)}" if pair.page else "",
                question=pair.question,
                answer=pair.answer,
            )
            for pair in record.pairs
        ),
    )


def _facts(language: Language, record: Record) -> Markup:
    form = record.form
    held = " – ".join(dict.fromkeys(day.isoformat() for day in form.held_on)) if form.held_on else ""
    published = record.published_on.isoformat() if record.published_on else say(language, "unknown_date")
    if record.published_on_basis in ("held_on", "signed_on"):
        published += say(language, f"basis_{record.published_on_basis}")
    rows = (
        ("company", form.company or form.short_name or listed_name(form.code) or ""),
        ("publication", published),
        ("record_number", form.number or say(language, "no_number")),
        ("categories", "、".join(form.categories)),
        ("held_on", held),
        ("place", form.place or ""),
        ("hosts", "、".join(form.hosts)),
        ("source_file", record.source_file),
    )
    return joined(
        html("<dt>{key}</dt><dd>{value}</dd>", key=say(language, key), value=value)
        for key, value in rows
        if value
    )


def _people(language: Language, record: Record) -> Markup:
    people = record.form.participants
    if not people:
        return Markup("")
    return html(
        "<details><summary>{title}</summary><ul>{items}</ul></details>",
        title=say(language, "participants", count=len(people)),
        items=joined(
            html(
                "<li>{name}{people}</li>",
                name=p.institution,
                people=f"：{'、'.join(p.people)}" if p.people else "",
            )
            for p in people
        ),
    )
