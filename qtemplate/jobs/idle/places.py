"""The files of idle looks in a workspace, and when somebody looked last."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

SCHEMA = 1
NOTE, FINDINGS, LOOKED = (Path(".qtemplate") / name for name in ("idle.json", "idle-findings.json", "looked.json"))
"""Below the workspace: what the last run rested on, what it found, and when somebody looked since."""


def looked_since(workspace: Path, run: str) -> dt.datetime | None:
    """When somebody looked last after a run and found nothing to do; None where nobody did."""
    try:
        said = json.loads((workspace / LOOKED).read_text("utf-8"))
        return dt.datetime.fromisoformat(said["at"]) if said["run"] == run else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_note(file: Path, value: object) -> None:
    """In one step: a crash leaves the former one."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    part.replace(file)
