"""Reads a follow-up form that came back: which one it is, and what was answered.

A form is recognised by its marks, never by its file name. It is opened with openpyxl to be read and is never saved.
This module knows the form, not the register.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from ..errors import QtemplateError
from ..fields import FIELDS, Kind
from ..plan import Phrase
from ..plan.form_kinds import FormKind
from ..plan.form_parts import AnswerType, FormAnswer, FormContract
from ..plan.keys import FormKey
from ..sheets import open_book
from ..texts import quote, say
from .answer_cells import Grid, read_answer, read_table
from .answered import saved_at
from .make import PROPERTIES
from .named_cells import NamedArea, named_areas
from .pictures import Picture, pasted_pictures
from .token import FormToken, Mark, read_token

SECRET_SHEET = "_qt"
PROPERTY = "qtemplate_form"
ATTACHMENTS = "attachments"
"""The folder beside the register that pictures go to, one below it for each feedback."""

LARGEST = 20 << 20
"""Bytes; a form has no more than a few pictures in it."""

LOWEST = 2_000
"""Rows of a form that are looked at."""

Line = Mapping[str, str]


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


class ReturnedForm(Struct, frozen=True):
    """A form with its answers.

    Attributes:
        key, kind, id: Of the form that was made.
        base: Field key -> what the register held when the form was made, ISO or ""; None where its mark is lost.
        answers: Name of the answer -> a text as typed, a day as ISO text, the code of a choice; "" where nothing was
            answered. All names of the kind's contract, in its order.
        saved: When the workbook was saved, as it says itself; aware.
        tables: Name of a table -> its lines that hold anything, top down: column -> answer.
        pictures: That were pasted in.
        wrong: Name of an answer, or `table.line.column` -> what was typed there and cannot be read.
    """

    key: FormKey
    kind: FormKind
    id: str
    base: Mapping[str, str] | None
    answers: Mapping[str, str]
    saved: dt.datetime | None = None
    tables: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """All of it that the journal keeps until the next run."""
        kept: dict[str, Any] = {"was": self.base, **self.answers}
        if self.tables:
            kept["tables"] = {name: [dict(line) for line in lines] for name, lines in self.tables.items()}
        if self.pictures:
            kept["pictures"] = [self.path_of(picture) for picture in self.pictures]
        return {**kept, "wrong": dict(self.wrong)} if self.wrong else kept

    def path_of(self, picture: Picture) -> str:
        """Where a picture is kept beside the register, and what 附件 calls it."""
        return f"{ATTACHMENTS}/{self.id}/{self.kind}-{picture.name}"

    @property
    def outcome(self) -> str:
        """The choice that decides what the form says; "" for a kind without one."""
        return self.answers.get(self.kind.contract.outcome, "")


class Opened(Struct, frozen=True):
    """A workbook that may be a form: its cells by sheet, where its names stand, and its two marks."""

    grids: Mapping[str, Grid]
    names: Mapping[str, NamedArea]
    marks: tuple[str, str]
    data: bytes
    saved: dt.datetime | None


def read_form(
    path: Path,
    secret: bytes | None,
    why_not: Callable[[FormToken], Phrase | None],
    own_pictures: Callable[[FormKey], Collection[str]] = lambda key: (),
) -> ReturnedForm:
    """Read one returned form.

    Args:
        path: A file.
        secret: The workspace's key; None where it has none yet.
        why_not: Says why a form is not to be trusted, None where it is.
        own_pictures: Digests of the pictures that a form was made with.

    Raises:
        FormProblem: It is not one of our forms, or one of a kind that is taken as a whole or not at all and has an
            answer that is missing or cannot be read.
    """
    opened = _open(path)
    token = _token(opened.marks, secret)
    key = token.key
    if key.kind is None or key.id is None:
        raise FormProblem(Phrase("form.no_token"))
    doubt = why_not(token)
    if doubt is not None:
        raise FormProblem(doubt)
    contract = key.kind.contract
    if token.version > contract.version:
        raise FormProblem(Phrase("form.newer"), key)
    if not any(answer.cell in opened.names for answer in contract.answers):
        raise FormProblem(Phrase("form.no_cells"), key)
    answers, wrong = _answers(key, contract, opened)
    tables: dict[str, tuple[Line, ...]] = {}
    for table in contract.tables:
        tables[table.name], unread = read_table(table, opened.grids, opened.names)
        wrong |= unread
    pictures = pasted_pictures(opened.data, own_pictures(key))
    return ReturnedForm(key, key.kind, key.id, token.base, answers, opened.saved, tables, wrong, pictures)


def carries_mark(data: bytes) -> bool:
    """Whether a workbook has a mark of a form; whether it is one of ours is asked when it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if PROPERTIES in package.namelist() and PROPERTY.encode() in package.read(PROPERTIES):
                return True
        return SECRET_SHEET in open_book(data).sheet_names
    except Exception:  # a file from outside, whatever it is
        return False


def _token(marks: tuple[str, str], secret: bytes | None) -> FormToken:
    """The mark of a form: of its hidden sheet, else of its properties; where both are there, they have to agree.

    Raises:
        FormProblem: It has none.
    """
    tokens = []
    for text in marks:
        try:
            tokens.append(read_token(text, secret))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    if not tokens:
        raise FormProblem(Phrase("form.no_token"))
    if len(tokens) > 1 and (tokens[0].key != tokens[1].key or Mark.FOREIGN in (tokens[0].mark, tokens[1].mark)):
        first = tokens[0]
        return FormToken(first.key, first.base, Mark.FOREIGN, first.version)
    return tokens[0]


def _answers(key: FormKey, contract: FormContract, opened: Opened) -> tuple[dict[str, str], dict[str, str]]:
    """Name -> answer, every one of the contract; and name -> what cannot be read.

    Raises:
        FormProblem: The first answer that is missing or cannot be read, of a form that is taken as a whole.
    """
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for at, answer in enumerate(contract.answers):
        value = _value(opened, answer)
        said = read_answer(_type(key, answer, at), answer.choices, value)
        if said is None:
            if contract.whole and answer.type is AnswerType.DATE:
                raise FormProblem(Phrase.of(f"form.bad_{answer.name}", found=str(value)), key)
            if answer.type is not AnswerType.CHOICE or not contract.whole:
                wrong[answer.name] = str(value)
        found[answer.name] = said or ""
        needed = answer.required or (answer.required_for and answer.required_for == found.get(contract.outcome))
        if needed and not said:
            raise FormProblem(Phrase.of(f"form.no_{answer.name}", found="" if value is None else str(value)), key)
    return found, wrong


def _type(key: FormKey, answer: FormAnswer, at: int) -> AnswerType:
    """How an answer is read; one to a question that was asked of this row alone as its column is."""
    if key.kind is FormKind.MISSING and at < len(key.asked) and key.asked[at] in FIELDS:
        kind = FIELDS[key.asked[at]].kind
        return {Kind.DATE: AnswerType.DATE, Kind.DATETIME: AnswerType.MOMENT}.get(kind, AnswerType.TEXT)
    return answer.type


def _value(opened: Opened, answer: FormAnswer) -> Any:
    place = opened.names.get(answer.cell)
    if place is None:
        return None
    cell = opened.grids.get(place.sheet, {}).get((place.area.first_row, place.area.first_column))
    return None if cell is None else cell.value


def _open(path: Path) -> Opened:
    from openpyxl import load_workbook  # a sixth of what all packages take to load, and most nights no form comes back

    from .answer_cells import grid_of

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
        named = named_areas((name, str(each.attr_text or "")) for name, each in book.defined_names.items())
        properties = book.custom_doc_props.props  # type: ignore[attr-defined] # the stubs of openpyxl lack it
        known = [each for each in properties if each.name == PROPERTY]
        token = str(book[SECRET_SHEET]["A1"].value or "") if SECRET_SHEET in book.sheetnames else ""
        marks = (token, str(known[0].value or "") if known else "")
        if marks == ("", ""):
            raise FormProblem(Phrase("form.no_token"))
        sheets = {place.sheet for place in named.values()} & set(book.sheetnames) - {SECRET_SHEET}
        grids = {name: grid_of(book[name], LOWEST) for name in sheets}
        return Opened(grids, named, marks, data, saved_at(data))
    except FormProblem:
        raise
    except Exception as error:  # as above
        raise FormProblem(Phrase.of("form.unreadable", problem=type(error).__name__)) from error
    finally:
        book.close()
