"""The page on which anybody reports something: what the register offers there, and what may be answered. Data only."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Struct

from ..choices import Channel, ReporterType

SCHEMA = 1
NEW = "new"
"""What an answer of this page calls itself, where the answer to a link says `answer`."""

FORM_FILE = "form.json"
"""In `web/export/`."""

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a provisional number: none that is taken for another."""

NUMBER = re.compile(rf"W\d{{6}}-[{LETTERS}]{{8}}")
"""The provisional number of what was reported: its day, and what nobody meets twice."""

LONGEST: dict[str, int] = {
    "product": 100,
    "model": 60,
    "version": 60,
    "batch": 60,
    "title": 60,
    "description": 2_000,
    "category": 60,
    "scene": 300,
    "first_guess": 300,
    "reporter": 60,
    "organisation": 100,
    "phone": 40,
    "email": 100,
    "contact_other": 100,
}
"""The columns that may be filled on the page, and the most characters of each. What people judge is none of them."""

REPORTERS = {Channel.DEALER: ReporterType.DEALER, Channel.INTERNAL: ReporterType.STAFF}
"""Who reports through a channel; through the others customers do."""


class OfferedProduct(Struct, frozen=True):
    """A product of 产品: its kind (`software`, `hardware` or ""), its models in order."""

    name: str
    kind: str = ""
    models: tuple[str, ...] = ()


class NewPage(Struct, frozen=True, eq=False):
    """What the page offers; names of products and fields of problems, nothing of any feedback.

    Compared by identity: pages are kept by it, and to go through all products for each costs more than the page.

    Attributes:
        team: Who asks.
        products: In the order of the sheet.
        categories: (code, zh, en) of each field of problems.
    """

    team: str
    products: tuple[OfferedProduct, ...] = ()
    categories: tuple[tuple[str, str, str], ...] = ()

    def product(self, name: str) -> OfferedProduct | None:
        """The product of that name."""
        return next((each for each in self.products if each.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """As it stands in its file."""
        return {"schema": SCHEMA, **msgspec.json.decode(msgspec.json.encode(self))}

    @classmethod
    def from_json(cls, data: bytes) -> NewPage:
        """Read it back.

        Raises:
            ValueError: It is none.
        """
        return msgspec.json.decode(data, type=cls)


def reporter_type(channel: str) -> str:
    """Code of 反馈者类型 of whoever reports through a channel."""
    return str(next((kind for of, kind in REPORTERS.items() if of == channel), ReporterType.CUSTOMER))
