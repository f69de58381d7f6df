"""Reading `qtemplate.toml`: TOML to the frozen sections, with an answer for every name nobody declared."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qtemplate.config.sections import SECTIONS, AuthMethod, Config, MailConfig, Security, TransportKind
from qtemplate.config.values import Place
from qtemplate.errors import ConfigError

_KEYS = {name: [each.metadata["name"] or each.name for each in fields(kind)] for name, kind in SECTIONS.items()}


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
    table = _parse_toml(file)
    for section, value in table.items():
        if section not in SECTIONS:
            raise ConfigError(f"{file}: {_unknown(section, value, '')}")
        if not isinstance(value, Mapping):
            raise ConfigError(f"{file}: {section} must be a section: write [{section}] on a line of its own.")
    zone = ZoneInfo("Asia/Shanghai")
    read: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        read[section] = kind(**_read_section(file, section, kind, table.get(section, {}), zone))
        if section == "register":
            zone = read[section].time_zone
    _check_smtp(file, read["mail"])
    return Config(path=file, workspace=file.parent, **read)


def _parse_toml(file: Path) -> dict[str, Any]:
    try:
        # Notepad writes a byte order mark, which TOML does not allow.
        return tomllib.loads(file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such file; `qtemplate init DIR` makes a workspace with one.") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8; save it again with the encoding UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        hint = " A Windows path goes into single quotes: 'D:\\quality'." if "\\" in str(error) else ""
        raise ConfigError(f"{file}: is not TOML: {error}.{hint}") from None


def _read_section(file: Path, section: str, kind: Any, table: Mapping[str, object], zone: ZoneInfo) -> dict[str, Any]:
    """Read one section; a key that is absent has its default, and paths start at the file's folder."""
    for name, value in table.items():
        if name not in _KEYS[section]:
            raise ConfigError(f"{file}: {_unknown(name, value, section)}")
    values: dict[str, Any] = {}
    for each in fields(kind):
        name = each.metadata["name"] or each.name
        value = each.default
        if name in table:
            value = each.metadata["read"](table[name], Place(file, section, name, zone))
        values[each.name] = file.parent / value if isinstance(value, Path) else value
    return values


def _unknown(name: str, value: object, section: str) -> str:
    """Say what an unknown name may have been meant to be, looking first where it stands, then elsewhere."""
    if not section and isinstance(value, Mapping):
        near = difflib.get_close_matches(name, SECTIONS, 1, 0.5)
        return f"[{name}] is not a section" + _meant(near, "[{}]", [f"[{known}]" for known in SECTIONS])
    near = difflib.get_close_matches(name, _KEYS.get(section, ()), 1, 0.6)
    homes = [home for home, keys in _KEYS.items() if name in keys]
    if not near and homes:
        return f"{name} does not belong {f'in [{section}]' if section else 'here'}; it goes under [{homes[0]}]."
    if section:
        return f"[{section}] {name} is not a key" + _meant(near, "{}", _KEYS[section])
    return f"{name} stands before the first section; the sections are {', '.join(f'[{known}]' for known in SECTIONS)}."


def _meant(near: Sequence[str], form: str, known: Sequence[str]) -> str:
    return f"; did you mean {form.format(near[0])}?" if near else f"; known are {', '.join(known)}."


def _check_smtp(file: Path, mail: MailConfig) -> None:
    """Refuse combinations that would fail only at night, or send a password in clear text."""
    if mail.transport is not TransportKind.SMTP:
        return
    if mail.host in ("", "smtp.example.com"):
        raise ConfigError(f"{file}: [mail] host is {mail.host!r}; name your mail server.")
    if not mail.sender:
        raise ConfigError(f"{file}: [mail] from is empty; write the address the mails come from.")
    if mail.security is Security.NONE and not (is_loopback(mail.host) or mail.allow_plaintext):
        raise ConfigError(
            f'{file}: [mail] security = "none" would send mails and the password to {mail.host} readable by anybody on '
            'the way; use "starttls" or "tls", or set allow_plaintext = true.'
        )
    if mail.auth is AuthMethod.XOAUTH2 and not mail.username:
        raise ConfigError(f'{file}: [mail] auth = "xoauth2" needs username, the mailbox the token is for.')


def is_loopback(host: str) -> bool:
    """Say whether a host name or address stays on this machine, without asking a name server."""
    return host.lower() in ("localhost", "::1", "[::1]") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
