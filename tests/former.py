"""Workspaces as a former version left them: `tests/fixtures/<version>/<language>`.

Each holds the sample workbook of that version (`sample.xlsx`), the same after its demo run (`register.xlsx`), the
settings and the journal of that run (`state.db.xz`). They are never made again: they are what people have on their
disks. The demo ran in `/srv/quality/<language>`.
"""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
FORMER_NOW = "2026-07-15T20:00"
"""The moment of the demo run, in Asia/Shanghai."""


def former_workspace(folder: Path, language: str, version: str = "0.1") -> Path:
    """A workspace in `folder`, made new, as that version left it; forms and delivered mail are not among it."""
    kept = FIXTURES / version / language
    (folder / ".qtemplate").mkdir(parents=True)
    for name in ("register.xlsx", "qtemplate.toml"):
        shutil.copyfile(kept / name, folder / name)
    (folder / ".qtemplate" / "state.db").write_bytes(lzma.decompress((kept / "state.db.xz").read_bytes()))
    return folder


def former_sample(target: Path, language: str, version: str = "0.1") -> Path:
    """The sample workbook of that version at `target`, before any run."""
    shutil.copyfile(FIXTURES / version / language / "sample.xlsx", target)
    return target
