"""Phrases other than findings: why an edit is made, what a run did. key -> (zh, en). Data only."""

from __future__ import annotations

from .reasons_clocks import CLOCK_REASONS

REASONS: dict[str, tuple[str, str]] = {**CLOCK_REASONS}
