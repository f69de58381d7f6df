"""The store of the journal, in the state database of the workspace.

It keeps what the program wrote last into each row (and earlier states, so that an older copy is recognised when it is
put back), the facts that are no cells, the change log, the forms that were made, and the patch that is under way. It
knows plans and fields, not workbooks, mail or rules.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ..plan import CellEdit, Memory, Phrase, Remember
from ..plan.keys import FormKey
from .database import Database
from .encoding import KNOWN, PEOPLES, as_json, decode, encode, phrase_in, write_state
from .under_way import Pending, note_of, note_read

if TYPE_CHECKING:
    import pandas as pd

    from ..register import Register

MOST_SETTLED = 20_000
"""Rows settled in one run after which everything is read again at once; also below SQLite's limit of variables."""

UNDONE = "because.undo"
"""Reason of an edit that takes an earlier one back: the program forgets that it ever wrote the cell."""

FORMER_KEPT = 20
"""Earlier states kept per row; an older copy from before that counts as typed by people."""


NEXT = "(select coalesce(max(number), 0) + 1 from {})"
"""The number of what is newest from now on, though it may have been there before."""

STATE_WRITTEN = "insert into state(id, cells) values(?,?) on conflict(id) do update set cells = excluded.cells"

FINDINGS_SEEN, FINDINGS_TOLD = "findings_seen", "findings_told"

KEYED_SINCE = "forms_keyed_since"
"""Setting: when the first form was made that carries a digest which only this workspace can make."""


class Change(Struct, frozen=True):
    """One line of the change log; before and after are frame values, because is a sentence."""

    at: dt.datetime
    run: str
    id: str
    field: str
    before: Any
    after: Any
    because: Phrase


def _serial(id: str) -> tuple[str, int]:
    """Year and number of an id; ("", 0) for one of another form."""
    parts = id.rsplit("-", 2)
    known = len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit()
    return (parts[1], int(parts[2])) if known else ("", 0)


OTHERS_BEFORE = "others_before"
"""Setting: digest of the oldest of the program's own writes since which nobody else has saved the register."""


class Journal:
    """What one workspace has done. Every public method is one transaction, or only reads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known: pd.DataFrame | None = None
        self._settled: set[str] = set()
        self.turn: int | None = None
        """Which time this is that a workspace on a server is held; None for one in a file, or only looked at."""

    def findings_seen(self) -> dict[str, str]:
        """Name of a finding -> the day on which it was seen first; of the findings of the last run."""
        seen: dict[str, str] = json.loads(self.setting(FINDINGS_SEEN) or "{}")
        return seen

    def findings_told(self) -> dict[str, str]:
        """The same of the findings that the last nightly result told."""
        told: dict[str, str] = json.loads(self.setting(FINDINGS_TOLD) or "{}")
        return told

    def remember_findings(self, since: Mapping[str, str], *, told: bool) -> None:
        """Keeps since when the findings of a run have stood; `told`: a nightly result said so."""
        for name in (FINDINGS_SEEN, FINDINGS_TOLD) if told else (FINDINGS_SEEN,):
            text = json.dumps(since)
            if text != self.setting(name):
                self.set_setting(name, text)

    def setting(self, key: str) -> str | None:
        """A value kept under `key`, or None."""
        row = self.database.one("select value from meta where key=?", (key,))
        return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        self.database.execute(
            "insert into meta(key, value) values(?,?) on conflict(key) do update set value = excluded.value",
            (key, value),
        )

    # -- runs ---------------------------------------------------------------------------------------------------

    @property
    def fresh(self) -> bool:
        """Whether nothing was ever written from here: no baseline."""
        return self.database.one("select 1 from state limit 1") is None

    def begin_run(self, run: str, kind: str, now: dt.datetime, started: str) -> None:
        self.database.execute(
            f"insert into run(number, id, kind, now, started) values({NEXT.format('run')},?,?,?,?) "
            "on conflict(id) do update set number = excluded.number, kind = excluded.kind, now = excluded.now, "
            "started = excluded.started, finished = null, summary = null",
            (run, kind, now.isoformat(), started),
        )

    def end_run(self, run: str, finished: str, summary: Mapping[str, Any]) -> None:
        self.database.execute(
            "update run set finished=?, summary=? where id=?", (finished, json.dumps(summary, ensure_ascii=False), run)
        )

    def last_run(self, *kinds: str) -> tuple[str, str, str | None] | None:
        """(id, moment, summary) of the newest finished run, of these kinds where some are named."""
        named = f" and kind in ({','.join('?' * len(kinds))})" if kinds else ""
        row = self.database.one(
            f"select id, now, summary from run where finished is not null{named} order by number desc limit 1", kinds
        )
        return None if row is None else (row[0], row[1], row[2])

    def run_kinds(self) -> dict[str, str]:
        """Run -> its kind (`run`, `watch`, `undo`), oldest first."""
        return dict(self.database.rows("select id, kind from run order by number"))

    def known_rows(self) -> int:
        """Rows of the register after the last finished run; 0 before the first."""
        last = self.last_run()
        return 0 if last is None or last[2] is None else int(json.loads(last[2]).get("rows", 0))

    # -- the write-ahead patch ----------------------------------------------------------------------------------

    def write_ahead(
        self, run: str, at: dt.datetime, sha_before: str, edits: Iterable[CellEdit], facts: Iterable[Remember]
    ) -> None:
        """Notes the patch before the workbook is touched."""
        note, kept = note_of(edits), as_json([[f.id, f.name, f.value] for f in facts])
        with self.database.transaction():
            self.database.note("delete from pending")
            self.database.note(
                "insert into pending(run, at, sha_before, sha_after, edits, facts) values(?,?,?,null,?,?)",
                (run, at.isoformat(), sha_before, note, kept),
            )

    def about_to_replace(self, sha_after: str, at: dt.datetime) -> None:
        """The finished workbook's digest, noted just before it takes the register's place."""
        with self.database.transaction():
            made_of = self.database.one("select sha_before from pending")
            if made_of != self.database.one("select sha256 from own_write order by number desc limit 1"):
                self.set_setting(OTHERS_BEFORE, sha_after)  # somebody else saved what this is made of
            self.database.note("update pending set sha_after=?", (sha_after,))
            self.database.note(
                f"insert into own_write(number, sha256, at) values({NEXT.format('own_write')},?,?) "
                "on conflict(sha256) do update set number = excluded.number, at = excluded.at",
                (sha_after, at.isoformat()),
            )

    def pending(self) -> Pending | None:
        """The patch that was under way, if a run stopped in the middle of one."""
        row = self.database.one("select run, at, sha_before, sha_after, edits, facts from pending")
        if row is None:
            return None
        facts = tuple(Remember(*fact) for fact in json.loads(row[5]))
        return Pending(row[0], row[1], row[2], row[3], note_read(row[4]), facts)

    def drop_pending(self) -> None:
        """The patch never reached the workbook; it will be planned again."""
        with self.database.transaction():
            self.database.execute("delete from pending")

    def commit_pending(self, applied: Pending) -> None:
        """What the patch wrote becomes what the program wrote last; its facts hold from now on."""
        states, former = [], []
        highest: dict[str, int] = {}
        ids = [id for id, _ in applied.lines()]
        with self.database.transaction():
            known = dict(self.database.rows_of("select id, cells from state where id in ({keys})", ids))
            for id, line in applied.lines():
                cells, found = json.loads(line), known.get(id)
                state = json.loads(found) if found else {}
                undone = any(why[0] == UNDONE for *_, why in cells)
                if undone:  # what stands there now is as if a person had typed it; no earlier state may claim it
                    self.database.note("delete from former where id=?", (id,))
                elif found:
                    former.append((id, applied.run, found))
                state.update(
                    {key: None if why[0] in PEOPLES else value for key, _, value, why in cells if key in KNOWN}
                )
                states.append((id, write_state(state)))
                year, serial = _serial(id)
                highest[year] = max(highest.get(year, 0), serial)
            self.database.executemany(STATE_WRITTEN, states)
            self._settled.update(ids)
            if len(self._settled) > MOST_SETTLED:
                self._known = None
            self.database.executemany("insert into former(id, run, cells) values(?,?,?)", former)
            lines = ((applied.run, applied.at, id, line) for id, line in applied.lines())
            self.database.executemany("insert into change(run, at, id, cells) values(?,?,?,?)", lines)
            self.database.executemany(
                "insert into meta(key, value) values(?,?) on conflict(key) do update set value = excluded.value "
                "where cast(excluded.value as integer) > cast(meta.value as integer)",
                [(f"serial:{year}", str(serial)) for year, serial in highest.items() if serial],
            )
            self._remember(applied.facts)
            self.database.note("delete from pending")

    def ids_given(self) -> frozenset[str]:
        """Ids of all rows the program ever wrote in."""
        return frozenset(id for (id,) in self.database.rows("select id from state"))

    def regard_as_written(self, field: str, values: Mapping[str, Any]) -> None:
        """What rows hold in a column counts as what the program wrote last: feedback id -> frame value."""
        with self.database.transaction():
            known = dict(self.database.rows_of("select id, cells from state where id in ({keys})", values))
            for id, value in values.items():
                state = json.loads(known.get(id) or "{}") | {field: encode(value)}
                self.database.note(STATE_WRITTEN, (id, write_state(state)))
        self._known = None

    def forget_former(self) -> None:
        """Drops the oldest of the earlier states where a row has more than `FORMER_KEPT`."""
        with self.database.transaction():
            self.database.execute(
                "delete from former where number in (select number from (select number, row_number() over "
                "(partition by id order by number desc) as age from former) as aged where age > ?)",
                (FORMER_KEPT,),
            )

    # -- facts, forms, own writes ---------------------------------------------------------------------------------

    def remember(self, facts: Iterable[Remember]) -> None:
        """Keeps facts that need no workbook patch."""
        with self.database.transaction():
            self._remember(facts)

    def _remember(self, facts: Iterable[Remember]) -> None:
        for fact in facts:
            if fact.value is None:
                self.database.note("delete from fact where id=? and name=?", (fact.id, fact.name))
            else:
                self.database.note(
                    "insert into fact(id, name, value) values(?,?,?) "
                    "on conflict(id, name) do update set value = excluded.value",
                    (fact.id, fact.name, json.dumps(fact.value, ensure_ascii=False)),
                )

    def facts(self) -> dict[tuple[str, str], Any]:
        """(id, name) -> what a `Remember` kept."""
        rows = self.database.rows("select id, name, value from fact")
        values = json.loads(f"[{','.join([value for _, _, value in rows])}]")  # one call: there are thousands
        return {(id, name): value for (id, name, _), value in zip(rows, values, strict=True)}

    def facts_like(self, begins: str) -> dict[tuple[str, str], Any]:
        """The same, of the facts whose names begin so."""
        rows = self.database.rows(
            "select id, name, value from fact where substr(name, 1, ?) = ?", (len(begins), str(begins))
        )
        return {(str(id), str(name)): json.loads(value) for id, name, value in rows}

    def form_made(self, paths: Mapping[str, str], at: dt.datetime) -> None:
        """Forms lie there, key -> path; when one was made is when it was made first."""
        kept = "insert into form(key, path, at) values(?,?,?) on conflict(key) do update set path = excluded.path"
        since = "insert into meta(key, value) values(?,?) on conflict(key) do nothing"
        with self.database.transaction():
            self.database.executemany(kept, [(key, path, at.isoformat()) for key, path in paths.items()])
            self.database.note(since, (KEYED_SINCE, at.isoformat()))

    def forms_made(self) -> frozenset[FormKey]:
        """Keys of the forms that were made."""
        return frozenset(FormKey.parse(key) for (key,) in self.database.rows("select key from form"))

    def form_paths(self, keys: Iterable[str]) -> dict[str, str]:
        """Key -> path, of those of the forms that were made."""
        return dict(self.database.rows_of("select key, path from form where key in ({keys})", map(str, keys)))

    def form_path(self, key: str) -> str | None:
        return self.form_paths((key,)).get(key)

    def form_made_at(self, key: str) -> dt.datetime | None:
        """When a form was made first; aware."""
        row = self.database.one("select at from form where key=?", (key,))
        return None if row is None else dt.datetime.fromisoformat(row[0])

    def made_without_key(self, key: str) -> bool:
        """Whether a form was made by a version whose forms carry a digest that anybody can work out."""
        row, since = self.database.one("select at from form where key=?", (key,)), self.setting(KEYED_SINCE)
        if row is None or since is None:
            return row is not None
        return dt.datetime.fromisoformat(row[0]) < dt.datetime.fromisoformat(since)

    def is_own_write(self, sha256: str) -> bool:
        """Whether these bytes of the register are those the program wrote last; an older copy put back is news."""
        return bool(self.database.one("select sha256 from own_write order by number desc limit 1") == (sha256,))

    def untouched_since(self, sha256: str) -> bool:
        """Whether nobody but the program has saved the register since the program wrote these bytes."""
        rows = dict(self.database.rows("select sha256, number from own_write"))
        first = self.setting(OTHERS_BEFORE)
        return sha256 in rows and first in rows and rows[first] <= rows[sha256]

    # -- reading --------------------------------------------------------------------------------------------------

    def memory(self, register: Register, **more: Any) -> Memory:
        """The frozen view for the rules; `more` are the fields of `Memory` that others know (sent, since …)."""
        written = self._written()
        serials = {
            int(key[7:]): int(value)
            for key, value in self.database.rows("select key, value from meta where key like 'serial:%'")
        }
        return Memory(
            written=written,
            former=self._former(register, written),
            serials=serials,
            facts=self.facts(),
            made=self.forms_made(),
            fresh=written.empty,
            **more,
        )

    def _written(self) -> pd.DataFrame:
        """What was written last, by id; kept from call to call, only rows settled since are read again."""
        from .states import read_states, renew_states  # frames: most commands only look at the log or the mails

        if self._known is None:
            self._known = read_states(self.database.execute("select id, cells from state"))
        elif self._settled:
            marks = ",".join("?" * len(self._settled))
            query = f"select id, cells from state where id in ({marks})"
            news = read_states(self.database.execute(query, tuple(self._settled)))
            self._known = renew_states(self._known, news)
        self._settled.clear()
        return self._known

    def _former(self, register: Register, written: pd.DataFrame) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """Earlier states of the rows whose program cells are not what was written last."""
        from .states import differing_rows

        if written.empty:
            return {}
        former: dict[str, tuple[Mapping[str, Any], ...]] = {}
        for id in differing_rows(register.frame, written):
            states = self.database.rows("select cells from former where id=? order by number desc", (id,))
            if states:
                former[id] = tuple(
                    {key: decode(key, value) for key, value in json.loads(cells).items()} for (cells,) in states
                )
        return former

    def changes(self, *, id: str | None = None, run: str | None = None, limit: int = 5000) -> list[Change]:
        """The change log, newest first, at most `limit` lines."""
        clauses = [(name, value) for name, value in (("id", id), ("run", run)) if value is not None]
        where = " and ".join(f"{name}=?" for name, _ in clauses) or "1 = 1"
        lines: list[Change] = []
        query = f"select run, at, id, cells from change where {where} order by number desc limit ?"
        for of_run, at, of_id, cells in self.database.execute(query, (*(v for _, v in clauses), limit)):
            moment = dt.datetime.fromisoformat(at)
            lines += [
                Change(moment, of_run, of_id, field, decode(field, before), decode(field, after), phrase_in(because))
                for field, before, after, because in json.loads(cells)
            ]
            if len(lines) >= limit:
                break
        return lines[:limit]
