"""Bytes into text, whatever their label says: never raises, and never loses a byte without saying so.

Mail from Chinese programs says gb2312 and holds GBK or GB18030, says nothing at all, or says something else. So the
labels of the GB family are read as GB 18030, which contains the others; a label that does not fit gives way to what
the bytes are.

Sources: GB 18030-2005; RFC 2045 section 5.2 (default us-ascii); RFC 1843 (HZ), RFC 1468 (ISO-2022-JP), RFC 2152
(UTF-7); WHATWG Encoding Standard section 4.2 (which labels are read as a wider set).
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from .problems import Problem

_GB = (
    "gb2312 gb_2312-80 gb_2312 gb2312-80 csgb2312 csiso58gb231280 iso-ir-58 euc-cn euccn x-euc-cn gbk cp936 x-gbk "
    "x-cp936 ms936 windows-936 gb18030 gb18030-2005 gb18030-2022 gb-18030 gb-2312 chinese zh-cn 936 cn-gb"
)
_LATIN = "iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 cp819 windows-1252 cp1252 x-cp1252"
_NONE = (
    "us-ascii ascii ansi_x3.4-1968 ansi 7bit 8bit unknown-8bit x-unknown unknown none default binary x-user-defined utf"
)

_WIDER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_GB.split(), ("gb18030",)),
    **dict.fromkeys(_LATIN.split(), ("cp1252",)),
    **dict.fromkeys(_NONE.split(), ()),
    **dict.fromkeys(
        ["big5", "x-x-big5", "cn-big5", "csbig5", "big-5", "cp950", "big5-hkscs", "big5hkscs"], ("cp950", "big5hkscs")
    ),
    **dict.fromkeys(
        ["shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji", "cp932"], ("cp932", "shift_jisx0213")
    ),
    **dict.fromkeys(
        ["euc-kr", "ks_c_5601-1987", "ksc5601", "ks_c_5601", "korean", "windows-949", "cp949", "uhc"], ("cp949",)
    ),
    **dict.fromkeys(["iso-2022-jp", "csiso2022jp"], ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004")),
    **dict.fromkeys(["utf8", "utf-8", "unicode-1-1-utf-8", "utf_8", "utf-8n", "x-utf-8", "utf8mb4"], ("utf-8",)),
    **dict.fromkeys(["utf-7", "utf7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7", "csunicode11utf7"], ("utf-7",)),
    **dict.fromkeys(["hz-gb-2312", "hz", "hzgb", "hz-gb2312"], ("hz",)),
    **dict.fromkeys(["iso-8859-9", "latin5"], ("cp1254",)),
    "tis-620": ("cp874",),
    "iso-8859-8-i": ("iso-8859-8",),
}
# Text encodings of Python that no mail is written in; some of them run what a sender put in, as escapes.
_NEVER = {"unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined", "mbcs", "oem"}
_ESCAPED = re.compile(rb"\x1b\$[@B]|\x1b\([JB]|\x1b\$\([DC]")
_CHINESE_ESCAPE = re.compile(rb"\x1b\$\)A[^\x0e]*\x0e")
_HIGH = re.compile(rb"[\x80-\xff]+")
_GB_TEXT = re.compile(
    rb"(?>(?:[\x00-\x7f]++|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9])+)",
)
_PAIR = re.compile(rb"[\x81-\xfe](?:([\xa1-\xfe])|[\x40-\x7e\x80-\xa0]|[0-9][\x81-\xfe][0-9])")


def decode(data: bytes, label: str, where: str, problems: list[Problem]) -> str:
    """Decode bytes.

    Args:
        data: Any bytes.
        label: The charset they are said to be in, as it was written; "" for none.
        where: What to name in a problem.
        problems: Gets what could not be decoded, or was decoded by a guess.
    """
    if _CHINESE_ESCAPE.search(data) and (chinese := _decode_iso_2022_cn(data)) is not None:
        text = chinese
    elif data.isascii() and not _is_stateful(label):
        text = _decode_escaped(data)
    else:
        text = _decode_any(data.removeprefix(codecs.BOM_UTF8), _codecs_of(label), where, problems)
    if "\0" in text:
        problems.append(Problem("nul", where=where))
        text = text.replace("\0", "\ufffd")
    return text


def same_charset(one: str, other: str) -> bool:
    """Whether two labels are read the same way, so that a character may be split between them."""
    return _codecs_of(one) == _codecs_of(other)


def _is_stateful(label: str) -> bool:
    """Whether plain ASCII bytes may stand for other characters: shifted encodings and wide ones."""
    return any(
        name.startswith(("iso2022", "utf-7", "hz", "utf-16", "utf-32", "cp037", "cp500")) for name in _codecs_of(label)
    )


@lru_cache(512)
def _codecs_of(label: str) -> tuple[str, ...]:
    """The codecs to try for a label, widest first; none if the label says nothing."""
    name = label.strip(" \t\r\n\"'").lower().partition("*")[0]
    if name in _WIDER:
        return _WIDER[name]
    try:
        found = codecs.lookup(name)
        b"".decode(found.name)
    except (LookupError, ValueError, UnicodeError):
        return ()
    return () if found.name.replace("_", "-") in _NEVER else (found.name,)


def _decode_any(data: bytes, names: tuple[str, ...], where: str, problems: list[Problem]) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and (text := _strictly(data, "utf-16")) is not None:
        return text
    utf8 = None if data.isascii() else _strictly(data, "utf-8")
    if utf8 is not None and _outdoes(names, utf8):
        return utf8
    if names == ("cp1252",) and _is_chinese(data) and (text := _strictly(data, "gb18030")) is not None:
        return text
    for name in names:
        if (text := _strictly(data, name)) is not None:
            return text
    if names == ("cp1252",):  # five bytes have no character there; ISO 8859-1 has its controls
        return "".join(
            chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" else bytes([byte]).decode("cp1252") for byte in data
        )
    if data.isascii() and not names:
        return _decode_escaped(data)
    if utf8 is not None:
        return utf8
    return _decode_unlabelled(data, names, where, problems)


def _outdoes(names: tuple[str, ...], utf8: str) -> bool:
    """Whether bytes that are valid UTF-8 are that rather than what their label says.

    As GBK, UTF-8 of Chinese is almost always valid too (浣犲ソ for 你好). The other way round it takes three bytes of
    ranges that hardly meet in GBK; only its two-byte sequences do (联通 in GBK is valid UTF-8).
    """
    if not names or names in (("utf-8",), ("cp1252",)):
        return True
    return names == ("gb18030",) and not any("\x80" <= each < "\u0800" for each in utf8)


def _decode_escaped(data: bytes) -> str:
    """ASCII, in which a Japanese program may have shifted to another set without naming it."""
    if _ESCAPED.search(data) and (text := _strictly(data, "iso2022_jp_ext")) is not None:
        return text
    return data.decode("ascii")


def _decode_iso_2022_cn(data: bytes) -> str | None:
    """ISO-2022-CN, which Python lacks: GB 2312 between shift-out and shift-in (RFC 1922 section 4.1); None if not."""
    shifted = False
    out: list[bytes] = []
    for piece in re.split(rb"([\x0e\x0f])", data.replace(b"\x1b$)A", b"")):
        if piece in (b"\x0e", b"\x0f"):
            shifted = piece == b"\x0e"
        else:
            out.append(bytes(byte | 0x80 if byte > 0x20 else byte for byte in piece) if shifted else piece)
    plain = b"".join(out)
    return None if b"\x1b" in plain else _strictly(plain, "gb2312")


def _decode_unlabelled(data: bytes, names: tuple[str, ...], where: str, problems: list[Problem]) -> str:
    """UTF-8 with a few wounds, then GB 18030, then Big5, then Windows-1252."""
    damaged = data.decode("utf-8", "replace")
    wounds = damaged.count("\ufffd")
    if sum(each > "\x7f" for each in damaged) - wounds > 2 * wounds:
        return _say_lossy(data, "utf-8", where, problems)
    chinese = _strictly(data, "gb18030")
    if chinese is not None and _is_likely_gb(data):
        return chinese
    wide = names[:1] if names and names[0] not in ("utf-8", "cp1252", "utf-7") else ()
    if not wide and _is_likely_gb(data):
        return _say_lossy(data, "gb18030", where, problems)
    if wide:
        return _say_lossy(data, wide[0], where, problems)
    if (text := _strictly(data, "cp1252")) is not None:
        problems.append(Problem("guessed", where=where, charset="Windows-1252"))
        return text
    return _say_lossy(data, "utf-8" if names == ("utf-8",) else "gb18030", where, problems)


def _is_likely_gb(data: bytes) -> bool:
    """Whether pairs of two high bytes outnumber high bytes followed by ASCII, as in Chinese; not in “naïve café”."""
    pairs = [bool(found[1]) or len(found[0]) == 4 for found in _PAIR.finditer(data)]
    return bool(pairs) and 2 * sum(pairs) >= len(pairs)


def _is_chinese(data: bytes) -> bool:
    """Whether bytes labelled Latin are Chinese: every run of high bytes is even, one is of two characters or more."""
    runs = [len(found[0]) for found in _HIGH.finditer(data)]
    return bool(runs) and max(runs) >= 4 and not any(run % 2 for run in runs)


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (LookupError, ValueError):  # a codec may raise more than UnicodeDecodeError, as UTF-7 does
        return data.replace(b"\x80", "€".encode("gb18030")).decode(name) if _is_only_euro(data, name) else None


def _is_only_euro(data: bytes, name: str) -> bool:
    """Windows writes the euro as 0x80 in code page 936, which GB 18030 leaves free; it is never a second byte there."""
    if name != "gb18030" or b"\x80" not in data or re.search(rb"[\x81-\xfe]\x80", data):
        return False
    try:
        data.replace(b"\x80", b"").decode(name)
    except ValueError:
        return False
    return True


def _say_lossy(data: bytes, name: str, where: str, problems: list[Problem]) -> str:
    """Decode with U+FFFD in every place that has no meaning, and say how many there were."""
    try:
        data.decode(name)
        byte = 0
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
    except (LookupError, ValueError):
        name, byte = "ascii", next((each for each in data if each > 0x7F), 0)
    text = _replace_gb(data) if name == "gb18030" else data.decode(name, "replace")
    problems.append(Problem("undecodable", where=where, charset=name, count=text.count("\ufffd"), byte=byte))
    return text


def _replace_gb(data: bytes) -> str:
    """GB 18030 with U+FFFD for each byte outside a character. The codec's own way swallows ASCII digits after one."""
    text, end = [], 0
    for found in _GB_TEXT.finditer(data):
        text += ["\ufffd" * (found.start() - end), found[0].decode("gb18030", "replace")]
        end = found.end()
    return "".join(text) + "\ufffd" * (len(data) - end)
