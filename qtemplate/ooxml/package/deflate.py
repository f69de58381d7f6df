"""The deflate implementation: small parts keep their size, large ones are packed faster."""

from __future__ import annotations

import importlib
import zlib
from functools import cache
from types import ModuleType
from typing import Any

LARGE = 5_000_000
"""Bytes of a part from which on time counts more than the last tenth of its size."""


@cache  # a failed import is looked for again at every call
def engine() -> ModuleType:
    """zlib-ng where there is a wheel of it for the machine, else zlib; both inflate, deflate and reckon check sums."""
    try:
        return importlib.import_module("zlib_ng.zlib_ng")
    except ImportError:
        return zlib


def new_compressor(size: int) -> Any:
    """A compressor of raw deflate for a part of about so many bytes.

    Against zlib 6, which office programs use, on the sheet of a register and on one of chance texts (time, bytes):
    zlib-ng 5 takes 0.52 and 0.48, 1.00 and 1.05; zlib-ng 4, looking back 8 KB instead of 32, takes 0.39 and 0.28, 1.15
    and 1.15: what a row repeats stands in the rows just before it, and what is farther off costs more than it saves.
    Without zlib-ng, zlib 4 takes 0.49 and 0.41, 1.16 and 1.17. ISA-L 3 would take 0.31 and 0.25, 1.29 and 1.32: no file
    is to grow by a third.
    """
    known, small = engine(), size < LARGE
    level = (6 if small else 4) if known is zlib else (5 if small else 4)
    window = 15 if small or known is zlib else 13
    # markup repeats in long stretches: zlib need not look for short ones, which makes files 3 % smaller
    return known.compressobj(level, 8, -window, 8, zlib.Z_FILTERED)
