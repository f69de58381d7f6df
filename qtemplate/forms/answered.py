"""When a returned form was answered: the moment it was saved, as the workbook says or its file. No clock here."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib

CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>\s*([^<\s]+)\s*<")
_ENOUGH = 1 << 16
"""Bytes of the core properties that are looked at; they have a few hundred."""


def saved_at(data: bytes) -> dt.datetime | None:
    """When a workbook was saved, by its core properties (ISO/IEC 29500-2, dcterms:modified): aware, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(CORE) as part:
            found = _MODIFIED.search(part.read(_ENOUGH))
        said = None if found is None else dt.datetime.fromisoformat(found[1].decode("ascii"))
    except (KeyError, ValueError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None
    return said if said is None or said.tzinfo else said.replace(tzinfo=dt.UTC)


def answered_at(saved: dt.datetime | None, written: dt.datetime, made: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The moment of an answer, never before the form was made nor in the future.

    What the workbook says counts where it can be true: programs that leave the property alone keep the moment of the
    template, and some write their local time as UTC. Else the file's time counts.

    Args:
        saved: By the workbook.
        written: By the file.
        made: When the form was made.
        now: The run's moment. All of them aware.

    Returns:
        In the zone of `now`.
    """
    moment = saved if saved is not None and made < saved <= now else written
    return min(max(moment, made), now).astimezone(now.tzinfo)
