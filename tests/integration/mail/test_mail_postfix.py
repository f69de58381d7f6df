"""Once against Debian's Postfix, a server nobody wrote for tests: private instance, own queue, mails are discarded."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deliver_queue import open_outbox
from smtp_peers import AUTHORITY, CERTIFICATES

from qtemplate.config import MailConfig, Security, TransportKind
from qtemplate.mailer.addresses import Address
from qtemplate.mailer.deliver import deliver
from qtemplate.mailer.message import Draft
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.making import make_entry
from qtemplate.mailer.transports.probe import probe_server
from qtemplate.mailer.transports.smtp import SmtpTransport

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DEBIAN_MASTER = Path("/usr/share/postfix/master.cf.dist")

pytestmark = [
    pytest.mark.skipif(shutil.which("postfix") is None, reason="Postfix is not installed (apt install postfix)"),
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="Postfix starts as root only"),
    pytest.mark.skipif(not DEBIAN_MASTER.exists(), reason=f"no {DEBIAN_MASTER}: not Debian's Postfix"),
]


@pytest.fixture(scope="module")
def postfix() -> Iterator[tuple[Path, int]]:
    """A Postfix of our own: its folder and its port. Its sockets need a short path, so it lives in /tmp itself."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    for name in ("etc", "spool", "data", "log"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    certificate = folder / "etc/certificate.pem"
    certificate.write_bytes((CERTIFICATES / "localhost.pem").read_bytes())
    certificate.chmod(0o600)
    (folder / "etc/main.cf").write_text(
        f"""compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = pf.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
default_transport = discard
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}/log
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{gone@corp.cn = 550 5.1.1 gone}}, {{busy@corp.cn = 450 4.2.0 busy}} }}
smtpd_tls_security_level = may
smtpd_tls_chain_files = {certificate}
""",  # noqa: E501 - Postfix wants a map on one line
        encoding="utf-8",
    )
    master = re.sub(r"(?m)^smtp +inet +n +- +\S+ ", f"127.0.0.1:{port} inet n - n ", DEBIAN_MASTER.read_text("utf-8"))
    master = re.sub(r"(?m)^(\S+ +\S+ +\S+ +\S+ +)y ", r"\1n ", master)  # no chroot: there is nothing in ours
    (folder / "etc/master.cf").write_text(master, encoding="utf-8")
    started = subprocess.run(["postfix", "-c", str(folder / "etc"), "start"], capture_output=True, text=True)
    try:
        if started.returncode:
            pytest.skip(f"Postfix does not start here: {started.stderr.strip()[-300:]}")
        yield folder, port
    finally:
        subprocess.run(["postfix", "-c", str(folder / "etc"), "stop"], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(pattern: str, log: Path, count: int) -> list[str]:
    """Read the log until the pattern was found so often; Postfix writes it a little later."""
    until = time.monotonic() + 15
    found: list[str] = []
    while len(found) < count and time.monotonic() < until:
        time.sleep(0.1)
        found = re.findall(pattern, log.read_text("utf-8")) if log.exists() else []
    return found


def test_postfix_takes_every_mail_once_over_one_tls_connection(postfix: tuple[Path, int], tmp_path: Path) -> None:
    folder, port = postfix
    mail = MailConfig(
        transport=TransportKind.SMTP,
        host="localhost",
        port=port,
        security=Security.STARTTLS,
        ca_file=AUTHORITY,
        username="",
        sender="qa@corp.cn",
        allow_domains=("corp.cn",),
        max_per_minute=1000,
    )
    checks = probe_server(mail)
    assert [(each.check, each.ok) for each in checks] == [
        (name, True) for name in ("host", "tls", "login", "size", "sender")
    ]
    outbox = open_outbox(tmp_path / "state.db")
    for number in range(30):
        to = [Address("张三", "zhang@corp.cn")]
        to += [Address("", "gone@corp.cn"), Address("", "busy@corp.cn")] if number == 0 else []
        draft = Draft(
            key=f"M08/{number}",
            sender=Address("质量部", "qa@corp.cn"),
            to=tuple(to),
            subject=f"回复提醒 {number}",
            text=".点开头的一行\n.\n正文",
            html="<p>正文</p>",
            date=NOW,
        )
        outbox.put(make_entry(draft, kind="M08", id=None, approved=True, now=NOW))
    result = deliver(outbox, SmtpTransport(mail), mail, NOW)
    assert [each.state for each in result] == [State.PARTIAL] + [State.SENT] * 29
    assert result[0].detail.startswith("gone@corp.cn: 550 5.1.1") and "busy@corp.cn: 450 4.2.0" in result[0].detail
    assert outbox.show("M08/0#2").recipients == ("busy@corp.cn",)
    ids = wait_for(r"message-id=(<qt\.[^>]+>)", folder / "log/mail.log", 30)
    assert sorted(ids) == sorted(entry.message_id for entry in outbox.entries() if "#" not in entry.key)
    outbox.database.close()
