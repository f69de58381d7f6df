"""What a workbook in use lacks: columns, sheets, lists and values that the standard workbook of this version has.

*Absent* is what the workbook never had; it may be added. *Unknown* is what it had at an earlier run and has no more:
somebody renamed or deleted it, and a second one would only hide that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from ...choices import Choice
from ...fields import FIELDS, Field
from ...texts.workbook.dashboard import DASHBOARD
from ..headers import fold, nearest
from ..layout import BY_KEY, WORDS, Column, SheetSpec, Writer
from ..standard.ranges import ValueList
from .survey import Survey, standard_lists
from .things import What


class Lack(Struct, frozen=True):
    """Something the standard workbook has and this one has not.

    Attributes:
        what: What it is.
        sheet: The layout key of its sheet; `register` for the register.
        where: The name of that sheet in this workbook, or the name a new one gets.
        name: Header, title or value as it is written.
        key: Field, `sheet.column`, sheet or list key.
        unknown: The workbook had it at an earlier run.
        like: The header that it most likely bears now; empty if none does.
        of: The name of the list that a value belongs to.
    """

    what: What
    sheet: str
    where: str
    name: str
    key: str
    unknown: bool = False
    like: str = ""
    of: str = ""

    @property
    def thing(self) -> str:
        """What it is among the things a workbook has; see `things_of`."""
        return f"{self.what}:{self.key}:{fold(self.name)}" if self.what is What.VALUE else f"{self.what}:{self.key}"


REGISTER = "register"
UNCHANGING = frozenset({"guide", "dashboard"})
"""Sheets that only say or show something; a workbook without them lacks nothing a run could use."""


def find_lacks(
    ours: Survey, standard: Survey, language: str, known: Collection[str], *, rules_here: bool = True
) -> tuple[Lack, ...]:
    """Everything lacking, in the order of the standard workbook.

    Args:
        ours: The workbook in use.
        standard: The standard workbook of this version, in the same language.
        language: Of both.
        known: What the workbook had at earlier runs, as `things_of` names it.
        rules_here: The rule sheets stand in this workbook too.
    """
    specs = [spec for spec in BY_KEY.values() if _is_asked(spec, rules_here) and spec.key in standard.sheets]
    if not _has_dashboard(ours, language):  # where people choose what 统计 shows
        specs = [spec for spec in specs if spec.key != "figures"]
    lacks = [*_register_columns(ours, standard, language)]
    for spec in specs:
        if spec.key not in ours.sheets:
            title = spec.title(language)
            lacks.append(Lack(What.SHEET, spec.key, title, title, spec.key))
        else:
            lacks += _block_columns(ours, spec, language)
            if spec.key == "dictionary":
                lacks += _lists(ours, standard, language)
    return tuple(replace(lack, unknown=True) if lack.thing in known else lack for lack in lacks)


def _has_dashboard(ours: Survey, language: str) -> bool:
    """Whether 看板 is the standard workbook's, not one that a team made for itself: it bears our title."""
    name = ours.sheets.get("dashboard")
    grid = [] if name is None else ours.book.sheet(name).to_python(skip_empty_area=False)
    title = DASHBOARD["title"][language != "zh"]
    return any(cell == title for row in grid[:3] for cell in row)


def things_of(survey: Survey) -> set[str]:
    """Everything a workbook has that a later one may lack, in the words of `Lack.thing`."""
    things = {f"{What.COLUMN}:{field.value}" for field in survey.register.header.fields}
    things |= {f"{What.COLUMN}:{sheet}.{key}" for (sheet, _), block in survey.blocks.items() for key in block.columns}
    things |= {f"{What.SHEET}:{key}" for key in survey.sheets}
    for key, place in survey.lists.items():
        things |= {f"{What.LIST}:{key}", *(f"{What.VALUE}:{key}:{value}" for value in place.values)}
    return things


def _is_asked(spec: SheetSpec, rules_here: bool) -> bool:
    return spec.key not in UNCHANGING and (rules_here or spec.writer is not Writer.PEOPLE)


def _register_columns(ours: Survey, standard: Survey, language: str) -> Iterator[Lack]:
    header = ours.register.header
    if header.map is not None:
        return  # of a team's own workbook, see `adopt.completing`: what else it has is the team's choice
    for field in standard.register.header.fields:
        if field not in header.fields:
            name = field.header(language)
            like = nearest(field.zh, list(header.own)) or nearest(field.en, list(header.own))
            yield Lack(What.COLUMN, REGISTER, header.sheet, name, field.value, like=like)


def _block_columns(ours: Survey, spec: SheetSpec, language: str) -> Iterator[Lack]:
    for declared in spec.blocks:
        block = ours.blocks.get((spec.key, declared.key))
        for column in block.missing if block is not None else ():
            like = block.candidate(column) if block is not None else None
            likely = block.others[like] if block is not None and like is not None else ""
            key = column_key(spec, column)
            yield Lack(What.COLUMN, spec.key, ours.sheets[spec.key], column.header(language), key, like=likely)


def column_key(spec: SheetSpec, column: Column) -> str:
    """How a column of a sheet other than the register is called: `contacts.way`."""
    return f"{spec.key}.{column.key}"


def _lists(ours: Survey, standard: Survey, language: str) -> Iterator[Lack]:
    sheet = ours.sheets["dictionary"]
    if ("dictionary", "fields") not in ours.blocks:
        return  # nobody knows where its lists begin
    listed = {each.key: each for each in standard_lists(language)}
    for key in standard.lists:
        each = listed[key]
        place = ours.lists.get(key)
        if place is None:
            yield Lack(What.LIST, "dictionary", sheet, each.name, key)
        elif not each.open:  # people fill an open list
            for value, spellings in zip(each.values, _spellings(each, language), strict=True):
                if not spellings & place.values:
                    yield Lack(What.VALUE, "dictionary", sheet, value, key, of=place.header)


def _spellings(each: ValueList, language: str) -> Iterator[frozenset[str]]:
    """The folded forms under which each value of a list counts as being there."""
    other = next(x for x in standard_lists("en" if language == "zh" else "zh") if x.key == each.key)
    for value, same in zip(each.values, other.values, strict=True):
        yield frozenset({fold(value), fold(same), *map(fold, _codes(each.key, value))})


def _codes(key: str, label: str) -> Iterator[str]:
    field = FIELDS.get(key)
    if isinstance(field, Field) and field.choices is not None:
        members: list[Choice] = list(field.choices)
        yield from (str(member) for member in members if label in (member.zh, member.en))
    yield from (code for code, labels in WORDS.items() if label in labels)
