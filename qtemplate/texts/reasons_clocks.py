"""Phrases of the clocks. key -> (zh, en). Data only."""

from __future__ import annotations

CLOCK_REASONS: dict[str, tuple[str, str]] = {}
