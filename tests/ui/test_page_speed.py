"""How soon the page is there, how soon one can type, and that nothing jumps while it comes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.ui.conftest import Served
from tests.ui.test_web import ask

pytestmark = [pytest.mark.enable_socket]

FIRST_PAINT, INTERACTIVE, SHIFT = 3.0, 5.0, 0.05
WATCH = """
window.shifted = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput)
    shifted.push([one.value, ...one.sources.map(({ node }) => node?.id || node?.className || node?.nodeName || '?')]); })
    .observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("locale, width, height", [("zh-CN", 1440, 900), ("en-GB", 390, 844)])
def test_the_page_is_there_soon_and_nothing_jumps(
    browser: Any, example_page: Served, locale: str, width: int, height: int
) -> None:
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
    try:
        page = context.new_page()
        page.goto(example_page.url)
        page.wait_for_selector(".welcome .choices")  # warm: a server's first visitor is not measured
        page.close()
        page = context.new_page()
        page.add_init_script(WATCH)
        began = time.perf_counter()
        page.goto(example_page.url)
        page.wait_for_selector(".welcome .choices")
        page.fill("#question textarea", "问")
        interactive = time.perf_counter() - began
        page.fill("#question textarea", "")
        page.wait_for_timeout(1500)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
        shifted = page.evaluate("shifted")
        print(
            f"{locale} {width}: first paint {paint:.2f} s, interactive {interactive:.2f} s, shift {sum(s[0] for s in shifted):.3f}"
        )
        assert paint <= FIRST_PAINT and interactive <= INTERACTIVE
        assert sum(one[0] for one in shifted) <= SHIFT, shifted
        page.evaluate("shifted.length = 0")
        ask(page, "岚川智冷的二期液冷基地什么时候投产？")
        page.wait_for_timeout(1000)
        print(f"shift while an answer comes: {sum(s[0] for s in page.evaluate('shifted')):.3f}")
    finally:
        context.close()
