"""A real IMAP server for tests: Debian's dovecot as an ordinary user on loopback, all of it below one folder."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

DOVECOT = "/usr/sbin/dovecot"
REQUIRED = "IMAP_SERVER_REQUIRED"
"""Environment variable that makes a missing server a failure: the gate sets it."""

CERTIFICATE = Path(__file__).parent / "certificates" / "localhost.pem"
PASSWORD = "pw"

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
ssl = yes
ssl_cert = <{base}/localhost.pem
ssl_key = <{base}/localhost.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{base}/mail/%u
mail_fsync = never
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""


INTROSPECTION = """
introspection_url = {tokens}
introspection_mode = auth
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
tokeninfo_url =
timeout_msecs = 2000
"""
"""How the server asks about a token: the token itself is the `Authorization` of the question."""


@dataclass
class Dovecot:
    """One running server: `port` speaks plainly and STARTTLS, `tls_port` TLS; every `user` has a mailbox."""

    base: Path
    port: int
    tls_port: int
    user: str = "qa@example.com"

    def client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False)
        client.login(self.user, PASSWORD)
        return client

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        client = self.client()
        for mail in mails:
            client.append(folder, mail)
        client.logout()

    def folder(self, name: str = "INBOX") -> list[tuple[bytes, ...]]:
        """The flags of every mail of a folder."""
        client = self.client()
        found = {}
        if client.folder_exists(name):
            client.select_folder(name, readonly=True)
            found = client.fetch(client.search("ALL"), ["FLAGS"])
        client.logout()
        return [tuple(flag for flag in data[b"FLAGS"] if flag != b"\\Recent") for data in found.values()]


def why_not() -> str:
    """Why there is no server here, in a sentence; "" where there is one. The gate asks for one."""
    if Path(DOVECOT).exists():
        return ""
    if os.environ.get(REQUIRED):
        raise AssertionError("dovecot is not installed, and the gate asks for it: apt-get install dovecot-imapd")
    return "dovecot is not installed (apt-get install dovecot-imapd)"


def start(tokens: str = "http://127.0.0.1:9/") -> tuple[Dovecot, subprocess.Popen[bytes]]:
    """Starts a server; as root it runs as nobody, since dovecot keeps no mail of root's. `tokens`: who knows them."""
    root = os.getuid() == 0
    owner = pwd.getpwnam("nobody") if root else pwd.getpwnam(getpass.getuser())
    base = Path(tempfile.mkdtemp(prefix="imap"))  # sockets have short paths
    for name in ("run", "state", "mail"):
        (base / name).mkdir()
    shutil.copyfile(CERTIFICATE, base / "localhost.pem")
    port, tls_port = _free_port(), _free_port()
    (base / "dovecot.conf").write_text(
        CONFIGURATION.format(
            base=base, user=owner.pw_name, group=grp.getgrgid(owner.pw_gid).gr_name, uid=owner.pw_uid,
            gid=owner.pw_gid, port=port, tls_port=tls_port, password=PASSWORD,
        ),
        "utf-8",
    )  # fmt: skip
    (base / "oauth2.conf").write_text(INTROSPECTION.format(tokens=tokens), "utf-8")
    if root:
        for path in (base, *base.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if root else {}
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(base / "dovecot.conf")], **who)  # type: ignore[call-overload] # mypy cannot follow the mapping
    peer = Dovecot(base, port, tls_port)
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), 0.2):
                return peer, process
        except OSError:
            time.sleep(0.05)
    process.kill()
    log = base / "dovecot.log"
    raise AssertionError(log.read_text("utf-8", "replace") if log.exists() else "dovecot wrote no log")


def stop(peer: Dovecot, process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    shutil.rmtree(peer.base, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
