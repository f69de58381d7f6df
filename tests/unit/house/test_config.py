"""The configuration file: what it accepts, what it refuses and with which sentence."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from qtemplate.config import (
    AuthMethod,
    Config,
    Language,
    MailConfig,
    QuietHours,
    RegisterConfig,
    Security,
    TransportKind,
    default_toml,
    load_config,
    smtp_password,
)
from qtemplate.errors import ConfigError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def write(folder: Path, text: str) -> Path:
    file = folder / "qtemplate.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(folder: Path, text: str) -> str:
    file = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    return str(caught.value).removeprefix(f"{file}: ")


def test_an_empty_file_is_the_defaults_with_paths_from_its_folder(tmp_path: Path) -> None:
    file = write(tmp_path, "")
    assert load_config(file) == Config(
        path=file, workspace=tmp_path, register=replace(RegisterConfig(), path=tmp_path / "register.xlsx")
    )


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    text = """
[register]
path = "sub/register.xlsx"
language = "en"
time_zone = "Europe/Berlin"
rules = "/srv/rules.xlsx"
id_prefix = "CC"
guard_shrink = 1
write = "propose"
[mail]
transport = "smtp"
host = "mail.corp.cn"
port = 465
security = "tls"
username = ""
from = "Quality <qa@corp.cn>"
allow_domains = ["corp.cn", ".corp.cn"]
auto_approve = []
redirect_to = "test@corp.cn"
ca_file = "ca.pem"
timeout_seconds = 2.5
since = "2026-11-22T08:00:00"
max_per_run = 0
max_per_minute = 10
when_unknown = "resend"
keep_text_days = 30
quiet_hours = "22:00-07:30"
[backups]
keep = 2
days = 0
[watch]
quiet_seconds = 0.5
rescan_seconds = 60
poll = "always"
"""
    config = load_config(write(tmp_path, text))
    assert config.register.path == tmp_path / "sub/register.xlsx"
    assert config.register.rules == Path("/srv/rules.xlsx")
    assert config.register.language is Language.EN
    assert config.mail == MailConfig(
        transport=TransportKind.SMTP,
        host="mail.corp.cn",
        port=465,
        security=Security.TLS,
        username="",
        sender="Quality <qa@corp.cn>",
        allow_domains=("corp.cn", ".corp.cn"),
        auto_approve=(),
        redirect_to="test@corp.cn",
        ca_file=tmp_path / "ca.pem",
        timeout_seconds=2.5,
        since=datetime(2026, 11, 22, 8, tzinfo=ZoneInfo("Europe/Berlin")),
        max_per_run=0,
        max_per_minute=10,
        when_unknown=config.mail.when_unknown,
        keep_text_days=30,
        quiet_hours=QuietHours(time(22), time(7, 30)),
    )
    assert (config.mail.when_unknown, config.watch.poll, config.backups.keep) == ("resend", "always", 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[mail]\nhots = 'x'", "[mail] hots is not a key; did you mean host?"),
        ("[mial]\nhost = 'x'", "[mial] is not a section; did you mean [mail]?"),
        ("[mail]\ntime_zone = 'x'", "time_zone does not belong in [mail]; it goes under [register]."),
        ("host = 'x'", "host does not belong here; it goes under [mail]."),
        ("mail = 1", "mail must be a section: write [mail] on a line of its own."),
        ("[mail]\nport = '587'", "[mail] port is '587', expected a whole number from 1 to 65535."),
        ("[mail]\nport = true", "[mail] port is True, expected a whole number from 1 to 65535."),
        ("[mail]\nport = 70000", "[mail] port is 70000, expected a whole number from 1 to 65535."),
        ("[mail]\nhost = 1", "[mail] host is 1, expected text in quotes, on one line."),
        (
            '[mail]\nfrom = "a@b.cn\\r\\nBcc: x@y"',
            "[mail] from is 'a@b.cn\\r\\nBcc: x@y', expected text in quotes, on one line.",
        ),
        (
            "[mail]\nfrom = 'nobody'",
            "[mail] from is 'nobody', expected one address such as \"Quality <qa@example.com>\".",
        ),
        ("[mail]\nsecurity = 'ssl'", '[mail] security is \'ssl\', expected one of "starttls", "tls", "none".'),
        ("[register]\nlanguage = 'de'", '[register] language is \'de\', expected one of "zh", "en".'),
        (
            "[register]\ntime_zone = 'Asia/Peking'",
            "[register] time_zone is 'Asia/Peking', expected a time zone of the IANA list such as \"Asia/Shanghai\".",
        ),
        (
            "[mail]\nallow_domains = ['*.corp.cn']",
            '[mail] allow_domains is \'*.corp.cn\', expected "corp.cn", ".corp.cn" with its sub-domains, or "*".',
        ),
        (
            "[mail]\nallow_domains = ['a@corp.cn']",
            '[mail] allow_domains is \'a@corp.cn\', expected "corp.cn", ".corp.cn" with its sub-domains, or "*".',
        ),
        ("[mail]\nauto_approve = ['all']", "[mail] auto_approve is 'all', expected kinds such as \"M01\"."),
        ("[mail]\nauto_approve = ['M99']", "[mail] auto_approve is 'M99', expected kinds such as \"M01\"."),
        (
            "[mail]\nauto_approve = ['M01', 'M14']",
            "[mail] auto_approve is 'M14', expected no reply; M11, M14, M15, M16 are approved in the register.",
        ),
        (
            "[mail]\nsince = 'soon'",
            '[mail] since is \'soon\', expected a moment such as "2026-11-22T08:00:00", or "" for none.',
        ),
        (
            "[mail]\nquiet_hours = '22-7h'",
            '[mail] quiet_hours is \'22-7h\', expected a span such as "22:00-07:00", or "" for none.',
        ),
        ("[mail]\ntransport = 'smtp'", "[mail] host is 'smtp.example.com'; name your mail server."),
    ],
)
def test_a_wrong_value_is_refused_with_file_key_and_what_was_expected(tmp_path: Path, text: str, sentence: str) -> None:
    assert refusal(tmp_path, text) == sentence


def test_an_unknown_key_like_no_other_lists_the_known_ones(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[backups]\nzzzz = 1") == "[backups] zzzz is not a key; known are keep, days."


def test_an_open_connection_is_refused_except_to_this_machine(tmp_path: Path) -> None:
    text = "[mail]\ntransport = 'smtp'\nsecurity = 'none'\nhost = "
    assert "readable by anybody" in refusal(tmp_path, f"{text}'mail.corp.cn'")
    assert "readable by anybody" in refusal(tmp_path, f"{text}'127.0.0.1.evil.com'")
    for host in ("localhost", "127.0.0.1", "::1"):
        assert load_config(write(tmp_path, f"{text}'{host}'")).mail.host == host
    assert load_config(write(tmp_path, f"{text}'mail.corp.cn'\nallow_plaintext = true")).mail.host == "mail.corp.cn"


def test_xoauth2_needs_to_know_the_mailbox(tmp_path: Path) -> None:
    text = "[mail]\ntransport = 'smtp'\nhost = 'mail.corp.cn'\nusername = ''\nauth = 'xoauth2'"
    assert refusal(tmp_path, text) == '[mail] auth = "xoauth2" needs username, the mailbox the token is for.'
    assert load_config(write(tmp_path, text.replace("= ''", "= 'qa@corp.cn'"))).mail.auth is AuthMethod.XOAUTH2


def test_files_as_notepad_writes_them_are_read_or_explained(tmp_path: Path) -> None:
    file = tmp_path / "qtemplate.toml"
    file.write_bytes(b"\xef\xbb\xbf" + '[mail]\r\nfrom = "质量部 <qa@corp.cn>"\r\n'.encode())
    assert load_config(file).mail.sender == "质量部 <qa@corp.cn>"
    file.write_bytes('[mail]\nfrom = "质量部 <qa@corp.cn>"\n'.encode("gbk"))
    with pytest.raises(ConfigError, match="is not UTF-8; save it again"):
        load_config(file)
    assert "single quotes" in refusal(tmp_path, '[register]\npath = "D:\\quality\\register.xlsx"')
    assert load_config(write(tmp_path, "[register]\npath = 'D:\\quality\\register.xlsx'")).register.path.name.endswith(
        "xlsx"
    )


def test_a_missing_file_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; run this in the folder"):
        load_config(tmp_path / "qtemplate.toml")


@pytest.mark.parametrize("written", ['"2026-11-22"', "2026-11-22", '"2026-11-22T00:00"', "2026-11-22T00:00:00+08:00"])
def test_a_moment_may_be_text_or_a_toml_date(tmp_path: Path, written: str) -> None:
    since = load_config(write(tmp_path, f"[mail]\nsince = {written}")).mail.since
    assert since == datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_that_init_writes_reads_back_as_the_defaults(tmp_path: Path, language: str) -> None:
    since = datetime(2026, 11, 22, 8, tzinfo=SHANGHAI)
    text = default_toml(
        language, "Asia/Shanghai", since, register="D:\\qa\\表.xlsx", allow_domains=["corp.cn"], max_per_run=7
    )
    config = load_config(write(tmp_path, text))
    assert config.register == RegisterConfig(
        path=tmp_path / "D:\\qa\\表.xlsx", language=Language.ZH if language == "zh" else Language.EN
    )
    sender = "质量部 <qa@example.com>" if language == "zh" else "Quality <qa@example.com>"
    assert config.mail == MailConfig(since=since, allow_domains=("corp.cn",), max_per_run=7, sender=sender)
    assert (config.backups, config.watch) == (Config(tmp_path, tmp_path).backups, Config(tmp_path, tmp_path).watch)


def test_quiet_hours_may_cross_midnight() -> None:
    night = QuietHours(time(22), time(7))
    assert [night.covers(time(hour)) for hour in (21, 22, 3, 7)] == [False, True, True, False]
    assert [QuietHours(time(12), time(13)).covers(time(hour)) for hour in (11, 12, 13)] == [False, True, False]


def test_the_password_comes_from_the_environment_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("QTEMPLATE_")]:
        monkeypatch.delenv(name)
    assert smtp_password(MailConfig(username="")) is None
    (tmp_path / "password").write_text("from file\n", encoding="utf-8")
    monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    assert smtp_password(MailConfig()) == "from file"
    monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD", "from environment")
    assert smtp_password(MailConfig()) == "from environment"
    monkeypatch.delenv("QTEMPLATE_SMTP_PASSWORD")
    monkeypatch.setenv("QTEMPLATE_SMTP_PASSWORD_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match=r"QTEMPLATE_SMTP_PASSWORD_FILE names .*nowhere, which cannot be read"):
        smtp_password(MailConfig())
