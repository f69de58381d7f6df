"""What the state database is made of, step by step: the tables of the journal and of the outbox, and how each change
of them is made.

A new database goes through the same steps as an old one, so both end up alike. A change of the tables, or of what is
written into them, is one more function at the end of `MIGRATIONS`; those before it are history and stay as they are.
The row `schema` of `meta` says how many a database has behind it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from ..texts import make_error
from .database import Database, StateUnusable

AT_ONCE = 5_000
"""Rows converted between two reads: former states may be more than fit into memory."""


def schema_of(database: Database) -> int:
    """How many migrations the database has behind it; 0 for a new one, and for one of 0.1, which kept no version."""
    row = database.one("select value from meta where key='schema'") if database.has_table("meta") else None
    return 0 if row is None else int(row[0])


def is_current(database: Database) -> bool:
    """Whether nothing is to be migrated.

    Raises:
        StateUnusable: A newer version of the program made the database; this one would misread it.
    """
    found = schema_of(database)
    if found > len(MIGRATIONS):
        raise make_error(StateUnusable, "state.newer", path=database.where, found=found, known=len(MIGRATIONS))
    return found == len(MIGRATIONS)


def migrate(database: Database, most: int | None = None) -> None:
    """Makes the tables as this version knows them, in one transaction: a run that is killed has changed nothing.

    Args:
        most: How many migrations the database is to have behind it; None = all.

    Raises:
        StateUnusable: A newer version of the program made the database.
    """
    with database.transaction():
        if is_current(database):  # another process was faster
            return
        database.make_place()
        for step in MIGRATIONS[schema_of(database) : most]:
            step(database)
        database.execute(
            "insert into meta(key, value) values('schema', ?) on conflict(key) do update set value = excluded.value",
            (str(len(MIGRATIONS[:most])),),
        )


# -- 1: states by name -----------------------------------------------------------------------------------------------

TABLES_OF_1 = (
    "create table if not exists meta(key text primary key, value text not null) strict",
    """create table if not exists run(
      id text primary key, kind text not null, now text not null, started text not null, finished text, summary text
    ) strict""",
    # `cells` is a JSON object, field key -> value; empty cells are left out
    "create table if not exists state(id text primary key, cells text not null) strict",
    "create table if not exists former(id text not null, run text not null, cells text not null) strict",
    "create index if not exists former_id on former(id)",
    """create table if not exists change(
      run text not null, at text not null, id text not null, cells text not null
    ) strict""",
    "create index if not exists change_id on change(id)",
    """create table if not exists fact(
      id text not null, name text not null, value text not null, primary key(id, name)
    ) strict""",
    "create table if not exists form(key text primary key, path text not null, at text not null) strict",
    "create table if not exists own_write(sha256 text primary key, at text not null) strict",
    """create table if not exists pending(
      run text not null, at text not null, sha_before text not null, sha_after text,
      edits text not null, facts text not null
    ) strict""",
    # `base` is the key without its generation. `recipients_hash` is what stays of the addresses when the text is
    # forgotten. `cleared_at` is the moment of the run whose cap a mail passed; empty for those a person approved.
    """create table if not exists outbox(
      number integer primary key,
      key text not null unique,
      base text not null,
      generation integer not null,
      kind text not null,
      id text,
      message_id text not null,
      envelope_from text not null,
      recipients text not null,
      cc text not null,
      recipients_hash text not null,
      subject text not null,
      raw blob not null,
      sha256 text not null,
      state text not null check(state in
        ('drafted','approved','sending','sent','partial','failed','unknown','cancelled','held')),
      created_at text not null,
      not_before text,
      next_try text,
      first_try text,
      attempts integer not null,
      detail text not null,
      sent_at text,
      sent_via text not null,
      cleared integer not null,
      cleared_at text,
      unique(base, generation)
    ) strict""",
    "create index if not exists outbox_by_state on outbox(state, number)",
    """create table if not exists outbox_event(
      number integer primary key,
      key text not null,
      at text not null,
      from_state text not null,
      to_state text not null,
      actor text not null,
      detail text not null
    ) strict""",
    "create index if not exists outbox_event_by_key on outbox_event(key, number)",
    "create index if not exists outbox_event_by_time on outbox_event(to_state, at)",
    "create table if not exists suppressed(address text primary key, reason text not null, since text not null) strict",
    """create table if not exists outbox_pause(
      only_one integer primary key check(only_one = 1), until text not null, why text not null
    ) strict""",
)

ORDER_OF_0 = (
    "id status check level department owner respond_by resolve_by clock channel_ref language fault attachments "
    "assessor assessed_at suggested_level level_reason priority queue assign_reason transferred_at accepted_at "
    "returned contained_at verified_at responded_at update_by contact reply_state replied_at confirm_sent_at "
    "confirmation satisfaction opinion reopened watch_until closed_at related"
)
"""What the places of a list meant in 0.1: the keys of the program's columns, as `fields.py` listed them then."""


def states_by_name(database: Database) -> None:
    """The first tables; 0.1 had the same ones, but kept the cells of a row as a list in the order of `fields.py`."""
    made_by_0_1 = [table for table in ("state", "former") if database.has_table(table)]
    for statement in TABLES_OF_1:
        database.define(statement)
    for table in made_by_0_1:
        after = 0
        while lists := database.rows(
            f"select rowid, cells from {table} where rowid > ? order by rowid limit ?", (after, AT_ONCE)
        ):
            named = [(_named(cells), row) for row, cells in lists]
            database.executemany(f"update {table} set cells = ? where rowid = ?", named)
            after = lists[-1][0]


def _named(cells: str) -> str:
    values = zip(ORDER_OF_0.split(), json.loads(cells), strict=True)
    return json.dumps({key: value for key, value in values if value is not None}, ensure_ascii=False)


# -- 2: diverted mail, and why a mail waits ----------------------------------------------------------------------------

OUTBOX_OF_2 = """create table outbox_of_2(
  number integer primary key,
  key text not null unique,
  base text not null,
  generation integer not null,
  kind text not null,
  id text,
  message_id text not null,
  envelope_from text not null,
  recipients text not null,
  cc text not null,
  recipients_hash text not null,
  subject text not null,
  raw blob not null,
  sha256 text not null,
  state text not null check(state in
    ('drafted','approved','sending','sent','diverted','partial','failed','unknown','cancelled','held')),
  created_at text not null,
  not_before text,
  next_try text,
  first_try text,
  attempts integer not null,
  detail text not null,
  sent_at text,
  sent_via text not null,
  cleared integer not null,
  cleared_at text,
  reason text not null,
  unique(base, generation)
) strict"""


def why_mail_waits(database: Database) -> None:
    """Mail that went to the tester is `diverted`; `reason` says why a mail is held or drafted, in a word of the code.

    What was held without one was held by the cap, whose sentence names it, or is looked at again when it is its turn.
    """
    database.define(OUTBOX_OF_2)
    database.execute(
        "insert into outbox_of_2 select number, key, base, generation, kind, id, message_id, envelope_from, "
        "recipients, cc, recipients_hash, subject, raw, sha256, state, created_at, not_before, next_try, first_try, "
        "attempts, detail, sent_at, sent_via, cleared, cleared_at, "
        "case when state != 'held' then '' when detail like '%max_per_run%' then 'over_cap' else 'not_allowed' end "
        "from outbox order by number"
    )
    database.define("drop table outbox")
    database.define("alter table outbox_of_2 rename to outbox")
    database.define("create index outbox_by_state on outbox(state, number)")


# -- 3: the chain of what was done -------------------------------------------------------------------------------------


def sealed_history(database: Database) -> None:
    """Each change (by its number) and each move of a mail gets a seal; `mail` and `detail` are digests, see `chain`."""
    database.define(
        """create table seal(
          number integer primary key, what text not null check(what in ('change','mail')), row integer not null,
          mail text not null, detail text not null, seal blob not null, unique(what, row)
        ) strict"""
    )


# -- 4: what came in ------------------------------------------------------------------------------------------------

RECEIVED_OF_4 = """create table received(
  number integer primary key,
  channel text not null,
  key text not null,
  digest text not null,
  at text not null,
  source text not null,
  content text not null,
  state text not null check(state in ('new','row','same','linked','parked','pile')),
  id text not null,
  taken_at text not null,
  unique(channel, key, digest)
) strict"""


def what_came_in(database: Database) -> None:
    """Everything that came in, once: `source` is the digest of the bytes it was read from, `content` what it says."""
    database.define(RECEIVED_OF_4)
    database.define("create index received_waiting on received(state) where state = 'new'")
    database.define("create index received_by_source on received(source)")


# -- 5: mails of a mailbox ---------------------------------------------------------------------------------------------


def mails_seen(database: Database) -> None:
    """Which mails of a mailbox were seen; `number` is what one was stored as, none where it was too large."""
    database.define(
        """create table mailbox(
          account text not null, folder text not null, validity integer not null, uid integer not null,
          source text not null, number integer, moved integer not null, primary key(account, folder, validity, uid)
        ) strict"""
    )


# -- 6: what the lines of a list share ---------------------------------------------------------------------------------


def shapes_of_lists(database: Database) -> None:
    """What all lines of a list share is kept once; `shape` says which, none for what stands by itself."""
    database.define("create table shape(number integer primary key, said text not null unique) strict")
    database.define("alter table received add column shape integer")
    database.define("drop index received_by_source")  # what is asked by source waits, or is for a person
    database.define("create index received_piled on received(state) where state = 'pile'")


# -- 7: messages to groups ---------------------------------------------------------------------------------------------


def messages_to_groups(database: Database) -> None:
    """What was said to groups: marked before it goes, so that nothing goes twice."""
    database.define(
        "create table group_message("
        "key text primary key, state text not null, at text not null, detail text not null) strict"
    )


# -- 8: rows with a number of their own --------------------------------------------------------------------------------

NUMBERED_OF_8 = {
    "run": "id text not null unique, kind text not null, now text not null, started text not null, "
    "finished text, summary text",
    "former": "id text not null, run text not null, cells text not null",
    "change": "run text not null, at text not null, id text not null, cells text not null",
    "own_write": "sha256 text not null unique, at text not null",
}


def numbered_rows(database: Database) -> None:
    """What is read in the order in which it was written has a number for it; a seal goes by that of its change.

    SQLite numbers rows unasked, and anew when somebody tidies the file up ("vacuum"); other engines do not.
    """
    for table, columns in NUMBERED_OF_8.items():
        database.define(f"create table {table}_of_8(number integer primary key, {columns}) strict")
        if database.one(f"select 1 from {table} limit 1") is not None:  # by SQLite: no other engine kept anything then
            names = ", ".join(column.split()[0] for column in columns.split(", "))
            database.execute(
                f"insert into {table}_of_8(number, {names}) select rowid, {names} from {table} order by rowid"
            )
        database.define(f"drop table {table}")
        database.define(f"alter table {table}_of_8 rename to {table}")
    for table in ("former", "change"):
        database.define(f"create index {table}_id on {table}(id)")


# -- 9: the bytes of mails beside their states -------------------------------------------------------------------------


def bytes_of_mails(database: Database) -> None:
    """The finished bytes of a mail have a table of their own; one whose text was forgotten has no row there.

    Who moved a mail or looked at its state in SQLite had to go through all its bytes, attached forms included.
    """
    database.define("create table outbox_bytes(key text primary key, raw blob not null) strict")
    database.execute("insert into outbox_bytes(key, raw) select key, raw from outbox where length(raw) > 0")
    database.define("alter table outbox drop column raw")


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    states_by_name,
    why_mail_waits,
    sealed_history,
    what_came_in,
    mails_seen,
    shapes_of_lists,
    messages_to_groups,
    numbered_rows,
    bytes_of_mails,
)
