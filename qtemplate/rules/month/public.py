"""A month for everybody: what may have been typed freely stands there only if the workbook's lists know it. Pure.

A name, a telephone number or an address can be typed into any cell, also into those of the product, the batch, the
fault or the department. What 产品, 故障词典, 人员 and the assignment table know is no such thing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
from msgspec.structs import replace

from ...choices import Level
from ...fields import Field
from ...figures.hot_spots import HotSpot
from ...figures.month import make_month
from ...figures.rows import Rows, Texts
from ..rulebook import RuleBook
from .changes import what_changed
from .look import MonthLook, declared
from .to_do import what_to_do


def public_look(look: MonthLook, other: str) -> MonthLook:
    """The month with `other` wherever a name stands that no list knows; actions and owners are not touched.

    Counts that differed by such names only are one then. Batches are told as far as they fit the pattern of 产品.
    """
    rulebook = look.situation.rulebook
    rows = _rows(look.rows, rulebook, other)
    month = make_month(rows, look.month.period.start, look.month.now, declared(look.situation))
    month = replace(month, spots=tuple(_spot(spot, rulebook, other) for spot in look.month.spots))
    if look.replayed:
        return replace(look, rows=rows, month=month, changes=what_changed(month, rows))
    to_do = what_to_do(month, rows, look.late, look.actions)
    known = known_departments(rulebook)
    departments = tuple(
        replace(each, name=each.name if each.name in known or not each.name else other) for each in look.departments
    )
    return replace(look, rows=rows, month=month, changes=what_changed(month, rows), to_do=to_do,
                   departments=departments)  # fmt: skip


def known_departments(rulebook: RuleBook) -> frozenset[str]:
    """The departments of 人员 and of the assignment table."""
    known = {person.department for person in rulebook.people}
    if rulebook.assignment is not None:
        names = [column.name for column in rulebook.assignment.outputs]
        for rule in rulebook.assignment.rules:
            known |= {said.value for name, said in zip(names, rule.outputs, strict=False) if name == Field.DEPARTMENT}
    return frozenset(known)


def _rows(rows: Rows, rulebook: RuleBook, other: str) -> Rows:
    departments = known_departments(rulebook)
    levels = {level.value for level in Level}
    rules = {
        table: replace(columns, chosen=_known(columns.chosen, departments | levels, other))
        for table, columns in rows.rules.items()
    }
    return replace(
        rows,
        product=_known(rows.product, {each.product for each in rulebook.products}, other),
        model=_known(rows.model, {each.model for each in rulebook.products}, other),
        fault=_known(rows.fault, rulebook.faults.keys(), other),
        department=_known(rows.department, departments, other),
        level=_known(rows.level, levels, other),
        rules=rules,
    )


def _known(column: Texts, known: Collection[str], other: str) -> Texts:
    """A column without the names that are not known; what is missing stays so."""
    shown = [name if name is None or name in known else other for name in column.tolist()]
    return np.array([*shown, None], object)[:-1]


def _spot(spot: HotSpot, rulebook: RuleBook, other: str) -> HotSpot:
    products, models = ({getattr(each, name) for each in rulebook.products} for name in ("product", "model"))
    patterns = {(each.product, each.model): each.batch_pattern for each in rulebook.products}
    return replace(
        spot,
        product=spot.product if spot.product in products or spot.product is None else other,
        model=spot.model if spot.model in models or spot.model is None else other,
        batch=spot.batch if _fits(spot.batch, patterns.get((spot.product or "", spot.model or ""))) else other,
    )


def _fits(batch: str, pattern: str | None) -> bool:
    try:
        return bool(pattern) and re.fullmatch(pattern or "", batch) is not None
    except re.error:
        return False
