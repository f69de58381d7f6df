"""Where the tests find things: the repository, and what the tests keep in files."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
TABLES = TESTS / "unit" / "cases"
"""Tables of cases that several units are held against."""

FIXTURES = TESTS / "fixtures"
PEERS = TESTS / "peers"
