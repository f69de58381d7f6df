"""Lines of a form's tables -> rows of the logs: 措施跟踪, 原因分析, 方案评分, 验证记录, 回访, 会议. Pure.

A line that is in its log already is not added again: a form comes back half done, then whole. What the later one adds
to it is written into the row that is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ...fields import Field
from ...plan import NewRow, Phrase, Plan, SheetCell
from ...plan.form_kinds import RATINGS, FormKind
from ...plan.form_parts import FormTable
from ...texts import say
from ...texts.form_words import FORM_WORDS, form_word
from ..case import Case
from ..evidence.news import shown
from ..evidence.settings import mark_weights
from ..rulebook import LogRow
from .merge import Returned
from .values import fold

IDENTITY = {
    "actions": ("kind", "text"),
    "causes": ("chain", "step", "why"),
    "options": ("option",),
    "verifications": ("criterion", "measured"),
    "surveys": ("at",),
    "meetings": ("date",),
}
"""What tells the lines of one feedback apart, by log."""

LATER = ("owner", "due", "done", "evidence", "effect", "total", "chosen", "pass", "note", "decisions")
"""Columns that a later return of a form fills in or corrects."""

DAYS = ("due", "done")

Values = dict[str, Any]


def log_lines(case: Case, kind: FormKind, form: Returned) -> Plan:
    """The rows that the logs get from a form, and the cells of rows that are there already."""
    plans = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for number, (log, values) in enumerate(_all_lines(case, kind, form), 1):
        known = _identity(log, values)
        if (log, known) in seen:
            continue
        seen.add((log, known))
        there = next((row for row in case.situation.rulebook.logs.get(log, ())
                      if row.id == case.id and _identity(log, row.values) == known), None)  # fmt: skip
        if there is None:
            plans.append(Plan(rows=(_row(case, log, number, values, form),)))
        else:
            plans.append(Plan(cells=tuple(_more(log, there, values, form))))
    return Plan.join(plans)


def each_once(rows: Iterable[NewRow]) -> tuple[NewRow, ...]:
    """The rows that several forms of one feedback add to its logs, each line once, with what the later form says."""
    made: dict[tuple[object, ...], NewRow] = {}
    for row in rows:
        key = (row.sheet, _identity(row.sheet, row.values)) if row.sheet in IDENTITY else (row.sheet, row.key)
        before = made.get(key)
        if before is not None:
            said = {name: value for name, value in row.values.items() if name in LATER and value is not None}
            row = replace(before, values={**before.values, **said})
        made[key] = row
    return tuple(made.values())


def _row(case: Case, log: str, number: int, values: Values, form: Returned) -> NewRow:
    whole = {"id": case.id, **values, **form.source(case)}
    return NewRow(log, case.id, f"{log}/{form.form}/{form.at.isoformat()}/{number}", whole)


def _more(log: str, there: LogRow, values: Values, form: Returned) -> Iterator[SheetCell]:
    """The cells in which a later return says something that the row does not say."""
    for key in LATER:
        value = values.get(key)
        if key in there.values and value is not None and _plain(value) != _plain(there.values[key]):
            yield SheetCell(log, there.row, key, there.values[key], value, form.because, there.id)


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    return "" if value is None else str(value)


def _identity(log: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(fold(_plain(values.get(key))) for key in IDENTITY[log])


# ---- what each kind of form says -------------------------------------------------------------------------------------


def _all_lines(case: Case, kind: FormKind, form: Returned) -> Iterator[tuple[str, Values]]:
    """(log, values) of every line, in the order of the form."""
    language = case.situation.register.language
    for table in kind.contract.tables:
        if table.log:
            for number, line in enumerate(form.tables.get(table.name, ()), 1):
                values = _line(case, table, line, form, language)
                if values is not None:
                    if table.log == "actions":
                        values = {"no": f"{_part(kind, table)}.{number}", **values}
                    yield table.log, {**values, **table.constants}
    if kind is FormKind.FOLLOW_UP and any(form.answers.values()):
        yield "surveys", _survey(form)
    if kind is FormKind.MINUTES and form.answers.get("held_at"):
        decided = [line.get("text", "") for line in form.tables.get("decided", ()) if line.get("text")]
        joined = "；".join(decided) if language == "zh" else "; ".join(decided)
        held = dt.datetime.fromisoformat(form.answers["held_at"])
        yield "meetings", {"date": held, "place": form.answers.get("place") or None,
                           "present": form.answers.get("present") or None, "decisions": joined or None}  # fmt: skip


def _part(kind: FormKind, table: FormTable) -> str:
    """Where in a form a table stands: `D6` of an 8D."""
    part = next(part.title for part in kind.contract.parts if table in part.tables)
    return part.upper() if kind is FormKind.EIGHT_D else {FormKind.MINUTES: "M", FormKind.WHY: "W"}.get(kind, "F")


def _line(case: Case, table: FormTable, line: Mapping[str, str], form: Returned, language: str) -> Values | None:
    """The columns of a log that a line fills; None where it says nothing for the log."""
    said = {key: text for key, text in line.items() if text}
    days = {key: dt.datetime.fromisoformat(said[key]) for key in DAYS if key in said}
    if table.name == "places":
        counted = ("quantity", "checked", "bad")
        parts = [f"{form_word(f'column.{key}', language)} {said[key]}" for key in counted if key in said]
        parts += [said["marking"]] if "marking" in said else []
        colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
        text = f"{said.get('place', '')}{colon if parts else ''}{comma.join(parts)}"
        proof = said.get("marking") or "".join(parts[1:2]) or None
        return {"against": None, "text": text, "owner": said.get("owner"), "evidence": proof, **days}
    if table.name == "documents":
        if said.get("changed") != "yes":
            return None
        return {"text": say(Phrase.of("form.document", document=said.get("document", "")), language),
                "owner": case.value(Field.OWNER), "evidence": said.get("revision"), **days}  # fmt: skip
    if table.log == "actions":
        if "text" not in said:
            return None
        chain = said.get("against", "")
        return {
            "against": form_word(chain, language) if chain in FORM_WORDS else None,
            "text": said["text"],
            "owner": said.get("owner"),
            **days,
            "evidence": said.get("evidence"),
            "effect": _effect(said, language),
        }
    if table.log == "options":
        weights = mark_weights(case.situation.rulebook.scoring)
        marks = {key: float(said[key]) for key in weights if _is_number(said.get(key))}
        whole = len(marks) == len(weights)
        total = shown(sum(marks[key] * weight for key, weight in weights.items())) if whole else None
        return {**said, "total": total} if "option" in said else None
    if table.log == "causes":
        return said if "why" in said else None
    if table.log == "verifications":
        return {**said, **_verified(case, form)} if "criterion" in said else None
    return said


def _effect(said: Mapping[str, str], language: str) -> str | None:
    parts = [f"{form_word(f'column.{key}', language)} {said[key]}" for key in ("before", "after", "n") if key in said]
    return ("，" if language == "zh" else ", ").join(parts) or None


def _verified(case: Case, form: Returned) -> Values:
    """What a verification says of all its criteria."""
    answers, on = form.answers, form.answers.get("verified_at")
    return {
        "date": dt.datetime.fromisoformat(on) if on else form.at,
        "verifier": answers.get("verifier") or None,
        "method": answers.get("verify_method") or None,
        "samples": answers.get("samples") or None,
        "note": answers.get("remark") or None,
    }


def _survey(form: Returned) -> Values:
    keys = ("confirmation", "satisfaction", *RATINGS, "opinion", "agrees")
    return {key: form.answers.get(key) or None for key in keys}


def _is_number(text: str | None) -> bool:
    try:
        return text is not None and 1 <= float(text) <= 5
    except ValueError:
        return False


# ---- what the tables mean for the register ---------------------------------------------------------------------------


def derived(case: Case, kind: FormKind, form: Returned) -> Iterator[tuple[Field, str]]:
    """Columns that follow from the tables: (column, answer)."""
    if kind is FormKind.EIGHT_D:
        yield from _contained_and_chosen(case, form)
    if Field.IMPLEMENTED_AT in kind.contract.derives:
        actions = [line for line in form.tables.get("actions", ()) if line.get("text")]
        if actions and all(line.get("done") for line in actions):
            yield Field.IMPLEMENTED_AT, max(line["done"] for line in actions)


def _contained_and_chosen(case: Case, form: Returned) -> Iterator[tuple[Field, str]]:
    places = [line["done"] for line in form.tables.get("places", ()) if line.get("done")]
    if places and (form.answers.get("containment") or case.value(Field.CONTAINMENT)):
        yield Field.CONTAINED_AT, max(places)
    options = [line for line in form.tables.get("options", ()) if line.get("option")]
    chosen = [line["option"] for line in options if line.get("chosen") == "yes"]
    if len(chosen) == 1:
        yield Field.SOLUTION, chosen[0]
