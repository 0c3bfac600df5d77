"""Prompts are files: what a model is told can be read, compared and stamped without reading code."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Role = Literal["system", "user", "assistant"]
_ROLE = re.compile(r"^<!-- (system|user|assistant) -->\n", re.M)
_MARK = re.compile(r"[\[［【](\s*\d[\d,，、\s-]*)[\]］】]")
_MARKUP = re.compile(r"<\s*(?=[|/!a-zA-Z])")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages with places to fill in; the last one is what changes from call to call.

    `sha256` is of the file, so that a receipt can say which words the model was given.
    """

    name: str
    messages: tuple[tuple[Role, str], ...]
    sha256: str

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The messages with `{name}` replaced in the last one; the others stay as they are, for prefix caches."""
        *fixed, (role, template) = self.messages
        last = re.sub(r"\{(\w+)\}", lambda place: values[place.group(1)], template)
        return [*fixed, (role, last)]


def load(name: str) -> Prompt:
    """The prompt in `rag/prompts/NAME.md`."""
    data = resources.files("rag.writing.prompts").joinpath(f"{name}.md").read_bytes()
    parts = _ROLE.split(data.decode("utf-8"))[1:]
    messages = tuple((_role(role), text.strip()) for role, text in zip(parts[::2], parts[1::2], strict=True))
    return Prompt(name, messages, hashlib.sha256(data).hexdigest())


def as_data(text: str) -> str:
    """Someone else's words, so that they stay words inside a prompt: one line, no marks, no chat markup."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return _MARKUP.sub("＜", _MARK.sub(r"（\1）", line))


def _role(name: str) -> Role:
    return "system" if name == "system" else "user" if name == "user" else "assistant"
