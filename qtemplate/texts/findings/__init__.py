"""All findings in words, joined from the rooms' tables. Data only.

Codes are stable: 10x reading, 11x missing, 12x wrong value, 13x cross-field, 14x identity and people, 2xx rule sheets,
3xx grading and assignment, 4xx clocks, 5xx replies and mail, 6xx forms, 65x and 66x investigations, 7xx workbook, 8xx states, 83x to 86x what came in, 90x the month in
figures.
"""

from __future__ import annotations

from ..entry import Entry
from .clocks import CLOCKS
from .evidence import EVIDENCE
from .figures import FIGURES
from .incoming import INCOMING
from .reading import READING
from .rules import RULES
from .tables import TABLES
from .team import TEAM

FINDINGS: dict[str, Entry] = {**READING, **TABLES, **RULES, **TEAM, **CLOCKS, **INCOMING, **EVIDENCE, **FIGURES}
