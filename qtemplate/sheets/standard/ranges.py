"""The lists behind the drop-downs: which there are, what they hold, and where in the workbook each one stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ...choices import Clock, Role
from ...fields import Field
from ...ooxml.references import column_name
from ...rules import last_whys
from ..layout import BY_KEY, HEADER_ROW, word
from .default_tables import DEPARTMENTS
from .inputs import OwnColumn, Row

FIRST_ROW = HEADER_ROW + 1
ROOM = 500
"""Rows of people, products and open lists that drop-downs look at."""

_WORD_LISTS: tuple[tuple[str, tuple[str, str], tuple[str, ...]], ...] = (
    ("yes_no", ("是否", "Yes or no"), ("yes", "no")),
    ("off_on", ("休班", "Off or on"), ("off", "on")),
    ("unit", ("时限单位", "Unit"), ("h", "wd", "d")),
    ("when", ("升级时机", "When"), ("share_left", "overdue")),
    ("kind", ("产品类别", "Kind"), ("hardware", "software")),
    ("direction", ("沟通方向", "Direction"), ("out", "in")),
    ("check_severity", ("提示程度", "Finding severity"), ("error", "warning", "info")),
    ("type", ("内容类型", "Content type"), ("text", "number", "date", "list")),
    ("action_kind", ("措施类别", "Kind of action"), ("interim", "corrective", "preventive", "improvement")),
    ("chain", ("原因链", "Chain of causes"), ("occurrence", "escape", "system")),
    ("decide", ("裁决", "Decision"), ("keep", "take")),
)


class ValueList(Struct, frozen=True):
    """One column of the lists block: key, header, values; `open` = people add to it."""

    key: str
    name: str
    values: tuple[str, ...]
    open: bool = False


def value_lists(language: str, products: Sequence[Row], own_columns: Iterable[OwnColumn]) -> tuple[ValueList, ...]:
    """All lists in the order of their columns: the fields' closed sets, open lists, words, the team's own."""
    lists = [
        ValueList(field.value, field.header(language), tuple(member.label(language) for member in field.choices))
        for field in Field
        if field.choices is not None and field is not Field.SUGGESTED_LEVEL
    ]
    departments = tuple(names[0 if language == "zh" else 1] for names in DEPARTMENTS.values())
    lists.append(ValueList(Field.DEPARTMENT.value, Field.DEPARTMENT.header(language), departments, open=True))
    names = tuple(dict.fromkeys(str(row["product"]) for row in products))
    lists.append(ValueList(Field.PRODUCT.value, Field.PRODUCT.header(language), names, open=True))
    zh = language == "zh"
    lists.append(ValueList("role", "角色" if zh else "Role", tuple(role.label(language) for role in Role)))
    lists.append(ValueList("clock_name", "时限" if zh else "Clock", tuple(clock.label(language) for clock in Clock)))
    named = tuple(word(who, language) for who in ("owner", "contact", "assessor"))
    tell = (*named, *(role.label(language) for role in Role if role is not Role.MEMBER))
    lists.append(ValueList("tell", "升级通知" if zh else "Tell", tell))
    for key, name, codes in _WORD_LISTS:
        lists.append(ValueList(key, name[0 if zh else 1], tuple(word(code, language) for code in codes)))
    lists.append(ValueList("last_whys", last_whys.NAMES[language], last_whys.in_order(language), open=True))
    lists += [ValueList(own.header, own.header, own.allowed, open=True) for own in own_columns if own.type == "list"]
    return tuple(lists)


class Ranges(Struct, frozen=True):
    """Formulas that drop-downs use; every one points at cells, none carries its values."""

    language: str
    lists: tuple[ValueList, ...]

    @property
    def first_column(self) -> int:
        """Column of the first list: after the fields block and one empty column."""
        return len(BY_KEY["dictionary"].blocks[0].columns) + 2

    def sheet(self, key: str) -> str:
        """Quoted sheet name for formulas."""
        return f"'{BY_KEY[key].title(self.language)}'"

    def column(self, key: str) -> str:
        """Letter of the list's column in 数据字典."""
        return column_name(self.first_column + [each.key for each in self.lists].index(key))

    def values(self, key: str) -> tuple[str, ...]:
        return next(each.values for each in self.lists if each.key == key)

    def formula(self, key: str) -> str:
        """Source of the drop-down for a list: the exact cells, or for an open list as many as are filled."""
        column, which = self.column(key), next(each for each in self.lists if each.key == key)
        if which.open:
            return self._filled("dictionary", column)
        return f"{self.sheet('dictionary')}!${column}${FIRST_ROW}:${column}${FIRST_ROW + len(which.values) - 1}"

    def people(self) -> str:
        """Source of the drop-down of names: 人员, first column."""
        return self._filled("people", "A")

    def faults(self) -> str:
        """Source of the drop-down of fault names: 故障词典, first column."""
        return self._filled("faults", "A")

    def models(self, product_cell: str) -> str:
        """Source of the drop-down of models of the product in `product_cell`; they stand together there."""
        sheet = self.sheet("products")
        names = f"{sheet}!$A${FIRST_ROW}:$A${FIRST_ROW + ROOM}"
        return f"OFFSET({sheet}!$B${HEADER_ROW},MATCH({product_cell},{names},0),0,COUNTIF({names},{product_cell}),1)"

    def _filled(self, sheet: str, column: str) -> str:
        where = self.sheet(sheet)
        cells = f"{where}!${column}${FIRST_ROW}:${column}${FIRST_ROW + ROOM}"
        return f"OFFSET({where}!${column}${FIRST_ROW},0,0,MAX(1,COUNTA({cells})),1)"
