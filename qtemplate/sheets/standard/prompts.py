"""The input message of a column of the register: its own words, and who fills it."""

from __future__ import annotations

from ...fields import Field, Filler
from ...texts.workbook.prompts import BY_FILLER, PROMPTS


def prompt_of(field: Field, language: str) -> str:
    """The input message of a column; may be empty."""
    side = 0 if language == "zh" else 1
    parts = [PROMPTS[field][side]] if field in PROMPTS else []
    if field.filler in BY_FILLER and (field.filler is not Filler.PROGRAM or not parts):
        parts.append(BY_FILLER[field.filler][side])
    return "\n".join(parts)
