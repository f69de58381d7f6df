"""Several plants send with one account: its pace, rest and list hold for all of them, and each gets its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from outbox_makers import MAIL, NOW, entry, outcome
from postgres_server import Postgres

from qtemplate.journal import Database, Server, open_state
from qtemplate.mailer.deliver import Reason, deliver
from qtemplate.mailer.outbox.account import AccountLimits, account_schema, make_account
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.limits import WINDOW
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport

MINUTE = timedelta(seconds=60)
_NUMBERS = count()


class Account:
    """One account, and the plants that ask it."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._open: list[Database] = []
        self.schema = account_schema(f"qa{next(_NUMBERS)}@corp.cn", "smtp.corp.cn")

    def plant(self, name: str) -> Outbox:
        server: Server = self._postgres.server()
        database = open_state(server)
        self._open.append(database)
        database.make_place(self.schema)
        make_account(database, self.schema)
        return Outbox(database, AccountLimits(database, self.schema, name))

    def started(self) -> int:
        return len(self._open[0].rows(f"select plant from {self.schema}.started"))

    def close(self) -> None:
        for database in self._open:
            database.close()


@pytest.fixture
def account(postgres: Postgres) -> Iterator[Account]:
    shared = Account(postgres)
    yield shared
    shared.close()


def test_what_one_plant_has_sent_counts_for_the_others(account: Account) -> None:
    one, other = account.plant("a").limits, account.plant("b").limits
    assert [one.wait_before_next(NOW + timedelta(seconds=n), 3) for n in range(3)] == [timedelta()] * 3
    assert other.wait_before_next(NOW + timedelta(seconds=10), 3) == timedelta(seconds=50)
    assert one.wait_before_next(NOW + timedelta(seconds=10), 3) > timedelta()
    assert other.wait_before_next(NOW + MINUTE, 3) == timedelta()
    assert other.wait_before_next(NOW + MINUTE, 3) == timedelta(seconds=1)


def test_a_long_queue_keeps_nobodys_short_one_back(account: Account) -> None:
    limits = {name: account.plant(name).limits for name in ("long", "short")}
    queues, most = {"long": 500, "short": 6}, 10
    sent: list[tuple[str, datetime]] = []
    asks = {"long": NOW, "short": NOW + timedelta(seconds=30)}
    for second in range(240):
        now = NOW + timedelta(seconds=second)
        for name in ("long", "short"):
            while queues[name] and asks[name] <= now:
                pause = limits[name].wait_before_next(now, most)
                if pause:
                    asks[name] = now + pause
                else:
                    queues[name] -= 1
                    sent.append((name, now))
    waited = [at for name, at in sent if name == "short"]
    assert len(waited) == 6
    assert waited[-1] <= NOW + timedelta(seconds=30) + 2 * MINUTE
    assert max(sum(begin <= at < begin + WINDOW for _, at in sent) for _, begin in sent) == most
    assert Counter(name for name, _ in sent)["long"] >= 25


def test_plants_that_ask_in_the_same_moment_never_take_the_same_place(account: Account) -> None:
    plants = [account.plant(name).limits for name in "abcd"]

    def ask(number: int) -> bool:
        return not plants[number].wait_before_next(NOW, 7)

    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, range(4)))
    assert 4 <= account.started() <= 7  # each its share, and never more in all


def test_who_must_get_no_mail_gets_none_from_any_plant(account: Account, tmp_path: Path) -> None:
    one, other = account.plant("a"), account.plant("b")
    one.limits.suppress("gone@corp.cn", "550 5.1.1", NOW)
    other.put(entry("M03/1", "gone@corp.cn"))
    result = deliver(other, FolderTransport(tmp_path / "outbox"), MAIL, NOW)
    assert [outcome(each) for each in result] == [("M03/1", State.HELD, Reason.SUPPRESSED)]
    assert other.limits.release("gone@corp.cn")
    assert one.limits.all_suppressed() == []


def test_the_account_rests_for_all(account: Account) -> None:
    one, other = account.plant("a").limits, account.plant("b").limits
    one.pause(NOW + timedelta(seconds=40), "421 4.7.0")
    assert (other.paused(NOW), other.paused(NOW + timedelta(seconds=41))) == ("421 4.7.0", "")


def test_every_account_has_a_schema_of_its_own() -> None:
    names = [("qa@corp.cn", "smtp.corp.cn"), ("QA@corp.cn", "SMTP.corp.cn"), ("qa@corp.cn", "smtp.other.cn"), ("", "a")]
    schemas = [account_schema(*name) for name in names]
    assert schemas[0] == schemas[1]
    assert len(set(schemas)) == 3
    assert all(len(schema) <= 40 and schema.startswith("mail_") for schema in schemas)


def test_a_workspace_that_stops_asking_frees_the_others_after_a_while(account: Account) -> None:
    one, other = account.plant("a").limits, account.plant("b").limits
    for _ in range(4):
        one.wait_before_next(NOW, 4)
    assert other.wait_before_next(NOW, 4) == MINUTE  # and it is never seen again
    later = NOW + timedelta(seconds=61)
    assert [one.wait_before_next(later, 4) for _ in range(3)] == [timedelta(), timedelta(), timedelta(seconds=5)]
    much_later = NOW + timedelta(seconds=140)
    assert [one.wait_before_next(much_later, 4) for _ in range(4)] == [timedelta()] * 4
