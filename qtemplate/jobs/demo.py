"""New workspaces: `demo` with the sample register and a whole run on it, `init` for real use."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

from ..config import default_toml, load_config
from ..errors import ConfigError
from ..plan import Phrase
from ..report.run_report import RunReport
from ..resources import samples_root, templates_root
from ..texts import make_error, say
from .round import Progress
from .run import run

SAMPLE_MOMENT = dt.datetime(2026, 7, 15, 20, 0)
"""The moment the sample is about, in the register's zone; samples/build.py makes the rows around it."""

ZONE = "Asia/Shanghai"
SAMPLE_DOMAINS = ("example.com", "example.org", "example.net")
MARKER = Path(".qtemplate") / "demo.json"


def make_demo(folder: Path, language: str, moment: dt.datetime | None, progress: Progress) -> RunReport:
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
    text = default_toml(language, ZONE, None, allow_domains=SAMPLE_DOMAINS, max_per_run=1000)
    (folder / "qtemplate.toml").write_text(text, "utf-8")
    report = run(load_config(folder / "qtemplate.toml"), moment or SAMPLE_MOMENT, progress=progress)
    marker = {name: _digest(folder / name) for name in ("register.xlsx", "qtemplate.toml")}
    (folder / MARKER).write_text(json.dumps(marker), "utf-8")
    return report


def _clear(folder: Path) -> None:
    """Empties an unchanged earlier demo; refuses anything else that is not empty."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        marker = json.loads((folder / MARKER).read_text("utf-8"))
        untouched = all(_digest(folder / name) == digest for name, digest in marker.items())
    except (OSError, ValueError):
        untouched = False
    if not untouched:
        raise make_error(ConfigError, "demo.not_empty", folder=folder)
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_workspace(folder: Path, language: str, moment: dt.datetime | None = None) -> Path:
    """A workspace for real use: configuration, standard workbook, templates; mail goes to a folder until configured.

    Args:
        folder: New or empty.
        language: Of the workbook, `"zh"` or `"en"`.
        moment: Rows received before are history; None = now.

    Returns:
        The configuration file.

    Raises:
        ConfigError: The folder is not empty.
    """
    from ..sheets.standard import build_workbook

    now = moment or dt.datetime.now(ZoneInfo(ZONE))
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise make_error(ConfigError, "init.not_empty", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("templates/mail", "templates/forms", "forms/in", "outbox"):
        (folder / name).mkdir(parents=True)
    (folder / "templates" / "README.txt").write_text(say(Phrase("templates.readme"), language) + "\n", "utf-8")
    for form in (templates_root() / "forms").glob(f"*.{language}.xlsx"):
        shutil.copyfile(form, folder / "templates" / "forms" / form.name)
    part = folder / ".qt-tmp-register"
    part.write_bytes(build_workbook(language))
    part.replace(folder / "register.xlsx")
    config = folder / "qtemplate.toml"
    config.write_text(default_toml(language, ZONE, now.replace(tzinfo=None, microsecond=0)), "utf-8")
    return config
