"""人员 and 产品 -> `Person`s and `Product`s. Knows these two sheets only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from ...choices import Role
from ...plan import Severity
from ...rules.rulebook import Person, Product
from ...texts.wanted import Wanted
from ..headers import fold, nearest
from ..layout import BY_KEY
from .rule_sheets import RuleSheets, twice
from .typed_rows import Row

MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


def read_people(sheets: RuleSheets) -> tuple[Person, ...]:
    """The people in sheet order; a name that stands twice counts once, as its first row has it."""
    spec = BY_KEY["people"]
    rows = [(row, row.needed("name")) for row in sheets.rows(spec, spec.blocks[0])]
    named = [(row, name) for row, name in rows if name]
    later = twice((row, "name", fold(name)) for row, name in named)
    twice((row, "mail", mail_of(row).casefold()) for row, _ in named if mail_of(row))
    people = [person_in(row, name) for row, name in named if row.number not in later]
    known = [person.name for person in people]
    for row, _ in named:
        for key in ("manager", "deputy"):
            if (other := row.text(key)) and other not in known:
                row.report("QT206", key, Severity.WARNING, near=nearest(other, known))
    return tuple(people)


def mail_of(row: Row) -> str:
    """The address, its domain in lower case."""
    name, at, domain = row.text("mail").removeprefix("mailto:").rpartition("@")
    return name + at + domain.lower()


def person_in(row: Row, name: str) -> Person:
    mail = mail_of(row)
    if mail and not MAIL.fullmatch(mail):
        row.unfit("mail", Wanted.MAIL)
        mail = ""
    roles = [role for part in row.parts("role") if (role := row.choice("role", Role, part)) is not None]
    capacity = row.number_in("capacity", Wanted.WHOLE)
    if capacity is not None and (capacity < 0 or capacity % 1):
        row.unfit("capacity", Wanted.WHOLE)
        capacity = None
    return Person(
        name=name,
        mail=mail,
        department=row.text("department"),
        roles=tuple(dict.fromkeys(roles)) or (Role.MEMBER,),
        manager=row.text("manager"),
        deputy=row.text("deputy"),
        skills=row.parts("skills"),
        capacity=None if capacity is None else int(capacity),
        away=tuple(absences(row)),
        active=row.word("active", "yes", "no") != "no",
        row=row.number,
        monthly={"yes": True, "no": False}.get(row.word("monthly", "yes", "no") or ""),
    )


def absences(row: Row) -> Iterable[tuple[dt.date, dt.date]]:
    """First and last days of the absences; an open end lasts until further notice."""
    starts, ends = row.dates("away_from"), row.dates("away_to")
    if not starts and ends:
        row.unfit("away_from", Wanted.DAY)
        return
    for at, start in enumerate(starts):
        end = ends[at] if at < len(ends) else dt.date.max
        if end < start:
            row.unfit("away_to", Wanted.LATER)
        else:
            yield start, end


def read_products(sheets: RuleSheets) -> tuple[Product, ...]:
    """The products in sheet order; a model that stands twice counts once."""
    spec = BY_KEY["products"]
    rows = list(sheets.rows(spec, spec.blocks[0]))
    named = [(row, product) for row in rows if (product := row.needed("product"))]
    later = twice((row, "model", (fold(product), fold(row.text("model")))) for row, product in named)
    return tuple(
        Product(product, row.text("model"), row.word("kind", "software", "hardware") or "", pattern_in(row), row.number)
        for row, product in named
        if row.number not in later
    )


def pattern_in(row: Row, key: str = "batch_pattern") -> str:
    """A regular expression, or "" when blank or, reported, none."""
    pattern = row.text(key)
    try:
        re.compile(pattern)
    except re.error:
        row.unfit(key, Wanted.PATTERN)
        return ""
    return pattern
