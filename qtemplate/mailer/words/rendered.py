"""What comes out of a mail template. Data only."""

from __future__ import annotations

from msgspec import Struct


class Rendered(Struct, frozen=True):
    """A mail in words."""

    subject: str
    text: str
    html: str
