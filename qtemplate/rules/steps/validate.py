"""The step that validates: is each record complete and right? Findings per cell, and 校验结果 per row. Pure."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np

from ...choices import Level
from ...fields import FIELDS, Field, Filler, Kind
from ...plan import Finding, Phrase, Plan, Severity
from ...texts import field_name, say, say_finding, show
from ..answers import Columns, Same
from ..case import Case, case_of, cases
from ..digests.who_left import CARRIED
from ..empty_words import says_nothing
from ..mail_facts import MAIL_ADDRESS
from ..outcomes import lacks_later_verification, to_verify_again
from ..propose import propose
from ..situation import Situation
from ..standing import (
    REACHED_BY,
    SCENE,
    Mask,
    equals,
    examples,
    has,
    kind_of_product,
    numbers,
    products,
    requirements,
    same_cells,
    values,
)  # fmt: skip
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


def validate(situation: Situation) -> Plan:
    """Findings for what is missing or wrong, and an edit of `check` per row that needs one."""
    findings = [
        *_examples(situation),
        *_missing(situation),
        *_texts(situation),
        *_products(situation),
        *_people(situation),
        *_dates(situation),
        *_files(situation),
        *check_columns(situation),
    ]
    return Plan(tuple(findings)) + _check_column(situation, [*situation.register.findings, *findings])


def _examples(situation: Situation) -> Iterable[Finding]:
    for case in cases(situation, examples(situation)):
        yield case.finding("QT133", Severity.ERROR, Field.TITLE)


GROUPS = {Field.PHONE: ("QT111", REACHED_BY), Field.SCENE: ("QT112", SCENE)}
"""What one of several columns has to hold; the finding stands in the first of them that the register has."""


OF_SEVERAL = {code: field for field, (code, _) in GROUPS.items()}


def _missing(situation: Situation) -> Iterable[Finding]:
    here = situation.register.columns
    for need in requirements(situation):
        code, group = GROUPS.get(need.field, ("QT110", (need.field,)))
        place = need.field if need.field in here else next((field for field in group if field in here), need.field)
        for case in cases(situation, need.rows):
            if not case.is_wrong(place):
                yield case.finding(code, Severity.ERROR, place, found="")


def _texts(situation: Situation) -> Iterable[Finding]:
    for case in _texts_that(situation, "length", Field.TITLE, lambda text: not 4 <= len(text) <= 60):
        yield case.finding("QT120", Severity.ERROR, Field.TITLE, length=len(case.value(Field.TITLE)))
    for case in _texts_that(situation, "vague", Field.TITLE, lambda text: len(text) >= 4 and says_nothing(text)):
        yield case.finding("QT134", Severity.WARNING, Field.TITLE)
    for case in _texts_that(situation, "little", Field.DESCRIPTION, _says_too_little):
        yield case.finding("QT121", Severity.ERROR, Field.DESCRIPTION)
    for field, pattern, code in ((Field.EMAIL, MAIL_ADDRESS, "QT122"), (Field.PHONE, PHONE, "QT123")):
        for case in _texts_that(situation, "odd", field, partial(_unlike, pattern)):
            yield case.finding(code, Severity.ERROR, field)
    for field in (f for f in Field if f.kind is Kind.SCALE):
        for case in cases(situation, _off_scale(situation, field)):
            yield case.finding("QT127", Severity.ERROR, field)


def _says_too_little(text: str) -> bool:
    return len(text.strip()) < 15 or says_nothing(text)


def _off_scale(situation: Situation, field: Field) -> Mask:
    value = numbers(situation, field)
    off: Mask = ~np.isnan(value) & ((value < 1) | (value > 5) | (value != np.floor(value)))
    return off


def _unlike(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is None


def _texts_that(situation: Situation, what: str, field: Field, wrong: Callable[[str], bool]) -> Iterator[Case]:
    """The cases whose text is wrong; `what` names the question. Each distinct text is looked at once."""

    def look() -> Mask:
        texts = values(situation, field).tolist()
        known = {text for text in set(texts) if isinstance(text, str) and wrong(text)}
        return np.fromiter((text in known for text in texts), np.bool_, len(texts))

    return cases(situation, situation.answers.once(what, (field,), look))


def _products(situation: Situation) -> Iterable[Finding]:
    known = situation.rulebook.products
    if not known:
        return ()
    asked = (Field.ID, Field.PRODUCT, Field.MODEL, Field.BATCH, Field.CATEGORY)
    return situation.answers.once(Same(known), asked, lambda: tuple(_odd_products(situation)))


def _odd_products(situation: Situation) -> Iterable[Finding]:
    models: dict[str, list[str]] = {}
    for product in situation.rulebook.products:
        models.setdefault(product.product, []).append(product.model)
    given = has(situation, Field.PRODUCT)
    strange = given & ~equals(situation, Field.PRODUCT, *models)
    for case in cases(situation, strange):
        near = difflib.get_close_matches(str(case.value(Field.PRODUCT)), list(models), 1, 0.5)
        yield case.finding("QT125", Severity.ERROR, Field.PRODUCT, near=_meant(near), known=list(models)[:8])
    codes, pairs = products(situation)
    allowed = {(product, model) for product, names in models.items() for model in names}
    fits = np.array([pair in allowed for pair in pairs] + [False], dtype=bool)[codes]
    for case in cases(situation, given & has(situation, Field.MODEL) & ~strange & ~fits):
        names = models[str(case.value(Field.PRODUCT))]
        yield case.finding("QT124", Severity.ERROR, Field.MODEL, known=names[:8])
    yield from _odd_batches(situation)


def _odd_batches(situation: Situation) -> Iterable[Finding]:
    """Batch numbers given as unknown, and those that do not fit the model's pattern."""
    patterns = {(p.product, p.model): p.batch_pattern for p in situation.rulebook.products if p.batch_pattern}
    unknown = equals(situation, Field.BATCH, *UNKNOWN)
    for case in cases(situation, unknown & kind_of_product(situation, "hardware")):
        yield case.finding("QT131", Severity.WARNING, Field.BATCH)
    batch, known = values(situation, Field.BATCH), has(situation, Field.BATCH) & ~unknown
    codes, pairs = products(situation)
    for number, pair in enumerate(pairs):
        text = patterns.get(pair)
        pattern = _compiled(text) if text else None
        if pattern is None:
            continue
        odd = known & (codes == number)
        odd[odd] = [pattern.fullmatch(str(value)) is None for value in batch[odd]]
        for case in cases(situation, odd):
            yield case.finding("QT126", Severity.ERROR, Field.BATCH, pattern=text)


def _compiled(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:  # reported with its cell when the sheet was read
        return None


def _meant(near: Sequence[str]) -> Phrase | str:
    """The question whether the likeliest was meant, nothing where none is alike."""
    return Phrase.of("near.meant", name=near[0]) if near else ""


def _people(situation: Situation) -> Iterable[Finding]:
    if not situation.rulebook.people:
        return
    names = {person.name: person for person in situation.rulebook.people}
    retired = [name for name, person in names.items() if not person.active]
    open_rows = ~has(situation, Field.CLOSED_AT)
    for field in (f for f in Field if f.kind is Kind.PERSON):
        for case in cases(situation, has(situation, field) & ~equals(situation, field, *names)):
            near = difflib.get_close_matches(str(case.value(field)), list(names), 1, 0.5)
            yield case.finding("QT143", Severity.ERROR, field, near=_meant(near))
        if retired and field not in (Field.RECORDER, *CARRIED):  # of those QT150 speaks, once a person
            for case in cases(situation, open_rows & equals(situation, field, *retired)):
                yield case.finding("QT144", Severity.WARNING, field)
    own = same_cells(situation, Field.VERIFIER, Field.OWNER)
    for case in cases(situation, has(situation, Field.VERIFIER) & own):
        yield case.finding("QT132", Severity.ERROR, Field.VERIFIER)


def _dates(situation: Situation) -> Iterable[Finding]:
    now = situation.now
    for field in (Field.RECEIVED_AT, Field.IMPLEMENTED_AT, Field.RESPONDED_AT, Field.VERIFIED_AT, Field.REPLIED_AT):
        for case in cases(situation, values(situation, field) > np.datetime64(now, "s")):
            yield case.finding("QT128", Severity.ERROR, field)
    for first, second in ORDERED:
        earlier = situation.answers.by_row("earlier", (first, second), partial(_earlier, first, second))
        if second is Field.VERIFIED_AT:  # what was verified before it was implemented anew: QT360 asks for a later time
            earlier = earlier & ~to_verify_again(situation) & ~lacks_later_verification(situation)
        for case in cases(situation, earlier):
            yield case.finding("QT130", Severity.ERROR, second, other=first, other_value=case.value(first))
    urgent = equals(situation, Field.LEVEL, Level.URGENT) & ~has(situation, Field.CLOSED_AT)
    for case in cases(situation, urgent):
        received = case.value(Field.RECEIVED_AT)
        if received is not None and received.time() == dt.time():
            yield case.finding("QT129", Severity.WARNING, Field.RECEIVED_AT)


def _earlier(first: Field, second: Field, columns: Columns) -> Mask:
    """Where the second date lies before the first; where one is a date without a time, only the days are compared."""
    early, late = (columns[field].astype("M8[s]", copy=False) for field in (first, second))
    first_day, last_day = early.astype("M8[D]"), late.astype("M8[D]")
    whole = (late == last_day) | (early == first_day)
    return np.where(whole, last_day < first_day, late < early)


def _files(situation: Situation) -> Iterable[Finding]:
    for row, name in situation.register.missing_files:
        yield case_of(situation, row).finding("QT145", Severity.WARNING, Field.ATTACHMENTS, found=name)


MISSING = frozenset({"QT110", "QT111", "QT112", "QT160"})
OURS = frozenset(field for field in Field if field.filler is Filler.PROGRAM)


def _check_column(situation: Situation, findings: list[Finding]) -> Plan:
    """`通过`, `待补充：…` when required data is missing, `错误：…` when data is wrong; warnings leave it 通过."""
    register = situation.register
    lacking: dict[int, list[str]] = {}
    wrong: dict[int, list[Finding]] = {}
    for item in findings:
        if FIELDS.get(item.field or "") in OURS:
            continue  # the program puts that cell right itself
        if item.severity is Severity.ERROR and item.where is not None and item.where.sheet == register.sheet:
            if item.code in MISSING:
                lacking.setdefault(item.where.row, []).append(OF_SEVERAL.get(item.code, item.field or ""))
            else:
                wrong.setdefault(item.where.row, []).append(item)
    passed = say(Phrase("check.passed"), register.language)
    said = np.full(len(register.frame), passed, dtype=object)
    for row in lacking.keys() | wrong.keys():
        place = case_of(situation, row).place
        said[place] = _words(register.language, lacking.get(row, []), wrong.get(row, []))
    # a row that was judged stays so while part of it is unknown
    rows = ~has(situation, Field.CHECK) if situation.memory.unknown else None
    return propose(situation, Field.CHECK, said, Phrase("because.check"), rows=rows)


def _words(language: str, lacking: list[str], wrong: list[Finding]) -> str:
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
