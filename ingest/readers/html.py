"""HTML pages: blocks as paragraphs, tables as tables; scripts, styles, navigation and hidden parts dropped."""

from __future__ import annotations

import re
from typing import Any

from ingest.errors import NotARecord, SourceError
from ingest.readers.blocks import BOLD, PLAIN, Block, Cell, Table, canonical_text, unmarked
from ingest.readers.labels import is_label
from ingest.records import SourceText

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "option",
        "textarea",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "map",
        "datalist",
        "-comment",
        "!--",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "body",
        "html",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "address",
        "figure",
        "figcaption",
        "form",
        "fieldset",
        "center",
        "hr",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "details",
        "summary",
    ]
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0*\.?0+\s*(?:[;%!]|$)|font-size\s*:\s*[01]?(?:\.\d+)?(?:px|pt|em|rem|%)?\s*(?:[;!]|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?\b|rgba?\(\s*255\s*,\s*255\s*,\s*255|transparent|rgba\([^()]{0,40},\s*0\s*\))",
    re.IGNORECASE,
)
_RULE = re.compile(r"\.([\w-]{1,60})\s*\{([^{}]{0,400})\}")
"""What a page's own style sheet says of a class."""
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_INLINE = frozenset(("b", "strong", "i", "em", "span", "label", "font"))
_BADGES = frozenset(("问", "答", "提问", "回答", "回复", "答复", "Q", "A"))
_NUMERALS = "0123456789一二三四五六七八九十"
_GOES_ON = f"{_NUMERALS}题复案:：、.．，,；;。/／|｜（(【]）)-—"
_MOST_PIECES = 12
_LONGEST_LABEL = 30
_MAX_TABLE_DEPTH = 20
_MAX_NESTING = 3000
_MAX_ATTRIBUTES = 2000
"""The parser compares each of an element's attributes with all others."""
_MAX_TAG = 2 * _MAX_ATTRIBUTES
_CONTAINER = re.compile(
    r"<(/?)(?:div|span|table|section|article|main|form|fieldset|blockquote|ul|ol|dl|center|font|b|i|u|em|strong|small|big|"
    r"sub|sup|a|pre|details|figure|address|ins|del|label|bdo|q|code|[a-z]+-[a-z]+)\b",
    re.IGNORECASE,
)


def read_text(text: str, name: str) -> SourceText:
    """The canonical text of a page; nothing is fetched and nothing is run.

    Raises:
        NotARecord: the page shows no text.
        SourceError: elements are nested thousands deep or have thousands of attributes, as no page for people does.
    """
    if _nesting(text) > _MAX_NESTING:
        raise SourceError(f"{name}: elements nested more than {_MAX_NESTING} deep; refused")
    if any(
        len(part) > _MAX_TAG and len(part.split(">", 1)[0].split()) > _MAX_ATTRIBUTES
        for part in text.split("<")
    ):
        raise SourceError(f"{name}: an element with more than {_MAX_ATTRIBUTES} attributes; refused")
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(text).root
    writer = _Writer()
    if root is not None:
        _walk(root, writer, _unseen_classes(text))
    canonical, labels, bold = canonical_text(writer.finished())
    if not canonical.strip():
        raise NotARecord(f"{name}: the page shows no text")
    return SourceText("html", canonical, labels=labels, bold=bold)


def _nesting(text: str) -> int:
    """How deep the elements that must be closed are nested; parsing takes the square of it."""
    depth = deepest = 0
    for match in _CONTAINER.finditer(text):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


class _Writer:
    """Collects blocks; tables and cells are open while the walk is inside them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.open: list[tuple[Table, list[Block]]] = []
        self.words: list[str] = []
        self.emboldened = 0  # how many elements that set bold type are open
        self.label = ""  # what an element of its own says so far in its paragraph: a label, `问` or `答`

    @property
    def container(self) -> list[Block]:
        if not self.open:
            return self.blocks
        rows = self.open[-1][0].rows
        if rows and rows[-1]:
            return rows[-1][-1].blocks
        # Text between a table's tags (a caption) stands before the table.
        return self.open[-1][1]

    def text(self, words: str, keep_lines: bool) -> None:
        words = unmarked(words)
        if self.label and (told := words.strip()):
            # what only its type sets off from what follows: as a label with a colon is
            if not self._goes_on(told) and told[-1] not in ":：" and not is_label(self.label + told):
                self.words.append("：")
            self.label = ""
        self.words.append(words if keep_lines else re.sub(r"\s+", " ", words))

    def _goes_on(self, told: str) -> bool:
        """Whether what follows belongs to the label: `Q` + `1：…` does, `Q` + `8英寸…` does not."""
        if self.label in _BADGES and told[0] in _NUMERALS:
            return re.match(rf"[{_NUMERALS}]{{1,3}}\s*(?:[:：、.．)）]|$)", told) is not None
        return told[0] in _GOES_ON

    def flush(self) -> None:
        paragraph = "".join(self.words)
        self.label = ""
        self.words = [BOLD] if self.emboldened else []
        if unmarked(paragraph).strip():
            self.container.append(re.sub(r" *\n *", "\n", paragraph))

    def leave_inline(self) -> None:
        """An element inside a paragraph closes: it may have been a label, set off by nothing but its type."""
        self.label = ""
        if len(self.words) > _MOST_PIECES or sum(map(len, self.words)) > _MOST_PIECES * _LONGEST_LABEL:
            return
        said = unmarked("".join(self.words)).strip()
        self.label = said if len(said) <= _LONGEST_LABEL and (said in _BADGES or is_label(said)) else ""

    def embolden(self, step: int) -> None:
        """An element that sets bold type opens (1) or closes (-1)."""
        self.emboldened += step
        self.words.append(BOLD if self.emboldened else PLAIN)

    def enter(self, tag: str) -> None:
        self.flush()
        if tag == "table":
            table = Table()
            if len(self.open) < _MAX_TABLE_DEPTH:
                around = self.container
                self.open.append((table, around))
                # Placed now, so that tables and paragraphs keep their order; rows are added as they come.
                around.append(table)
        elif tag == "tr" and self.open:
            self.open[-1][0].rows.append([])
        elif tag in ("td", "th") and self.open:
            rows = self.open[-1][0].rows
            if not rows:
                rows.append([])
            rows[-1].append(Cell())

    def leave(self, tag: str, depth: int) -> None:
        self.flush()
        if tag == "table" and self.open and depth <= _MAX_TABLE_DEPTH:
            self.open.pop()

    def finished(self) -> list[Block]:
        self.flush()
        return self.blocks


def _walk(root: Any, writer: _Writer, unseen: frozenset[str]) -> None:
    """Depth first without recursion: pages may be nested deeper than Python's stack."""
    # Nodes are compared by identity: == would write out both subtrees.
    node, last = root, root.mem_id
    tables = preformatted = 0
    while True:
        tag = node.tag
        go_down = False
        if tag == "-text":
            writer.text(node.text_content or "", preformatted > 0)
        elif tag == "br":
            writer.text("\n", True)
        elif tag not in _DROPPED and not _is_hidden(node, unseen):
            go_down = node.first_child is not None
            if tag in _BLOCKS:
                writer.enter(tag)
            tables += tag == "table"
            preformatted += tag == "pre"
            if not go_down:
                tables, preformatted = _leave(tag, writer, tables, preformatted)
        if go_down:
            if _is_bold(node):
                writer.embolden(1)
            node = node.first_child
            continue
        while node.next is None:
            node = node.parent
            if node is None or node.mem_id == last:
                return
            if _is_bold(node):
                writer.embolden(-1)
            tables, preformatted = _leave(node.tag, writer, tables, preformatted)
        node = node.next


def _leave(tag: str, writer: _Writer, tables: int, preformatted: int) -> tuple[int, int]:
    if tag in _BLOCKS:
        writer.leave(tag, tables)
    elif tag in _INLINE:
        writer.leave_inline()
    return tables - (tag == "table"), preformatted - (tag == "pre")


def _is_bold(node: Any) -> bool:
    if node.tag in ("b", "strong"):
        return True
    attributes = node.attributes
    return bool(attributes) and bool(_BOLD_STYLE.search(attributes.get("style") or ""))


def _is_hidden(node: Any, unseen: frozenset[str]) -> bool:
    """Whether nobody who looks at the page sees an element: by its style, its class, or white type on nothing."""
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style") or ""
    if "hidden" in attributes or (style and _HIDDEN.search(style)):
        return True
    if unseen and not unseen.isdisjoint((attributes.get("class") or "").split()):
        return True
    white = _WHITE.search(style) or (attributes.get("color") or "").lower() in ("white", "#fff", "#ffffff")
    return bool(white) and not _has_ground(node)


def _has_ground(node: Any) -> bool:
    """Whether an element or one around it sets a background; a few steps up, for pages may be nested deep."""
    for _ in range(30):
        if node is None:
            return False
        attributes = node.attributes or {}
        if "background" in (attributes.get("style") or "").lower() or "bgcolor" in attributes:
            return True
        node = node.parent
    return False


def _unseen_classes(text: str) -> frozenset[str]:
    """The classes that the page's own style sheets hide."""
    found: set[str] = set()
    for sheet in text.split("<style")[1:50]:
        rules = sheet.split("</style", 1)[0][:200_000]
        found.update(name for name, looks in _RULE.findall(rules) if _HIDDEN.search(looks))
    return frozenset(found)
