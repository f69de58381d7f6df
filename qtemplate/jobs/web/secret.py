"""The secret by which links to pages are signed: set from outside, or a file that `init` or a run makes."""

from __future__ import annotations

from pathlib import Path

from ...config import WEB_SECRET, Config, web_secret
from ...files.secret_key import read_key


def secret_file(config: Config) -> Path:
    """Where the workspace keeps it, where nothing else says it."""
    return config.workspace / WEB_SECRET


def known_secret(config: Config) -> bytes | None:
    """The secret there is; None where there is none.

    Raises:
        ConfigError: It is too short, or cannot be read.
    """
    return web_secret(config.web) or read_key(secret_file(config))
