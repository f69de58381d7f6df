"""Findings about rule sheets (2xx), in words. Data only."""

from __future__ import annotations

from .entry import Entry

TABLES: dict[str, Entry] = {}
