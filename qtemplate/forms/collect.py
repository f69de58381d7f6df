"""Reads a follow-up form that came back: which one it is, and what was answered.

A form is recognised by the token on its hidden sheet, never by its file name. It is opened with openpyxl to be read and
is never saved. This module knows the form, not the register.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import QtemplateError
from ..fields import Kind
from ..plan import Phrase
from ..plan.form_kinds import FORMS, AnswerType, FormAnswer, FormContract, FormKind
from ..plan.keys import FormKey
from ..sheets import open_book
from ..sheets.headers import fold
from ..sheets.reading.cell_values import reader_for
from ..texts import quote, say
from .answered import saved_at
from .token import FormToken, read_token

SECRET_SHEET = "_qt"
LARGEST = 20 << 20
"""Bytes; a form has no more than a few pictures in it."""

LONGEST = 1_000
"""Characters that are kept of a text."""

NAMES = {answer.cell for contract in FORMS.values() for answer in contract.answers}
"""Defined names of the cells that any form asks for."""


class FormProblem(QtemplateError):
    """A returned form that cannot be used; `said` tells the person why, and what to do.

    `form` is its key where it can be trusted and only its answers do not do; None where nobody knows whose it is.
    """

    def __init__(self, said: Phrase, form: FormKey | None = None) -> None:
        super().__init__(said.key, "{sentence}", sentence=say(said, "en"))
        self.said = said
        self.form = form

    def sentence(self, language: str) -> str:
        """Why, in `"zh"` or `"en"`."""
        return say(self.said, language)


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """A form with its answers.

    Attributes:
        key, kind, id: Of the form that was made.
        base: Field key -> what the register held when the form was made, ISO or "".
        answers: Name of the answer -> a text as typed, a day as ISO text, the code of a choice; "" where nothing was
            answered. All names of the kind's contract, in its order.
        saved: When the workbook was saved, as it says itself; aware.
    """

    key: FormKey
    kind: FormKind
    id: str
    base: Mapping[str, str]
    answers: Mapping[str, str]
    saved: dt.datetime | None = None

    @property
    def outcome(self) -> str:
        """The choice that decides what the form says; "" for a kind without one."""
        return self.answers.get(self.kind.contract.outcome, "")


def read_form(path: Path, secret: bytes | None, why_not: Callable[[FormToken], Phrase | None]) -> ReturnedForm:
    """Read one returned form.

    Args:
        path: A file.
        secret: The workspace's key; None where it has none yet.
        why_not: Says why a form is not to be trusted, None where it is.

    Raises:
        FormProblem: It is not one of our forms, or an answer is missing or cannot be read.
    """
    cells, text, saved = _read(path)
    try:
        token = read_token(text, secret)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormProblem(Phrase("form.no_token")) from None
    key = token.key
    if key.kind is None or key.id is None:
        raise FormProblem(Phrase("form.no_token"))
    doubt = why_not(token)
    if doubt is not None:
        raise FormProblem(doubt)
    try:
        answers = _answers(key.kind.contract, cells)
    except FormProblem as problem:
        raise FormProblem(problem.said, key) from problem
    return ReturnedForm(key, key.kind, key.id, token.base, answers, saved)


def carries_mark(data: bytes) -> bool:
    """Whether a workbook has the hidden sheet of a form; whether it is one of ours is asked when it is read."""
    try:
        return SECRET_SHEET in open_book(data).sheet_names
    except Exception:  # a file from outside, whatever it is
        return False


def _answers(contract: FormContract, cells: Mapping[str, Any]) -> dict[str, str]:
    """Name -> answer, every one of the contract.

    Raises:
        FormProblem: The first answer that is missing or cannot be read.
    """
    found: dict[str, str] = {}
    for answer in contract.answers:
        found[answer.name] = _READ[answer.type](answer, cells.get(answer.cell))
        needed = answer.required or (answer.required_for and answer.required_for == found.get(contract.outcome))
        if needed and not found[answer.name]:
            raise FormProblem(Phrase.of(f"form.no_{answer.name}", found=str(cells.get(answer.cell) or "")))
    return found


def _read_choice(answer: FormAnswer, value: Any) -> str:
    typed = fold(value or "")
    return next((code for code, words in answer.choices.items() if typed in map(fold, words)), "")


def _read_day(answer: FormAnswer, value: Any) -> str:
    read = reader_for(Kind.DATE, None, {}, "zh", False)(value or "", None)
    if read.wrong:
        raise FormProblem(Phrase.of(f"form.bad_{answer.name}", found=str(value)))
    return "" if read.value is None else read.value.date().isoformat()


def _read_text(answer: FormAnswer, value: Any) -> str:
    """What was typed, without the characters that a cell cannot hold."""
    text = "" if value is None else str(value)
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()[:LONGEST]


_READ = {AnswerType.CHOICE: _read_choice, AnswerType.DATE: _read_day, AnswerType.TEXT: _read_text}


def _read(path: Path) -> tuple[dict[str, Any], str, dt.datetime | None]:
    """Defined name -> value of its cell, for those of `NAMES` that the form has; the token; when it was saved."""
    from openpyxl import load_workbook  # a sixth of what all packages take to load, and most nights no form comes back

    try:
        if path.stat().st_size > LARGEST:
            raise FormProblem(Phrase.of("form.too_large", most=LARGEST >> 20))
        data = open_book(path).data
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except FormProblem:
        raise
    except QtemplateError as error:
        raise FormProblem(Phrase.of("form.unreadable", problem=quote(error))) from error
    except Exception as error:  # openpyxl raises what its parsers raise; a file from outside must not stop a run
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    try:
        if SECRET_SHEET not in book.sheetnames:
            raise FormProblem(Phrase("form.no_token"))
        cells: dict[str, Any] = {}
        for name in NAMES & set(book.defined_names):
            for sheet, address in book.defined_names[name].destinations:
                cells[name] = book[sheet][address.replace("$", "")].value
        return cells, str(book[SECRET_SHEET]["A1"].value or ""), saved_at(data)
    except FormProblem:
        raise
    except Exception as error:  # as above
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    finally:
        book.close()
