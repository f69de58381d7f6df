"""Takes the transfer encoding off the body of a part; damage is said and what can be saved is kept.

Sources: RFC 2045 sections 6.7 (quoted-printable) and 6.8 (base64); POSIX.1-2017, uuencode.
"""

from __future__ import annotations

import binascii
import re

from .problems import Problem

_PLAIN = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "utf-8", "utf8"})
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,3}")
_FINISHED = re.compile(rb"[A-Za-z0-9+/\s]*+={1,2}[ \t]*\r?\n(?=[A-Za-z0-9+/=\s]*+[^A-Za-z0-9+/=\s])")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_BLANK = bytes(range(33))
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_BLANK_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_UU = re.compile(
    rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[^\r\n]{1,90}\r?\n)*?)(?:`?\r?\n)?end[ \t]*\r?$", re.M
)


def decode_transfer(body: bytes, encoding: str, where: str, problems: list[Problem]) -> bytes:
    """Decode the body of a part.

    Args:
        body: The body as it stands in the mail.
        encoding: What Content-Transfer-Encoding says, "" for nothing.
        where: What to name in a problem.
        problems: Gets what is damaged.
    """
    encoding = encoding.strip(" \t\r\n\"';").lower()
    if encoding in _PLAIN:
        return body
    if encoding == "base64":
        return decode_base64(body, where, problems)
    if encoding in ("quoted-printable", "quotedprintable", "quoted printable"):
        return _decode_quoted_printable(body, where, problems)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        found = _UU.search(body)
        if found:
            return decode_uu(found[2], where, problems)
    problems.append(Problem("transfer", where=where, found=encoding))
    return body


def decode_base64(body: bytes, where: str, problems: list[Problem]) -> bytes:
    """Decode base64: padding may be missing or stand in between, other characters are passed over and said."""
    dense = body.translate(None, _BLANK)
    try:
        return binascii.a2b_base64(dense, strict_mode=True)
    except binascii.Error:
        pass
    appended, damaged = b"", False
    if found := _FINISHED.match(body):  # a mailing list wrote its footer under the finished base64
        dense, appended, damaged = found[0].translate(None, _BLANK), b"\n" + body[found.end() :], True
    strange = len(_NOT_BASE64.findall(dense))
    if strange * 10 > len(dense):
        problems.append(Problem("no_base64", where=where))
        return body
    damaged = damaged or strange > 0
    data = b""
    for block in _BASE64.findall(_NOT_BASE64.sub(b"", dense)):
        letters = block.rstrip(b"=")
        if len(letters) % 4 == 1:  # six bits are no byte
            letters, damaged = letters[:-1], True
        data += binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    if damaged:
        problems.append(Problem("base64", where=where))
    return data + appended


def _decode_quoted_printable(body: bytes, where: str, problems: list[Problem]) -> bytes:
    bad = len(_BAD_ESCAPE.findall(body))
    if bad:
        problems.append(Problem("quoted_printable", where=where, count=bad))
    return binascii.a2b_qp(_BLANK_BREAK.sub(b"=", body))


def take_uuencoded(data: bytes, where: str, problems: list[Problem]) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Take the uuencoded files out of a text, as old mail programs send them.

    Returns:
        The text without them, and the files: name as bytes, content.
    """
    files: list[tuple[bytes, bytes]] = []
    if b"\nend" not in data or b"begin " not in data:
        return data, files

    def take(found: re.Match[bytes]) -> bytes:
        files.append((found[1].strip(), decode_uu(found[2], where, problems)))
        return b""

    return _UU.sub(take, data), files


def decode_uu(lines: bytes, where: str, problems: list[Problem]) -> bytes:
    """Decode uuencoded lines; a line that is too long for its length is cut to it, as its writers mean it."""
    data, damaged = [], False
    for line in lines.splitlines():
        try:
            data.append(binascii.a2b_uu(line))
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                data.append(binascii.a2b_uu(line[:wanted]))
            except binascii.Error:
                damaged = True
    if damaged:
        problems.append(Problem("uuencode", where=where))
    return b"".join(data)
