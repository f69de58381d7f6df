"""The sections of `qtemplate.toml` as records: every key stands here once, with its type, its reader and its default.

The readers stand in the annotations, where `keys_of` finds them: so this module does without annotations as text.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Struct

from qtemplate.choices import Language, Level
from qtemplate.config.state_url import StateUrl, read_state_url
from qtemplate.config.values import (
    QuietHours,
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


class RegisterConfig(Struct, frozen=True):
    """`[register]`: the workbook and how it is read. Paths are absolute after loading."""

    path: Annotated[Path, read_path] = Path("register.xlsx")
    language: Annotated[Language, one_of(Language)] = Language.ZH
    time_zone: Annotated[ZoneInfo, read_zone] = ZoneInfo("Asia/Shanghai")
    rules: Annotated[Path | None, read_optional_path] = None
    source: Annotated[Path | None, read_optional_path] = None
    id_prefix: Annotated[str, text_matching(r"[A-Za-z][A-Za-z0-9]{0,9}", Phrase("expected.id_prefix"))] = "QF"
    guard_shrink: Annotated[float, number_between(0, 1)] = 0.5
    write: Annotated[WriteMode, one_of(WriteMode)] = WriteMode.AUTO
    link: Annotated[str, read_text] = ""


class MailConfig(Struct, frozen=True, rename={"sender": "from"}):
    """`[mail]`: transport, who may get mail, and the limits. `from` is no name in Python."""

    transport: Annotated[TransportKind, one_of(TransportKind)] = TransportKind.FOLDER
    host: Annotated[str, read_text] = "smtp.example.com"
    port: Annotated[int, integer_between(1, 65535)] = 587
    security: Annotated[Security, one_of(Security)] = Security.STARTTLS
    allow_plaintext: Annotated[bool, read_flag] = False
    auth: Annotated[AuthMethod, one_of(AuthMethod)] = AuthMethod.PASSWORD
    username: Annotated[str, read_text] = "qa@example.com"
    token_command: Annotated[tuple[str, ...], texts_matching(r".+", Phrase("expected.command"))] = ()
    oauth_tenant: Annotated[str, read_text] = ""
    oauth_client_id: Annotated[str, read_text] = ""
    sender: Annotated[str, read_address] = "质量部 <qa@example.com>"
    allow_domains: Annotated[tuple[str, ...], texts_matching(DOMAIN_PATTERN, Phrase("expected.domains"))] = ()
    auto_approve: Annotated[tuple[MailKind, ...], read_approved_kinds] = (
        MailKind.ACKNOWLEDGEMENT,
        MailKind.MISSING,
        MailKind.CONFIRMATION,
        MailKind.REMINDER,
        MailKind.REOPENED,
        MailKind.CLOSED,
        MailKind.FORM_TAKEN,
    )
    lead_approves: Annotated[tuple[str, ...], texts_matching("|".join(Level), Phrase("expected.levels"))] = (
        Level.URGENT,
        Level.MAJOR,
    )
    author_approves: Annotated[bool, read_flag] = False
    redirect_to: Annotated[str, read_address] = ""
    ca_file: Annotated[Path | None, read_optional_path] = None
    timeout_seconds: Annotated[float, number_between(0.1, 600)] = 30.0
    since: Annotated[datetime | None, read_moment] = None
    max_per_run: Annotated[int, integer_between(0, 100_000)] = 50
    max_per_minute: Annotated[int, integer_between(1, 100_000)] = 28
    when_unknown: Annotated[WhenUnknown, one_of(WhenUnknown)] = WhenUnknown.HOLD
    keep_text_days: Annotated[int, integer_between(1, 36_500)] = 365
    quiet_hours: Annotated[QuietHours | None, read_quiet_hours] = None


class BackupsConfig(Struct, frozen=True):
    """`[backups]`: at least `keep` copies of the register stay, and all that are younger than `days` days."""

    keep: Annotated[int, integer_between(1, 10_000)] = 30
    days: Annotated[int, integer_between(0, 36_500)] = 90


class WatchConfig(Struct, frozen=True):
    """`[watch]`: seconds without a change before a run, seconds between re-scans, and whether to poll."""

    quiet_seconds: Annotated[float, number_between(0, 3_600)] = 2.0
    rescan_seconds: Annotated[float, number_between(1, 86_400)] = 300.0
    poll: Annotated[PollMode, one_of(PollMode)] = PollMode.AUTO


class StatusConfig(Struct, frozen=True):
    """`[status]`: hours after which a run is missed, and an address that is told what became of each nightly run."""

    max_age_hours: Annotated[float, number_between(0.1, 8_760)] = 26.0
    ping_url: Annotated[str, text_matching(r"(https?://[^\s/]+\S*)?", Phrase("expected.url"))] = ""


class StateConfig(Struct, frozen=True):
    """`[state]`: the schema of a server that keeps the state; None = a file of the workspace does."""

    url: Annotated[StateUrl | None, read_state_url] = None


class Unknown(StrEnum):
    """What becomes of a mail that is no answer and not surely a report: it stays for people, or becomes a row."""

    PILE = "pile"
    ROW = "row"


class ClosedAnswer(StrEnum):
    """What an answer to a closed feedback does: a person is asked, or it is reopened."""

    ASK = "ask"
    REOPEN = "reopen"


class MailboxConfig(Struct, frozen=True):
    """`[mailbox]`: where mail comes in (no host, no mailbox), and what is done with mails, from folders too."""

    host: Annotated[str, read_text] = ""
    port: Annotated[int, integer_between(1, 65535)] = 993
    security: Annotated[Security, one_of(Security)] = Security.TLS
    auth: Annotated[AuthMethod, one_of(AuthMethod)] = AuthMethod.PASSWORD
    username: Annotated[str, read_text] = ""
    folder: Annotated[str, read_text] = "INBOX"
    done: Annotated[str, read_text] = "qtemplate/done"
    unknown: Annotated[Unknown, one_of(Unknown)] = Unknown.PILE
    closed_answer: Annotated[ClosedAnswer, one_of(ClosedAnswer)] = ClosedAnswer.ASK
    max_mb: Annotated[int, integer_between(1, 1_000)] = 25
    per_sender_per_day: Annotated[int, integer_between(1, 100_000)] = 20
    keep_raw_days: Annotated[int, integer_between(1, 36_500)] = 365


class BoardAccess(StrEnum):
    """Who sees the board: nobody, everybody who reaches the pages, or who has its address with the secret in it."""

    OFF = "off"
    OPEN = "open"
    SECRET = "secret"


class WebConfig(Struct, frozen=True):
    """`[web]`: pages for people who have no workbook; without a `base_url` none is served."""

    base_url: Annotated[str, text_matching(r"(https?://[^\s/?#]+(/[^\s?#]*)?)?", Phrase("expected.url"))] = ""
    listen: Annotated[str, text_matching(r"[^\s/]+:\d{1,5}", Phrase("expected.listen"))] = "127.0.0.1:8720"
    link_days: Annotated[int, integer_between(1, 365)] = 30
    per_address_per_day: Annotated[int, integer_between(1, 100_000)] = 20
    board: Annotated[BoardAccess, one_of(BoardAccess)] = BoardAccess.OPEN


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


class BotConfig(Struct, frozen=True):
    """One `[[bots]]`: a group that is told; no departments = of all of them. Its address is no configuration."""

    kind: Annotated[BotKind, one_of(BotKind)] = BotKind.WECOM
    name: Annotated[str, text_matching(r"[A-Za-z0-9_-]{1,40}", Phrase("expected.bot_name"))] = ""
    departments: Annotated[tuple[str, ...], texts_matching(r".+", Phrase("expected.department"))] = ()
    what: Annotated[tuple[str, ...], texts_matching("|".join(BotNews), Phrase("expected.bot_news"))] = (
        BotNews.DIGEST,
        BotNews.URGENT,
    )


class Config(Struct, frozen=True):
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
    data: bytes = b""


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
