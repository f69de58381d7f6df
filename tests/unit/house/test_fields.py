"""The declarations that the workbook, the reader and the column reference are all made from."""

from __future__ import annotations

import runpy
from collections import Counter

import pytest
from where import ROOT

from qtemplate import choices
from qtemplate.choices import Choice
from qtemplate.fields import FIELDS, PROGRAM_FIELDS, PUBLIC, Field, Filler, Kind
from qtemplate.sheets.layout import SHEETS, WORDS, word
from qtemplate.sheets.standard.prompts import prompt_of
from qtemplate.texts.workbook.prompts import PROMPTS

CHOICES = [
    each
    for each in vars(choices).values()
    if isinstance(each, type) and issubclass(each, Choice) and each is not Choice
]


def repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_columns_share_a_header(language: str) -> None:
    assert repeated([field.header(language).casefold() for field in Field]) == []


def test_a_header_of_one_language_never_means_another_column_in_the_other() -> None:
    meant = {name: field for field in Field for name in (field.value, field.zh, field.en.casefold())}
    assert {field: {meant[name] for name in (field.value, field.zh, field.en.casefold())} for field in Field} == {
        field: {field} for field in Field
    }


def test_every_field_is_found_by_its_key_and_equals_it() -> None:
    assert {key: str(field) for key, field in FIELDS.items()} == {field.value: field.value for field in Field}


def test_exactly_the_enumerations_have_choices() -> None:
    assert [f for f in Field if (f.choices is not None) != (f.kind is Kind.ENUM)] == []


def test_the_columns_seen_at_first_are_those_of_the_overview() -> None:
    assert [f.value for f in Field if f.visible] == [
        "id", "status", "check", "received_at", "reporter", "product", "model", "title", "level", "department", "owner",
        "respond_by", "resolve_by", "clock",
    ]  # fmt: skip


def test_outsiders_may_only_ever_see_these() -> None:
    assert {f.value for f in PUBLIC} == {
        "id", "own_number", "received_at", "channel", "reporter", "organisation", "product", "model", "version",
        "batch", "serial", "quantity", "title", "description", "solution", "implemented_at", "cause_for_reporter",
        "reply_text", "eta", "interim_advice", "respond_by", "resolve_by", "contact",
    }  # fmt: skip


def test_every_field_that_the_program_does_not_write_is_written_by_people() -> None:
    assert {field for field in Field if field not in PROGRAM_FIELDS} == {f for f in Field if f.filler is Filler.PERSON}


@pytest.mark.parametrize("kind", CHOICES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_of_a_closed_set_are_distinct(kind: type[Choice], language: str) -> None:
    assert repeated([member.label(language).casefold() for member in kind]) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_sheets_has_one_label_a_language(language: str) -> None:
    assert all(word(code, language) for code in WORDS)
    assert all(sorted(set(labels.values())) == ["en", "zh"] for labels in WORDS.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheet_names_fit_excel_and_differ(language: str) -> None:
    names = [spec.title(language) for spec in SHEETS]
    assert repeated(names) == []
    assert [name for name in names if len(name) > 31 or set(name) & set("[]:*?/\\")] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_input_messages_fit_excel(language: str) -> None:
    assert [field for field in Field if len(prompt_of(field, language)) > 255] == []


def test_every_field_of_people_says_what_to_enter_in_both_languages() -> None:
    assert [f for f in Field if f.filler is Filler.PERSON and f not in PROMPTS] == []
    assert all(zh and en for zh, en in PROMPTS.values())


def test_the_column_reference_is_what_the_fields_say() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "build_columns.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["columns_page"]()
