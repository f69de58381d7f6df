"""The whole standard workbook, made afresh from the declarations; nothing here ever opens a workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ...choices import Level, Role
from ...fields import Field
from ...rules.evidence.settings import DEFAULTS as SCORING
from ...rules.rulebook import DEFAULT_GATES
from ...texts.workbook.notes import CLOCK_NOTES, GATE_NOTES, SCORE_NOTES
from ..layout import BY_KEY, INVESTIGATION, REGISTER_EN, REGISTER_ZH, SHEETS, VIEWS, word
from . import look
from .block_sheets import write_block_sheet
from .cells import Shown
from .dashboard_sheet import write_dashboard
from .default_checks import CHECKS
from .default_faults import FAULTS
from .default_limits import LADDER, LIMITS, SEGMENTS, WEEKDAYS
from .default_tables import TABLES
from .dictionary_sheet import write_dictionary
from .figures_sheet import write_figures
from .finish import MADE_AT, finished_bytes
from .guide_sheet import write_guide
from .holidays import Holidays, shipped_holidays
from .inputs import OwnColumn, Row
from .ranges import Ranges, value_lists
from .register_sheet import write_register
from .rule_sheets import write_rule_sheet
from .view_sheets import write_views

_TAB_COLOURS = {
    "guide": look.QUIET,
    "dashboard": look.QUIET,
    "figures": look.QUIET,
    "findings": "9A6B15",
    "changes": "9A6B15",
    **dict.fromkeys(VIEWS, look.ACCENT),
}
_RULE_TAB, _DATA_TAB, _REGISTER_TAB = "2E7D5B", "4A4372", look.ACCENT
_DATA_SHEETS = ("people", "products", "volumes", "phases", "dictionary", "faults", "pauses", "contacts", *INVESTIGATION)


def build_workbook(
    language: str,
    *,
    people: Sequence[Row] = (),
    products: Sequence[Row] = (),
    rows: Sequence[Row] = (),
    contacts: Sequence[Row] = (),
    pauses: Sequence[Row] = (),
    faults: Sequence[Row] | None = None,
    own_columns: Sequence[OwnColumn] = (),
    changes: Sequence[Row] = (),
    holidays: Holidays | None = None,
    demo: bool = False,
) -> bytes:
    """Make the standard workbook.

    Args:
        language: `"zh"` or `"en"`: of names, headers, labels and default rules.
        people, products, contacts, pauses, faults, changes: Rows of those sheets, keyed by the column keys of `layout.SHEETS`,
            with the words people would type. `faults` None = the default dictionary of faults.
        rows: Rows of the register, keyed by field key or own header; codes of closed sets become labels, all else is
            written as it is (`Shown` carries a number format, `#N/A` and the like become error cells).
        own_columns: The team's own columns, to the right of the product's.
        holidays: What the calendar starts with; None = what ships for the language.
        demo: Whether the guide begins with room for the stories that `demo` tells.

    Returns:
        The .xlsx file; equal arguments give equal bytes.
    """
    wb = Workbook()
    wb.properties.creator = "qtemplate"
    wb.properties.title = "质量反馈登记表" if language == "zh" else "Quality feedback register"
    wb.properties.created = wb.properties.modified = MADE_AT
    ranges = Ranges(language, value_lists(language, products, own_columns))
    sheets = _make_sheets(wb, language)
    write_guide(sheets["guide"], language, demo=demo)
    write_dashboard(sheets["dashboard"], ranges)
    write_figures(sheets["figures"], ranges)
    write_register(sheets["register"], language, rows, own_columns, ranges)
    for table in (*TABLES, CHECKS):
        write_rule_sheet(sheets[table.key], table, language)
    fitted = {"dictionary": write_dictionary(sheets["dictionary"], ranges, own_columns)}
    filled: dict[str, Mapping[str, Sequence[Row]]] = {
        "findings": {},
        "limits": {"limits": _limit_rows(language)},
        "escalation": {"escalation": _ladder_rows(language)},
        "gates": {"gates": _gate_rows(language)},
        "scoring": {"scoring": _scoring_rows(language)},
        "calendar": _calendar_rows(language, holidays or shipped_holidays(language)),
        "people": {"people": people},
        "products": {"products": products},
        "volumes": {},
        "phases": {},
        "faults": {"faults": _fault_rows(language) if faults is None else faults},
        "pauses": {"pauses": pauses},
        "contacts": {"contacts": contacts},
        **{key: {} for key in INVESTIGATION},
        "changes": {"changes": changes},
    }
    for key, blocks in filled.items():
        drop_downs = _drop_downs(key, ranges)
        fitted[key] = write_block_sheet(sheets[key], BY_KEY[key], language, blocks, drop_downs, _formats(key))
    write_views(sheets, language)
    wb.active = sheets["register" if rows else "guide"]
    for ws in wb.worksheets:
        ws.sheet_view.tabSelected = ws is wb.active
    saved = io.BytesIO()
    wb.save(saved)
    numbered = {at: fitted[key] for at, key in enumerate(sheets, 1) if key in fitted}
    return finished_bytes(saved.getvalue(), numbered)


def _make_sheets(wb: Workbook, language: str) -> dict[str, Worksheet]:
    """All sheets in order, the register after the dashboard."""
    titles = {spec.key: spec.title(language) for spec in SHEETS}
    register = REGISTER_ZH if language == "zh" else REGISTER_EN
    order = list(titles.items())
    order.insert(2, ("register", register))
    first = wb.active
    assert isinstance(first, Worksheet)
    sheets: dict[str, Worksheet] = {}
    for key, title in order:
        ws = first if not sheets else wb.create_sheet()
        ws.title = title
        ws.sheet_properties.tabColor = _tab_colour(key)
        sheets[key] = ws
    return sheets


def _tab_colour(key: str) -> str:
    if key == "register":
        return _REGISTER_TAB
    return _TAB_COLOURS.get(key, _DATA_TAB if key in _DATA_SHEETS else _RULE_TAB)


def _limit_rows(language: str) -> list[Row]:
    side = 0 if language == "zh" else 1
    return [
        {
            "clock": clock.label(language),
            "level": level.label(language),
            "number": number,
            "unit": word(unit, language),
            "note": CLOCK_NOTES[clock][side] if level is Level.URGENT else None,
        }
        for clock, levels in LIMITS.items()
        for level, (number, unit) in levels.items()
    ]


def _ladder_rows(language: str) -> list[Row]:
    side = 0 if language == "zh" else 1
    rows: list[Row] = []
    separator = "、" if language == "zh" else ", "
    for clocks, when, number, unit, told, note in LADDER:
        share = when == "share_left"
        names = [to.label(language) if isinstance(to, Role) else word(to, language) for to in told]
        rows.append(
            {
                "clock": separator.join(clock.label(language) for clock in clocks) or None,
                "when": word(when, language),
                "number": Shown(number, "0%") if share else number,
                "unit": word(unit, language) if unit else None,
                "to": separator.join(names),
                "note": note[side],
            }
        )
    return rows


def _gate_rows(language: str) -> list[Row]:
    side = 0 if language == "zh" else 1
    return [
        {
            "gate": gate.label(language),
            **{level.value: "●" if level in levels else None for level in Level},
            "note": GATE_NOTES[gate][side],
        }
        for gate, levels in DEFAULT_GATES.items()
    ]


def _scoring_rows(language: str) -> list[Row]:
    side = 0 if language == "zh" else 1
    return [
        {
            "item": item.label(language),
            "number": number,
            "note": SCORE_NOTES[item][side] if item in SCORE_NOTES else None,
        }
        for item, number in SCORING.items()
    ]


def _calendar_rows(language: str, holidays: Holidays) -> dict[str, Sequence[Row]]:
    side = 0 if language == "zh" else 1
    week = [{"weekday": day[side], "from": begin, "to": end} for day in WEEKDAYS for begin, end in SEGMENTS]
    days = [{"date": day, "type": word(kind, language), "name": name[side]} for day, kind, name in holidays.days]
    years = [{"year": year, "confirmed": word("yes" if sure else "no", language)} for year, sure in holidays.years]
    return {"week": week, "days": days, "years": years}


def _fault_rows(language: str) -> list[Row]:
    side = 0 if language == "zh" else 1
    separator = "、" if language == "zh" else ", "
    return [{"fault": name[side], "synonyms": separator.join(words[side])} for name, words in FAULTS]


def _formats(key: str) -> Mapping[str, str]:
    """Formats of from/to, which are times in the calendar and moments in the pauses."""
    if key == "calendar":
        return {"from": look.TIME, "to": look.TIME}
    if key == "meetings":
        return {"date": look.DATETIME}
    return {"from": look.DATETIME, "to": look.DATETIME} if key == "pauses" else {}


def _drop_downs(key: str, ranges: Ranges) -> dict[tuple[str, str], str]:
    """(block, column) -> source of the drop-down, for the sheets people write."""
    level, clock = ranges.formula(Field.LEVEL.value), ranges.formula("clock_name")
    department, yes_no, people = ranges.formula(Field.DEPARTMENT.value), ranges.formula("yes_no"), ranges.people()
    sources: dict[str, dict[tuple[str, str], str]] = {
        "limits": {("limits", "clock"): clock, ("limits", "level"): level, ("limits", "unit"): ranges.formula("unit")},
        "escalation": {
            ("escalation", "clock"): clock,
            ("escalation", "level"): level,
            ("escalation", "when"): ranges.formula("when"),
            ("escalation", "unit"): ranges.formula("unit"),
            ("escalation", "to"): ranges.formula("tell"),
        },
        "calendar": {("days", "type"): ranges.formula("off_on"), ("years", "confirmed"): yes_no},
        "people": {
            ("people", "department"): department,
            ("people", "role"): ranges.formula("role"),
            ("people", "manager"): people,
            ("people", "deputy"): people,
            ("people", "active"): yes_no,
            ("people", "monthly"): yes_no,
        },
        "products": {("products", "kind"): ranges.formula("kind")},
        "contacts": {
            ("contacts", "direction"): ranges.formula("direction"),
            ("contacts", "way"): ranges.formula(Field.CONTACT_WAY.value),
            ("contacts", "who"): people,
            ("contacts", "final"): yes_no,
        },
        "actions": {("actions", "kind"): ranges.formula("action_kind"), ("actions", "owner"): people},
        "causes": {("causes", "chain"): ranges.formula("chain")},
        "options": {("options", "chosen"): yes_no},
        "verifications": {
            ("verifications", "verifier"): people,
            ("verifications", "method"): ranges.formula(Field.VERIFY_METHOD.value),
            ("verifications", "pass"): yes_no,
        },
        "surveys": {
            ("surveys", "confirmation"): ranges.formula(Field.CONFIRMATION.value),
            ("surveys", "agrees"): yes_no,
        },
        "decisions": {("decisions", "decide"): ranges.formula("decide")},
    }
    return sources.get(key, {})
