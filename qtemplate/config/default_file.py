"""The `qtemplate.toml` that `init` and `demo` write: every key at its default, explained in the reader's language.

The words come from `texts`, the values from the sections; a test reads the text back and compares it with the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qtemplate.config.sections import SECTIONS, WriteMode
from qtemplate.config.values import keys_of
from qtemplate.texts.config_file import INTRODUCTION, SENDER, SETTINGS


def default_toml(
    language: str,
    time_zone: str,
    since: datetime | None,
    *,
    register: str = "register.xlsx",
    source: str = "",
    allow_domains: Sequence[str] = (),
    max_per_run: int = 50,
    write: WriteMode = WriteMode.AUTO,
) -> str:
    """Write the commented configuration of a new workspace.

    Args:
        language: `"zh"` or `"en"`: of the comments, and the value of `[register] language`.
        time_zone: IANA name such as `"Asia/Shanghai"`.
        since: Rows received before this moment are history; None = none are.
        register: Path of the register, relative to the workspace or absolute.
        source: A team's workbook that is only read, beside which the register stands; "" = none.
        allow_domains: Who may get mail; a real workspace starts with nobody.
        max_per_run: The cap; a demo raises it.
        write: When the register is written.

    Returns:
        TOML text in UTF-8 with "\\n" line ends; `load_config` reads it without a finding.
    """
    chosen: dict[tuple[str, str], object] = {
        ("register", "path"): register,
        ("register", "source"): source,
        ("register", "language"): language,
        ("register", "time_zone"): time_zone,
        ("register", "write"): write,
        ("mail", "from"): SENDER[0 if language == "zh" else 1],
        ("mail", "since"): since.isoformat(timespec="seconds") if since else "",
        ("mail", "allow_domains"): tuple(allow_domains),
        ("mail", "max_per_run"): max_per_run,
    }
    lines = [*INTRODUCTION[language]]
    for section, kind in SECTIONS.items():
        lines += ["", f"[{section}]"]
        lines += _section_lines(section, kind, language, chosen)
    return "\n".join(lines) + "\n"


def _section_lines(section: str, kind: Any, language: str, chosen: Mapping[tuple[str, str], object]) -> list[str]:
    lines = []
    for key in keys_of(kind):
        words = SETTINGS[section, key.name][0 if language == "zh" else 1]
        lines += [f"# {words}", f"{key.name} = {_toml_value(chosen.get((section, key.name), key.default))}"]
    return lines


def _toml_value(value: object) -> str:
    """Spell a default in TOML; "nothing" is the empty string there."""
    match value:
        case None:
            return '""'
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value:g}" if value != int(value) else str(int(value))
        case tuple():
            return "[" + ", ".join(_toml_value(item) for item in value) + "]"
        case ZoneInfo():
            return _toml_value(value.key)
        case StrEnum() | Path():
            return _toml_value(str(value))
        case _:
            # A JSON-like basic string; the back-slash comes first because the quote's escape needs one.
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
