"""The lines by which mail programs open a quotation: 在 … 写道：, On … wrote:, -----原始邮件-----, a copied header.

Source: Outlook (zh, en, mobile), Foxmail, QQ, NetEase 163, Gmail, Apple Mail, Yahoo, Thunderbird, DingTalk, WeCom,
Lark, Huawei, Xiaomi and Samsung as their mails look; no standard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from .header_blocks import HeaderBlock, kind_of, read_block

_FORWARDS = (
    r"转发邮件(?:信息)?|转发的(?:邮件|信息|郵件)(?:信息)?|轉寄(?:的)?(?:郵件|信件)"
    r"|被转发(?:的)?邮件(?:的信息)?|已转发(?:的)?邮件|轉寄郵件|Forwarded (?:message|mail|email)"
    r"(?: (?:from|begins?|follows)\b.{0,80})?|Forwarding messages?|Forwarded by .{1,80}|Fwd"
    r"|Weitergeleitete Nachricht|Message transféré"
)
_ORIGINALS = (
    r"(?:回复的)?原(?:始)?(?:邮件|郵件|信件|消息|信息|件)|邮件原[件文]|原文|回复邮件|Original (?:Message|Mail"
    r"|E-?mail)|Original|Repl(?:y|ied) message|Ursprüngliche Nachricht"
    r"|Message d'origine"
)
_RULE = r"[-_=—―─━*~]"
_BLANK = r"(?:\s|&nbsp;)*"
_MARKER = re.compile(
    rf"[>\s]*{_RULE}{{2,}}{_BLANK}(?:(?P<forward>{_FORWARDS})"
    rf"|{_ORIGINALS}){_BLANK}[:：]?{_BLANK}{_RULE}{{0,80}}(?:\s*{_RULE}+)?\s*",
    re.I,
)
_ANNOUNCED = re.compile(
    r"[>\s]*(?:Begin forwarded message|(?:以下|下面)是(?:被)?转发的?邮件(?:内容)?|开始转发的?邮件"
    r"|開始轉寄(?:的)?郵件|轉寄(?:的)?郵件開始|已转发的邮件|转发的邮件开始)\s*[:：]\s*",
    re.I,
)
_OWN_MARK = re.compile(r"[>\s]*##-{2,}.{0,120}-{2,}##\s*")
_DIVIDER = re.compile(rf"\s*(?:{_RULE}\s*){{5,}}\s*")
_DATE = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}:\d{2}|(?:19|20)\d\d)"
_ADDRESS = r"[<＜(\[]?\s*(?:mailto:)?[^\s<>()]+@[^\s<>()]+?\s*[>＞)\]]"
_WROTE = re.compile(
    r"(?:写道|寫道|写到|寫到|写于|wrote|writes|schrieb(?: .{1,80})?|a écrit|escribió|ha scritto"
    r"|schreef(?: .{1,80})?|escreveu|skrev(?: .{1,80})?"
    r"|のメール|님이 작성)\s*[:：]\s*(?:<br>)?\s*$"
)
_WORD_FIRST = re.compile(
    r"[>\s*]*(?:(?:On|At|Am|Le|El|Il|Op|Em|Den|Dne)\s[^!?]{0,40}?\d|(?:在|于|於)\s*(?:\d|周|星期|週|[^，。！？]{0,40}"
    + _ADDRESS
    + r"))"
)
_NAME_FIRST = re.compile(r"[>\s*]*[^，。！？!?:：]{0,60}?" + _ADDRESS)
_NAME_ALONE = re.compile(r"[>\s*]*[^，。！？!?:：]{0,60}?" + _ADDRESS + r"[\s,，;]*")
_OLD_GMAIL = re.compile(r"\s*\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?.{0,80}" + _ADDRESS + r"\s*[:：]?\s*")
_YEAR = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|" + _ADDRESS)


class Opening(Struct, frozen=True):
    """The lines that open a quotation, from `start` up to `end`.

    Args:
        forwards: Whether they say that what follows was forwarded.
        block: The copied header among them.
        needs_marks: Whether it only opens one if ">" lines follow.
    """

    start: int
    end: int
    forwards: bool = False
    block: HeaderBlock | None = None
    needs_marks: bool = False


def find_openings(lines: Sequence[str]) -> list[Opening]:
    """Every opening in these lines, in order; none lies in another."""
    found: list[Opening] = []
    done = 0
    for at, line in enumerate(lines):
        if at < done or not line:
            continue
        opening = _open_at(lines, at, done)
        if opening:
            found.append(opening)
            done = opening.end
    return found


def _open_at(lines: Sequence[str], at: int, done: int) -> Opening | None:
    line = lines[at]
    if _OWN_MARK.fullmatch(line):
        return Opening(at, at + 1)
    marker = _MARKER.fullmatch(line) if len(line) < 200 else None
    if marker or _ANNOUNCED.fullmatch(line):
        block = _block_after(lines, at + 1)
        return Opening(at, block.end if block else at + 1, not marker or bool(marker["forward"]), block)
    if kind_of(line) == "from":
        block = read_block(lines, at)
        if block and block.stands_alone:
            return Opening(_with_divider(lines, at, done), block.end, False, block)
    if (":" in line[-40:] or "：" in line[-40:]) and _WROTE.search(line):
        return _find_attribution(lines, at, done)
    if line[:1].isdigit() and len(line) < 200 and _OLD_GMAIL.fullmatch(line):
        return Opening(at, at + 1, needs_marks=True)
    return None


def _block_after(lines: Sequence[str], at: int) -> HeaderBlock | None:
    """The copied header after a marker and blank lines."""
    for start in range(at, min(at + 4, len(lines))):
        if lines[start].strip(" \t>"):
            return read_block(lines, start)
    return None


def _with_divider(lines: Sequence[str], at: int, done: int) -> int:
    """The line where an opening begins: a rule above it, with blank lines between, belongs to it."""
    for start in range(at - 1, max(done, at - 4) - 1, -1):
        if lines[start].strip():
            return start if _DIVIDER.fullmatch(lines[start]) else at
    return at


def _find_attribution(lines: Sequence[str], at: int, done: int) -> Opening | None:
    """The attribution that ends at a line; it may have begun up to three lines before."""
    starts = [at]
    while len(starts) < 4 and starts[-1] > done and lines[starts[-1] - 1].strip():
        starts.append(starts[-1] - 1)
    joined = [" ".join(lines[start : at + 1]) for start in starts]
    for pattern in (_WORD_FIRST, _NAME_FIRST):
        for start, text in zip(starts, joined, strict=True):
            if len(text) < 500 and pattern.match(text) and re.search(_DATE + "|@", text):
                if start > done and _NAME_ALONE.fullmatch(lines[start - 1]):
                    start -= 1
                return Opening(start, at + 1)
    if len(lines[at]) < 120 and _YEAR.search(lines[at]):
        return Opening(at, at + 1)
    return None
