"""The one way in which the page builds HTML: templates that escape every value put into them.

Records, questions and file names are written by strangers; nothing of theirs may become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from string import Formatter

from markupsafe import Markup, escape

# Unicode's categories Cc and Cf, but for new line and tab.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)


def html(template: str, /, **values: object) -> Markup:
    """`template` with its `{name}` fields filled; values are escaped unless they are Markup themselves."""
    return Markup(
        "".join(
            literal if name is None else literal + str(escape(_clean(values[name])))
            for literal, name in _pieces(template)
        )
    )


@lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """A template cut into what stands in it and the name of the field that follows; read once, used often.

    Raises:
        ValueError: a field has more than a name.
    """
    pieces = tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))
    for _, name, form, conversion in Formatter().parse(template):
        if name is not None and (not name.isidentifier() or form or conversion):
            raise ValueError(f"{template!r}: a field is a name and nothing else, not {name!r}")
    return pieces


def joined(parts: Iterable[Markup], separator: str = "") -> Markup:
    """Several pieces as one."""
    return Markup(separator).join(parts)


def visible(text: str) -> str:
    """`text` without control and direction-changing characters: what is read is what stands there."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def shortened(text: str, longest: int) -> str:
    """One line of at most so many characters."""
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _clean(value: object) -> object:
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)
