"""What a returned form says, in one text for people; and what of it is still open, or cannot be read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...fields import FIELDS
from ...plan import Phrase
from ...plan.form_kinds import FormKind
from ...plan.form_parts import AnswerType, FormAnswer, FormTable
from ...plan.keys import FormKey
from ...register import is_missing
from ...texts import say, show
from ...texts.form_words import FORM_WORDS, answer_label, form_word
from ..case import Case
from ..gaps import ONE_OF_SEVERAL
from .merge import Returned
from .values import shown_value

MOST = 2_000
"""Characters of a summary."""


def summary(case: Case, kind: FormKind, form: Returned) -> str:
    """The line of 沟通记录: the words of the kind's outcome, else every answer beside its label."""
    language, contract = case.situation.register.language, kind.contract
    separator = "；" if language == "zh" else "; "
    if contract.outcome:
        answers = {answer.name: _shown(answer, form.answers[answer.name], language) for answer in contract.answers}
        said = Phrase.of(f"form.said_{form.answers[contract.outcome]}", **answers)
        decided = say(said, language).strip(" ;；,，")
        return separator.join((decided, *_done(case, kind, form, language)))[:MOST]
    points = separator.join(_points(case, kind, form, language))
    return say(Phrase.of(f"form.said_{kind}", points=points or say(Phrase("form.empty"), language)), language)[:MOST]


def _done(case: Case, kind: FormKind, form: Returned, language: str) -> Iterator[str]:
    """`label: answer` of the parts below the one that holds the decision."""
    colon = "：" if language == "zh" else ": "
    for answer in (each for part in kind.contract.parts[1:] for line in part.lines for each in line):
        if said := form.answers[answer.name]:
            yield f"{answer_label(answer.name, answer.field, language)}{colon}{_shown(answer, said, language)}"


def _points(case: Case, kind: FormKind, form: Returned, language: str) -> Iterator[str]:
    """`label: answer`; the lines of a log are counted, what goes to none is told in full."""
    colon = "：" if language == "zh" else ": "
    asked = FormKey.parse(form.form).asked
    for at, answer in enumerate(kind.contract.answers):
        said = form.answers.get(answer.name, "")
        if said:
            yield f"{_label(answer, at, asked, language)}{colon}{_shown(answer, said, language)}"
    for table in kind.contract.tables:
        lines = form.tables.get(table.name, ())
        if lines and (not table.log or table.name == "documents"):
            told = ["／".join(_words(table, line, language)) for line in lines]
            yield f"{_caption(kind, table, language)}{colon}{('，' if language == 'zh' else ', ').join(told)}"
        elif lines:
            yield f"{_caption(kind, table, language)}{colon}{len(lines)}"


def _words(table: FormTable, line: Mapping[str, str], language: str) -> Iterator[str]:
    """What a line says, cell by cell."""
    for column in table.columns:
        if said := line.get(column.key):
            yield form_word(said, language) if column.choices and said in FORM_WORDS else said


def _caption(kind: FormKind, table: FormTable, language: str) -> str:
    if f"table.{table.name}" in FORM_WORDS:
        return form_word(f"table.{table.name}", language)
    return form_word(f"part.{next(part.title for part in kind.contract.parts if table in part.tables)}", language)


def _label(answer: FormAnswer, at: int, asked: tuple[str, ...], language: str) -> str:
    if at < len(asked) and answer.name.startswith("missing_") and asked[at] in FIELDS:
        field = FIELDS[asked[at]]
        return show(ONE_OF_SEVERAL.get(field, field), language)
    return answer_label(answer.name, answer.field, language)


def _shown(answer: FormAnswer, said: str, language: str) -> str:
    """An answer as people read it: a choice by its word, a moment without its T."""
    if answer.type is AnswerType.CHOICE and said in FORM_WORDS:
        return form_word(said, language)
    if answer.type is AnswerType.MOMENT:
        return said.replace("T", " ").removesuffix(":00")
    return said if answer.field is None else shown_value(answer.field, said, language)


def open_points(case: Case, key: FormKey, form: Returned) -> list[str]:
    """What a form asks for and neither it nor the register says."""
    kind, language = key.kind, case.situation.register.language
    assert kind is not None
    found = []
    for at, name in enumerate(key.asked, 1):
        if name in FIELDS and not form.answers.get(f"missing_{at}") and is_missing(case.value(FIELDS[name])):
            field = FIELDS[name]
            found.append(show(ONE_OF_SEVERAL.get(field, field), language))
    for answer in kind.contract.answers:
        held = None if answer.field is None else case.value(answer.field)
        if answer.wanted and not form.answers.get(answer.name) and is_missing(held) and answer.name not in form.wrong:
            found.append(answer_label(answer.name, answer.field, language))
    for table in kind.contract.tables:
        if table.log and table.log != "surveys" and not form.tables.get(table.name) and table.name not in OPTIONAL:
            found.append(_caption(kind, table, language))
    return found


OPTIONAL = ("places", "documents", "elsewhere", "options")
"""Tables that a form may leave empty."""


def unread_points(case: Case, kind: FormKind, form: Returned) -> list[str]:
    """What was typed and cannot be read as what was asked for."""
    language = case.situation.register.language
    colon = "：" if language == "zh" else ": "
    labels = {answer.name: answer_label(answer.name, answer.field, language) for answer in kind.contract.answers
              if not answer.name.startswith("missing_")}  # fmt: skip
    found = []
    for name, typed in form.wrong.items():
        table, _, rest = name.partition(".")
        line, _, column = rest.partition(".")
        if column:
            place = next((each for each in kind.contract.tables if each.name == table), None)
            caption = _caption(kind, place, language) if place else table
            label = f"{caption} {line} {form_word(f'column.{column}', language)}"
        else:
            label = labels.get(name, name)
        found.append(f"{label}{colon}{typed[:40]}")
    return found
