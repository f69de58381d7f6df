"""SMTP against real servers on loopback, one for each way a delivery can go wrong."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from smtp_peers import AUTHORITY, CUT, SILENCE, Peer, run_peer
from smtp_setup import NOW, config, entry, send, told

from qtemplate.config import AuthMethod, MailConfig, Security
from qtemplate.errors import ConfigError
from qtemplate.mailer.deliver import deliver
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.base import Failed, Misconfigured, Retry, SendResult, Sent, Unknown
from qtemplate.mailer.transports.probe import probe_server
from qtemplate.mailer.transports.smtp import SmtpTransport, stuff_dots


@contextmanager
def silent_port() -> Iterator[int]:
    """A server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def trickling_port() -> Iterator[int]:
    """A server whose greeting comes a byte at a time, each well within the time-out, and takes ten seconds."""
    over = threading.Event()

    def greet() -> None:
        with suppress(OSError):
            line, _ = listening.accept()
            with line:
                for byte in b"220 a server that takes its time\r\n":
                    if over.wait(0.3):
                        return
                    line.send(bytes([byte]))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=greet)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
    thread.join()


def test_c6_a_greeting_that_trickles_in_is_not_waited_for_longer_than_the_time_out() -> None:
    with trickling_port() as port:
        mail = replace(config(Peer(port=port)), timeout_seconds=0.6)
        begun = time.monotonic()
        (result,) = send(mail)
        took = time.monotonic() - begun
    assert result == Retry(f"127.0.0.1:{port} did not answer in 0.6 s", whole_account=True, reached=False)
    assert took < 5


def run_tls_peer(certificate: str, security: Security) -> AbstractContextManager[Peer]:
    if security is Security.STARTTLS:
        return run_peer(Peer(), starttls=certificate)
    return run_peer(Peer(), tls=certificate)


def test_twenty_mails_go_over_one_connection_as_the_stored_bytes() -> None:
    entries = [entry(f"M03/{number}", "a@corp.cn", "b@corp.cn") for number in range(20)]
    with run_peer(Peer()) as peer:
        assert send(config(peer), *entries) == [Sent()] * 20
    assert peer.mails == [("qa@corp.cn", ("a@corp.cn", "b@corp.cn"), each.raw) for each in entries]
    assert (peer.connections, peer.quits) == (1, 1)


def test_dots_at_line_beginnings_are_doubled_and_the_end_is_marked() -> None:
    assert stuff_dots(b".a\r\nb.c\r\n..\r\n") == b"..a\r\nb.c\r\n...\r\n.\r\n"
    assert stuff_dots(b"no end") == b"no end\r\n.\r\n"


@pytest.mark.parametrize(
    ("answers", "result", "kept"),
    [
        pytest.param({"BODY": CUT}, Unknown, 1, id="250 lost after the body"),
        pytest.param({"BODY": SILENCE}, Unknown, 1, id="silence after the body"),
        pytest.param({"IN_DATA": CUT}, Unknown, 0, id="line dropped in the body"),
        pytest.param({"MAIL": CUT}, Retry, 0, id="line dropped at MAIL"),
        pytest.param({"RCPT": CUT}, Retry, 0, id="line dropped at RCPT"),
        pytest.param({"DATA": CUT}, Retry, 0, id="line dropped at DATA"),
        pytest.param({"DATA": SILENCE}, Retry, 0, id="silence at DATA"),
        pytest.param({"GREETING": CUT}, Retry, 0, id="line dropped at the greeting"),
    ],
)
def test_a_lost_line_is_unknown_only_once_the_body_has_begun(
    answers: dict[str, str], result: type[SendResult], kept: int
) -> None:
    with run_peer(Peer(answers)) as peer:
        (sent,) = send(replace(config(peer), timeout_seconds=1.5))
        assert (type(sent), len(peer.mails)) == (result, kept)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"GREETING": "421 too busy"}, Retry("127.0.0.1:{port}: 421 too busy", whole_account=True, reached=False)),
        ({"GREETING": "554 go away"}, Retry("127.0.0.1:{port}: 554 go away", whole_account=True, reached=False)),
        ({"MAIL": "421 closing"}, Retry("421 closing", whole_account=True)),
        ({"MAIL": "451 later"}, Retry("451 later", whole_account=True)),
        ({"MAIL": "450 later"}, Retry("450 later")),
        ({"MAIL": "552 too big"}, Failed("552 too big")),
        ({"RCPT": "450 greylisted"}, Retry("zhang@corp.cn: 450 greylisted")),
        ({"RCPT": "451 greylisted"}, Retry("zhang@corp.cn: 451 greylisted")),
        ({"RCPT": "421 closing"}, Retry("421 closing", whole_account=True)),
        ({"RCPT": "432 too many connections"}, Retry("432 too many connections", whole_account=True)),
        ({"RCPT": "550 5.1.1 no such user"}, Failed("zhang@corp.cn: 550 5.1.1 no such user")),
        ({"DATA": "451 later"}, Retry("451 later", whole_account=True)),
        ({"DATA": "554 no"}, Failed("554 no")),
        ({"BODY": "421 closing"}, Retry("421 closing", whole_account=True)),
        ({"BODY": "450 later"}, Retry("450 later")),
        ({"BODY": "452 disk full"}, Retry("452 disk full", whole_account=True)),
        ({"BODY": "554 looks like spam"}, Failed("554 looks like spam")),
    ],
)
def test_a_refusal_is_taken_at_its_word(answers: dict[str, str], result: Retry | Failed) -> None:
    with run_peer(Peer(answers)) as peer:
        expected = replace(result, detail=str(result.detail).format(port=peer.port))
        assert send(config(peer)) == [expected]
        assert peer.mails == []


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_a_refused_sender_or_missing_login_is_a_matter_of_set_up(stage: str) -> None:
    with run_peer(Peer({stage: "530 5.7.0 authentication required"})) as peer:
        (result,) = send(config(peer))
    assert isinstance(result, Misconfigured)
    assert "530 5.7.0 authentication required" in told(result)


def test_a_mail_refused_for_one_recipient_is_taken_for_the_others(outbox: Outbox) -> None:
    with run_peer(Peer({"b@corp.cn": "450 busy", "c@corp.cn": "550 unknown"})) as peer:
        outbox.put(entry("M03/1", "a@corp.cn", "b@corp.cn", "c@corp.cn"))
        (delivery,) = deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW)
        assert (delivery.state, delivery.detail) == (State.PARTIAL, "b@corp.cn: 450 busy; c@corp.cn: 550 unknown")
        peer.answers = {}
        deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW + timedelta(minutes=2))
    raw = outbox.show("M03/1").raw
    assert peer.mails == [("qa@corp.cn", ("a@corp.cn",), raw), ("qa@corp.cn", ("b@corp.cn",), raw)]


def test_a_refused_mail_leaves_the_connection_fit_for_the_next() -> None:
    with run_peer(Peer({"bad@corp.cn": "550 no"})) as peer:
        results = send(config(peer), entry("1", "bad@corp.cn"), entry("2"), entry("3", "bad@corp.cn"), entry("4"))
    assert [type(each) for each in results] == [Failed, Sent, Failed, Sent]
    assert peer.connections == 1


@pytest.mark.parametrize("answer", [CUT, "421 too many mails on this connection"])
def test_a_connection_found_dead_between_mails_is_opened_again(answer: str) -> None:
    with run_peer(Peer({"MAIL": answer}, only_mails=frozenset({3}))) as peer:
        assert send(config(peer), *[entry(str(number)) for number in range(4)]) == [Sent()] * 4
    assert (len(peer.mails), peer.connections) == (4, 2)


def test_a_mail_larger_than_the_server_takes_is_refused_before_it_is_sent() -> None:
    with run_peer(Peer(), size=500) as peer:
        (result,) = send(config(peer))
    assert isinstance(result, Failed) and told(result).endswith("the server takes at most 500")
    assert peer.started == 0


def test_no_server_and_a_silent_server_are_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = MailConfig(host="127.0.0.1", port=closed.getsockname()[1], security=Security.NONE, username="")
    with silent_port() as port:
        mute = replace(gone, port=port, timeout_seconds=0.2)
        results = [*send(gone), *send(mute)]
    assert [each.reached for each in results if isinstance(each, Retry)] == [False, False]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_verified_tls_is_used_both_ways(security: Security) -> None:
    with run_tls_peer("localhost.pem", security) as peer:
        mail = replace(config(peer), security=security, ca_file=AUTHORITY)
        assert send(mail) == [Sent()]
        assert send(replace(mail, host="localhost")) == [Sent()]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize(("certificate", "ca_file"), [("localhost.pem", None), ("elsewhere.pem", AUTHORITY)])
def test_a_certificate_that_is_not_trusted_or_not_this_servers_is_refused(
    certificate: str, ca_file: Path | None, security: Security
) -> None:
    with run_tls_peer(certificate, security) as peer:
        (result,) = send(replace(config(peer), security=security, ca_file=ca_file))
    assert isinstance(result, Misconfigured) and "is not trusted" in told(result) and "ca_file" in told(result)
    assert peer.started == 0


def test_a_server_that_hides_starttls_gets_nothing_in_clear() -> None:
    with run_peer(Peer()) as peer:
        (result,) = send(replace(config(peer), security=Security.STARTTLS))
    assert isinstance(result, Misconfigured) and "STARTTLS" in told(result)
    assert peer.started == 0


def test_an_open_connection_to_another_machine_is_refused_in_the_transport_too() -> None:
    (result,) = send(MailConfig(host="mail.corp.cn", security=Security.NONE, username=""))
    assert result == Misconfigured('[mail] security = "none" is only for this machine, not for mail.corp.cn')


def test_a_broken_ca_file_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ca_file .* cannot be used"):
        SmtpTransport(MailConfig(ca_file=tmp_path / "nowhere.pem"))


@pytest.mark.parametrize("username", ["qa@corp.cn", "qa"])
def test_a_password_is_accepted_refused_or_missing(monkeypatch: pytest.MonkeyPatch, username: str) -> None:
    with run_peer(Peer(password="right"), starttls="localhost.pem") as peer:
        mail = replace(config(peer), security=Security.STARTTLS, ca_file=AUTHORITY, username=username)
        (missing,) = send(mail)
        monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "wröng")
        (odd,) = send(mail)
        monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "wrong-secret")
        before = peer.logins
        (wrong,) = send(mail)
        assert peer.logins == before + 1  # the server offers several ways; more refusals would lock many an account
        monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "right")
        (right,) = send(mail)
    assert isinstance(missing, Misconfigured) and "QTEMPLATE_SMTP_PASSWORD" in told(missing)
    assert isinstance(odd, Misconfigured) and "SMTP cannot carry" in told(odd)
    assert isinstance(wrong, Misconfigured) and f"refused the login of {username}: 535" in told(wrong)
    assert "secret" not in told(wrong)
    assert isinstance(right, Sent if username == "qa@corp.cn" else Misconfigured)


def test_a_token_is_accepted_refused_or_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with run_peer(Peer(token="good-token"), starttls="localhost.pem") as peer:
        mail = replace(
            config(peer), security=Security.STARTTLS, ca_file=AUTHORITY, username="qa@corp.cn", auth=AuthMethod.XOAUTH2
        )
        (missing,) = send(mail)
        (no_library,) = send(replace(mail, oauth_tenant="corp", oauth_client_id="1"))
        (failing,) = send(replace(mail, token_command=(sys.executable, "-c", "raise SystemExit(3)")))
        (command,) = send(replace(mail, token_command=(sys.executable, "-c", "print('good-token')")))
        monkeypatch.setenv("QTEMPLATE_SMTP_TOKEN", "bad-token")
        (bad,) = send(mail)
        monkeypatch.delenv("QTEMPLATE_SMTP_TOKEN")
        (tmp_path / "token").write_text("good-token\n", encoding="utf-8")
        monkeypatch.setenv("QTEMPLATE_SMTP_TOKEN_FILE", str(tmp_path / "token"))
        (good,) = send(mail)
    assert isinstance(missing, Misconfigured) and "has no token" in told(missing)
    assert isinstance(no_library, Misconfigured) and "oauth_tenant needs" in told(no_library)
    assert isinstance(failing, Misconfigured) and "ended with code 3" in told(failing)
    assert isinstance(bad, Misconfigured) and "535" in told(bad) and "bad-token" not in told(bad)
    assert (good, command) == (Sent(), Sent())


def test_the_secret_is_in_no_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "very-secret")
    with caplog.at_level(0), run_peer(Peer(password="other"), starttls="localhost.pem") as peer:
        send(replace(config(peer), security=Security.STARTTLS, ca_file=AUTHORITY, username="qa@corp.cn"))
    assert "very-secret" not in "".join(f"{each.name} {each.getMessage()}" for each in caplog.records)


def test_the_doctor_sees_a_good_server_and_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "right")
    with run_peer(Peer(password="right"), starttls="localhost.pem") as peer:
        mail = replace(
            config(peer), security=Security.STARTTLS, ca_file=AUTHORITY, username="qa@corp.cn", sender="qa@corp.cn"
        )
        checks = probe_server(mail)
    assert [(each.check, each.ok) for each in checks] == [
        ("host", True),
        ("tls", True),
        ("login", True),
        ("size", True),
        ("sender", True),
    ]
    assert told(checks[1]).startswith("TLSv1.") and told(checks[3]) == "at most 32.0 MB a mail"
    assert (peer.started, peer.mails) == (0, [])


def test_the_doctor_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "wrong")
    with run_peer(Peer(password="right"), starttls="localhost.pem") as peer:
        mail = replace(
            config(peer), security=Security.STARTTLS, ca_file=AUTHORITY, username="qa@corp.cn", sender="qa@else.cn"
        )
        refused = probe_server(mail)
        untrusted = probe_server(replace(mail, ca_file=None))
    away = probe_server(mail)
    assert [(each.check, each.ok) for each in refused if not each.ok] == [("login", False), ("sender", False)]
    assert [each.check for each in untrusted if not each.ok] == ["tls", "sender"]
    assert [each.check for each in away if not each.ok] == ["host", "sender"]
    assert "else.cn" in told(refused[-1]) and "corp.cn" in told(refused[-1])
    assert told(refused[2], "zh").startswith(f"127.0.0.1:{peer.port} 拒绝用户 qa@corp.cn 登录：535 ")
    assert told(untrusted[1], "zh").startswith(f"127.0.0.1:{peer.port} 的证书不受信任（")
    assert told(away[0], "zh") == f"127.0.0.1:{peer.port}：Connection refused；请检查 [mail] host 和 port"


def test_what_keeps_a_batch_back_is_told_in_the_language_of_the_register(outbox: Outbox) -> None:
    for number in (1, 2):
        outbox.put(entry(f"M03/{number}", "zhang@corp.cn"))
    with run_peer(Peer({"MAIL": "530 5.7.0 authentication required"})) as peer:
        mail = config(peer)
        refused, behind = deliver(outbox, SmtpTransport(mail), mail, NOW, language="zh")
    why = "服务器拒绝这个发件人：530 5.7.0 authentication required；请检查 [mail] from 和 username"
    assert (refused.detail, behind.detail) == (why, "要先改正邮件设置")
    with run_peer(Peer({"BODY": CUT})) as peer:
        lost = deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW, language="zh")
    assert {each.detail.partition("：")[0] for each in lost} == {"连接中断，服务器没有应答，这封邮件可能已经送达"}
    assert outbox.show("M03/1").detail == lost[0].detail
