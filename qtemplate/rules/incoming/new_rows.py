"""What came in as rows of the register, each once. Pure.

A row that is there already, put in by a run that was killed or typed by a person, is not made again: it is known by
channel and number, without a number by what it says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...fields import FIELDS, Field, Kind
from ...plan import REGISTER, FactName, Finding, NewRow, Phrase, Plan, Remember, Severity
from ...plan.received import CELLS, Became, Received
from ...register import Register, is_missing
from ..mail_facts import print_address, print_words
from ..situation import Situation
from .attachments import keep_files
from .ids import Numbering

STORY = (Field.RECEIVED_AT, Field.REPORTER, Field.TITLE, Field.DESCRIPTION)
LONGEST = 32_000
"""Characters of a text; a cell takes 767 more."""

MOST_NAMED = 10
SHOWN = 40
EARLIEST = dt.datetime(1900, 3, 1)

Former = Mapping[int, tuple[Received, str]]
"""Number of something that came in -> what came in before under the same number of its channel, and its row."""


def new_rows(situation: Situation, items: Sequence[Received], former: Former) -> Plan:
    """Rows for what is new, what became of each, and what a person should know.

    Args:
        situation: The register as it is.
        items: What waits.
        former: What is known of those that came in before.
    """
    known, numbering, columns = _Known(situation), Numbering(situation), situation.register.columns
    rows: list[NewRow] = []
    ends: list[list[Any]] = []
    guesses: list[Remember] = []
    findings: list[Finding] = []
    lost: dict[str, int] = {}
    changed: dict[str, list[Phrase]] = {}
    for item in items:
        values = _values(item)
        if item.number in former:
            before, id = former[item.number]
            differs = _differing(_values(before), values) if before.content else ()  # what is old says nothing any more
            if differs:
                named = Phrase.of("intake.changed", ref=item.key, id=id, differs=differs)
                changed.setdefault(item.channel, []).append(named)
            ends.append([item.number, Became.SAME, id, []])
            continue
        there = known.row_of(item, values)
        if there is not None:
            ends.append([item.number, Became.ROW, there, []])
            continue
        here = {key: value for key, value in values.items() if key in columns}
        for key in values.keys() - here.keys():
            lost[key] = lost.get(key, 0) + 1
        id = numbering.next(_moment(values.get(Field.RECEIVED_AT))) if Field.ID in columns else ""
        if id:
            here[Field.ID] = id
        because = Phrase.of("because.came_in", channel=item.channel, ref=item.key or "–")
        files = keep_files(id, item.content.get("files", ()), ()) if id and Field.ATTACHMENTS in columns else []
        if files:
            here[Field.ATTACHMENTS] = "\n".join(path for _, path in files)
        if id and (words := _own_words(situation, item, here)):
            guesses.append(Remember(id, FactName.OWN_WORDS, words))
        if item.content.get("guess"):
            guesses.append(Remember(id, FactName.GUESSED, dict(item.content["guess"])))
        rows.append(NewRow(REGISTER, id, f"in/{item.channel}/{item.number}", here, because))
        known.add(item, values, id)
        ends.append([item.number, Became.ROW, id, [list(each) for each in files]])
    findings += _changed(changed)
    findings += (
        Finding("QT834", Severity.WARNING, facts=(("name", FIELDS.get(key, key)), ("n", n))) for key, n in lost.items()
    )
    facts = (Remember("", FactName.CAME_IN, ends),) if ends else ()
    return Plan(tuple(findings), rows=tuple(rows), facts=(*facts, *guesses))


def _own_words(situation: Situation, item: Received, here: Mapping[str, Any]) -> dict[str, str]:
    """What tells the reporter's own words again; nothing where somebody else wrote them down, or may have."""
    address = here.get(Field.EMAIL)
    inside = address is not None and situation.rulebook.is_inside(str(address))
    if not item.content.get("own") or address is None or inside or here.get(Field.RECORDER) is not None:
        return {}
    told = {str(key): print_words(here[key]) for key in (Field.TITLE, Field.DESCRIPTION) if key in here}
    return {**told, "from": print_address(address)} if told else {}


class _Known:
    """The rows that are there: by channel and its number, and by what they say."""

    def __init__(self, situation: Situation) -> None:
        columns = (Field.ID, Field.CHANNEL, Field.CHANNEL_REF, *STORY)
        ids, channels, numbers, *stories = (_plain(situation.register, key) for key in columns)
        self._by_number: dict[tuple[Any, Any], str] = {}
        for channel, number, id in zip(channels, numbers, ids, strict=True):
            if number:
                self._by_number[channel, number] = id or ""
        told = zip(zip(*stories, strict=True), ids, strict=True)
        self._by_story: dict[tuple[Any, ...], str] = {story: id or "" for story, id in told if None not in story}

    def row_of(self, item: Received, values: Mapping[str, Any]) -> str | None:
        """The id of its row, "" for one that has none yet; None where it has no row."""
        if item.key:
            return self._by_number.get((item.content["channel"], item.key))
        return self._by_story.get(_story(values))

    def add(self, item: Received, values: Mapping[str, Any], id: str) -> None:
        if item.key:
            self._by_number[item.content["channel"], item.key] = id
        else:
            self._by_story[_story(values)] = id


def _plain(register: Register, key: str) -> list[Any]:
    return [None if is_missing(value) else value for value in register.frame[key].tolist()]


def _story(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values.get(key) for key in STORY)


def _values(item: Received) -> dict[str, Any]:
    """Field key -> what goes into the cell: moments as such where they are, texts no longer than a cell takes."""
    content = item.content
    told = {**content.get("constants", {}), **content.get("values", {})}
    if "cells" in content:
        cells = zip(content["names"], content["cells"].split(CELLS), strict=True)
        told |= {key: value for key, value in cells if value}
    said = {key: _cell(key, value) for key, value in told.items()}
    said.setdefault(str(Field.RECEIVED_AT), item.at)
    said[str(Field.CHANNEL)] = item.content.get("channel")
    if item.key:
        said[str(Field.CHANNEL_REF)] = item.key
    return {key: value for key, value in said.items() if not is_missing(value)}


def _cell(key: str, value: Any) -> Any:
    known = FIELDS.get(key)
    if known is not None and known.kind in (Kind.DATE, Kind.DATETIME):
        return _moment(value) or value
    return value if not isinstance(value, str) or len(value) <= LONGEST else value[: LONGEST - 1] + "…"


def _moment(value: Any) -> dt.datetime | None:
    """The moment of an ISO text; None where it is none, or from before a workbook can say so."""
    if isinstance(value, dt.datetime):
        return value
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found >= EARLIEST else None


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """What the fields say now, and what they said; the moment only where both lists have one."""
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    return tuple(
        Phrase.of(
            "intake.differs",
            name=FIELDS.get(key, key),
            before=_short(before.get(key)),
            after=_short(after.get(key)),
        )
        for key in keys
    )


def _short(value: Any) -> Any:
    return "–" if value is None else value if not isinstance(value, str) else " ".join(value.split())[:SHOWN]


def _changed(changed: Mapping[str, Sequence[Phrase]]) -> Iterable[Finding]:
    for channel, each in changed.items():
        left = len(each) - MOST_NAMED
        more = Phrase.of("intake.more", n=left) if left > 0 else ""
        facts = (("channel", channel), ("n", len(each)), ("named", tuple(each[:MOST_NAMED])), ("more", more))
        yield Finding("QT832", Severity.WARNING, facts=facts)
