"""What came in, as the state database keeps it: stored before anything is decided, and each thing once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..plan import FactName
from ..plan.received import Received, Said
from .database import Database

COLUMNS = "number, channel, key, digest, at, content, shape"


class Kept(NamedTuple):
    """A file that came with a mail and is kept: digests of the mail and of the file, its path beside the register."""

    source: str
    digest: str
    path: str


class ReceivedLog:
    """What came in to one workspace. Every public method is one transaction, or only reads."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, items: Iterable[Received], source: str, now: dt.datetime) -> None:
        """Stores what is not known yet; what was left to a person and comes once more is looked at again.

        Args:
            items: What was read from one source.
            source: Digest of its bytes.
            now: The moment of the run; aware.
        """
        taken_at, shapes = now.isoformat(), dict[str, int | None]({"": None})

        def row_of(item: Received) -> tuple[Any, ...]:
            said = item.content
            if not isinstance(said, Said):
                said = Said(json.dumps(said, ensure_ascii=False))
            if said.shape not in shapes:
                shapes[said.shape] = self._shape(said.shape)
            at, shape = item.at.isoformat(), shapes[said.shape]
            return item.channel, item.key, item.digest, at, source, said.text, shape, taken_at

        with self.database.transaction():
            self.database.executemany(
                "insert into received(channel, key, digest, at, source, content, shape, state, id, taken_at) "
                "values(?,?,?,?,?,?,?,'new','',?) on conflict(channel, key, digest) do update "
                "set state = 'new', source = excluded.source where received.state = 'pile'",
                map(row_of, items),
            )

    def waiting(self) -> list[Received]:
        """What is stored and not settled, in the order in which it came."""
        rows = self.database.rows(f"select {COLUMNS} from received where state = 'new' order by number")
        shapes = self._shapes()
        return [_read(row, shapes) for row in rows]

    def _shape(self, said: str) -> int:
        """The number of what the lines of a list share."""
        self.database.execute("insert into shape(said) values(?) on conflict(said) do nothing", (said,))
        row = self.database.one("select number from shape where said = ?", (said,))
        assert row is not None  # it was just put there
        return int(row[0])

    def _shapes(self) -> dict[object, str]:
        return dict(self.database.rows("select number, said from shape"))

    def former(self) -> dict[int, tuple[Received, str]]:
        """Number of something that waits -> what came in last under the same number of its channel, and its row."""
        rows = self.database.rows(
            "select new.number, old.number, old.channel, old.key, old.digest, old.at, old.content, old.shape, old.id "
            "from received new join received old on old.channel = new.channel and old.key = new.key "
            "where new.state = 'new' and new.key != '' and old.id != '' order by old.number"
        )
        shapes = self._shapes()
        return {row[0]: (_read(row[1:8], shapes), str(row[8])) for row in rows}

    def unsettled(self, source: str) -> bool:
        """Whether something of that source still waits."""
        query = "select 1 from received where source = ? and state = 'new' limit 1"
        return self.database.one(query, (source,)) is not None

    def piled(self, source: str) -> int | None:
        """The number of what a person has to decide of that source; None where nothing is."""
        row = self.database.one("select number from received where source = ? and state = 'pile' limit 1", (source,))
        return None if row is None else int(row[0])

    def known_mails(self) -> dict[str, str]:
        """Own number of what came in -> the feedback that it became or belongs to."""
        rows = self.database.rows("select key, id from received where id != '' and key != ''")
        return {str(key): str(id) for key, id in rows}

    def subjects(self, channel: str) -> list[tuple[int, str]]:
        """Number and subject of the mails of a channel that are left to people."""
        query = "select number, content from received where channel = ? and state = 'pile' order by number"
        found = self.database.rows(query, (channel,))
        return [(int(number), str(json.loads(content).get("subject", ""))) for number, content in found]

    def mail_with(self, digest: str) -> Mapping[str, Any] | None:
        """What the latest mail said that brought a form of this digest; None where no mail did."""
        query = "select content from received where content like ? order by number desc"
        for (content,) in self.database.rows(query, (f"%{digest}%",)):
            said: Mapping[str, Any] = json.loads(content)
            forms = said.get("forms")
            if isinstance(forms, list) and digest in forms:
                return said
        return None

    def mails_of(self, id: str) -> list[tuple[str, Received]]:
        """The mails that became a feedback or belong to it, in the order in which they came, with their sources."""
        rows = self.database.rows(f"select {COLUMNS}, source from received where id = ? order by at, number", (id,))
        found = [(str(row[-1]), _read(row[:-1], self._shapes())) for row in rows]
        return [(source, item) for source, item in found if "automatic" in item.content]

    def kept_files(self) -> list[Kept]:
        """The files that belong to what is settled and not written down as such yet, and those that are owed."""
        found = [Kept(*each) for each in self._fact(FactName.FILES_OWED) or ()]
        for number, _, _, files, *_ in self._fact(FactName.CAME_IN) or ():
            if files:
                source = self.database.one("select source from received where number = ?", (number,))
                found += [Kept(str(source[0]), digest, path) for digest, path in files] if source is not None else []
        return found

    def _fact(self, name: FactName) -> Any:
        row = self.database.one("select value from fact where id = '' and name = ?", (name,))
        return None if row is None else json.loads(row[0])

    def settle(self, owed: Sequence[Kept] = ()) -> None:
        """Writes down what a run made of what waited; its facts said so from the moment the workbook was replaced.

        Args:
            owed: Files that could not be written yet.
        """
        ends = self._fact(FactName.CAME_IN)
        if ends is None and not owed and self._fact(FactName.FILES_OWED) is None:
            return
        with self.database.transaction():
            self.database.executemany(
                "update received set state = ?, id = ? where number = ?",
                ((became, id, number) for number, became, id, *_ in ends or ()),
            )
            for number, _, _, _, *why in ends or ():
                if why:
                    self._say(number, why=why[0])
            names = (FactName.CAME_IN, FactName.FILES_OWED)
            self.database.execute("delete from fact where id = '' and name in (?, ?)", names)
            if owed:
                kept = json.dumps([tuple(each) for each in owed], ensure_ascii=False)
                self.database.execute("insert into fact(id, name, value) values('', ?, ?)", (FactName.FILES_OWED, kept))

    def pile(self) -> list[tuple[str, Received]]:
        """What is left to people, in the order in which it came, with its sources; `why` of its content says why."""
        rows = self.database.rows(f"select {COLUMNS}, source from received where state = 'pile' order by number")
        shapes = self._shapes()
        return [(str(row[-1]), _read(row[:-1], shapes)) for row in rows]

    def link(self, number: int, id: str) -> None:
        """Something of the pile waits again, as a person says: to be an answer of that feedback, or a row of its own.

        Args:
            number: Of what is piled.
            id: The feedback; "" for a new row.
        """
        with self.database.transaction():
            self._say(number, linked=id)
            self.database.execute("update received set state = 'new' where number = ? and state = 'pile'", (number,))

    def discard(self, number: int) -> None:
        """Nothing is to become of something of the pile."""
        with self.database.transaction():
            self.database.execute("update received set state = 'parked' where number = ? and state = 'pile'", (number,))

    def _say(self, number: int, **more: str) -> None:
        """Writes more into what something says."""
        row = self.database.one("select content from received where number = ?", (number,))
        content = {**json.loads(row[0] if row is not None else "{}"), **more}
        said = json.dumps(content, ensure_ascii=False)
        self.database.execute("update received set content = ? where number = ?", (said, number))

    def forget(self, before: dt.datetime) -> list[str]:
        """Drops what settled things from before a moment say; the sources that nothing needs any more."""
        old = self.database.rows(
            "select distinct source from received where taken_at < ? and state != 'new' and content != '{}' "
            "and source not in (select source from received where state = 'new' or taken_at >= ?)",
            (before.isoformat(), before.isoformat()),
        )
        with self.database.transaction():
            self.database.executemany("update received set state = 'parked' where source = ? and state = 'pile'", old)
            self.database.executemany("update received set content = '{}', shape = null where source = ?", old)
        return [source for (source,) in old]


def _read(row: tuple[object, ...], shapes: Mapping[object, str]) -> Received:
    number, channel, key, digest, at, content, shape = row
    said = Said(str(content), shapes.get(shape, ""))
    return Received(str(channel), str(key), str(digest), dt.datetime.fromisoformat(str(at)), said, int(str(number)))
