"""The standard workbook: what `init` and the samples start from, made from what is declared as data."""

from .cells import Shown
from .inputs import OwnColumn
from .workbook import build_workbook

__all__ = ["OwnColumn", "Shown", "build_workbook"]
