"""What Excel did to an entry as it was typed: `1-3` became a date, `000123` the number 123.

Pure. Only a real Excel value can be damaged; text stands as it was typed.
"""

from __future__ import annotations

import datetime as dt

from .feel_values import Kind
from .unary_tests import Literal

_SUSPICIOUS_DIGITS = 4  # a text field's number shorter than this is more often a plain count than a code


def damaged_date(literal: Literal) -> str:
    """What was probably typed before Excel made a date of it, such as `1-3`; empty when the literal is no Excel date.

    Excel reads `1-3`, `1/3` as the third of January of the current year, and `3-2026` as its first of March.
    """
    if isinstance(literal.source, str) or not isinstance(literal.value, dt.date) or literal.source is None:
        return ""
    return f"{literal.value.month}-{literal.value.day}"


def damaged_number(literal: Literal) -> bool:
    """Whether a real Excel number in a text column may have lost zeros: long, or with decimals (`2.10` becomes 2.1)."""
    if isinstance(literal.source, str) or literal.kind is not Kind.NUMBER or literal.source is None:
        return False
    return not float(literal.value).is_integer() or abs(literal.value) >= 10 ** (_SUSPICIOUS_DIGITS - 1)
