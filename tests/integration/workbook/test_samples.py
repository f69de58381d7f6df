"""The samples and form templates in the repository: what their scripts make, and that they show the whole process."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qtemplate.choices import Category, Channel, Choice, CloseType, Confirmation, Level, ReplyType, ReporterType
from qtemplate.fields import FIELDS, Field
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.plan.form_kinds import FormKind
from qtemplate.sheets import open_book, read_register, read_rulebook
from samples.bad_cells import BAD_CELLS
from samples.build import HERE, build_all, sample_rows
from samples.build_forms import FOLDER, SECRET_SHEET, build_forms
from samples.steps import expected_level

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def parts(content: bytes) -> dict[str, bytes]:
    """Part name -> bytes; compared instead of the archive because compressors differ between machines."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def rows(language: str) -> tuple[dict[str, Any], ...]:
    return tuple(draft.row for _, draft in sample_rows(language))


def test_the_files_are_what_the_scripts_make() -> None:
    stale = []
    for folder, made in ((HERE, build_all()), (FOLDER, build_forms())):
        for name, content in made.items():
            kept = (folder / name).read_bytes()
            same = parts(kept) == parts(content) if name.endswith(".xlsx") else kept == content
            if not same:
                stale.append(name)
    assert stale == []


@LANGUAGES
def test_two_hundred_rows_a_language(language: str) -> None:
    assert len(rows(language)) == 200


def test_both_languages_tell_the_same_story() -> None:
    chinese, english = ([sorted(map(str, row.keys() & FIELDS.keys())) for row in rows(lang)] for lang in ("zh", "en"))
    assert chinese == english


@LANGUAGES
@pytest.mark.parametrize(
    ("field", "members"),
    [
        (Field.CHANNEL, Channel),
        (Field.REPORTER_TYPE, ReporterType),
        (Field.CATEGORY, Category),
        (Field.LEVEL, Level),
        (Field.REPLY_TYPE, ReplyType),
        (Field.CLOSE_TYPE, CloseType),
    ],
)
def test_every_choice_occurs(language: str, field: Field, members: type[Choice]) -> None:
    assert {str(member) for member in members} <= {str(row.get(field)) for row in rows(language)}


@LANGUAGES
def test_confirmations_of_every_kind_but_unreachable_occur(language: str) -> None:
    seen = {str(row[Field.CONFIRMATION]) for row in rows(language) if Field.CONFIRMATION in row}
    assert seen == {str(member) for member in Confirmation} - {"unreachable"}


@LANGUAGES
def test_a_level_agreed_by_a_person_is_what_the_grading_table_says(language: str) -> None:
    content = (HERE / f"register.{language}.xlsx").read_bytes()
    book = open_book(content)
    register = read_register(book)
    rules = read_rulebook(book, language=language, own_headers=register.own_headers)
    assert rules.grading is not None
    assert rules.findings == ()
    outputs = rules.grading.decide(register.frame).outputs
    graded = [
        (output, str(expected_level(draft.row)))
        for output, (scene, draft) in zip(outputs, sample_rows(language), strict=True)
        if draft.tag != "wrong" and {"severity", "safety", "scope"} <= draft.row.keys()
    ]
    assert len(graded) > 140
    assert [pair for pair in graded if pair[0] != pair[1]] == []


@LANGUAGES
def test_every_kind_of_wrong_cell_is_there_once(language: str) -> None:
    spoiled = [draft for _, draft in sample_rows(language) if draft.tag in ("wrong", "duplicate id")]
    assert len(spoiled) == len(BAD_CELLS) == len({bad.kind for bad in BAD_CELLS})


@LANGUAGES
def test_what_the_reader_notices_in_the_sample(language: str) -> None:
    register = read_register(open_book((HERE / f"register.{language}.xlsx").read_bytes()))
    codes = Counter(finding.code for finding in register.findings)
    assert set(codes) == {"QT100", "QT101", "QT102", "QT103", "QT104", "QT105", "QT106", "QT107", "QT108"}


@LANGUAGES
def test_nothing_but_the_planted_date_lies_after_the_samples_moment(language: str) -> None:
    late = [
        (key, value)
        for row in rows(language)
        for key, value in row.items()
        if key in ("received_at", "implemented_at", "verified_at", "replied_at", "closed_at", "responded_at")
        and hasattr(value, "hour")
        and value > SAMPLE_MOMENT
    ]
    assert [key for key, _ in late] == ["received_at"]


@LANGUAGES
def test_nobody_outside_the_reserved_domains_is_addressed(language: str) -> None:
    with zipfile.ZipFile(HERE / f"register.{language}.xlsx") as archive:
        text = b" ".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml")).decode()
    domains = set(re.findall(r"[\w.-]+@([\w-]+(?:\.[\w-]+)+)", text))
    assert domains <= {"example.com", "example.org", "example.net"}


@LANGUAGES
def test_a_form_has_whole_cell_placeholders_of_known_fields(language: str) -> None:
    ws = openpyxl.load_workbook(FOLDER / f"transfer.{language}.xlsx").worksheets[0]
    texts = [
        cell.value for line in ws.iter_rows() for cell in line if isinstance(cell.value, str) and "{" in cell.value
    ]
    keys = [re.fullmatch(r"\{\{(\w+)\}\}", text) for text in texts]
    assert all(keys)
    named = {match[1] for match in keys if match}
    assert named <= FIELDS.keys()
    assert {"id", "title", "description", "level", "level_reason", "severity", "respond_by", "resolve_by"} <= named


@LANGUAGES
def test_a_form_asks_only_in_its_named_yellow_cells(language: str) -> None:
    wb = openpyxl.load_workbook(FOLDER / f"transfer.{language}.xlsx")
    ws = wb.worksheets[0]
    named = {
        name: wb.defined_names[name].attr_text.split("!")[1].replace("$", "")
        for name in (answer.cell for answer in FormKind.TRANSFER.contract.answers)
    }
    merged = {str(area).split(":")[0] for area in ws.merged_cells.ranges}
    unlocked = {
        cell.coordinate
        for line in ws.iter_rows()
        for cell in line
        if not cell.protection.locked and (cell.coordinate in merged or cell.coordinate in named.values())
    }
    assert unlocked == set(named.values())
    assert ws.protection.sheet
    assert wb[SECRET_SHEET].sheet_state == "veryHidden"
    assert wb[SECRET_SHEET]["A1"].value == "{{token}}"


def test_the_scripts_name_no_place_of_their_own() -> None:
    scripts = [
        path for path in Path(HERE).glob("*.py") if re.search(r"/(home|Users|work|tmp)/", path.read_text("utf-8"))
    ]
    assert scripts == []
