"""What a mail costs where the state is far away: how often somebody asks the server and waits, counted on the line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from outbox_makers import MAIL, NOW, entry, moves
from postgres_server import Postgres
from slow_link import link_to

from qtemplate.journal import open_state
from qtemplate.mailer.deliver import deliver
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport


def test_a_mail_costs_two_round_trips_to_be_claimed_and_noted_and_a_share_of_one_to_be_put(
    postgres: Postgres, tmp_path: Path
) -> None:
    many, server = 20, postgres.server()
    open_state(server).close()
    with link_to(postgres.port) as link:
        outbox = Outbox(open_state(postgres.server(server.schema, port=link.port)))
        mails, trips = [entry(f"M03/{number}") for number in range(many)], [link.trips]
        with outbox.at_once(mail.key for mail in mails):
            assert all(outbox.put(mail) for mail in mails)
        trips.append(link.trips)
        done = deliver(outbox, FolderTransport(tmp_path / "outbox"), MAIL, NOW)
        trips.append(link.trips)
        assert ({each.state for each in done}, len(done)) == ({State.SENT}, many)
        assert moves(outbox, "M03/7") == [("", "approved"), ("approved", "sending"), ("sending", "sent")]
        outbox.database.close()
    put, sent = (later - before for before, later in pairwise(trips))
    assert (put <= 3, sent <= 2 * many + 12) == (True, True), (put, sent)
