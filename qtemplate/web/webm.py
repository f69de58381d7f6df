"""WebM without its tags and what is attached to it: blanked in place, nothing is coded anew.

A film is a list of elements, each with a number, its length and its content (RFC 8794, RFC 9559). A recording that a
browser made may leave the lengths of the whole and of its clusters open: these are gone into.
"""

from __future__ import annotations

from .films import MOST_BOXES, Malformed

HEAD, SEGMENT, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
KEPT = frozenset({0x114D9B74, 0x1549A966, 0x1654AE6B, CLUSTER, 0x1C53BB6B, 0xEC, 0xBF})
"""Of the whole: where what lies, what it is, its tracks, clusters, cues, nothing, a check sum."""

IN_CLUSTER = frozenset({0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF, 0x5854})
"""Of a cluster: its moment, its place, its blocks."""

VOID = 0xEC


def strip_webm(data: bytes) -> bytes:
    """The film without tags and attachments, as long as before.

    Raises:
        Malformed: It cannot be looked through.
    """
    left, at = bytearray(data), 0
    for number in range(MOST_BOXES * 10):
        if at >= len(left):
            return bytes(left)
        kind, length, content = _element(left, at)
        if number == 0 and kind != HEAD:
            raise Malformed("head")
        if kind == SEGMENT or (kind == CLUSTER and length is None):
            at = content
            continue
        if length is None or content + length > len(left):
            raise Malformed("length")
        if number > 0 and kind not in KEPT | IN_CLUSTER:
            _blank(left, at, content + length)
        at = content + length
    raise Malformed("length")


def _element(data: bytearray, at: int) -> tuple[int, int | None, int]:
    """Number, length (None = open) and where the content begins."""
    wide = _width(data, at, 4)
    kind = int.from_bytes(data[at : at + wide], "big")
    at += wide
    wide = _width(data, at, 8)
    most = (1 << 7 * wide) - 1
    length = int.from_bytes(data[at : at + wide], "big") & most
    return kind, None if length == most else length, at + wide


def _width(data: bytearray, at: int, most: int) -> int:
    """Bytes of a number: one more than the noughts before its first one."""
    wide = 9 - data[at].bit_length() if at < len(data) else 9
    if wide > most or at + wide > len(data):
        raise Malformed("length")
    return wide


def _blank(data: bytearray, start: int, end: int) -> None:
    whole = end - start
    head = bytes((VOID, 0x80 | whole - 2)) if whole < 9 else b"\xec\x01" + (whole - 9).to_bytes(7, "big")
    data[start:end] = head + bytes(whole - len(head))
