"""The standard workbook: what `init` and the samples start from, made from what is declared as data.

Names are loaded when first used: what every run asks about the lists behind drop-downs needs no openpyxl.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .cells import Shown as Shown
    from .inputs import OwnColumn as OwnColumn
    from .workbook import build_workbook as build_workbook

_HOMES: Final = {"OwnColumn": "inputs", "Shown": "cells", "build_workbook": "workbook"}

__all__ = ["OwnColumn", "Shown", "build_workbook"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
