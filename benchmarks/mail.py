"""How fast mail goes out: our transport against bare smtplib, both over one connection, in turns in the same run.

    python benchmarks/mail.py [--mails 500] [--rounds 5] [--digests 1000] [--json]

The peer is aiosmtpd in a process of its own. Figures are medians over the rounds; the ratio is ours to smtplib's. The
last way writes every step into an outbox with `synchronous=FULL`, as a run does. At the end 1,000 digests of
twenty rows are rendered and built into finished bytes, beside building the bytes of 1,000 small mails alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import smtplib  # the floor we compare with; the package itself never imports it
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from qtemplate.config import MailConfig, Security, TransportKind  # noqa: E402 - a checkout need not be installed
from qtemplate.journal import open_state  # noqa: E402
from qtemplate.mailer.addresses import Address  # noqa: E402
from qtemplate.mailer.deliver import deliver  # noqa: E402
from qtemplate.mailer.message import Draft  # noqa: E402
from qtemplate.mailer.outbox.entry import OutboxEntry  # noqa: E402
from qtemplate.mailer.outbox.making import make_entry  # noqa: E402
from qtemplate.mailer.outbox.queue import Outbox  # noqa: E402
from qtemplate.mailer.transports.base import Sent  # noqa: E402
from qtemplate.mailer.transports.smtp import SmtpTransport  # noqa: E402
from qtemplate.mailer.words.specimens import make_specimen  # noqa: E402
from qtemplate.mailer.words.templates import MailTemplates  # noqa: E402
from qtemplate.plan import Recipient  # noqa: E402
from qtemplate.plan.keys import MessageKey  # noqa: E402
from qtemplate.resources import templates_root  # noqa: E402

CERTIFICATES = ROOT / "tests/peers/certificates"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
Way = Callable[[list[OutboxEntry], MailConfig], None]


def make_mails(count: int) -> list[OutboxEntry]:
    """Make mails of about 2 kB, as reminders are."""
    entries = []
    for number in range(count):
        draft = Draft(
            key=f"M08/{number}",
            sender=Address("质量部", "qa@corp.cn"),
            to=(Address("张三", "zhang@corp.cn"),),
            subject=f"[QF-2026-{number:04}] 回复提醒",
            text="请在期限前回复。" * 20,
            html=f"<p>{'请在期限前回复。' * 20}</p>",
            date=NOW,
        )
        entries.append(make_entry(draft, kind="M08", id=None, approved=True, now=NOW))
    return entries


def send_bare(entries: list[OutboxEntry], mail: MailConfig) -> None:
    """Send with smtplib alone, one connection."""
    with smtplib.SMTP(mail.host, mail.port, timeout=30) as server:
        if mail.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context(cafile=str(mail.ca_file)))
        for entry in entries:
            server.sendmail(entry.envelope_from, entry.recipients, entry.raw)


def send_ours(entries: list[OutboxEntry], mail: MailConfig) -> None:
    """Send with our transport alone."""
    transport = SmtpTransport(mail)
    for entry in entries:
        assert transport.send(entry) == Sent()
    transport.close()


def send_with_outbox(entries: list[OutboxEntry], mail: MailConfig) -> None:
    """Deliver out of an outbox on disk; putting the mails in is counted."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_state(Path(folder) / "state.db")
        outbox = Outbox(database)
        for entry in entries:
            outbox.put(entry)
        assert len(deliver(outbox, SmtpTransport(mail), mail, NOW)) == len(entries)
        database.close()


WAYS: dict[str, Way] = {"smtplib": send_bare, "qtemplate": send_ours, "qtemplate with outbox": send_with_outbox}


def measure(mails: int, rounds: int, security: Security) -> dict[str, float]:
    """Measure every way in turns; returns mails per second, the median over the rounds."""
    entries = make_mails(mails)
    peer = subprocess.Popen([sys.executable, __file__, "--peer", security], stdout=subprocess.PIPE, text=True)
    assert peer.stdout is not None
    try:
        mail = MailConfig(
            transport=TransportKind.SMTP,
            host="127.0.0.1",
            port=int(peer.stdout.readline()),
            security=security,
            ca_file=CERTIFICATES / "authority.pem",
            username="",
            allow_domains=("corp.cn",),
            max_per_run=1_000_000,
            max_per_minute=100_000,
        )
        for way in WAYS.values():
            way(entries[:20], mail)
        rates: dict[str, list[float]] = {name: [] for name in WAYS}
        for round_ in range(rounds):
            # Turn the order round as well: the first in a round finds the machine cooler.
            for name, way in list(WAYS.items())[:: 1 if round_ % 2 else -1]:
                started = time.perf_counter()
                way(entries, mail)
                rates[name].append(mails / (time.perf_counter() - started))
    finally:
        peer.terminate()
        peer.wait(10)
        peer.stdout.close()
    return {name: statistics.median(values) for name, values in rates.items()}


def make_digests(count: int) -> float:
    """Render digests of twenty rows, text and HTML, and build their bytes; returns mails per second."""
    templates = MailTemplates([templates_root()])
    made = make_specimen("M10", "zh")
    rows = [row for section in made.facts["sections"] for row in section["rows"]]
    sections = [{"key": "overdue", "rows": [rows[at % len(rows)] for at in range(20)]}]
    started = time.perf_counter()
    for number in range(count):
        person = Recipient(f"张三{number}", f"zhang{number}@corp.cn", True)
        key, facts = MessageKey.parse(f"M10/{number}"), {**made.facts, "sections": sections}
        message = replace(made, key=key, to=(person,), facts=facts)
        words = templates.render(message)
        to = (Address(person.name, person.mail),)
        draft = Draft(message.key, Address("质量部", "qa@corp.cn"), to, words.subject, words.text, NOW, words.html)
        make_entry(draft, kind="M10", id=None, approved=True, now=NOW)
    return count / (time.perf_counter() - started)


def measure_making(count: int) -> dict[str, float]:
    """Mails per second: small mails built, digests rendered and built."""
    started = time.perf_counter()
    make_mails(count)
    built = count / (time.perf_counter() - started)
    return {"small mails built": built, "digests rendered and built": make_digests(count)}


async def run_peer(security: Security) -> None:
    """Take every mail and forget it; prints the port."""
    from aiosmtpd.smtp import SMTP

    class Sink:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            return "250 kept"

    context = None
    if security is Security.STARTTLS:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATES / "localhost.pem")
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Sink(), hostname="localhost", tls_context=context), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--digests", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peer", type=Security, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        asyncio.run(run_peer(options.peer))
        return
    results = {
        str(security): measure(options.mails, options.rounds, security)
        for security in (Security.NONE, Security.STARTTLS)
    }
    making = measure_making(options.digests)
    if options.json:
        print(json.dumps({**results, "making": making}))
        return
    for security, rates in results.items():
        for name, rate in rates.items():
            print(f"{security:9} {name:22} {rate:7.0f} mails/s  {rate / rates['smtplib']:5.2f}")
    for name, rate in making.items():
        print(f"{options.digests:9} {name:26} {rate:7.0f} mails/s  {options.digests / rate:5.2f} s")


if __name__ == "__main__":
    main()
