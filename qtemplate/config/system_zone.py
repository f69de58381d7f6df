"""The time zone that this machine says it is in, as a name of the IANA list."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OF_NOWHERE = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Universal", "GMT", "Etc/GMT")
"""What servers and containers are set to: it says nothing about where the people are."""

WINDOWS_KEY = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"

WINDOWS = {
    "China Standard Time": "Asia/Shanghai",
    "Taipei Standard Time": "Asia/Taipei",
    "Singapore Standard Time": "Asia/Singapore",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul",
    "SE Asia Standard Time": "Asia/Bangkok",
    "India Standard Time": "Asia/Kolkata",
    "Arabian Standard Time": "Asia/Dubai",
    "Russian Standard Time": "Europe/Moscow",
    "Turkey Standard Time": "Europe/Istanbul",
    "FLE Standard Time": "Europe/Kyiv",
    "GTB Standard Time": "Europe/Bucharest",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "Central Europe Standard Time": "Europe/Budapest",
    "Central European Standard Time": "Europe/Warsaw",
    "GMT Standard Time": "Europe/London",
    "South Africa Standard Time": "Africa/Johannesburg",
    "E. South America Standard Time": "America/Sao_Paulo",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Central Standard Time (Mexico)": "America/Mexico_City",
    "Mountain Standard Time": "America/Denver",
    "Pacific Standard Time": "America/Los_Angeles",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "New Zealand Standard Time": "Pacific/Auckland",
}
"""What Windows calls the zones of most offices. Source: Unicode CLDR, windowsZones, territory 001."""


def system_zone(root: Path = Path("/")) -> str:
    """The name, such as `"Europe/Berlin"`; empty where the machine tells none, or one that is no place.

    Args:
        root: Where `etc/localtime` is looked for.
    """
    for name in (os.environ.get("TZ", "").lstrip(":"), _of_windows(), *_of_files(root / "etc")):
        if name and name not in OF_NOWHERE and is_zone(name):
            return name
    return ""


def is_zone(name: str) -> bool:
    """Whether it is a name of the IANA list."""
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _of_files(etc: Path) -> tuple[str, ...]:
    named = []
    with suppress(OSError):  # a copy instead of a link names nothing
        named.append(str((etc / "localtime").readlink()).rpartition("zoneinfo/")[2])
    with suppress(OSError, ValueError):  # Debian's; others have only the link
        named.append((etc / "timezone").read_text("ascii").strip())
    return tuple(named)


def _of_windows() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, WINDOWS_KEY) as key:
        return WINDOWS.get(str(winreg.QueryValueEx(key, "TimeZoneKeyName")[0]).partition("\0")[0], "")
