"""Where each row stands: facts of all rows at once that several steps ask for. Pure.

Masks hold one element a row, in the order of the frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct

from ..choices import Authenticity, Category, Level, ReplyType, ReporterType, Safety
from ..dmn.decision_table import DecisionTable, Evaluation
from ..dmn.encoded_columns import EncodedColumn, encode_column
from ..dmn.unary_tests import Name, endpoints
from ..fields import REQUIRED, Field
from ..plan import FactName
from .answers import Columns, Same
from .contact_log import final_calls
from .situation import Situation

Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]
"""Moments to the second, NaT for none: nothing is before or after that."""


def dates(situation: Situation, key: Field) -> Moments:
    """A date column along the rows, for reading only."""
    return situation.answers.once("dates", (key,), lambda: values(situation, key).astype("M8[s]", copy=False))


def values(situation: Situation, key: str) -> npt.NDArray[Any]:
    """A column along the rows, for reading only: objects with None, or datetime64."""
    return situation.answers.values(key)


def numbers(situation: Situation, key: Field) -> npt.NDArray[np.float64]:
    """A column as numbers along the rows, for reading only; NaN for none, and for what is no number."""

    def read() -> npt.NDArray[np.float64]:
        cells = values(situation, key)
        if set(map(type, cells.tolist())) <= {int, float, type(None)}:
            return cells.astype(np.float64)
        return np.asarray(pd.to_numeric(pd.Series(cells), errors="coerce"), np.float64)

    return situation.answers.once("numbers", (key,), read)


def has(situation: Situation, key: str) -> Mask:
    """True where the row has a usable value for `key`; shared, so not to be changed."""
    return situation.answers.filled(key)


def equals(situation: Situation, key: str, *codes: str) -> Mask:
    """True where `key` holds one of `codes`; shared, so not to be changed."""

    def compare(columns: Columns) -> Mask:
        if len(codes) > FEW_CODES:
            return among(columns[key], {str(code) for code in codes})
        found = [np.asarray(columns[key] == str(code), dtype=bool) for code in codes]
        return np.asarray(np.logical_or.reduce(found)) if found else np.zeros(len(columns[key]), dtype=bool)

    return situation.answers.by_row(("equals", *codes), (key,), compare)


FEW_CODES = 4
"""Up to so many are compared one after the other, which numpy does faster than Python looks them up in a set."""


def among(cells: npt.NDArray[Any], known: Set[Any]) -> Mask:
    """True where a cell is one of the known values."""
    return np.fromiter(map(known.__contains__, cells.tolist()), np.bool_, len(cells))


def ranks(cells: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """The place of each text in their order, the same for equal ones; what is missing comes last."""
    codes, texts = pd.factorize(cells)
    rank = np.full(len(texts) + 1, len(texts), np.intp)
    rank[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return np.asarray(rank[codes])


def same_cells(situation: Situation, one: Field, other: Field) -> Mask:
    """True where both columns hold the same value; two empty cells are not the same. For text; shared, as above."""

    def compare(columns: Columns) -> Mask:
        left, right = columns[one], columns[other]
        return np.asarray(left == right, dtype=bool) & ~pd.isna(left)

    return situation.answers.by_row("same", (one, other), compare)


def decided(situation: Situation, table: DecisionTable) -> Evaluation:
    """What a table bound to the register says of each row; shared, so not to be changed."""

    return situation.answers.once(Same(table), asked_by(table), lambda: decided_with(situation, table, {}))


def decided_with(situation: Situation, table: DecisionTable, own: Columns) -> Evaluation:
    """What a table says of each row, with columns of its own, which go before the register's."""
    columns = {name: values(situation, name) for name in asked_by(table) if name in situation.frame.columns}
    columns |= own

    def encoded(name: str) -> EncodedColumn:
        if name in own:
            return encode_column(own[name])
        return situation.answers.once("encoded", (name,), lambda: encode_column(columns[name]))

    return table.evaluate_columns(columns, len(situation.frame), encoded)


def asked_by(table: DecisionTable) -> tuple[str, ...]:
    """All the columns a table looks at: its inputs, and those that its cells name."""
    ends = (end for rule in table.rules for test in rule.tests for end in endpoints(test) if isinstance(end, Name))
    return tuple(dict.fromkeys([*(column.name for column in table.inputs), *(end.name for end in ends)]))


def numbered(situation: Situation) -> Mask:
    """True where the row has an id."""
    return has(situation, Field.ID)


def rows_by_id(situation: Situation) -> Mapping[str, int]:
    """Feedback id -> worksheet row; the first of a doubled id."""
    return situation.answers.once("rows by id", (Field.ID,), situation.register.rows_by_id)


def places_by_id(situation: Situation) -> Mapping[str, int]:
    """Feedback id -> its position in the frame; the first of a doubled id."""

    def look() -> Mapping[str, int]:
        ids = list(enumerate(values(situation, Field.ID).tolist()))
        return {id: place for place, id in reversed(ids) if isinstance(id, str)}

    return situation.answers.once("places by id", (Field.ID,), look)


def moments_by_id(situation: Situation, known: Mapping[str, dt.datetime | str]) -> Moments:
    """Moments known by feedback id (ISO text too) as a date column along the rows; NaT for the others."""
    column = np.full(len(situation.frame), np.datetime64("NaT", "s"))
    read = {id: dt.datetime.fromisoformat(at) if isinstance(at, str) else at for id, at in known.items()}
    lay_by_id(situation, column, read)
    return column


def lay_by_id(situation: Situation, column: npt.NDArray[Any], known: Mapping[str, Any]) -> None:
    """Puts what is known by feedback id into its places of a column that is aligned with the frame.

    Every id stands in one row: the step `number` comes first.
    """
    places = places_by_id(situation)
    here = {places[id]: value for id, value in known.items() if id in places}
    if here:
        column[list(here)] = np.array(list(here.values()), dtype=column.dtype)


def history(situation: Situation) -> Mask:
    """Rows received before `[mail] since`: no mail to outsiders and no transfers about them."""
    received = dates(situation, Field.RECEIVED_AT)
    if situation.memory.since is None:
        return np.zeros(len(received), dtype=bool)
    return received < np.datetime64(situation.memory.since)


def quiet(situation: Situation) -> Mask:
    """Rows that no mail goes for in this run."""
    return in_rows(situation, situation.quiet)


def examples(situation: Situation) -> Mask:
    """Rows that are examples or tests."""
    return in_rows(situation, situation.examples)


def in_rows(situation: Situation, rows: frozenset[int]) -> Mask:
    """True where the row's number is one of `rows`."""
    if not rows:
        return np.zeros(len(situation.frame), dtype=bool)
    return np.isin(situation.frame.index.to_numpy(), list(rows))


def of_ids(situation: Situation, ids: Collection[str | None]) -> Mask:
    """True where the row's id is one of `ids`."""
    if not ids:
        return np.zeros(len(situation.frame), dtype=bool)
    return among(values(situation, Field.ID), frozenset(ids))


def live(situation: Situation) -> Mask:
    """Neither merged nor closed."""
    return ~has(situation, Field.MASTER) & ~has(situation, Field.CLOSED_AT)


def cycles(situation: Situation) -> npt.NDArray[np.int64]:
    """1 for a row never reopened, 2 after the first reopening, …; aligned with the frame."""

    def look() -> npt.NDArray[np.int64]:
        known = {id: int(value) for id, value in situation.memory.facts_named(FactName.CYCLE).items()}
        column = np.ones(len(situation.frame), dtype=np.int64)
        lay_by_id(situation, column, known)
        column.setflags(write=False)
        return column

    return situation.answers.once(("cycles", Same(situation.memory.facts)), (Field.ID,), look)


def reopened_at(situation: Situation) -> Moments:
    """When the present cycle began (NaT in the first): facts from before belong to an earlier cycle."""

    def look() -> Moments:
        return moments_by_id(situation, situation.memory.facts_named(FactName.REOPENED_AT))

    return situation.answers.once(("reopened_at", Same(situation.memory.facts)), (Field.ID,), look)


def in_cycle(situation: Situation, key: Field) -> Mask:
    """True where the date `key` is set and belongs to the present cycle."""
    value = dates(situation, key)
    return ~np.isnat(value) & ~(value < reopened_at(situation))


def explained(situation: Situation) -> Mask:
    """Misunderstanding or misuse: straight from grading to the reply."""
    return equals(situation, Field.AUTHENTICITY, Authenticity.MISUNDERSTANDING, Authenticity.MISUSE)


def replied(situation: Situation) -> Mask:
    """A final reply has been given in this cycle; "solved" cannot have been said before it was implemented.

    The date of an earlier reply in progress therefore does not count once somebody changes 答复类型 to 已解决.
    """

    def look() -> Mask:
        given = in_cycle(situation, Field.REPLIED_AT)
        days = (dates(situation, key).astype("M8[D]") for key in (Field.REPLIED_AT, Field.IMPLEMENTED_AT))
        too_early = np.less(*days)
        solved = equals(situation, Field.REPLY_TYPE, ReplyType.SOLVED) & ~too_early
        final: Mask = given & (solved | ends_without_solution(situation)) | called(situation)
        final.setflags(write=False)
        return final

    what = ("replied", situation.now, Same(situation.rulebook.contacts, situation.memory.facts))
    return situation.answers.once(what, REPLIED_BY, look)


REPLIED_BY = (Field.ID, Field.RECEIVED_AT, Field.REPLIED_AT, Field.IMPLEMENTED_AT, Field.REPLY_TYPE)
"""All the columns that say whether the final reply was given."""


def called(situation: Situation) -> Mask:
    """Somebody logged in 沟通记录 that the final reply of this cycle was given."""
    return of_ids(situation, final_calls(situation))


def ends_without_solution(situation: Situation) -> Mask:
    """The reply declines or explains: nothing is left to solve, to verify or to confirm once it has gone."""
    return equals(situation, Field.REPLY_TYPE, ReplyType.DECLINED, ReplyType.EXPLAINED)


class Requirement(Struct, frozen=True):
    """A field that must be filled, and the rows in which it is not (or not usable)."""

    field: Field
    rows: Mask


SCENE = (Field.ENV_HARDWARE, Field.ENV_SOFTWARE, Field.ENV_NETWORK, Field.SCENE)
"""One of them tells where it happened."""

REACHED_BY = (Field.PHONE, Field.EMAIL, Field.CONTACT_OTHER)
"""One of them is needed to reach the reporter."""

REQUIRED_IF = (Field.REPORTER_TYPE, Field.ORGANISATION, Field.VERSION, Field.BATCH, *SCENE, *REACHED_BY)


def requirements(situation: Situation) -> tuple[Requirement, ...]:
    """What the record must hold before it can be worked on (the seven elements of the procedure), and who lacks it."""
    what = ("requirements", Same(situation.rulebook.products), tuple(situation.memory.unknown))
    return situation.answers.once(what, (*REQUIRED, *REQUIRED_IF), lambda: _requirements(situation))


def _requirements(situation: Situation) -> tuple[Requirement, ...]:
    needed = {field: ~has(situation, field) for field in REQUIRED}
    outside = equals(situation, Field.REPORTER_TYPE, ReporterType.DEALER, ReporterType.STAFF)
    needed[Field.ORGANISATION] = outside & ~has(situation, Field.ORGANISATION)
    needed[Field.PHONE] = ~np.logical_or.reduce([has(situation, field) for field in REACHED_BY])
    software = kind_of_product(situation, Category.SOFTWARE)
    hardware = kind_of_product(situation, Category.HARDWARE)
    needed[Field.VERSION] = software & ~has(situation, Field.VERSION)
    needed[Field.BATCH] = hardware & ~has(situation, Field.BATCH)
    technical = equals(situation, Field.CATEGORY, Category.SOFTWARE, Category.HARDWARE, Category.DESIGN)
    needed[Field.SCENE] = technical & ~np.logical_or.reduce([has(situation, field) for field in SCENE])
    here = situation.register.columns
    groups = {Field.PHONE: REACHED_BY, Field.SCENE: SCENE}
    # a column that is not there is demanded of no row; of several that stand for each other one may hold it unseen
    return tuple(
        Requirement(field, rows)
        for field, rows in needed.items()
        if any(each in here for each in groups.get(field, (field,)))
        and not any(each in situation.memory.unknown for each in groups.get(field, (field,)))
    )


def products(situation: Situation) -> tuple[npt.NDArray[np.intp], Sequence[tuple[str, str]]]:
    """A number per row for its product and model, and what the numbers stand for; what is missing is NaN."""
    keys = (Field.PRODUCT, Field.MODEL)

    def look() -> tuple[npt.NDArray[np.intp], Sequence[tuple[str, str]]]:
        (one, names), (two, models) = (pd.factorize(values(situation, key)) for key in keys)
        codes, both = pd.factorize((one + 1) * (len(models) + 1) + two + 1)
        places = [divmod(pair, len(models) + 1) for pair in both.tolist()]
        return codes, [([np.nan, *names][name], [np.nan, *models][model]) for name, model in places]

    return situation.answers.once("products", keys, look)


def kind_of_product(situation: Situation, kind: str) -> Mask:
    """Rows about a software or hardware product: by 产品, or by the problem's category where 产品 says nothing."""
    kinds = {(p.product, p.model): p.kind for p in situation.rulebook.products if p.kind}
    by_product = {p.product: p.kind for p in situation.rulebook.products if p.kind}
    if not kinds:
        return equals(situation, Field.CATEGORY, kind)
    codes, unique = products(situation)
    named = np.array([kinds.get(pair) or by_product.get(pair[0]) or "" for pair in unique] + [""], dtype=object)
    known = named[codes]
    return np.asarray(known == kind) | (np.asarray(known == "") & equals(situation, Field.CATEGORY, kind))


def incomplete(situation: Situation) -> Mask:
    """Required data is missing; a safety hazard goes on all the same."""
    lacking: Mask = np.logical_or.reduce([need.rows for need in requirements(situation)])
    return lacking & ~equals(situation, Field.SAFETY, Safety.YES)


def assignable(situation: Situation) -> Mask:
    """Graded and complete, still open, and real: somebody has to take it."""
    ready: Mask = live(situation) & has(situation, Field.LEVEL) & ~incomplete(situation) & ~explained(situation)
    return ready & ~examples(situation)


def level_in(situation: Situation, *levels: Level) -> Mask:
    """Rows of one of these levels."""
    return equals(situation, Field.LEVEL, *levels)
