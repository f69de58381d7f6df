"""The sections of `qtemplate.toml` as frozen dataclasses: every key stands here once, with its default and reader."""

# ruff: noqa: RUF009 - `declare` is this room's `dataclasses.field`; ruff cannot know that

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from qtemplate.choices import Language, Level
from qtemplate.config.state_url import StateUrl, read_state_url
from qtemplate.config.values import (
    QuietHours,
    declare,
    integer_between,
    number_between,
    one_of,
    read_address,
    read_approved_kinds,
    read_flag,
    read_moment,
    read_optional_path,
    read_path,
    read_quiet_hours,
    read_text,
    read_zone,
    text_matching,
    texts_matching,
)
from qtemplate.plan import Phrase
from qtemplate.plan.mail_kinds import MailKind

DOMAIN_PATTERN = r"\*|\.?(?:[^\s@*./\\:]+\.)*[^\s@*./\\:]+"


class WriteMode(StrEnum):
    """What a run may write into the register; `auto` asks the workbook whether it can be patched safely."""

    AUTO = "auto"
    ALWAYS = "always"
    PROPOSE = "propose"


class TransportKind(StrEnum):
    """Where finished mail goes."""

    FOLDER = "folder"
    SMTP = "smtp"


class Security(StrEnum):
    """How the SMTP connection is protected: STARTTLS (RFC 3207), implicit TLS (RFC 8314), or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class AuthMethod(StrEnum):
    """How the program proves who it is to the mail server."""

    PASSWORD = "password"
    XOAUTH2 = "xoauth2"


class WhenUnknown(StrEnum):
    """What happens to a mail whose delivery is unknown (RFC 1047): wait for a person, or send the same bytes again."""

    HOLD = "hold"
    RESEND = "resend"


class PollMode(StrEnum):
    """Whether the register's folder is polled; `auto` polls network shares, whose changes send no events."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RegisterConfig:
    """`[register]`: the workbook and how it is read. Paths are absolute after loading."""

    path: Path = declare(Path("register.xlsx"), read_path)
    language: Language = declare(Language.ZH, one_of(Language))
    time_zone: ZoneInfo = declare(ZoneInfo("Asia/Shanghai"), read_zone)
    rules: Path | None = declare(None, read_optional_path)
    source: Path | None = declare(None, read_optional_path)
    id_prefix: str = declare("QF", text_matching(r"[A-Za-z][A-Za-z0-9]{0,9}", Phrase("expected.id_prefix")))
    guard_shrink: float = declare(0.5, number_between(0, 1))
    write: WriteMode = declare(WriteMode.AUTO, one_of(WriteMode))
    link: str = declare("", read_text)


@dataclass(frozen=True, slots=True)
class MailConfig:
    """`[mail]`: transport, who may get mail, and the limits. `sender` is the key `from`."""

    transport: TransportKind = declare(TransportKind.FOLDER, one_of(TransportKind))
    host: str = declare("smtp.example.com", read_text)
    port: int = declare(587, integer_between(1, 65535))
    security: Security = declare(Security.STARTTLS, one_of(Security))
    allow_plaintext: bool = declare(False, read_flag)
    auth: AuthMethod = declare(AuthMethod.PASSWORD, one_of(AuthMethod))
    username: str = declare("qa@example.com", read_text)
    token_command: tuple[str, ...] = declare((), texts_matching(r".+", Phrase("expected.command")))
    oauth_tenant: str = declare("", read_text)
    oauth_client_id: str = declare("", read_text)
    sender: str = declare("质量部 <qa@example.com>", read_address, name="from")
    allow_domains: tuple[str, ...] = declare((), texts_matching(DOMAIN_PATTERN, Phrase("expected.domains")))
    auto_approve: tuple[MailKind, ...] = declare(
        (
            MailKind.ACKNOWLEDGEMENT,
            MailKind.MISSING,
            MailKind.CONFIRMATION,
            MailKind.REMINDER,
            MailKind.REOPENED,
            MailKind.CLOSED,
            MailKind.FORM_TAKEN,
        ),
        read_approved_kinds,
    )
    lead_approves: tuple[str, ...] = declare(
        (Level.URGENT, Level.MAJOR), texts_matching("|".join(Level), Phrase("expected.levels"))
    )
    author_approves: bool = declare(False, read_flag)
    redirect_to: str = declare("", read_address)
    ca_file: Path | None = declare(None, read_optional_path)
    timeout_seconds: float = declare(30.0, number_between(0.1, 600))
    since: datetime | None = declare(None, read_moment)
    max_per_run: int = declare(50, integer_between(0, 100_000))
    max_per_minute: int = declare(28, integer_between(1, 100_000))
    when_unknown: WhenUnknown = declare(WhenUnknown.HOLD, one_of(WhenUnknown))
    keep_text_days: int = declare(365, integer_between(1, 36_500))
    quiet_hours: QuietHours | None = declare(None, read_quiet_hours)


@dataclass(frozen=True, slots=True)
class BackupsConfig:
    """`[backups]`: at least `keep` copies of the register stay, and all that are younger than `days` days."""

    keep: int = declare(30, integer_between(1, 10_000))
    days: int = declare(90, integer_between(0, 36_500))


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """`[watch]`: seconds without a change before a run, seconds between re-scans, and whether to poll."""

    quiet_seconds: float = declare(2.0, number_between(0, 3_600))
    rescan_seconds: float = declare(300.0, number_between(1, 86_400))
    poll: PollMode = declare(PollMode.AUTO, one_of(PollMode))


@dataclass(frozen=True, slots=True)
class StatusConfig:
    """`[status]`: hours after which a run is missed, and an address that is told what became of each nightly run."""

    max_age_hours: float = declare(26.0, number_between(0.1, 8_760))
    ping_url: str = declare("", text_matching(r"(https?://[^\s/]+\S*)?", Phrase("expected.url")))


@dataclass(frozen=True, slots=True)
class StateConfig:
    """`[state]`: the schema of a server that keeps the state; None = a file of the workspace does."""

    url: StateUrl | None = declare(None, read_state_url)


class Unknown(StrEnum):
    """What becomes of a mail that is no answer and not surely a report: it stays for people, or becomes a row."""

    PILE = "pile"
    ROW = "row"


class ClosedAnswer(StrEnum):
    """What an answer to a closed feedback does: a person is asked, or it is reopened."""

    ASK = "ask"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """`[mailbox]`: where mail comes in (no host, no mailbox), and what is done with mails, from folders too."""

    host: str = declare("", read_text)
    port: int = declare(993, integer_between(1, 65535))
    security: Security = declare(Security.TLS, one_of(Security))
    auth: AuthMethod = declare(AuthMethod.PASSWORD, one_of(AuthMethod))
    username: str = declare("", read_text)
    folder: str = declare("INBOX", read_text)
    done: str = declare("qtemplate/done", read_text)
    unknown: Unknown = declare(Unknown.PILE, one_of(Unknown))
    closed_answer: ClosedAnswer = declare(ClosedAnswer.ASK, one_of(ClosedAnswer))
    max_mb: int = declare(25, integer_between(1, 1_000))
    per_sender_per_day: int = declare(20, integer_between(1, 100_000))
    keep_raw_days: int = declare(365, integer_between(1, 36_500))


class BoardAccess(StrEnum):
    """Who sees the board: nobody, everybody who reaches the pages, or who has its address with the secret in it."""

    OFF = "off"
    OPEN = "open"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class WebConfig:
    """`[web]`: pages for people who have no workbook; without a `base_url` none is served."""

    base_url: str = declare("", text_matching(r"(https?://[^\s/?#]+(/[^\s?#]*)?)?", Phrase("expected.url")))
    listen: str = declare("127.0.0.1:8720", text_matching(r"[^\s/]+:\d{1,5}", Phrase("expected.listen")))
    link_days: int = declare(30, integer_between(1, 365))
    per_address_per_day: int = declare(20, integer_between(1, 100_000))
    board: BoardAccess = declare(BoardAccess.OPEN, one_of(BoardAccess))


WEB_SECRET = Path("web") / "secret"
"""By what a workspace signs links to pages, where nothing else says it."""

EXPORT = Path("web") / "export"
WEB_INBOX = Path("intake") / "in" / "web"
"""The two folders that the server of the pages knows: the first it reads, into the second it writes."""


class BotKind(StrEnum):
    """Whose group bot it is: 企业微信, 钉钉, 飞书."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class BotNews(StrEnum):
    """What a group is told: once a day what is late or soon due, and urgent feedback at once."""

    DIGEST = "digest"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class BotConfig:
    """One `[[bots]]`: a group that is told; no departments = of all of them. Its address is no configuration."""

    kind: BotKind = declare(BotKind.WECOM, one_of(BotKind))
    name: str = declare("", text_matching(r"[A-Za-z0-9_-]{1,40}", Phrase("expected.bot_name")))
    departments: tuple[str, ...] = declare((), texts_matching(r".+", Phrase("expected.department")))
    what: tuple[str, ...] = declare(
        (BotNews.DIGEST, BotNews.URGENT), texts_matching("|".join(BotNews), Phrase("expected.bot_news"))
    )


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration.

    Args:
        path: The file it was read from, absolute.
        workspace: The folder that holds it; relative paths in the file start here.
        data: The bytes that were read.
    """

    path: Path
    workspace: Path
    register: RegisterConfig = RegisterConfig()
    mail: MailConfig = MailConfig()
    backups: BackupsConfig = BackupsConfig()
    watch: WatchConfig = WatchConfig()
    status: StatusConfig = StatusConfig()
    mailbox: MailboxConfig = MailboxConfig()
    web: WebConfig = WebConfig()
    state: StateConfig = StateConfig()
    bots: tuple[BotConfig, ...] = ()
    data: bytes = field(default=b"", compare=False, repr=False)


Section = (
    RegisterConfig | MailConfig | BackupsConfig | WatchConfig | StatusConfig | MailboxConfig | WebConfig | StateConfig
)

SECTIONS: dict[str, type[Section]] = {
    "register": RegisterConfig,
    "mail": MailConfig,
    "backups": BackupsConfig,
    "watch": WatchConfig,
    "status": StatusConfig,
    "mailbox": MailboxConfig,
    "web": WebConfig,
    "state": StateConfig,
}
