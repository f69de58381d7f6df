"""The decision tables of the workbook, tied to the register's fields: headers -> keys, labels -> codes.

Knows fields, lists and what each table's outputs mean; how tables are laid out is in `rule_tables`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from ...dmn.bind_table import Binding, Resolve, bind
from ...dmn.decision_table import DecisionTable
from ...dmn.model import OutputColumn
from ...dmn.table_checks import check_table
from ...dmn.table_demands import as_errors, not_summable, unmet_demands
from ...dmn.table_problems import TableProblem, has_errors
from ...fields import Field, Kind
from ...ooxml.references import Area
from ...plan import Finding, Severity
from ...register import CellRef
from ...rules.queue_order import AGE_DAYS, POINTS, RECURRENT
from ...rules.rulebook import FieldRule, Person
from ..headers import field_of, fold
from ..layout import WORDS
from .rule_damage import Merged
from .rule_tables import read_table

KINDS = {
    Kind.ENUM: "enum", Kind.SCALE: "number", Kind.INT: "number", Kind.DATE: "date", Kind.DATETIME: "datetime",
    Kind.PERSON: "person",
}  # fmt: skip

COMPUTED = {fold(name): Binding(RECURRENT, "bool") for name in (RECURRENT, "重复发生")}
COMPUTED |= {fold(name): Binding(AGE_DAYS, "number", integer=True) for name in (AGE_DAYS, "age in days", "反馈天数")}
COMPUTING = ("priority", "points")
"""Names that are no column, and the tables whose step computes them; other tables may not ask for them."""

METHODS = {
    "固定": "fixed", "Fixed": "fixed", "轮流": "round_robin", "Round robin": "round_robin",
    "最少负荷": "least_load", "Least load": "least_load",
}  # fmt: skip
MARK = "\0"  # marks an output of the table's own, so that 程度/severity is not taken for the field of that name

NEEDED: dict[str, tuple[str, ...]] = {
    "grading": ("level", "suggested_level"),
    "assignment": ("department",),
    "priority": ("priority",),
    "points": (POINTS,),
    "checks": ("message",),
}
"""Outputs of which a table must have one, or its step has nothing to do."""


NOT_ADOPTED: Mapping[str, Field] = {}
NO_WORDS: Mapping[str, Mapping[str, str]] = {}


def binder(
    language: str,
    lists: Mapping[str, Mapping[str, str]],
    people: Sequence[Person],
    dictionary: Sequence[FieldRule],
    own_headers: Collection[str],
    theirs: Mapping[str, Field] = NOT_ADOPTED,
    words: Mapping[str, Mapping[str, str]] = NO_WORDS,
) -> tuple[Resolve, list[str]]:
    """What a column name means to a table, and all names there are.

    Args:
        own_headers: The team's own columns that the register has.
        theirs: Of an adopted workbook: folded header -> the field that it is; ours go before them.
        words: Of an adopted workbook: field key -> the team's words -> codes.
    """
    types = {rule.field: rule for rule in dictionary}
    own = {fold(header): header for header in own_headers}
    names = {person.name: person.name for person in people}
    departments = {person.department: person.department for person in people if person.department}
    departments |= lists.get(Field.DEPARTMENT, {})

    def of_field(field: Field) -> Binding:
        kind = KINDS.get(field.kind, "text")
        codes: dict[str, str] | None = None
        if field.choices is not None:
            members = list(field.choices)
            codes = {member.label(language): str(member) for member in members}
            codes |= {member.label("en" if language == "zh" else "zh"): str(member) for member in members}
            codes |= {**lists.get(field.value, {}), **words.get(field.value, {})}
        elif field.kind is Kind.PERSON and names:
            codes = dict(names)
        elif field is Field.DEPARTMENT and departments:
            return Binding(field.value, "text", dict(departments), open=True)
        scale = (1, 2, 3, 4, 5) if field.kind is Kind.SCALE else ()
        whole = field.kind in (Kind.SCALE, Kind.INT)
        return Binding(field.value, kind, codes, integer=whole, scale=scale)

    def resolve(name: str) -> Binding | None:
        if name.startswith(MARK):
            return own_output(name[1:], names, own_headers)
        field = field_of(name) or theirs.get(fold(name))
        if field is not None:
            return of_field(field)
        header = own.get(fold(name))
        if header is None:
            return None
        rule = types.get(header)
        kind = {"number": "number", "date": "date"}.get(rule.type if rule else "", "text")
        listed = lists.get(rule.allowed) if rule is not None and rule.allowed else None
        return Binding(header, kind, dict(listed) if listed and kind == "text" else None)

    return resolve, [*(field.header(language) for field in Field), *own_headers]


def own_output(key: str, names: Mapping[str, str], own_headers: Collection[str]) -> Binding:
    """The outputs of assignment, points and checks that are no fields of the register."""
    match key:
        case "points":
            return Binding(key, "number")
        case "method":
            return Binding(key, "enum", METHODS)
        case "person":
            return Binding(key, "person", dict(names) or None)
        case "severity":
            return Binding(key, "enum", {label: code for code in ("error", "warning", "info") for label in WORDS[code]})
        case "field":
            codes = {field.zh: field.value for field in Field} | {field.en: field.value for field in Field}
            return Binding(key, "enum", codes | {header: header for header in own_headers})
        case _:
            return Binding(key, "text")


OUTPUTS: dict[str, dict[str, str]] = {
    "assignment": {
        fold(name): key
        for key, names in {"method": ("方式",), "person": ("人员",), "skill": ("专长",)}.items()
        for name in (key, *names)
    },
    "points": {fold(name): POINTS for name in (POINTS, "积分")},
    "checks": {
        fold(name): key
        for key, names in {"message": ("说明", "提示"), "field": ("字段",), "severity": ("程度",)}.items()
        for name in (key, *names)
    },
}

ONE_RESULT = ("grading", "assignment", "priority")
"""Tables whose step takes one result for a row."""

OWN_NAMES = {"points": ("积分 / points",), "checks": ("说明 / message",)}
"""Needed outputs that are no fields, as people may name them."""


def read_bound_table(
    key: str,
    sheet: str,
    grid: Sequence[Sequence[object]],
    resolve: Resolve,
    known: Sequence[str],
    merged: Merged = (),
) -> tuple[DecisionTable | None, list[Finding]]:
    """One decision table of the workbook, bound; None when any of its problems is an error.

    Args:
        key: `grading`, `assignment`, `priority`, `points` or `checks`.
        grid: All cells of its sheet from A1 on.
        merged: Merged areas of it.
    """
    table, problems = read_table(sheet, grid, merged=merged)
    problems = as_errors(problems)
    if table is not None:
        outputs = OUTPUTS.get(key, {})
        table = replace(table, outputs=tuple(marked(column, outputs) for column in table.outputs))
        bound, more = bind(table, computing(resolve) if key in COMPUTING else resolve, known)
        # a gap is for `rules check`; a nightly run only refuses what would decide wrongly
        unsafe = [] if bound is None else [p for p in as_errors(check_table(bound)) if p.forbids]
        if bound is not None:
            demands = unmet_demands(bound, NEEDED[key], key in ONE_RESULT)
            unsafe += not_summable(bound, POINTS) if key == "points" else demands
        problems = [*problems, *more, *unsafe]
        bound = None if has_errors(problems) else bound
        if bound is not None and not any(column.name in NEEDED[key] for column in bound.outputs):
            wanted = tuple(field for name in NEEDED[key] if (field := field_of(name)) is not None) or OWN_NAMES[key]
            place = CellRef(sheet, 3, 1)
            return None, [*findings_of(problems), Finding("QT222", Severity.ERROR, place, "", (("wanted", wanted),))]
        table = bound
    return table, findings_of(problems)


def computing(resolve: Resolve) -> Resolve:
    """`resolve` for the tables that may also ask for what their step computes."""
    return lambda name: COMPUTED.get(fold(name)) or resolve(name)


def meant_for(table: DecisionTable) -> str:
    """The step whose result a table of unknown sheet name gives; "" if none."""
    for key, wanted in NEEDED.items():
        for column in table.outputs:
            field = field_of(column.name)
            own = OUTPUTS.get(key, {}).get(fold(column.name))
            if own in wanted or (field is not None and field.value in wanted):
                return key
    return ""


def marked(column: OutputColumn, outputs: Mapping[str, str]) -> OutputColumn:
    key = outputs.get(fold(column.name))
    return column if key is None else replace(column, name=MARK + key)


def findings_of(problems: Sequence[TableProblem]) -> list[Finding]:
    """Problems of a table as findings with their cells."""
    found = []
    for problem in problems:
        place = Area.parse(problem.cell)
        where = None if place is None else CellRef(problem.sheet, place.first_row, place.first_column)
        code, severity = "QT220" if problem.forbids else "QT221", Severity(problem.severity.value)
        found.append(Finding(code, severity, where, "", (("problem", problem), ("sheet", problem.sheet))))
    return found
