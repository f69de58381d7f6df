"""Reading a follow-up form that came back: which one it is, and what was answered.

A form is recognised by the token on its hidden sheet, never by its file name. Only reading: openpyxl opens it, and
nothing is ever saved with it. Knows the form, not the register.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import QtemplateError
from ..fields import Kind
from ..plan import Phrase
from ..sheets import open_book
from ..sheets.headers import fold
from ..sheets.reading.cell_values import reader_for

SECRET_SHEET = "_qt"
LARGEST = 20 << 20
"""Bytes; a form has no more than a few pictures in it."""

ACCEPT = frozenset(map(fold, ("接受", "accept", "accepted")))
RETURN = frozenset(map(fold, ("退回", "return", "returned")))
ANSWERS = ("f_decision", "f_planned_at", "f_reason", "f_owner_note")
LONGEST = 1_000


class FormProblem(QtemplateError):
    """A returned form that cannot be taken up; `said` tells why and what to do."""

    def __init__(self, said: Phrase) -> None:
        super().__init__(said.key)
        self.said = said


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """A form with its answers.

    Attributes:
        key, kind, id: Of the form that was made.
        base: Field key -> what the register held when the form was made, ISO or "".
        decision: `accept` or `return`.
        planned_at: ISO date, or "".
        reason, note: As typed.
    """

    key: str
    kind: str
    id: str
    base: Mapping[str, str]
    decision: str
    planned_at: str
    reason: str
    note: str


def read_form(path: Path) -> ReturnedForm:
    """Reads one returned form.

    Raises:
        FormProblem: It is no form of ours, or its answers do not do.
    """
    cells, token = _read(path)
    try:
        made = json.loads(token)
        key, kind, id = str(made["form"]), str(made["kind"]), str(made["id"])
        if made["check"] != hashlib.sha256(key.encode()).hexdigest()[:16]:
            raise KeyError("check")
    except (ValueError, KeyError, TypeError):
        raise FormProblem(Phrase("form.no_token")) from None
    base = {str(name): str(value or "") for name, value in dict(made.get("base") or {}).items()}
    decision = fold(cells["f_decision"] or "")
    if decision not in ACCEPT | RETURN:
        raise FormProblem(Phrase.of("form.no_decision", found=str(cells["f_decision"] or "")))
    reason = _text(cells["f_reason"])
    if decision in RETURN and not reason:
        raise FormProblem(Phrase("form.no_reason"))
    planned = reader_for(Kind.DATE, None, {}, "zh", False)(cells["f_planned_at"] or "", None)
    if planned.wrong:
        raise FormProblem(Phrase.of("form.bad_date", found=str(cells["f_planned_at"])))
    day = "" if planned.value is None else planned.value.date().isoformat()
    word = "accept" if decision in ACCEPT else "return"
    return ReturnedForm(key, kind, id, base, word, day, reason, _text(cells["f_owner_note"]))


def _text(value: Any) -> str:
    """What was typed, without characters no cell can hold."""
    text = "" if value is None else str(value)
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()[:LONGEST]


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """The named answer cells and the token."""
    from openpyxl import load_workbook  # a sixth of what all packages take to load, and most nights no form comes back

    try:
        if path.stat().st_size > LARGEST:
            raise FormProblem(Phrase.of("form.too_large", most=LARGEST >> 20))
        book = load_workbook(io.BytesIO(open_book(path).data), read_only=True, data_only=True)
    except FormProblem:
        raise
    except QtemplateError as error:
        raise FormProblem(Phrase.of("form.unreadable", problem=str(error))) from error
    except Exception as error:  # openpyxl raises what its parsers raise; a file from outside must not stop a run
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    try:
        if SECRET_SHEET not in book.sheetnames:
            raise FormProblem(Phrase("form.no_token"))
        cells: dict[str, Any] = dict.fromkeys(ANSWERS)
        for name in ANSWERS:
            if name in book.defined_names:
                for sheet, address in book.defined_names[name].destinations:
                    cells[name] = book[sheet][address.replace("$", "")].value
        return cells, str(book[SECRET_SHEET]["A1"].value or "")
    except FormProblem:
        raise
    except Exception as error:  # as above
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    finally:
        book.close()
