"""Reading `qtemplate.toml`: TOML to the frozen sections, with an answer for every name nobody declared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qtemplate.config.sections import (
    SECTIONS,
    AuthMethod,
    BotConfig,
    Config,
    MailboxConfig,
    MailConfig,
    Security,
    TransportKind,
)
from qtemplate.config.values import Place, keys_of
from qtemplate.errors import ConfigError
from qtemplate.plan import Phrase
from qtemplate.texts import make_error

_KEYS = {name: [key.name for key in keys_of(kind)] for name, kind in SECTIONS.items()}
_BOT_KEYS = {key.name: key.read for key in keys_of(BotConfig)}


def load_config(path: Path | str) -> Config:
    """Read a `qtemplate.toml`.

    Args:
        path: The file; relative paths inside it start at its folder.

    Returns:
        The configuration, every path absolute and every moment aware.

    Raises:
        ConfigError: The file is missing or not TOML, a section or key is unknown, or a value does not fit.
    """
    file = Path(path).absolute()
    data = _read(file)
    table = _parse_toml(file, data)
    bots = _read_bots(file, table.pop("bots", []))
    for section, value in table.items():
        if section not in SECTIONS:
            raise _unknown(file, section, value, "")
        if not isinstance(value, Mapping):
            raise make_error(ConfigError, "config.not_a_section", file=file, section=section)
    zone = ZoneInfo("Asia/Shanghai")
    read: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        read[section] = kind(**_read_section(file, section, kind, table.get(section, {}), zone))
        if section == "register":
            zone = read[section].time_zone
    _check_smtp(file, read["mail"])
    _check_mailbox(file, read["mailbox"], read["mail"])
    return Config(path=file, workspace=file.parent, bots=bots, data=data, **read)


def _read_bots(file: Path, tables: object) -> tuple[BotConfig, ...]:
    """The groups that are told, each by a name of its own."""
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise make_error(ConfigError, "config.bots", file=file)
    bots = []
    for table in tables:
        values: dict[str, Any] = {}
        for name, value in table.items():
            if name not in _BOT_KEYS:
                hint = _meant([], _BOT_KEYS)
                raise make_error(ConfigError, "config.unknown_key", file=file, section="bots", name=name, hint=hint)
            values[name] = _BOT_KEYS[name](value, Place(file, "bots", name, ZoneInfo("UTC")))
        bots.append(BotConfig(**values))
    names = [bot.name for bot in bots]
    if "" in names or len(set(names)) < len(names):
        raise make_error(ConfigError, "config.bot_names", file=file)
    return tuple(bots)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise make_error(ConfigError, "config.no_file", file=file) from None
    except OSError as error:
        raise make_error(ConfigError, "config.unreadable", file=file, problem=error.strerror) from None


def _parse_toml(file: Path, data: bytes) -> dict[str, Any]:
    try:
        # Notepad writes a byte order mark, which TOML does not allow.
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise make_error(ConfigError, "config.not_utf8", file=file) from None
    except tomllib.TOMLDecodeError as error:
        raise not_toml(file, data, error) from None


def not_toml(file: Path, data: bytes, error: tomllib.TOMLDecodeError) -> ConfigError:
    """What is wrong with a file that is not TOML: line and key, not the value, which a log need not hold."""
    problem, _, place = str(error).partition(" (at ")
    lines = data.decode("utf-8-sig").splitlines() or [""]
    found = re.match(r"line (\d+)", place)
    line = int(found[1]) if found else len(lines)
    key = lines[min(line, len(lines)) - 1].partition("=")[0].strip()[:40]
    hint = Phrase("config.windows_path") if "\\" in problem else ""
    return make_error(ConfigError, "config.not_toml", file=file, line=line, key=key, problem=problem, hint=hint)


def _read_section(file: Path, section: str, kind: Any, table: Mapping[str, object], zone: ZoneInfo) -> dict[str, Any]:
    """Read one section; a key that is absent has its default, and paths start at the file's folder."""
    for name, value in table.items():
        if name not in _KEYS[section]:
            raise _unknown(file, name, value, section)
    values: dict[str, Any] = {}
    for key in keys_of(kind):
        value = key.default
        if key.name in table:
            value = key.read(table[key.name], Place(file, section, key.name, zone))
        values[key.attribute] = file.parent / value if isinstance(value, Path) else value
    return values


def _unknown(file: Path, name: str, value: object, section: str) -> ConfigError:
    """Say what an unknown name may have been meant to be, looking first where it stands, then elsewhere."""
    import difflib

    if not section and isinstance(value, Mapping):
        near = [f"[{known}]" for known in difflib.get_close_matches(name, SECTIONS, 1, 0.5)]
        hint = _meant(near, [f"[{known}]" for known in SECTIONS])
        return make_error(ConfigError, "config.unknown_section", file=file, name=name, hint=hint)
    near = difflib.get_close_matches(name, _KEYS.get(section, ()), 1, 0.6)
    homes = [home for home, keys in _KEYS.items() if name in keys]
    if not near and homes:
        if section:
            return make_error(ConfigError, "config.wrong_section", file=file, name=name, section=section, home=homes[0])
        return make_error(ConfigError, "config.outside", file=file, name=name, home=homes[0])
    if section:
        hint = _meant(near, _KEYS[section])
        return make_error(ConfigError, "config.unknown_key", file=file, section=section, name=name, hint=hint)
    known = tuple(f"[{known}]" for known in SECTIONS)
    return make_error(ConfigError, "config.before_sections", file=file, name=name, known=known)


def _meant(near: Sequence[str], known: Iterable[str]) -> Phrase:
    return Phrase.of("config.meant", near=near[0]) if near else Phrase.of("config.known", known=tuple(known))


def _check_smtp(file: Path, mail: MailConfig) -> None:
    """Refuse combinations that would fail only at night, or send a password in clear text."""
    if mail.transport is not TransportKind.SMTP:
        return
    if mail.host in ("", "smtp.example.com"):
        raise make_error(ConfigError, "config.no_host", file=file, host=mail.host)
    if not mail.sender:
        raise make_error(ConfigError, "config.no_sender", file=file)
    if mail.security is Security.NONE and not (is_loopback(mail.host) or mail.allow_plaintext):
        raise make_error(ConfigError, "config.plaintext", file=file, host=mail.host)
    if mail.auth is AuthMethod.XOAUTH2 and not mail.username:
        raise make_error(ConfigError, "config.no_username", file=file)


def _check_mailbox(file: Path, mailbox: MailboxConfig, mail: MailConfig) -> None:
    """The same of the mailbox, where there is one."""
    if not mailbox.host:
        return
    if not mailbox.username:
        raise make_error(ConfigError, "config.mailbox_username", file=file)
    if not mailbox.folder or mailbox.folder.casefold() == mailbox.done.casefold() or not mailbox.done:
        raise make_error(ConfigError, "config.mailbox_folders", file=file)
    if mailbox.security is Security.NONE and not (is_loopback(mailbox.host) or mail.allow_plaintext):
        raise make_error(ConfigError, "config.mailbox_plaintext", file=file, host=mailbox.host)


def is_loopback(host: str) -> bool:
    """Say whether a host name or address stays on this machine, without asking a name server."""
    return host.lower() in ("localhost", "::1", "[::1]") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
