"""What every tab of the page is built with: worded components, parts in HTML, and how the handlers of their events run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gradio

from ui.web.wording import Language, say

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
LIGHT: dict[str, Any] = {"concurrency_id": "looking", "concurrency_limit": 8, **PRIVATE}
# Handlers that only watch: what they wait for has its own limits (`ui/web/answers.py`), and many may watch.
WATCHING: dict[str, Any] = {"concurrency_limit": None, "trigger_mode": "multiple", **PRIVATE}


@dataclass
class Page:
    """The page's components, and which wording stands on which of them."""

    worded: list[tuple[gradio.components.Component, dict[str, str]]] = field(default_factory=list)

    def say(self, component: Any, **properties: str) -> Any:
        """Remember that `property` of a component shows the wording `key`."""
        self.worded.append((component, properties))
        return component

    def updates(self, language: Language) -> list[dict[str, Any]]:
        """What changes on the components when the language does, in the order of `components`."""
        wanted: list[dict[str, Any]] = [
            {name: say(language, key) for name, key in properties.items()} for _, properties in self.worded
        ]
        return [gradio.update(**properties) for properties in wanted]

    @property
    def components(self) -> list[Any]:
        return [component for component, _ in self.worded]


def shown_html(**properties: Any) -> gradio.HTML:
    """An HTML part that is styled by our own sheet alone."""
    return gradio.HTML(apply_default_css=False, **properties)
