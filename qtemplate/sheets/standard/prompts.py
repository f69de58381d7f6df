"""The input message of a column of the register: its own words, who fills it, and whether outsiders may see it."""

from __future__ import annotations

from ...fields import APPROVED_WORDS, Field, Filler
from ...texts.workbook.prompts import BY_FILLER, IN_FACTS, IN_WORDS, PROMPTS


def prompt_of(field: Field, language: str) -> str:
    """The input message of a column; may be empty."""
    side = 0 if language == "zh" else 1
    parts = [PROMPTS[field][side]] if field in PROMPTS else []
    if field.filler in BY_FILLER and (field.filler is not Filler.PROGRAM or not parts):
        parts.append(BY_FILLER[field.filler][side])
    if field.public:
        parts.append((IN_WORDS if field in APPROVED_WORDS else IN_FACTS)[side])
    return "\n".join(parts)
