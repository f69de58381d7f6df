"""Findings about clocks and calendar (4xx), in words. Data only."""

from __future__ import annotations

from .entry import Entry

CLOCKS: dict[str, Entry] = {}
