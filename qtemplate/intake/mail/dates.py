"""The Date field as an aware moment.

Sources: RFC 5322 sections 3.3 and 4.3 (obsolete zones; -0000 says nothing of the zone, so it is read as UTC), ISO 8601.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .encoded_words import decode_header
from .problems import Problem

_OFFSET = re.compile(r"\b(?:GMT|UTC|Z)?\s*([+-])(\d{1,2}):?(\d{2})?(?:\s*\(.*)?$")
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T ]\s*(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*([^(]*)")


def read_date(value: bytes, problems: list[Problem]) -> datetime | None:
    """Read a Date field.

    Returns:
        An aware moment; None if the field is missing or cannot be read, which is a problem.
    """
    text = decode_header(value[:200], "Date", problems)
    if not text:
        return None
    moment = _parse(_OFFSET.sub(_write_offset, text))
    if moment is None:
        problems.append(Problem("date", found=text[:100]))
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _write_offset(found: re.Match[str]) -> str:
    """`GMT+8`, `+08:00` and `+8` as `+0800`."""
    if len(found[2]) == 1 or found[3] is not None or found[0].lstrip().startswith(("GMT", "UTC")):
        return f" {found[1]}{int(found[2]):02}{found[3] or '00'}"
    return found[0]


def _parse(text: str) -> datetime | None:
    if found := _ISO.search(text):
        year, month, day, time, zone = found.groups()
        hours, minutes, *seconds = time.split(":")
        text = f"{year}-{int(month):02}-{int(day):02}T{int(hours):02}:{minutes}:{(seconds or ['00'])[0]}"
        zone = zone.strip()
        text += zone if re.fullmatch(r"[+-]\d{4}", zone) else ""
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
