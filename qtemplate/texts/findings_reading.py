"""Findings about reading the register and the workbook (10x, 7xx), in words. Data only."""

from __future__ import annotations

from .entry import Entry

READING: dict[str, Entry] = {}
