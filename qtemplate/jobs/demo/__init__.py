"""New workspaces: `demo` with the sample register and a whole run on it, `init` for real use."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from ...config import WEB_SECRET, WriteMode, default_toml, load_config
from ...config.system_zone import is_zone, system_zone
from ...errors import ConfigError, Interrupted, NotFound
from ...files.secret_key import make_key
from ...files.sync_roots import find_sync_root
from ...plan import Phrase, Result
from ...plan.progress import Progress, silent
from ...report.run_report import RunReport
from ...resources import samples_root, templates_root
from ...texts import make_error, say
from ..run import run
from .stories import tell_stories, write_stories

SAMPLE_MOMENT = dt.datetime(2026, 7, 16, 9, 0)
"""The moment the sample is about, in the register's zone: the morning after its last row, in working hours."""

ZONES = {"zh": "Asia/Shanghai", "en": "Europe/London"}
"""Where the two sample companies are; also of a workspace for real use whose machine does not say where it is."""

SAMPLE_DOMAINS = ("example.com", "example.org", "example.net")
MARKER = Path(".qtemplate") / "demo.json"


class MadeWorkspace(Struct, frozen=True):
    """What `init` made, and what it took for granted.

    Args:
        config: The configuration file.
        zone: Time zone of the workbook.
        calendar: Whose holidays are entered; empty = nobody's yet.
    """

    config: Path
    zone: str
    calendar: str

    @property
    def synced(self) -> Phrase | None:
        """What is to be known of a folder that a client copies to other machines."""
        return synced_folder(self.config.parent, "init.synced")


def synced_folder(folder: Path, key: str) -> Phrase | None:
    """A phrase that names the client which copies the folder to other machines; None where none does."""
    root = find_sync_root(folder / "register.xlsx")
    return None if root is None else Phrase.of(key, root=str(root[0]), client=root[1])


def make_demo(folder: Path, language: str, moment: dt.datetime | None, progress: Progress = silent) -> RunReport:
    """Makes a workspace with the sample and runs the nightly job on it, mail into a folder.

    Args:
        folder: New, empty, or an earlier demo that nobody changed.
        language: Of the sample, `"zh"` or `"en"`.
        moment: Instead of the sample's own moment.
        progress: Told what is being done.

    Raises:
        ConfigError: The folder holds something else.
    """
    folder = folder.resolve()
    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(samples_root() / f"register.{language}.xlsx", folder / "register.xlsx")
    # nobody else has this workbook, so that a client which copies the folder away can come to no harm
    write = WriteMode.ALWAYS if find_sync_root(folder / "register.xlsx") else WriteMode.AUTO
    text = default_toml(language, ZONES[language], None, allow_domains=SAMPLE_DOMAINS, max_per_run=1000, write=write)
    (folder / "qtemplate.toml").write_text(text, "utf-8")
    config = load_config(folder / "qtemplate.toml")
    try:
        report = run(config, moment or SAMPLE_MOMENT, progress=progress)
        report = replace(report, stories=tell_stories(report, config))
        if not report.outcomes.get(Result.DEFERRED):
            write_stories(report, report.stories, folder)
    except KeyboardInterrupt:
        _mark(folder)
        raise Interrupted(Phrase.of("stopped.demo", folder=folder)) from None
    _mark(folder)
    return report


def _mark(folder: Path) -> None:
    """Notes what the demo made, so that the next one may take it away."""
    made = {name: _digest(folder / name) for name in _files_below(folder) if not _is_state(name)}
    (folder / MARKER).parent.mkdir(exist_ok=True)  # not there yet where it was stopped at once
    (folder / MARKER).write_text(json.dumps(made, ensure_ascii=False), "utf-8")


def _clear(folder: Path) -> None:
    """Takes away what an earlier demo made, if nobody changed or added anything; refuses any other filled folder."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        marker: dict[str, str] = json.loads((folder / MARKER).read_text("utf-8"))
        here = [name for name in _files_below(folder) if not _is_state(name)]
        untouched = set(here) <= set(marker) and all(_digest(folder / name) == marker[name] for name in here)
        untouched = untouched and "register.xlsx" in here
    except (OSError, ValueError):
        untouched = False
    if not untouched:
        raise make_error(ConfigError, "demo.not_empty", folder=folder)
    for name in _files_below(folder):
        (folder / name).unlink()
    for below in sorted((item for item in folder.rglob("*") if item.is_dir()), reverse=True):
        below.rmdir()


def _files_below(folder: Path) -> list[str]:
    """Every file and link, as a path from the folder on."""
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()]


def _is_state(name: str) -> bool:
    """Whether a file is the program's own memory, which later commands change though nobody touched the demo."""
    return name.startswith(f"{MARKER.parent.name}/") or name.endswith(".qtemplate")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_workspace(
    folder: Path, language: str, moment: dt.datetime | None = None, *, zone: str = "", calendar: str = ""
) -> MadeWorkspace:
    """A workspace for real use: configuration, standard workbook, templates; mail goes to a folder until configured.

    Args:
        folder: New or empty.
        language: Of the workbook, `"zh"` or `"en"`.
        moment: Rows received before are history; None = now.
        zone: Time zone of the workbook; empty = this machine's.
        calendar: Whose holidays; see `named_holidays`. Empty = what ships for the language.

    Raises:
        ConfigError: The folder is not empty, or a package for the calendar is missing.
        NotFound: The time zone or the calendar has a name that nobody knows.
    """
    from ...sheets.standard import build_workbook
    from ...sheets.standard.holidays import CHINA, named_holidays

    if zone and not is_zone(zone):
        raise make_error(NotFound, "init.no_zone", zone=zone)
    chosen = zone or system_zone() or (ZONES["zh"] if language == "zh" else "UTC")
    now = moment or dt.datetime.now(ZoneInfo(chosen))
    holidays = named_holidays(calendar, now.year) if calendar else None
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise make_error(ConfigError, "init.not_empty", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("templates/mail", "templates/forms", "forms/in", "intake/in", "outbox"):
        (folder / name).mkdir(parents=True)
    (folder / "templates" / "README.txt").write_text(say(Phrase("templates.readme"), language) + "\n", "utf-8")
    for form in (templates_root() / "forms").glob(f"*.{language}.xlsx"):
        shutil.copyfile(form, folder / "templates" / "forms" / form.name)
    part = folder / ".qt-tmp-register"
    part.write_bytes(build_workbook(language, holidays=holidays))
    part.replace(folder / "register.xlsx")
    make_key(folder / WEB_SECRET)
    config = folder / "qtemplate.toml"
    config.write_text(default_toml(language, chosen, now.replace(tzinfo=None, microsecond=0)), "utf-8")
    return MadeWorkspace(config, chosen, calendar.lower() or (CHINA if language == "zh" else ""))
