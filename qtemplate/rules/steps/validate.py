"""Step 1, validate: is each record complete and right? Findings per cell, and 校验结果 per row. Pure."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import pandas as pd

from ...choices import Level
from ...fields import FIELDS, Field, Filler, Kind
from ...plan import Finding, Memory, Phrase, Plan, Severity
from ...register import Register, Same
from ...texts import field_name, say, say_finding, show
from ..around.empty_words import says_nothing
from ..mail_facts import MAIL_ADDRESS
from ..propose import finding, propose
from ..rulebook import RuleBook
from ..standing import Mask, equals, has, kind_of_product, products, requirements, same_cells
from .check_columns import check_columns

PHONE = re.compile(r"[+(]?[0-9][0-9 ()+\-/转x,]{5,24}")
UNKNOWN = ("未知", "unknown", "Unknown")

ORDERED = (
    (Field.RECEIVED_AT, Field.RESPONDED_AT),
    (Field.RECEIVED_AT, Field.CONTAINED_AT),
    (Field.RECEIVED_AT, Field.IMPLEMENTED_AT),
    (Field.IMPLEMENTED_AT, Field.VERIFIED_AT),
    (Field.RECEIVED_AT, Field.REPLIED_AT),
)


def validate(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Findings for what is missing or wrong, and an edit of `check` per row that needs one."""
    findings = [
        *_examples(register),
        *_missing(register, rulebook),
        *_texts(register, rulebook),
        *_products(register, rulebook),
        *_people(register, rulebook),
        *_dates(register, now),
        *_files(register),
        *check_columns(register, rulebook),
    ]
    return Plan(tuple(findings)) + _check_column(register, memory, [*register.findings, *findings])


def _rows(register: Register, mask: Mask) -> list[int]:
    return [int(row) for row in register.frame.index[mask]]


def _examples(register: Register) -> Iterable[Finding]:
    for row in sorted(register.examples):
        yield finding(register, "QT133", Severity.ERROR, row, Field.TITLE)


def _missing(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    for need in requirements(register, rulebook):
        for row in _rows(register, need.rows):
            if (row, need.field) not in register.wrong:
                code = {Field.PHONE: "QT111", Field.SCENE: "QT112"}.get(need.field, "QT110")
                yield finding(register, code, Severity.ERROR, row, need.field, found="")


def _texts(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    for row in _texts_that(register, "length", Field.TITLE, lambda text: not 4 <= len(text) <= 60):
        yield finding(register, "QT120", Severity.ERROR, row, Field.TITLE, length=len(register.value(row, Field.TITLE)))
    for row in _texts_that(register, "vague", Field.TITLE, lambda text: len(text) >= 4 and says_nothing(text)):
        yield finding(register, "QT134", Severity.WARNING, row, Field.TITLE)
    too_little = _texts_that(
        register, "little", Field.DESCRIPTION, lambda text: len(text.strip()) < 15 or says_nothing(text)
    )
    for row in too_little:
        yield finding(register, "QT121", Severity.ERROR, row, Field.DESCRIPTION)
    for field, pattern, code in ((Field.EMAIL, MAIL_ADDRESS, "QT122"), (Field.PHONE, PHONE, "QT123")):
        for row in _texts_that(register, "odd", field, partial(_unlike, pattern)):
            yield finding(register, code, Severity.ERROR, row, field)
    for field in (f for f in Field if f.kind is Kind.SCALE):
        for row in _rows(register, register.by_row("off scale", (field,), partial(_off_scale, field))):
            yield finding(register, "QT127", Severity.ERROR, row, field)


def _off_scale(field: Field, frame: pd.DataFrame) -> Mask:
    value = pd.to_numeric(frame[field], errors="coerce")
    return (value.notna() & ((value < 1) | (value > 5) | (value % 1 != 0))).to_numpy(dtype=bool, copy=True)


def _unlike(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is None


def _texts_that(register: Register, what: str, field: Field, wrong: Callable[[str], bool]) -> list[int]:
    """The rows whose text is wrong; `what` names the question. Each distinct text is looked at once."""

    def look() -> list[int]:
        texts = register.frame[field].tolist()
        known = {text for text in set(texts) if isinstance(text, str) and wrong(text)}
        return [row for row, text in zip(register.frame.index.tolist(), texts, strict=True) if text in known]

    return register.once(what, (field,), look)


def _products(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    if not rulebook.products:
        return ()
    asked = (Field.ID, Field.PRODUCT, Field.MODEL, Field.BATCH, Field.CATEGORY)
    return register.once(Same(rulebook.products), asked, lambda: tuple(_odd_products(register, rulebook)))


def _odd_products(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    frame = register.frame
    models: dict[str, list[str]] = {}
    for product in rulebook.products:
        models.setdefault(product.product, []).append(product.model)
    patterns = {(p.product, p.model): p.batch_pattern for p in rulebook.products if p.batch_pattern}
    given = has(register, Field.PRODUCT)
    strange = given & ~equals(register, Field.PRODUCT, *models)
    for row in _rows(register, strange):
        near = difflib.get_close_matches(str(register.value(row, Field.PRODUCT)), list(models), 1, 0.5)
        yield finding(
            register, "QT125", Severity.ERROR, row, Field.PRODUCT, near=near[0] if near else "", known=list(models)[:8]
        )
    codes, pairs = products(register)
    allowed = {(product, model) for product, names in models.items() for model in names}
    fits = np.array([pair in allowed for pair in pairs] + [False], dtype=bool)[codes]
    for row in _rows(register, given & has(register, Field.MODEL) & ~strange & ~fits):
        names = models[str(register.value(row, Field.PRODUCT))]
        yield finding(register, "QT124", Severity.ERROR, row, Field.MODEL, known=names[:8])
    batch = frame[Field.BATCH]
    unknown = equals(register, Field.BATCH, *UNKNOWN)
    for row in _rows(register, unknown & kind_of_product(register, rulebook, "hardware")):
        yield finding(register, "QT131", Severity.WARNING, row, Field.BATCH)
    known = has(register, Field.BATCH) & ~unknown
    for number, pair in enumerate(pairs):
        text = patterns.get(pair)
        pattern = _compiled(text) if text else None
        if pattern is None:
            continue
        rows = known & (codes == number)
        odd = [pattern.fullmatch(str(value)) is None for value in batch.to_numpy()[rows]]
        for row in frame.index[rows][np.asarray(odd, dtype=bool)]:
            yield finding(register, "QT126", Severity.ERROR, int(row), Field.BATCH, pattern=text)


def _compiled(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:  # reported with its cell when the sheet was read
        return None


def _people(register: Register, rulebook: RuleBook) -> Iterable[Finding]:
    if not rulebook.people:
        return
    names = {person.name: person for person in rulebook.people}
    retired = [name for name, person in names.items() if not person.active]
    open_rows = ~has(register, Field.CLOSED_AT)
    for field in (f for f in Field if f.kind is Kind.PERSON):
        column = register.frame[field]
        for row in _rows(register, has(register, field) & ~equals(register, field, *names)):
            near = difflib.get_close_matches(str(column.at[row]), list(names), 1, 0.5)
            yield finding(register, "QT143", Severity.ERROR, row, field, near=near[0] if near else "")
        if field is not Field.RECORDER and retired:
            for row in _rows(register, open_rows & equals(register, field, *retired)):
                yield finding(register, "QT144", Severity.WARNING, row, field)
    for row in _rows(register, has(register, Field.VERIFIER) & same_cells(register, Field.VERIFIER, Field.OWNER)):
        yield finding(register, "QT132", Severity.ERROR, row, Field.VERIFIER)


def _dates(register: Register, now: dt.datetime) -> Iterable[Finding]:
    for field in (Field.RECEIVED_AT, Field.IMPLEMENTED_AT, Field.RESPONDED_AT, Field.VERIFIED_AT, Field.REPLIED_AT):
        for row in _rows(register, register.frame[field].to_numpy() > np.datetime64(now, "s")):
            yield finding(register, "QT128", Severity.ERROR, row, field, now=now)
    for first, second in ORDERED:
        for row in _rows(register, register.by_row("earlier", (first, second), partial(_earlier, first, second))):
            yield finding(
                register, "QT130", Severity.ERROR, row, second, other=first, other_value=register.value(row, first)
            )
    urgent = equals(register, Field.LEVEL, Level.URGENT) & ~has(register, Field.CLOSED_AT)
    for row in _rows(register, urgent):
        received = register.value(row, Field.RECEIVED_AT)
        if received is not None and received.time() == dt.time():
            yield finding(register, "QT129", Severity.WARNING, row, Field.RECEIVED_AT)


def _earlier(first: Field, second: Field, frame: pd.DataFrame) -> Mask:
    """Where the second date lies before the first; a date alone stands for the whole day, only days count then."""
    early, late = (frame[field].to_numpy(dtype="M8[s]") for field in (first, second))
    first_day, last_day = early.astype("M8[D]"), late.astype("M8[D]")
    whole = (late == last_day) | (early == first_day)
    return np.where(whole, last_day < first_day, late < early)


def _files(register: Register) -> Iterable[Finding]:
    for row, name in register.missing_files:
        yield finding(register, "QT145", Severity.WARNING, row, Field.ATTACHMENTS, found=name)


MISSING = frozenset({"QT110", "QT111", "QT112", "QT160"})
OURS = frozenset(field for field in Field if field.filler is Filler.PROGRAM)


def _check_column(register: Register, memory: Memory, findings: list[Finding]) -> Plan:
    """`通过`, `待补充：…` when required data is missing, `错误：…` when data is wrong; warnings leave it 通过."""
    lacking: dict[int, list[str]] = {}
    wrong: dict[int, list[Finding]] = {}
    for item in findings:
        if FIELDS.get(item.field or "") in OURS:
            continue  # the program puts that cell right itself
        if item.severity is Severity.ERROR and item.where is not None and item.where.sheet == register.sheet:
            if item.code in MISSING:
                lacking.setdefault(item.where.row, []).append(item.field or "")
            else:
                wrong.setdefault(item.where.row, []).append(item)
    passed = say(Phrase("check.passed"), register.language)
    values = pd.Series(passed, index=register.frame.index, dtype=object)
    for row in lacking.keys() | wrong.keys():
        values.at[row] = _words(register, lacking.get(row, []), wrong.get(row, []))
    return propose(register, memory, Field.CHECK, values, Phrase("because.check"))


def _words(register: Register, lacking: list[str], wrong: list[Finding]) -> str:
    language = register.language
    parts = []
    if lacking:
        names = [_group(key) for key in dict.fromkeys(lacking)]
        parts.append(say(Phrase.of("check.incomplete", fields=show(names, language)), language))
    if wrong:
        first = wrong[0]
        reason = say_finding(first, language).expected
        parts.append(say(Phrase.of("check.wrong", field=field_name(first.field, language), expected=reason), language))
        if len({item.field for item in wrong}) > 1:
            more = [
                field_name(key, language)
                for key in dict.fromkeys(item.field for item in wrong[1:])
                if key != first.field
            ]
            parts.append(say(Phrase.of("check.also", fields=more), language))
    return "；".join(parts) if language == "zh" else "; ".join(parts)


def _group(key: str) -> object:
    if key == Field.PHONE:
        return Phrase("check.contact")
    if key == Field.SCENE:
        return Phrase("check.environment")
    return FIELDS.get(key, key)
