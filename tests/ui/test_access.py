"""Who cannot see the page, or does not use a mouse, gets the same of it.

axe-core (tests/ui/vendor, MPL-2.0) looks at each part of the page; nothing that it calls serious or critical may be
there. What follows are the things that no program can judge by looking.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.test_web import ask

pytestmark = [pytest.mark.enable_socket]
Visit = Callable[..., Any]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PHASE_TWO = "岚川智冷的二期液冷基地什么时候投产？"
COMPARED = "岚川智冷和澄屿微电的研发费用率对比"


def violations(page: Any, where: str) -> list[str]:
    """What axe finds serious or critical, a line each."""
    page.evaluate("async () => document.getAnimations().forEach((one) => one.finish?.call?.(one))")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{where}: {one['id']} {node['target']} {node['html'][:160]} {(node['any'] or node['all'] or node['none'])[0]['message'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]  # fmt: skip


def looked_at(visit: Visit, locale: str, width: int, theme: str) -> list[str]:
    """All parts of the page, one after the other, as one visitor meets them."""
    page = visit(locale=locale, path=f"/?__theme={theme}", viewport={"width": width, "height": 900})
    where = f"{locale} {width} {theme}"
    found = violations(page, f"welcome {where}")
    ask(page, PHASE_TWO)
    ask(page, COMPARED)
    page.locator("#turn-2 a.mark").first.click()
    page.wait_for_selector(".card.chosen")
    found += violations(page, f"answer {where}")
    # What is folded, and what opens: export, feedback, a name being changed, the companies to choose.
    for fold in page.locator("#thread details, #evidence details, .conversations").all():
        fold.evaluate("e => { e.open = true; }")
    page.keyboard.press("Escape")  # on a phone the evidence lies over the rest
    page.locator(".conversations [data-action=rename]").first.click()
    found += violations(page, f"unfolded {where}")
    page.keyboard.press("Escape")
    if page.locator("#filters .fold").is_visible():
        page.locator("#filters .fold").click()
    page.locator("#company input").click()
    found += violations(page, f"companies {where}")
    page.get_by_role("tab").nth(1).click()
    page.wait_for_selector("#overview .coverage-figure, #overview table")
    for fold in page.locator("#overview details").all():
        fold.evaluate("e => { e.open = true; }")
    found += violations(page, f"library {where}")
    page.get_by_role("tab").nth(2).click()
    page.wait_for_selector("#run-evaluation, #evaluation progress")
    return found + violations(page, f"evaluation {where}")


@pytest.mark.parametrize("locale, width, theme", [("zh-CN", 1440, "light"), ("en-GB", 390, "dark")])
def test_nothing_serious_is_found(visit: Visit, locale: str, width: int, theme: str) -> None:
    found = looked_at(visit, locale, width, theme)
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_nothing_serious_is_found_anywhere(visit: Visit, locale: str, width: int, theme: str) -> None:
    found = looked_at(visit, locale, width, theme)
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_a_finished_evaluation_has_nothing_serious(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab").nth(2).click()
    page.click("#run-evaluation")
    page.wait_for_selector("#evaluation [data-done=true] .figures", timeout=120_000)
    found = violations(page, "evaluation")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "locale, begins, finished", [("zh-CN", "核验中", "回答完成：引文已核对。"), ("en-GB", "Checking", "Answer finished: Quotes checked.")]
)  # fmt: skip
def test_answers_are_told_to_who_listens(visit: Visit, locale: str, begins: str, finished: str) -> None:
    page = visit(locale=locale)
    page.evaluate(
        """() => { window.heard = []; new MutationObserver(() => heard.push(document.querySelector('#announcements').textContent))
        .observe(document.querySelector('#announcements'), { childList: true, characterData: true, subtree: true }); }"""
    )
    assert page.get_attribute("#announcements", "aria-live") == "polite"
    ask(page, PHASE_TWO)
    page.wait_for_function("heard.some((one) => one.length > 20)")
    heard = page.evaluate("heard")
    assert heard[-1].startswith(finished) and sum(one.startswith(finished) for one in heard) == 1
    page.reload()
    page.wait_for_selector("#turn-1")
    page.wait_for_timeout(500)
    assert page.inner_text("#announcements") == ""  # what was there before is not told again
    assert begins


def test_an_answer_that_is_there_at_once_is_told_and_a_stored_one_is_not(visit: Visit) -> None:
    page = visit()
    drawn = """([id, turns]) => { const frame = document.querySelector('#thread [data-conversation]');
        frame.dataset.conversation = id; document.querySelectorAll('#thread .turn').forEach((one) => one.remove());
        frame.insertAdjacentHTML('beforeend', turns); }"""
    turn = "<article class='turn' id='turn-1'><p class='outcome'>引文已核对</p></article>"
    page.wait_for_timeout(300)
    page.evaluate(drawn, ["stored", turn])
    page.wait_for_timeout(300)
    assert page.inner_text("#announcements") == ""
    page.evaluate("jupilu.bus.asked = true")
    page.evaluate(drawn, ["new", turn])
    page.wait_for_function(
        "document.querySelector('#announcements').textContent.startsWith('回答完成：引文已核对。')"
    )
    assert page.evaluate("jupilu.bus.asked") is False


def test_everything_is_reached_with_the_keys_in_the_order_in_which_it_is_read(visit: Visit) -> None:
    page = visit()
    ask(page, PHASE_TWO)
    page.evaluate("document.activeElement?.blur(); document.body.tabIndex = -1; document.body.focus()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement === document.querySelector('#question textarea')")
    page.evaluate("document.activeElement?.blur(); document.body.focus()")
    places, outlines = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """() => { const e = document.activeElement;
            for (const part of ['#masthead', '[role=tablist]', '#conversation-column', '#thread', '#asking', '#evidence-column'])
                if (e.closest(part)) return part;
            return ''; }"""
        )
        if place and place not in places:
            places.append(place)
        if place:
            unseen = page.evaluate(
                """() => { const e = document.activeElement, style = getComputedStyle(e);
                return parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none' ? '' : e.outerHTML.slice(0, 200); }"""
            )
            outlines += [unseen] if unseen else []
    assert places == [
        "#masthead",
        "[role=tablist]",
        "#conversation-column",
        "#thread",
        "#asking",
        "#evidence-column",
    ]
    assert not outlines


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_clicked_is_large_enough(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 900})
    ask(page, PHASE_TWO)
    page.locator(".conversations").evaluate("e => { e.open = true; }")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, select, a.mark, input, #thread a, .card footer a')].filter((e) => {
            const box = e.getBoundingClientRect(), style = getComputedStyle(e);
            if (!box.width || style.visibility === 'hidden' || e.closest('[hidden], [aria-hidden=true], .skip') || (e.tagName === 'BUTTON' && e.tabIndex < 0 && !e.getAttribute('role'))) return false;
            if (e.closest('details:not([open])') && !(e.tagName === 'SUMMARY')) return false;
            return box.height < 24 || box.width < 24;
        }).map((e) => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().width}x${e.getBoundingClientRect().height}`)"""
    )
    assert not small, "\n".join(small)


def test_less_motion_is_respected_and_the_language_is_told(visit: Visit) -> None:
    page = visit(reduced_motion="reduce", locale="en-GB")
    assert page.evaluate("document.documentElement.lang") == "en"
    ask(page, PHASE_TWO)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > .05
        || parseFloat(getComputedStyle(e).animationDuration) > .05).length"""
    )
    assert moving == 0
    assert page.get_by_role("navigation", name="Conversations").count() == 1
    assert page.get_by_role("main").count() == 1
    page.click("#switch-language")
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.wait_for_selector("#conversation-column[aria-label='我的对话']")
