"""What the register had at earlier runs, and what upgrades did to it: kept in the journal.

What is gone later is *unknown* and not *absent*: it is not added a second time. Light, for every run asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..fields import FIELDS, Field
from ..sheets.header_findings import missing_finding
from ..sheets.headers import nearest
from ..sheets.layout import BY_KEY
from ..sheets.upgrading.things import What

if TYPE_CHECKING:
    from ..journal import Journal
    from ..plan import Finding
    from ..register import Register
    from ..sheets.upgrading.survey import Survey

UPGRADE = "upgrade"
"""Kind of run in the journal."""

ADOPTED_BY = "adopted by"
"""Setting of the journal: the run that adopted the workbook."""

_THINGS = "workbook"
_RECORD = "upgrade:"
_UNDONE = "undone"


def remember_things(journal: Journal, survey: Survey) -> None:
    """Keeps what the workbook has, beside what it had before."""
    from ..sheets.upgrading.lacking import things_of

    set_things(journal, known_things(journal) | things_of(survey))


def gone_headers(journal: Journal, survey: Survey, language: str) -> Iterator[Finding]:
    """What `header_findings` cannot tell: columns of later versions that were there at an earlier run and are gone."""
    from ..sheets.upgrading.lacking import column_key

    had = remembered_things(journal)
    for (sheet, _), block in survey.blocks.items():
        gone = [
            column
            for column in block.missing
            if column.later
            and block.respelt(column) is None
            and f"{What.COLUMN}:{column_key(BY_KEY[sheet], column)}" in had
        ]
        yield from missing_finding(block, gone, language)


def set_things(journal: Journal, things: Iterable[str]) -> None:
    """Keeps just these, as `things_of` names them."""
    text = json.dumps(sorted(things), ensure_ascii=False)
    if journal.setting(_THINGS) != text:
        journal.set_setting(_THINGS, text)


def remembered_things(journal: Journal) -> frozenset[str]:
    """What was kept."""
    return frozenset(json.loads(journal.setting(_THINGS) or "[]"))


def unknown_columns(journal: Journal, register: Register) -> dict[str, str]:
    """Register columns of earlier runs that are gone -> the header each most likely bears now; "" where none does."""
    had = remembered_things(journal)
    gone = [
        field
        for field in Field
        if (f"{What.COLUMN}:{field}" in had or field in register.gone) and field not in register.columns
    ]
    return {field.value: _likeliest(field, register) for field in gone}


def _likeliest(field: Field, register: Register) -> str:
    """The team's header that is spelt much like the field's, else the one in its place."""
    own = register.own_headers
    like = nearest(field.zh, own) or nearest(field.en, own)
    if like:
        return like
    order = list(Field)
    before = next((each for each in reversed(order[: order.index(field)]) if each in register.columns), None)
    place = None if before is None else register.columns[before] + 1
    return next((name for name in own if register.columns[name] == place), "")


def known_things(journal: Journal) -> frozenset[str]:
    """What the workbook had at earlier runs: as kept, or the columns that a version wrote which kept nothing yet."""
    kept = remembered_things(journal)
    if kept:
        return kept
    return frozenset(
        f"{What.COLUMN}:{change.field}" for change in journal.changes(limit=10**9) if change.field in FIELDS
    )


def record_upgrade(journal: Journal, run: str, record: Mapping[str, Any]) -> None:
    """Keeps what an upgrade did: digests before and after, name of the backup, what was known before."""
    journal.set_setting(f"{_RECORD}{run}", json.dumps(record, ensure_ascii=False))


def upgrade_record(journal: Journal, run: str) -> Mapping[str, Any] | None:
    """What an upgrade did; None for a run of another kind, or an upgrade that never wrote."""
    text = journal.setting(f"{_RECORD}{run}")
    record: dict[str, Any] | None = None if text is None else json.loads(text)
    return record


def mark_undone(journal: Journal, run: str, by: str) -> None:
    """Keeps that an upgrade was taken back."""
    record_upgrade(journal, run, {**(upgrade_record(journal, run) or {}), _UNDONE: by})


def is_undone(journal: Journal, run: str) -> bool:
    """Whether an upgrade was taken back."""
    return _UNDONE in (upgrade_record(journal, run) or {})
