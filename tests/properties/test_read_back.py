"""Whatever a register holds, reading gives it back: values, rows and addresses."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pandas as pd
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from qtemplate.fields import Field, Kind
from qtemplate.register import Register
from qtemplate.sheets import open_book, read_register

WORDS = st.text(
    st.characters(categories=("L", "N", "P", "S"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
PLAIN = st.text("0123456789ABCxyz-./", min_size=1, max_size=12)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0))
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))


def contents(field: Field) -> st.SearchStrategy[Any]:
    """Frame values of a field."""
    if field.choices is not None:
        return st.sampled_from([str(member) for member in field.choices])
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.CODE: PLAIN, Kind.EMAIL: PLAIN.map(lambda name: f"{name}@example.com"),
        Kind.DATETIME: MOMENTS, Kind.DATE: DAYS,
        Kind.SCALE: st.integers(1, 5), Kind.INT: st.integers(0, 10**9), Kind.SNOOZE: DAYS,
        Kind.IDS: st.lists(PLAIN.filter(lambda id: not set("/. ") & set(id)), min_size=1, max_size=3).map("、".join),
    }  # fmt: skip
    return kinds.get(field.kind, WORDS)


ROWS = st.lists(
    st.fixed_dictionaries({}, optional={field: contents(field) for field in Field if field is not Field.ID}), max_size=6
)


def written(rows: list[dict[Field, Any]], language: str, first: int, left: int, order: list[Field]) -> bytes:
    """A register with its headers in row `first`, shuffled columns, labels in `language`."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("x")
    stamp, day = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"))
    for column, field in enumerate(order, left):
        sheet.write_string(first - 1, column, field.header(language))
        for row, values in enumerate(rows, first):
            content = values.get(field)
            if content is not None and field.choices is not None:
                content = next(m.label(language) for m in field.choices if m == content)
            if isinstance(content, dt.datetime):
                sheet.write_datetime(row, column, content, stamp)
            elif isinstance(content, dt.date):
                sheet.write_datetime(row, column, content, day)
            elif isinstance(content, int):
                sheet.write_number(row, column, content)
            elif content is not None:
                sheet.write_string(row, column, content)
    book.close()
    return stream.getvalue()


@given(
    rows=ROWS, language=st.sampled_from(["zh", "en"]), first=st.integers(1, 9), left=st.integers(0, 3),
    order=st.permutations(list(Field)),
)  # fmt: skip
@settings(max_examples=20)
def test_a_register_written_and_read_is_equal(
    rows: list[dict[Field, Any]], language: str, first: int, left: int, order: list[Field]
) -> None:
    numbered = [{**values, Field.ID: f"QF-2026-{number:04d}"} for number, values in enumerate(rows, 1)]
    found: Register = read_register(open_book(written(numbered, language, first, left, order)))
    assert (found.findings, found.wrong, found.raw) == ((), {}, {})
    assert (found.language, found.header_row) == (language, first)
    assert found.columns == {field.value: column for column, field in enumerate(order, left + 1)}
    assert found.frame.index.tolist() == [first + number for number in range(1, len(rows) + 1)]
    for field in Field:
        back = [None if value is None or value is pd.NaT else value for value in found.frame[field]]
        assert back == [expected(field, values.get(field)) for values in numbered]


def expected(field: Field, content: Any) -> Any:
    """A value as the frame holds it."""
    if isinstance(content, dt.date) and field.kind in (Kind.DATE, Kind.DATETIME):
        return pd.Timestamp(content)
    return content
