"""From the parts of a message to its words and its files.

Of several forms of one body the plain one is read if it says anything: it holds what the sender's program shows, and
nothing hidden. Everything that is no body is a file.

Sources: RFC 2046 sections 5.1.3 (mixed) and 5.1.4 (alternative), RFC 2183 section 2.3 (names), RFC 1847 (signed,
encrypted), RFC 3676 (flowed), RFC 8551 (S/MIME).
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from .charsets import decode
from .flowed import unflow
from .html_text import read_html
from .parts import MESSAGES, Part
from .problems import Problem
from .received_mail import Attachment
from .transfer import take_uuencoded
from .winmail import read_rtf, read_tnef, unpack_rtf
from .words import Words

LONGEST_TEXT = 1_000_000
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_NO_WORDS = re.compile(
    r"\s*(?:(?:this (?:message|e-?mail|is an? html) |your (?:e-?mail|mail) (?:client|program|reader) "
    r"|to view this |if you (?:can ?not|can't) )[^\n]{0,200}html[^\n]{0,200}"
    r"|[^\n]{0,60}(?:不支持|请使用|请用|无法显示|請使用)[^\n]{0,40}html[^\n]{0,100}|\(?no text\)?|\?+)\s*",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Content(Struct, frozen=True):
    """What a message holds: its words, its files, and the messages among them."""

    words: Words = field(default_factory=Words)
    files: tuple[Attachment, ...] = ()
    messages: tuple[Part, ...] = ()

    def __add__(self, other: Content) -> Content:
        return Content(self.words + other.words, self.files + other.files, self.messages + other.messages)


def read_content(message: Part, problems: list[Problem]) -> Content:
    """Gather what a message holds, in the order of its parts."""
    return _gather(message, problems, top=True)


def _gather(part: Part, problems: list[Problem], *, top: bool = False, words: bool = True) -> Content:
    """Gather a part; without `words`, its files only: another form of the same body was read."""
    if part.media_type == "multipart/alternative":
        return _choose(part, problems) if words else _gather_all(part.children, problems, words=False)
    if part.media_type.startswith("multipart/") and part.disposition != "attachment":
        if part.media_type == "multipart/encrypted":
            problems.append(Problem("encrypted", where=part.where))
            return _gather_all(part.children, problems, words=False)
        return _gather_all(part.children, problems, words=words)
    if part.media_type in MESSAGES:
        return Content(files=(_file(part, problems),), messages=part.children)
    if part.media_type == "application/ms-tnef" or part.name.lower() == "winmail.dat":
        return _unwrap(part, problems)
    if _is_body(part, top):
        return _read_body(part, problems) if words else Content()
    if part.media_type in ("application/pkcs7-mime", "application/x-pkcs7-mime") or part.name.lower() == "smime.p7m":
        problems.append(Problem("encrypted", where=part.where))
    if part.media_type in ("message/partial", "message/external-body"):
        problems.append(Problem("elsewhere", where=part.where, found=part.media_type))
    if not words and part.media_type == "text/x-amp-html":
        return Content()
    return Content(files=(_file(part, problems),))


def _gather_all(parts: tuple[Part, ...], problems: list[Problem], *, words: bool) -> Content:
    content = Content()
    for part in parts:
        content += _gather(part, problems, words=words)
    return content


def _is_body(part: Part, top: bool) -> bool:
    if part.media_type not in ("text/plain", "text/html", "text/markdown", "text/x-markdown"):
        return False
    return part.disposition != "attachment" and (top or not part.name)


def _choose(part: Part, problems: list[Problem]) -> Content:
    """Of the forms of one body: the plain one if it says something and is whole, else the richest that says
    something."""
    plain = next((child for child in part.children if child.media_type == "text/plain" and not child.name), None)
    wounds: list[Problem] = []
    chosen: Part | None = None
    content = Content()
    if plain is not None:
        content = _gather(plain, wounds)
        if not wounds and not content.words.is_blank and not _says_nothing(content.words):
            chosen = plain
    for child in reversed(part.children) if chosen is None else ():
        if child is plain:
            continue
        told: list[Problem] = []
        other = _gather(child, told)
        if not other.words.is_blank and (not told or content.words.is_blank):
            chosen, content, wounds = child, other, told
            break
    problems += wounds
    before, after = Content(), Content()
    for child in part.children:
        if child is not (chosen or plain):
            found = _gather(child, problems, words=False)
            before, after = (before, after + found) if chosen and child is not plain else (before + found, after)
    return before + content + after


def _says_nothing(words: Words) -> bool:
    """Whether a plain form only says that there is another one."""
    return len(words.lines) < 12 and _NO_WORDS.fullmatch("\n".join(words.lines)) is not None


def _read_body(part: Part, problems: list[Problem]) -> Content:
    where = "HTML" if part.media_type == "text/html" else "text"
    data = part.content(problems)
    label = part.parameters.get("charset", "")
    files: list[Attachment] = []
    if where == "HTML":
        found = _META.search(data, 0, 4000) if not label else None
        label = found[1].decode("ascii") if found else label
    else:
        data, taken = take_uuencoded(data, where, problems)
        files += [
            Attachment(
                _last_part(decode(name, label, "uuencode", problems), problems), "application/octet-stream", file
            )
            for name, file in taken
        ]
    text = _limit(decode(data, label, where, problems), where, problems)
    if where == "HTML":
        return Content(read_html(text, where, problems), tuple(files))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return Content(Words.plain(text.strip("\n")), tuple(files))


def _limit(text: str, where: str, problems: list[Problem]) -> str:
    if len(text) > LONGEST_TEXT:
        problems.append(Problem("too_long", where=where, limit=LONGEST_TEXT))
    return text[:LONGEST_TEXT]


def _unwrap(part: Part, problems: list[Problem]) -> Content:
    """A winmail.dat: what it holds instead of itself, or itself if it cannot be read."""
    wrapped = read_tnef(part.content(problems), part.where, problems)
    if wrapped is None:
        return Content(files=(_file(part, problems),))
    files = tuple(
        Attachment(_last_part(file.name, problems), file.media_type or "application/octet-stream", file.data)
        for file in wrapped.files
    )
    if wrapped.text.strip():
        words = Words.plain(
            _limit(wrapped.text, part.where, problems).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        )
    elif wrapped.html.strip():
        words = read_html(_limit(wrapped.html, part.where, problems), part.where, problems)
    else:
        words = _read_rtf(wrapped.rtf, part.where, problems)
    return Content(words, files)


def _read_rtf(packed: bytes, where: str, problems: list[Problem]) -> Words:
    if not packed:
        return Words()
    try:
        text, is_html = read_rtf(unpack_rtf(packed), where, problems)
    except ValueError:
        problems.append(Problem("tnef", where=where))
        return Words()
    text = _limit(text, where, problems)
    return read_html(text, where, problems) if is_html else Words.plain(text.strip("\n"))


def _file(part: Part, problems: list[Problem]) -> Attachment:
    data = part.body if part.media_type in MESSAGES else part.content(problems)
    return Attachment(_last_part(part.name, problems), part.media_type, data)


def _last_part(name: str, problems: list[Problem]) -> str:
    """A name without the folders a sender put before it, which are nobody's business here (RFC 2183 section 2.3)."""
    name = _CONTROL.sub("_", name)
    last = re.split(r"[/\\]", name.rstrip("/\\ "))[-1].strip()
    if last != name.strip():
        problems.append(Problem("name_path", found=name))
    return "" if last in (".", "..") else last
