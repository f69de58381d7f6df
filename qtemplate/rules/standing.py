"""Where each row stands: facts of the row that several steps ask for. Pure; the steps do not import each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..choices import Authenticity, Category, Confirmation, Level, ReplyType, ReporterType, Safety, VerifyResult
from ..dmn.decision_table import DecisionTable, Evaluation
from ..dmn.encoded_columns import EncodedColumn, encode_column
from ..dmn.unary_tests import Name, endpoints
from ..fields import FIELDS, REQUIRED, Field
from ..plan import FactName, Memory
from ..register import Register, Same
from .rulebook import RuleBook

Mask = npt.NDArray[np.bool_]


def has(register: Register, key: str) -> Mask:
    """True where the row has a usable value for `key`; shared, so not to be changed."""
    return register.filled(key)


def equals(register: Register, key: str, *codes: str) -> Mask:
    """True where `key` holds one of `codes`; shared, so not to be changed."""

    def compare(frame: pd.DataFrame) -> Mask:
        if len(codes) == 1:
            return np.asarray(frame[key].to_numpy() == str(codes[0]), dtype=bool)
        return frame[key].isin([str(code) for code in codes]).to_numpy(dtype=bool, copy=True)

    return register.by_row(("equals", *codes), (key,), compare)


def same_cells(register: Register, one: Field, other: Field) -> Mask:
    """True where both columns hold the same value; nothing is like nothing. For columns of text; shared, as above."""

    def compare(frame: pd.DataFrame) -> Mask:
        left, right = frame[one].to_numpy(), frame[other].to_numpy()
        return np.asarray(left == right, dtype=bool) & ~pd.isna(left)

    return register.by_row("same", (one, other), compare)


def decided(register: Register, table: DecisionTable) -> Evaluation:
    """What a table bound to the register says of each row; shared, so not to be changed."""

    def encoded(name: str) -> EncodedColumn:
        return register.once("encoded", (name,), lambda: encode_column(register.frame[name]))

    return register.once(Same(table), asked_by(table), lambda: table.evaluate(register.frame, encoded))


def asked_by(table: DecisionTable) -> tuple[str, ...]:
    """All the columns a table looks at: its inputs, and those that its cells name."""
    ends = (end for rule in table.rules for test in rule.tests for end in endpoints(test) if isinstance(end, Name))
    return tuple(dict.fromkeys([*(column.name for column in table.inputs), *(end.name for end in ends)]))


def numbered(register: Register) -> Mask:
    """True where the row has an id."""
    return has(register, Field.ID)


def rows_by_id(register: Register) -> Mapping[str, int]:
    """Feedback id -> worksheet row; the first of a doubled id."""

    def look() -> dict[str, int]:
        ids, rows = register.frame[Field.ID].tolist()[::-1], register.frame.index.tolist()[::-1]
        return {id: row for id, row in zip(ids, rows, strict=True) if isinstance(id, str)}

    return register.once("rows by id", (Field.ID,), look)


def moments_by_id(register: Register, known: Mapping[str, dt.datetime | str]) -> pd.Series:
    """Moments known by feedback id (ISO text too) as a date column along the rows; NaT for the others."""
    column = np.full(len(register.frame), np.datetime64("NaT", "s"))
    read = {id: dt.datetime.fromisoformat(at) if isinstance(at, str) else at for id, at in known.items()}
    lay_by_id(register, column, read)
    return pd.Series(column, index=register.frame.index)


def lay_by_id(register: Register, column: npt.NDArray[Any], known: Mapping[str, Any]) -> None:
    """Put what is known by feedback id into its places of a column that is aligned with the register.

    Every id stands in one row: the step `number` comes first.
    """
    rows = rows_by_id(register)
    here = {rows[id]: value for id, value in known.items() if id in rows}
    column[register.frame.index.get_indexer(pd.Index(list(here)))] = np.array(list(here.values()), dtype=column.dtype)


def history(register: Register, memory: Memory) -> Mask:
    """Rows received before `[mail] since`: no mail to outsiders and no transfers about them."""
    received = register.frame[Field.RECEIVED_AT]
    if memory.since is None:
        return np.zeros(len(received), dtype=bool)
    return (received < memory.since).fillna(False).to_numpy(dtype=bool, copy=True)


def live(register: Register) -> Mask:
    """Neither merged nor closed."""
    return ~has(register, Field.MASTER) & ~has(register, Field.CLOSED_AT)


def cycles(register: Register, memory: Memory) -> pd.Series:
    """1 for a row never reopened, 2 after the first reopening, …; aligned with the frame."""

    def look() -> pd.Series:
        known = {id: int(value) for id, value in memory.facts_named(FactName.CYCLE).items()}
        column = np.ones(len(register.frame), dtype=np.int64)
        lay_by_id(register, column, known)
        return pd.Series(column, index=register.frame.index)

    return register.once(("cycles", Same(memory.facts)), (Field.ID,), look)


def int_at(values: pd.Series, row: int) -> int:
    """The whole number an aligned column holds for a worksheet row."""
    return int(values.array[values.index.get_loc(row)])


def reopened_at(register: Register, memory: Memory) -> pd.Series:
    """When the present cycle began (NaT in the first): facts from before belong to an earlier cycle."""

    def look() -> pd.Series:
        known = memory.facts_named(FactName.REOPENED_AT)
        return moments_by_id(register, known)

    return register.once(("reopened_at", Same(memory.facts)), (Field.ID,), look)


def in_cycle(register: Register, memory: Memory, key: Field) -> Mask:
    """True where the date `key` is set and belongs to the present cycle."""
    began = reopened_at(register, memory)
    value = register.frame[key]
    return value.notna().to_numpy(dtype=bool, copy=True) & ~(value < began).fillna(False).to_numpy(
        dtype=bool, copy=True
    )


def explained(register: Register) -> Mask:
    """Misunderstanding or misuse: straight from grading to the reply."""
    return equals(register, Field.AUTHENTICITY, Authenticity.MISUNDERSTANDING, Authenticity.MISUSE)


def replied(register: Register, memory: Memory) -> Mask:
    """A final reply has been given in this cycle; "solved" cannot have been said before it was implemented.

    The date of an earlier reply in progress therefore does not count once somebody changes 答复类型 to 已解决.
    """
    given = in_cycle(register, memory, Field.REPLIED_AT)
    days = register.frame[Field.REPLIED_AT].dt.normalize()
    too_early = (days < register.frame[Field.IMPLEMENTED_AT].dt.normalize()).fillna(False).to_numpy(dtype=bool)
    solved = equals(register, Field.REPLY_TYPE, ReplyType.SOLVED) & ~too_early
    final: Mask = given & (solved | equals(register, Field.REPLY_TYPE, ReplyType.DECLINED))
    return final


def verified(register: Register) -> Mask:
    """Verification passed, by somebody other than the owner."""
    other = ~same_cells(register, Field.VERIFIER, Field.OWNER)
    return equals(register, Field.VERIFY_RESULT, VerifyResult.PASSED) & has(register, Field.VERIFIER) & other


def confirmed(register: Register) -> Mask:
    """The reporter agreed, was silent long enough, or cannot be reached."""
    return equals(register, Field.CONFIRMATION, Confirmation.SOLVED, Confirmation.SILENT, Confirmation.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A field that must be filled, and the rows in which it is not (or not usable)."""

    field: Field
    rows: Mask


def requirements(register: Register, rulebook: RuleBook) -> tuple[Requirement, ...]:
    """What the record must hold before it can be worked on (the seven elements of the procedure), and who lacks it."""
    if register.lacking is not None:
        return tuple(Requirement(FIELDS[key], rows) for key, rows in register.lacking.items())
    needed = {field: ~has(register, field) for field in REQUIRED}
    outside = equals(register, Field.REPORTER_TYPE, ReporterType.DEALER, ReporterType.STAFF)
    needed[Field.ORGANISATION] = outside & ~has(register, Field.ORGANISATION)
    reachable = has(register, Field.PHONE) | has(register, Field.EMAIL) | has(register, Field.CONTACT_OTHER)
    needed[Field.PHONE] = ~reachable
    software = kind_of_product(register, rulebook, Category.SOFTWARE)
    hardware = kind_of_product(register, rulebook, Category.HARDWARE)
    needed[Field.VERSION] = software & ~has(register, Field.VERSION)
    needed[Field.BATCH] = hardware & ~has(register, Field.BATCH)
    scene = (Field.ENV_HARDWARE, Field.ENV_SOFTWARE, Field.ENV_NETWORK, Field.SCENE)
    described = np.logical_or.reduce([has(register, field) for field in scene])
    technical = equals(register, Field.CATEGORY, Category.SOFTWARE, Category.HARDWARE, Category.DESIGN)
    needed[Field.SCENE] = technical & ~described
    return tuple(Requirement(field, rows) for field, rows in needed.items())


def products(register: Register) -> tuple[npt.NDArray[np.intp], Sequence[tuple[str, str]]]:
    """A number per row for its product and model, and what the numbers stand for; what is missing is NaN."""
    keys = (Field.PRODUCT, Field.MODEL)

    def look() -> tuple[npt.NDArray[np.intp], Sequence[tuple[str, str]]]:
        codes, pairs = pd.factorize(pd.MultiIndex.from_arrays([register.frame[key] for key in keys]))
        return np.asarray(codes, np.intp), pairs.tolist()

    return register.once("products", keys, look)


def kind_of_product(register: Register, rulebook: RuleBook, kind: str) -> Mask:
    """Rows about a software or hardware product: by the 产品 sheet, by the problem's domain where that is silent."""
    kinds = {(p.product, p.model): p.kind for p in rulebook.products if p.kind}
    by_product = {p.product: p.kind for p in rulebook.products if p.kind}
    if not kinds:
        return equals(register, Field.CATEGORY, kind)
    codes, unique = products(register)
    named = np.array([kinds.get(pair) or by_product.get(pair[0]) or "" for pair in unique] + [""], dtype=object)
    known = named[codes]
    return np.asarray(known == kind) | (np.asarray(known == "") & equals(register, Field.CATEGORY, kind))


def incomplete(register: Register, rulebook: RuleBook) -> Mask:
    """Required data is missing; a safety matter goes on whatever is missing."""
    lacking: Mask = np.logical_or.reduce([need.rows for need in requirements(register, rulebook)])
    return lacking & ~equals(register, Field.SAFETY, Safety.YES)


def assignable(register: Register, rulebook: RuleBook) -> Mask:
    """Graded and complete, still open, and real: somebody has to take it."""
    ready: Mask = live(register) & has(register, Field.LEVEL) & ~incomplete(register, rulebook) & ~explained(register)
    return ready & ~register.frame.index.isin(list(register.examples))


def level_in(register: Register, *levels: Level) -> Mask:
    """Rows of one of these levels."""
    return equals(register, Field.LEVEL, *levels)
