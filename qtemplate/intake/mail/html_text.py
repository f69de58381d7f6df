"""HTML into the lines a reader sees, which of them are a quotation or a signature by their markup.

lxml parses what senders write; everything above it is ours, because what is hidden must not come through and a
quotation has to be told from the answer before the markup is gone.

Sources: HTML Living Standard section 15.3 (rendering of blocks, lists and tables); what mail programs write around a
quotation is in `_is_quotation` and `_SIGNATURES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree
from msgspec import Struct, field

from .hidden import Look, look_at, read_sheet
from .problems import Problem
from .words import Words

_SKIPPED = frozenset({"head", "script", "style", "title", "template", "svg", "object", "meta", "link"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "ul", "ol", "pre"])
_SIGNATURES = frozenset(
    [
        "gmail_signature",
        "moz-signature",
        "Signature",
        "ms-outlook-mobile-signature",
        "ms-outlook-ios-signature",
        "spnEditorSign",
        "protonmail_signature_block",
        "lark-mail-signature",
        "mail-sign",
        "foxmail-signature",
        "signature_old_body",
        "isSignContent",
    ]
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_TAGS = re.compile(r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|<(/?)(\w*)[^<>]*>", re.I | re.S)
_NOT_TEXT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")


class _Page(Struct):
    """Lines as they are put together; a line knows how deep it is quoted and whether it is a signature."""

    lines: list[tuple[str, int, bool]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    depth: int = 0
    signature: int = 0
    wants_blank: bool = False

    def write(self, text: str, kept_blanks: bool) -> None:
        if kept_blanks:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._add(first)
            for other in others:
                self.end_line(always=True)
                self._add(other)
            return
        text = _BLANKS.sub(" ", text)
        if text.startswith(" ") and (not self.pieces or self.pieces[-1].endswith((" ", "\t"))):
            text = text[1:]
        self._add(text)

    def _add(self, text: str) -> None:
        if text:
            if self.wants_blank and not self.pieces and self.lines and self.lines[-1][0]:
                self.lines.append(("", min(self.depth, self.lines[-1][1]), self.signature > 0))
            self.wants_blank = False
            self.pieces.append(text)

    def end_line(self, *, always: bool = False) -> None:
        line = "".join(self.pieces).rstrip(" \t")
        self.pieces.clear()
        if line or (always and (not self.lines or self.lines[-1][0] or len(self.lines) < 2)):
            self.lines.append((line, self.depth, self.signature > 0))


def read_html(text: str, where: str, problems: list[Problem]) -> Words:
    """Read an HTML body.

    Args:
        text: The whole document or a piece of one, decoded.
        where: What to name in a problem.

    Returns:
        The visible lines. Quoted ones begin with "> "; blanks without break are blanks.
    """
    root = _parse(text)
    if root is None:
        problems.append(Problem("html", where=where))
        return Words.plain(re.sub(r"\n\s*\n", "\n\n", _strip_tags(text)))
    page = _Page()
    _walk(root, page)
    page.end_line()
    lines = [f"{'> ' * depth}{line}".rstrip() if depth else line for line, depth, _ in page.lines]
    return Words(
        tuple(line.replace("\xa0", " ").rstrip() for line in lines),
        frozenset(at for at, line in enumerate(page.lines) if line[1]),
        frozenset(at for at, line in enumerate(page.lines) if line[2] and not line[1]),
    )


def _parse(text: str) -> etree._Element | None:
    """Parse HTML; None if the parser gave up inside, which it says only in its log."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = _NOT_TEXT.sub("\ufffd", text).encode("utf-8", "replace")
    if not data.strip():
        data = b"<p></p>"
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError:
        return None
    fatal = any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log)
    return None if fatal else root


def _strip_tags(text: str) -> str:
    """All words of HTML that cannot be parsed, hidden ones among them."""

    def replace(found: re.Match[str]) -> str:
        return "\n" if (found[2] or "").lower() in {*_BLOCKS, "br"} else ""

    return _TAGS.sub(replace, text)


class _Open(Struct, frozen=True):
    """What an open element changes until it is closed."""

    look: Look
    block: bool
    spaced: bool
    quotation: bool
    signature: bool


def _walk(root: etree._Element, page: _Page) -> None:
    sheet = read_sheet("\n".join(style.text or "" for style in root.iter("style")))
    around = _Open(Look(), False, False, False, False)
    stack = [around]
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if skipping is not None:
                continue
            opened = _open(element, str(element.tag), stack[-1].look, sheet)
            if opened is None:
                skipping = element
                continue
            stack.append(opened)
            _begin(element, str(element.tag), opened, page)
            if element.text and not opened.look.hidden:
                page.write(element.text, opened.look.kept_blanks)
            continue
        if skipping is not None and skipping is not element:
            continue
        if skipping is None:
            _end(stack.pop(), page)
        skipping = None
        look = stack[-1].look
        if element.tail and not look.hidden:
            page.write(element.tail, look.kept_blanks)


def _open(element: etree._Element, tag: str, parent: Look, sheet: Mapping[str, str]) -> _Open | None:
    """What an element changes; None if nothing of it is to be seen."""
    if tag in _SKIPPED:
        return None
    attributes: Mapping[str, str] = element.attrib  # type: ignore[assignment]  # the stubs do not call it a mapping
    look = look_at(parent, tag, attributes, sheet) if attributes or sheet or tag == "pre" else parent
    if look.removed:
        return None
    block = tag in _BLOCKS
    quotation = tag == "blockquote" and _is_quotation(element)
    return _Open(
        look, block, block and _is_spaced(element, tag), quotation, bool(attributes) and _is_signature(element)
    )


def _begin(element: etree._Element, tag: str, opened: _Open, page: _Page) -> None:
    if opened.block:
        page.end_line()
        page.wants_blank = page.wants_blank or opened.spaced
        if tag == "li":
            page.write(_bullet(element), True)
    elif tag == "br":
        page.end_line(always=True)
    elif tag in ("td", "th"):
        if page.pieces:
            page.pieces.append("\t")
    elif tag == "img" and "data-emoji" in element.attrib:
        page.write(element.get("alt", ""), False)
    page.depth += opened.quotation
    page.signature += opened.signature


def _end(opened: _Open, page: _Page) -> None:
    if opened.block:
        page.end_line()
        page.wants_blank = page.wants_blank or opened.spaced
    page.depth -= opened.quotation
    page.signature -= opened.signature


def _is_spaced(element: etree._Element, tag: str) -> bool:
    """Whether a blank line stands around a block: not around Word's paragraphs, which are lines."""
    if tag not in _SPACED or (tag in ("ul", "ol") and element.getparent() is not None and _parent_tag(element) == "li"):
        return False
    style = element.get("style", "").replace(" ", "").lower()
    return not (element.get("class", "").startswith("Mso") or re.search(r"margin(?:-bottom)?:0", style))


def _bullet(element: etree._Element) -> str:
    if _parent_tag(element) != "ol":
        return "* "
    return f"{sum(1 for each in element.itersiblings('li', preceding=True)) + 1}. "


def _parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _is_quotation(element: etree._Element) -> bool:
    """Whether a blockquote is what another person wrote, not an indented paragraph."""
    if element.get("type", "").lower() == "cite" or "cite" in element.attrib or element.get("id") == "isReplyContent":
        return True
    if "quote" in element.get("class", ""):
        return True
    style = element.get("style", "").replace(" ", "").lower()
    line = re.search(r"border-left(?:-width)?:([^;]*)", style)
    return bool(line) and not re.match(r"none|0", line[1] if line else "")


def _is_signature(element: etree._Element) -> bool:
    if element.get("data-smartmail") == "gmail_signature" or element.get("id") in _SIGNATURES:
        return True
    return not _SIGNATURES.isdisjoint(element.get("class", "").split())
