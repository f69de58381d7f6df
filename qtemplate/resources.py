"""Where the files that ship with the package are: templates and samples, in a checkout and in an installed wheel.

A wheel carries them under `_data`; in a checkout they are the folders people edit. Knows nothing else of the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def templates_root() -> Path:
    """The folder that holds `mail/`, `forms/`, `adopt/`, `intake/` and `pages/`."""
    return _shipped("templates")


def deploy_root() -> Path:
    """The folder that holds units, tasks and scripts for whoever operates it."""
    return _shipped("deploy")


def docs_root() -> Path:
    """The folder that holds the pages for people."""
    return _shipped("docs")


def samples_root() -> Path:
    """The folder that holds the sample registers."""
    return _shipped("samples")
