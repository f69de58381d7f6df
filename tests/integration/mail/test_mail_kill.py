"""The program is killed while it sends: no mail arrives twice, and every mail is accounted for."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deliver_queue import open_outbox, written
from smtp_peers import Peer, run_peer
from where import PEERS

import qtemplate
from qtemplate.journal import Place
from qtemplate.mailer.addresses import Address
from qtemplate.mailer.message import Draft
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.making import make_entry

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
# The child finds the package where this process found it, installed or not.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1])}


def put_mails(place: Place, count: int) -> dict[bytes, str]:
    """Fill an outbox; returns the key of each mail's bytes."""
    outbox = open_outbox(place)
    keys = {}
    for number in range(count):
        draft = Draft(
            key=f"M08/{number}",
            sender=Address("质量部", "qa@corp.cn"),
            to=(Address("", "zhang@corp.cn"),),
            subject=f"回复提醒 {number}",
            text="正文 " * 50,
            date=NOW,
        )
        entry = make_entry(draft, kind="M08", id=None, approved=True, now=NOW)
        outbox.put(entry)
        keys[entry.raw] = str(entry.key)
    outbox.database.close()
    return keys


def send_and_kill(place: Place, peer: Peer, count: int, kills: int, seed: int) -> int:
    """Start the sender again and again and kill it while it sends; returns how many kills hit it at work."""
    chance, hits = random.Random(seed), 0
    command = [sys.executable, str(PEERS / "deliver_queue.py"), written(place), str(peer.port)]
    for kill in range(kills):
        goal = min(len(peer.mails) + chance.randint(1, max(2, count // kills)), count - 2)
        process = subprocess.Popen(command, env=ENVIRONMENT)
        until = time.monotonic() + 60
        while process.poll() is None and len(peer.mails) < goal and time.monotonic() < until:
            time.sleep(0.0005)
        # The moments around "250" and the commit after it are fractions of a millisecond.
        time.sleep(chance.choice([0, 0, 0.0003, 0.001, 0.003]))
        hits += process.poll() is None
        process.kill()
        process.wait(60)
        if len(peer.mails) >= count - 2 and kill < kills - 1:
            break
    subprocess.run(command, env=ENVIRONMENT, check=True, timeout=120)
    return hits


def check_nothing_twice(place: Place, peer: Peer, keys: dict[bytes, str]) -> Counter[str]:
    copies = Counter(keys[content] for _, _, content in peer.mails)
    outbox = open_outbox(place)
    states = {str(entry.key): entry.state for entry in outbox.entries()}
    outbox.database.close()
    assert [key for key, number in copies.items() if number > 1] == []
    assert set(states) == set(keys.values())
    assert set(states.values()) <= {State.SENT, State.UNKNOWN}
    assert {key for key, state in states.items() if state is State.SENT} <= set(copies)
    assert {key for key in copies if states[key] is not State.SENT} <= {
        key for key, state in states.items() if state is State.UNKNOWN
    }
    return Counter(map(str, states.values()))


def test_killed_three_times_while_sending_sixty_mails(place: Place) -> None:
    keys = put_mails(place, 60)
    with run_peer(Peer()) as peer:
        hits = send_and_kill(place, peer, 60, 3, seed=1)
        states = check_nothing_twice(place, peer, keys)
    assert hits == 3
    assert states["sent"] >= 57


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_thirty_times_while_sending_four_hundred_mails(place: Place, seed: int) -> None:
    keys = put_mails(place, 400)
    with run_peer(Peer()) as peer:
        hits = send_and_kill(place, peer, 400, 30, seed)
        states = check_nothing_twice(place, peer, keys)
    print(f"kills {hits}, arrived {len(peer.mails)}, {dict(states)}")
    assert hits >= 25


def test_a_kill_in_the_middle_of_a_mail_makes_it_unknown(place: Place) -> None:
    keys = put_mails(place, 3)
    with run_peer(Peer({"BODY": "silence"}, only_mails=frozenset({2}))) as peer:
        command = [sys.executable, str(PEERS / "deliver_queue.py"), written(place), str(peer.port)]
        process = subprocess.Popen(command, env=ENVIRONMENT)
        until = time.monotonic() + 60
        while len(peer.mails) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
        process.wait(60)
        subprocess.run(command, env=ENVIRONMENT, check=True, timeout=60)
        states = check_nothing_twice(place, peer, keys)
    assert states == {"sent": 2, "unknown": 1}


def test_two_senders_at_once_share_the_work(place: Place) -> None:
    """The workspace lock forbids it; without it still nothing goes twice, at worst a mail is taken for crashed."""
    keys = put_mails(place, 80)
    with run_peer(Peer()) as peer:
        command = [sys.executable, str(PEERS / "deliver_queue.py"), written(place), str(peer.port)]
        senders = [subprocess.Popen(command, env=ENVIRONMENT) for _ in range(2)]
        assert [sender.wait(60) for sender in senders] == [0, 0]
        subprocess.run(command, env=ENVIRONMENT, check=True, timeout=60)
        copies = Counter(keys[content] for _, _, content in peer.mails)
    assert copies == Counter(keys.values())
    outbox = open_outbox(place)
    assert outbox.due(NOW + timedelta(days=9)) == []
    outbox.database.close()
