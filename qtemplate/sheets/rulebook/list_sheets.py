"""数据字典 and 故障词典 -> field rules, lists, faults. Knows these two sheets only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from ...dmn.decision_table import DecisionTable
from ...fields import FIELDS, Field, Kind
from ...plan import Severity
from ...rules.rulebook import FieldRule
from ...texts.wanted import Wanted
from ..blocks import find_header
from ..headers import field_of, fold, nearest, word_of
from ..layout import BY_KEY
from ..reading.cell_values import shown, tidy
from ..reading.column_map import meant_by, read_map
from .conditions import condition_findings, is_condition, parse_condition
from .people_sheets import pattern_in
from .rule_sheets import RuleSheets, twice
from .typed_rows import Row

Lists = dict[str, dict[str, str]]

TOGETHER = re.compile(r"[+＋、，,;；/&\n]+")
"""Between the names of columns that are unique together."""


Theirs = Mapping[str, Field]
"""Folded header of an adopted workbook -> the field that it is."""


def read_dictionary(sheets: RuleSheets, theirs: Theirs) -> tuple[tuple[FieldRule, ...], Lists]:
    """The rules of columns in sheet order, and the lists; a column that stands twice counts once."""
    spec = BY_KEY["dictionary"]
    lists = read_lists(sheets, theirs)
    rows = [row for row in sheets.rows(spec, spec.blocks[0]) if row.needed("field")]
    later = twice((row, "field", key_of(row.text("field"), theirs)) for row in rows)
    names = [row.text("field") for row in rows]
    return tuple(rule_in(row, lists, names, theirs) for row in rows if row.number not in later), lists


def key_of(header: str, theirs: Theirs) -> str:
    """Field key a header names, ours or theirs, else the header itself: a team's own column or list."""
    field = field_of(header) or theirs.get(fold(header))
    return header.strip() if field is None else field.value


def rule_in(row: Row, lists: Mapping[str, Mapping[str, str]], names: Sequence[str], theirs: Theirs) -> FieldRule:
    """The rule of one column; `names` are the columns that the sheet describes."""
    allowed = key_of(row.text("allowed"), theirs) if row.text("allowed") else ""
    if allowed and allowed not in lists:
        row.report("QT208", "allowed", near=nearest(row.text("allowed"), [header_of(key) for key in lists]))
        allowed = ""
    field, kind = key_of(row.text("field"), theirs), row.word("type", "text", "number", "date", "list") or ""
    required, condition = required_in(row)
    unique, together = unique_in(row, field, names, theirs)
    minimum, maximum = number_limits(row) if not dated(field, kind) else (None, None)
    earliest, latest = date_limits(row) if dated(field, kind) else (None, None)
    return FieldRule(
        field=field,
        required=required,
        type=kind,
        allowed=allowed,
        pattern=pattern_in(row, "pattern"),
        unique=unique,
        minimum=minimum,
        maximum=maximum,
        severity=row.word("severity", "error", "warning", "info") or "error",
        row=row.number,
        unique_with=together,
        earliest=earliest,
        latest=latest,
        condition=condition,
    )


def dated(field: str, kind: str) -> bool:
    """Whether the column holds dates: the product's own by their kind, a team's by its type."""
    known = FIELDS.get(field)
    return kind == "date" if known is None else known.kind in (Kind.DATE, Kind.DATETIME)


def number_limits(row: Row) -> tuple[float | None, float | None]:
    minimum, maximum = row.number_in("minimum"), row.number_in("maximum")
    if minimum is not None and maximum is not None and maximum < minimum:
        row.unfit("maximum", Wanted.POSITIVE)
        maximum = None
    return minimum, maximum


def date_limits(row: Row) -> tuple[dt.datetime | None, dt.datetime | None]:
    earliest, latest = row.moment("minimum", Wanted.DAY), row.moment("maximum", Wanted.DAY)
    if earliest is not None and latest is not None and latest < earliest:
        row.unfit("maximum", Wanted.LATER)
        latest = None
    return earliest, latest


def required_in(row: Row) -> tuple[bool, DecisionTable | None]:
    """`是`, `否`, or a condition such as `反馈渠道=经销商`."""
    text, where = row.text("required"), row.where("required")
    if where is None or not is_condition(text):
        return row.word("required", "yes", "no") == "yes", None
    table, problems = parse_condition(text, where)
    row.findings.extend(condition_findings(problems))
    return False, table


def unique_in(row: Row, field: str, names: Sequence[str], theirs: Theirs) -> tuple[bool, tuple[str, ...]]:
    """`是`, `否`, or the columns that are unique together: `批次号+序列号`."""
    text = row.text("unique")
    if not text or word_of(row.cells.get("unique"), "yes", "no") is not None:
        return row.word("unique", "yes", "no") == "yes", ()
    known = {key_of(name, theirs) for name in names} | FIELDS.keys()
    keys = [key_of(part, theirs) for part in TOGETHER.split(text) if part.strip()]
    strange = [key for key in keys if key not in known]
    if strange:
        headers = list(dict.fromkeys([*names, *(field.header("zh") for field in Field)]))
        row.report("QT212", "unique", name=strange[0], near=nearest(strange[0], headers))
        return False, ()
    together = tuple(dict.fromkeys(key for key in keys if key != field))
    return not together, together


def header_of(key: str) -> str:
    field = FIELDS.get(key)
    return key if field is None else field.zh


def read_lists(sheets: RuleSheets, theirs: Theirs) -> Lists:
    """List name (field key, or the header as it stands) -> {label: code}.

    A list stands in a column to the right of the fields block, its name in the same row as that block's headers.
    Enumerations without a list of their own have the product's labels.
    """
    spec = BY_KEY["dictionary"]
    name = sheets.name_of(spec)
    lists: Lists = {}
    if name is not None:
        grid = sheets.grid(name)
        block = find_header(grid, name, spec.blocks[0])
        # a dictionary with lists only has them in its first row of texts
        row = block.header_row if block else next((n for n, r in enumerate(grid, 1) if sum(map(is_name, r)) > 1), 0)
        first = block.last if block else 0
        for at, header in enumerate(grid[row - 1][first:] if row else (), first):
            if is_name(header):
                key = key_of(tidy(str(header)), theirs)
                values = (shown(r[at]) for r in grid[row:] if at < len(r) and r[at] != "")
                lists.setdefault(key, codes_of(key, values, meant_by(read_map(sheets.book), key)))
    for field in Field:
        if field.choices is not None:
            lists.setdefault(field.value, {member.label(sheets.language): str(member) for member in field.choices})
    return lists


def is_name(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def codes_of(key: str, labels: Iterable[str], meant: Mapping[str, str]) -> dict[str, str]:
    """Label -> code: the product's for its own members and an adopted team's words, else the label itself.

    Args:
        key: Of the list.
        labels: As they stand in it.
        meant: Folded word of the team's -> code.
    """
    field = FIELDS.get(key)
    known = dict(meant)
    if field is not None and field.choices is not None:
        known |= {fold(name): str(m) for m in field.choices for name in (str(m), m.zh, m.en)}
    tidied = (tidy(label) for label in labels)
    return {label: known.get(fold(label), label) for label in tidied if label}


def read_faults(sheets: RuleSheets) -> dict[str, tuple[str, ...]]:
    """Fault -> the words people use for it, in sheet order; a word of two faults is reported."""
    spec = BY_KEY["faults"]
    rows = [row for row in sheets.rows(spec, spec.blocks[0]) if row.needed("fault")]
    later = twice((row, "fault", fold(row.text("fault"))) for row in rows)
    faults: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for row in rows:
        if row.number in later:
            continue
        fault = row.text("fault")
        words = tuple(dict.fromkeys(row.parts("synonyms")))
        for word in words:
            if owner.setdefault(fold(word), fault) != fault:
                row.report("QT209", "synonyms", Severity.WARNING, word=word, other=owner[fold(word)])
        faults[fault] = words
    return faults
