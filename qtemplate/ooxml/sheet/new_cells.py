"""A cell that is to be written, and what may stand where it comes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import Settled


class Room(StrEnum):
    """What may stand where a cell is written."""

    VALUE = "value"
    """A value, which is replaced."""

    NOTHING = "nothing"
    """Nothing: a new row must not cover what a person put below the table."""

    BELOW = "below"
    """Nothing: a list gets values below its last one."""

    BESIDE = "beside"
    """Nothing: a new column must not cover what a person put to the right of the table."""

    MOVED = "moved"
    """A totals cell that moves down and is written again there."""


class NewCell(Struct, frozen=True):
    """A cell to be written.

    Args:
        value: What it shall hold.
        style: Its format; None keeps that of the cell, row or column it comes to stand in.
        room: What may stand there now.
    """

    value: Settled
    style: int | None = None
    room: Room = Room.VALUE


OVERWRITTEN: Final = (Room.VALUE, Room.MOVED)
"""Where something may stand already."""


def in_the_way(room: Room, where: str, sheet: str) -> WorkbookRefused:
    """Why a cell must not come where something stands.

    Args:
        room: What may stand there; none of `OVERWRITTEN`.
        where: Sheet and cell.
        sheet: The sheet.
    """
    match room:
        case Room.BESIDE:
            return WorkbookRefused(
                "beside_table",
                "{where} is not empty, and a new column would cover it. Move what stands to the right of the table.",
                sheet,
                where=where,
            )
        case Room.BELOW:
            return WorkbookRefused(
                "below_list",
                "{where} is not empty, and a new value of the list above belongs there. Move it.",
                sheet,
                where=where,
            )
        case _:
            return WorkbookRefused(
                "rows_below_table",
                "{where} is not empty, and the table would grow over it. Move what stands below the table.",
                sheet,
                where=where,
            )
