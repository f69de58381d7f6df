"""Findings about validation, decisions, replies, forms and states (11x to 14x, 3xx, 5xx, 6xx, 8xx), in words. Data only."""

from __future__ import annotations

from .entry import Entry

RULES: dict[str, Entry] = {}
