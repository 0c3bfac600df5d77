"""What the page shows, as HTML: escaped whatever stands in the records, marked where the citations say."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.errors import RecordUnknown
from ingest.library.library import Company
from ingest.records import Form, Page, Participant, QAPair, Record, Span
from rag.answers import Answer, Citation, Claim, Searched
from ui.web.chat import choices_of
from ui.web.panels.cards import cards_of
from ui.web.panels.coverage import missing_numbers, ranges
from ui.web.panels.evidence import evidence_panel, quote_in_context
from ui.web.panels.filters import choice_of
from ui.web.panels.marked import marked_text, plain_copy
from ui.web.panels.markup import html, visible
from ui.web.panels.record import record_page
from ui.web.panels.shown import Pending, Shown
from ui.web.panels.thread import pending_article, turn_article
from ui.web.plain_words import plain_reason, plain_warning, without_commands
from ui.web.routes import COOKIE, user_of
from ui.web.wording import language_of, say, wording

NASTY = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>'\"`${alert(1)}{{x}}[公告](javascript:alert(1)) [2]"
)
ALLOWED = frozenset(
    [
        "a",
        "article",
        "blockquote",
        "br",
        "button",
        "details",
        "div",
        "dd",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "header",
        "html",
        "head",
        "body",
        "main",
        "meta",
        "title",
        "style",
        "img",
        "li",
        "mark",
        "nav",
        "ol",
        "p",
        "q",
        "section",
        "span",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


class Tags(HTMLParser):
    """All tags and attributes of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def record(text: str = "公司产能为每年 77 万件。", question: str = "产能多少？", **changes: Any) -> Record:
    body = f"问：{question}\n答：{text}\n"
    start = body.index(text, len(question) + 2)
    pair = QAPair(1, question, text, Span(2, 2 + len(question)), Span(start, start + len(text)), 1)
    form = Form(
        "309077",
        "样本科技",
        "样本科技股份有限公司",
        "2025-001",
        participants=(Participant("甲基金", ("张三",)),),
    )
    known = Record(
        "0123456789abcdef", "样本.pdf", "0" * 64, "pdf", body, (Page(1, Span(0, len(body)), 595, 842),), form,
        (pair,), (), date(2025, 6, 3), "signed_on", ("某处存疑",),
    )  # fmt: skip
    return replace(known, **changes)


def answer(of: Record, text: str | None = None, verdict: Any = "supported") -> dict[str, Any]:
    pair = of.pairs[0]
    quote = pair.answer
    citation = Citation(
        1, of.id, of.source_file, of.form.code, of.form.short_name, of.form.number, of.published_on, 1,
        pair.question, quote, pair.answer_span.start, pair.answer_span.end, 1,
    )  # fmt: skip
    claim = Claim(quote, verdict, ("引文与原文一字不差",), (citation,))
    told = text if text is not None else f"公司回答：\n“{quote}” [1]"
    return Answer(
        "产能？", "产能?", "answered", told, None, of.published_on, Searched(1, None, None), (claim,)
    ).as_json()


def parsed(markup: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(markup)
    return parser.tags


def harmless(markup: str) -> None:
    for tag, attributes in parsed(markup):
        assert tag in ALLOWED
        assert not any(name.startswith("on") or name == "srcdoc" for name in attributes)
        for name in ("href", "src"):
            assert not re.match(r"\s*(?:javascript|data|vbscript):", attributes.get(name) or "", re.I)


def everything(of: Record, shown: dict[str, Any], question: str) -> str:
    return "".join(
        (
            str(turn_article("zh", Shown(1, question, shown, feedback=None))),
            str(pending_article("en", Pending(1, question, {"question": 3.0}, [question]))),
            str(evidence_panel("zh", 1, shown, lambda _: of)),
            str(record_page("en", of)),
        )
    )


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_no_text_becomes_markup(said: str, asked: str) -> None:
    of = record(f"{said}{NASTY}", f"{asked}{NASTY}")
    harmless(everything(of, answer(of), asked + NASTY))


def test_form_fields_and_names_are_escaped_too() -> None:
    form = Form(
        NASTY, NASTY, NASTY, NASTY, (NASTY,), None, None, (Participant(NASTY, (NASTY,)),), (NASTY,), NASTY
    )
    of = record(form=form, source_file=NASTY, warnings=(NASTY,))
    harmless(everything(of, answer(of), "问"))


def test_the_text_of_the_record_is_shown_as_it_stands() -> None:
    of = record(NASTY)
    parser = _Text()
    parser.feed(str(evidence_panel("zh", 1, answer(of), lambda _: of)))
    assert NASTY in "".join(parser.pieces)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def test_characters_that_turn_the_reading_direction_are_left_out() -> None:
    assert visible("增长\u202e%05\u202c了\u200b\n好") == "增长%05了\n好"
    assert "\u202e" not in html("<p>{t}</p>", t="a\u202eb")


def test_no_control_character_is_left() -> None:
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))
    assert {unicodedata.category(c) for c in visible(every) if c not in "\n\t"}.isdisjoint({"Cc", "Cf"})


def test_marks_are_links_but_not_inside_a_quote() -> None:
    of = record("见附注[1]，产能为 77 万件。")
    shown = answer(of)
    links = [attributes for tag, attributes in parsed(str(marked_text("zh", 3, shown))) if tag == "a"]
    assert [link["href"] for link in links] == ["#evidence-3-1"]
    assert "[1]" in str(marked_text("zh", 3, shown))


def test_a_mark_without_a_citation_stays_text() -> None:
    of = record()
    text = str(marked_text("zh", 1, answer(of, "没有这个来源 [7]，也没有 [0]。")))
    assert "<a" not in text and "[7]" in text


@pytest.mark.parametrize("verdict", ["contradicted", "unsupported", "not_checkable"])
def test_only_what_the_gate_supports_is_called_verified(verdict: str) -> None:
    of = record()
    shown = everything(of, answer(of, verdict=verdict), "问")
    assert "与原文相符" not in shown and "class='badge supported'" not in shown


def test_the_verdict_of_a_card_is_the_worst_on_it() -> None:
    of = record()
    shown = answer(of)
    shown["claims"].append({**shown["claims"][0], "text": "另一句", "verdict": "not_checkable"})
    assert cards_of(shown)[0].verdict == "not_checkable"


def test_a_pending_answer_shows_no_verdict() -> None:
    of = record()
    pending = Pending(1, "问", {"question": 1.0, "retrieval": 20.0}, [], answer(of))
    shown = str(pending_article("zh", pending))
    assert "核验中" in shown and "与原文相符" not in shown and "✓</a>" not in shown


def test_a_record_that_is_gone_leaves_its_quote() -> None:
    def gone(_: str) -> Record:
        raise RecordUnknown("gone")

    of = record()
    shown = str(evidence_panel("zh", 1, answer(of), gone))
    assert "已从资料库移除" in shown and of.pairs[0].answer in shown


def test_the_context_stops_at_the_answer_and_leaves_out_the_middle() -> None:
    text = "前" * 900 + "甲乙丙" + "中" * 900 + "丁戊己" + "后" * 900
    shown = str(quote_in_context(text, [Span(900, 903), Span(1803, 1806)], Span(0, len(text))))
    assert shown.count("<mark>") == 2 and shown.count("…") == 3
    assert "甲乙丙" in shown and "丁戊己" in shown and len(shown) < 1500


def test_the_copy_carries_sources_and_the_disclaimer() -> None:
    of = record()
    copied = plain_copy("zh", answer(of))
    assert of.pairs[0].answer in copied and "[1] 样本科技 309077 2025-001" in copied
    assert "2025-06-03" in copied and "样本.pdf" in copied and copied.endswith("不构成投资建议。")


def test_gaps_in_record_numbers() -> None:
    assert missing_numbers(["2025-001", "2025-004", "[2024]002", "2024-12-6", None, "2025－００２"]) == {
        2024: [1],
        2025: [3],
    }
    assert ranges([2, 5, 6, 7]) == "002、005–007"


def test_a_year_and_a_day_narrow_each_other() -> None:
    both = choices_of("", date(2024, 8, 31), "2024")
    assert (both.company, both.published_from, both.as_of) == (None, date(2024, 1, 1), date(2024, 8, 31))
    assert choices_of("x", None, "2023").as_of == date(2023, 12, 31)
    assert choices_of("x", date(2024, 8, 31), "").published_from is None


@pytest.mark.parametrize(
    "code, expected", [("zh-CN", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("de", "en"), ("", "zh")]
)
def test_the_language_of_a_browser(code: str, expected: str) -> None:
    assert language_of(code) == expected


def test_a_visitor_is_known_by_login_or_by_a_secret_of_the_right_shape() -> None:
    secret = "a" * 43
    assert user_of({COOKIE: secret}, "li", "s1") == "login:li"
    assert user_of({COOKIE: secret}, None, "s1") == f"browser:{secret}"
    assert user_of({COOKIE: "login:li"}, None, "s1") != user_of({}, None, "s2")
    assert user_of({COOKIE: "login:li"}, None, "s1") == "session:s1"


def test_every_wording_has_the_same_fields_in_both_languages() -> None:
    for key, (chinese, english) in wording().items():
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english)), key
        assert chinese and english


def test_what_is_folded_is_there_to_unfold_with_its_marks() -> None:
    of = record()
    shown = answer(of)
    assert "<details class='everything'" not in str(turn_article("zh", Shown(1, "问", shown)))
    folded = {**shown, "full_text": shown["text"] + "\n\n另一段 [1]"}
    article = str(turn_article("en", Shown(1, "问", folded)))
    inside = article[article.index("<details class='everything'") :]
    assert "Show everything" in inside and "另一段" in inside and inside.count("href='#evidence-1-1'") == 2
    assert article.index("另一段") > article.index("<details class='everything'")
    assert "另一段" in plain_copy("zh", folded)


def test_the_receipt_and_the_times_are_folded() -> None:
    shown = {**answer(record()), "receipt": "abc123", "timings_ms": {"question": 3.0}}
    article = str(turn_article("zh", Shown(1, "问", shown)))
    assert article.index("abc123") > article.index("<details class='how'")
    assert article.index("毫秒") > article.index("<details class='how'")


def test_nothing_calls_an_answer_right() -> None:
    article = str(turn_article("zh", Shown(1, "问", answer(record()))))
    assert "引文已核对" in article and "有据可查" not in article
    # Only the quote is proven: no word of the page says that what a company said is so. What asks, or is of files, may.
    asks = {"bad", "model_state_verifying", "eval_intro", "model_state_ready"}
    for key, (chinese, english) in wording().items():
        if key not in asks:
            assert not re.search("正确|属实|无误|证实|验证", chinese), key
            assert not re.search(r"\b(?:correct|true|verified|proven|accurate)\b", english, re.I), key


@pytest.mark.parametrize(
    "said, kept",
    [
        ("已收录 30 家公司，可用 jupilu companies 查看。", "已收录 30 家公司。"),
        ("没有可检索的记录。可用 jupilu records 查看已收录的记录。", "没有可检索的记录。"),
        ("语言模型缺少密钥（设置 JUPILU_MODEL_API_KEY），以上是公司原文。", "语言模型缺少密钥，以上是公司原文。"),
        ("No records to search. `jupilu records` lists what is there.", "No records to search."),
        ("It holds 3 companies; `jupilu companies` lists them.", "It holds 3 companies."),
    ],
)  # fmt: skip
def test_an_answer_on_the_page_names_no_command(said: str, kept: str) -> None:
    assert without_commands(said) == kept


def test_every_reason_and_warning_of_ingest_has_the_pages_words() -> None:
    """What ingest can say of a file is found in its source, so that a new reason is not forgotten here."""
    said = re.compile(
        r"(?:SourceError|NotARecord|UnsupportedFormat)\(\s*((?:f?\"(?:[^\"\\\\]|\\\\.)*\"\s*)+)"
        r"|warnings\.append\(\s*((?:f?\"(?:[^\"\\\\]|\\\\.)*\"\s*)+)"
    )
    forgotten = []
    for file in Path(ingest.__file__).parent.rglob("*.py"):
        for reason, warning in said.findall(file.read_text(encoding="utf-8")):
            text = re.sub(r"{[^{}]*}", "9", "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', reason or warning)))
            if text.replace("9", "").strip(" :") in (
                "",
                "PDF: no page , it has",
                "PDF: page  cannot be drawn within ; open the original",
            ):
                continue  # another's words passed on, or said of a page and not of a file
            told = plain_reason("zh", text) if reason else plain_warning("zh", text)
            if told in (say("zh", "reason_untold"), say("zh", "warning_untold")):
                forgotten.append(text)
    assert forgotten == []


def test_the_button_tells_how_much_is_folded_in_place_of_the_answers_own_line() -> None:
    shown = answer(record())
    shown["claims"].append({**shown["claims"][0], "folded": True})
    for language, line in (("zh", "（折叠：[1]、1 句）"), ("en", "(Folded: [1], 1 sentences)")):
        told = {**shown, "text": f"{shown['text']}\n\n{line}\n\n（其他说明。）", "full_text": shown["text"]}
        article = str(turn_article(language, Shown(1, "问", told)))  # type: ignore[arg-type]
        assert "折叠" not in article and "Folded" not in article and "（其他说明。）" in article
        assert ("还有 1 句" if language == "zh" else "1 more sentences)") in article


def test_what_is_near_a_question_that_was_not_found_is_shown_as_no_answer() -> None:
    of = record()
    found = answer(of)
    near = {**found, "outcome": "not_found", "claims": [], "closest": found["claims"][0]["citations"]}
    panel = str(evidence_panel("zh", 3, near, lambda _: of))
    assert "第 3 问：最接近的记录（不是回答）" in panel and "相近，不是回答" in panel
    assert "与原文相符" not in panel and "<mark>" in panel
    assert "第 4 问没有证据" in str(evidence_panel("zh", 4, {**near, "closest": []}, lambda _: of))


def test_a_company_is_sought_by_code_names_and_pinyin() -> None:
    choice = choice_of(Company("309001", "岚川智冷", "岚川智冷科技股份有限公司", 3))
    assert (choice.value, choice.label) == ("309001", "岚川智冷 309001")
    assert all(word in choice.sought for word in ("lczl", "lanchuanzhileng", "309001", "科技"))
