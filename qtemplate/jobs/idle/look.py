"""A look that comes before a run: whether it would find everything as the last one left it, and nothing due."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any, NamedTuple

from ...files.footprint import TRUSTED_AFTER, Mark, Thing, still
from .places import FINDINGS, LOOKED, NOTE, SCHEMA, write_note
from .program import program_identity


class Idle(NamedTuple):  # `dataclasses` takes as long to load as half of a look
    """A run that need not be made.

    Attributes:
        exit_code: That of the last run, which a whole one would have too.
        at: The moment of the look; aware.
        said: Language -> one sentence.
        object: What `--json` shows, but for the findings.
        findings: Language -> the findings, where they were asked for.
    """

    exit_code: int
    at: dt.datetime
    said: dict[str, str]
    object: dict[str, Any]
    findings: dict[str, list[Any]]

    def as_json(self, language: str) -> dict[str, Any]:
        """The object that a run prints with `--json`; nothing was done in it."""
        return {**self.object, "now": self.at.isoformat(), "findings": self.findings.get(language, [])}


def idle_look(
    config: Path, moment: dt.datetime | None = None, *, digests: bool = True, findings: bool = False
) -> Idle | None:
    """Looks whether a run may be left out, and writes down that it looked.

    Args:
        config: The `qtemplate.toml`, which is not parsed.
        moment: The moment of the run; naive = in the register's zone; None = now.
        digests: The run would send digests, as a nightly one does; what `watch` noted does not say that none is due.
        findings: Read the findings too.

    Returns:
        None where a run has to be made: something is different, something is due, or nothing is known.
    """
    file = config.absolute()
    try:
        return _look(file, moment, digests=digests, findings=findings)
    except (OSError, ValueError, KeyError, TypeError):  # no note, or one that this program does not understand
        return None


def _look(file: Path, moment: dt.datetime | None, *, digests: bool, findings: bool) -> Idle | None:
    note: dict[str, Any] = json.loads((file.parent / NOTE).read_text("utf-8"))
    if note["schema"] != SCHEMA or note["config"] != str(file) or note["program"] != program_identity():
        return None
    if digests and not note["digests"]:
        return None
    at = _moment(moment, note["zone"])
    if not note["at"] <= at.timestamp() < note["until"] or time.time() >= note["stale"]:
        return None
    if not _is_same(note, file.parent / NOTE):
        return None
    found: dict[str, list[Any]] = {}
    if findings:
        found = json.loads((file.parent / FINDINGS).read_text("utf-8"))
        if found.pop("run") != note["run"]:
            return None
    write_note(file.parent / LOOKED, {"run": note["run"], "at": at.isoformat()})
    if digests and note["pings"] and not _told_monitor(file, note["exit"], at):
        return None  # a whole run writes down that nobody could be told
    return Idle(note["exit"], at, note["said"], note["object"], found)


def _told_monitor(file: Path, exit_code: int, at: dt.datetime) -> bool:
    """Tells the monitor as a run does; only here the configuration is read."""
    from ...config import load_config
    from ..ping import tell_monitor

    return tell_monitor(load_config(file), exit_code, at)


def _moment(moment: dt.datetime | None, zone: str) -> dt.datetime:
    if moment is not None and moment.tzinfo is not None:
        return moment
    from zoneinfo import ZoneInfo  # with the rules of the zone

    here = ZoneInfo(zone)
    return dt.datetime.now(here).replace(microsecond=0) if moment is None else moment.replace(tzinfo=here)


def _is_same(note: dict[str, Any], file: Path) -> bool:
    """Whether everything is as it was noted; what had to be read for that is noted anew, and trusted the next time."""
    taken, marks, changed = time.time_ns(), [], False
    for kind, path, of, mark in note["things"]:
        now = still(Thing(kind, path, tuple(of)), Mark(*mark), note["taken"], doubt=note["doubt"])
        if now is None:
            return False
        marks.append((kind, path, of, now))
        changed |= now.newest + TRUSTED_AFTER > note["taken"]
    if changed and not note["doubt"]:
        write_note(file, {**note, "things": marks, "taken": taken})
    return True
