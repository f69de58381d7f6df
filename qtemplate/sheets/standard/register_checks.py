"""Drop-downs, limits and input messages of the register's columns, as Excel data validations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ...fields import APPROVED_WORDS, OPEN_FACTS, Field, Filler, Kind
from ...texts.workbook.entry_errors import ENTRY_ERRORS, TITLE
from ...texts.workbook.prompts import HEADER_OF_FACTS, HEADER_OF_WORDS, HEADER_TITLE
from . import look
from .inputs import OwnColumn
from .prompts import prompt_of
from .ranges import Ranges

Bound = Literal["date", "textLength", "whole"]
_FIRST_DAY = "DATE(2015,1,1)"
_LAST_DAY = "DATE(2099,12,31)"


def column_check(field: Field, letter: str, first_row: int, ranges: Ranges, product_cell: str) -> DataValidation | None:
    """The validation of a field's column from `first_row` to the end of the sheet; None = nothing to say."""
    rule = _rule(field, f"{letter}{first_row}", ranges, product_cell)
    prompt = prompt_of(field, ranges.language)
    if rule.type is None and not prompt:
        return None
    if prompt:
        rule.showInputMessage = True
        rule.promptTitle = field.header(ranges.language)[:32]
        rule.prompt = prompt
    rule.allow_blank = True
    rule.add(f"{letter}{first_row}:{letter}{look.LAST_ROW}")
    return rule


def header_messages(fields: Sequence[Field], header_row: int, language: str) -> list[DataValidation]:
    """The messages of the headers whose columns may be shown outside the company: one for words, one for facts."""
    side, found = 0 if language == "zh" else 1, []
    for words, public in ((HEADER_OF_WORDS, APPROVED_WORDS), (HEADER_OF_FACTS, OPEN_FACTS)):
        message = DataValidation(type=None, showInputMessage=True, allow_blank=True)
        message.promptTitle, message.prompt = HEADER_TITLE[side], words[side]
        for at, field in enumerate(fields, start=1):
            if field in public:
                message.add(f"{get_column_letter(at)}{header_row}")
        found.append(message)
    return found


def own_check(own: OwnColumn, letter: str, first_row: int, ranges: Ranges) -> DataValidation | None:
    """The drop-down of a team's own list column."""
    if own.type != "list":
        return None
    rule = _list(ranges.formula(own.header), ranges.language, strict=False)
    rule.allow_blank = True
    rule.add(f"{letter}{first_row}:{letter}{look.LAST_ROW}")
    return rule


def _rule(field: Field, cell: str, ranges: Ranges, product_cell: str) -> DataValidation:
    language = ranges.language
    if field.filler is Filler.PROGRAM:
        return DataValidation(type=None)
    if field.choices is not None:
        return _list(ranges.formula(field.value), language, strict=True)
    match field:
        case Field.PRODUCT | Field.DEPARTMENT:
            return _list(ranges.formula(field.value), language, strict=False)
        case Field.MODEL:
            return _list(ranges.models(product_cell), language, strict=False)
        case Field.FAULT:
            return _list(ranges.faults(), language, strict=False)
        case Field.RECEIVED_AT:
            return _bounded("date", "past", language, _FIRST_DAY, "NOW()")
        case Field.TITLE:
            return _bounded("textLength", "title", language, "4", "60", strict=False)
        case Field.DESCRIPTION:
            return _bounded("textLength", "long", language, "15", "32767", strict=False)
    match field.kind:
        case Kind.PERSON:
            return _list(ranges.people(), language, strict=False)
        case Kind.DATE | Kind.DATETIME:
            return _bounded("date", "date", language, _FIRST_DAY, _LAST_DAY)
        case Kind.SCALE:
            return _bounded("whole", "scale", language, "1", "5")
        case Kind.INT:
            return _bounded("whole", "whole", language, "0", "1000000")
        case Kind.EMAIL:
            formula = f'AND(ISNUMBER(FIND("@",{cell})),ISERROR(FIND(" ",{cell})))'
            return _with_error(DataValidation(type="custom", formula1=formula), "email", language, strict=False)
    return DataValidation(type=None)


def _list(source: str, language: str, *, strict: bool) -> DataValidation:
    rule = DataValidation(type="list", formula1=source)
    return _with_error(rule, "list" if strict else "known", language, strict=strict)


def _bounded(kind: Bound, words: str, language: str, low: str, high: str, strict: bool = True) -> DataValidation:
    rule = DataValidation(type=kind, operator="between", formula1=low, formula2=high)
    return _with_error(rule, words, language, strict=strict)


def _with_error(rule: DataValidation, words: str, language: str, *, strict: bool) -> DataValidation:
    rule.showErrorMessage = True
    rule.errorStyle = "stop" if strict else "warning"
    side = 0 if language == "zh" else 1
    rule.errorTitle, rule.error = TITLE[side], ENTRY_ERRORS[words][side]
    return rule
