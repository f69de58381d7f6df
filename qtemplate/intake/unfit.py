"""Why something that came in was not taken up."""

from __future__ import annotations

from typing import Any

from ..plan import Phrase


class Unfit(Exception):
    """A file that is set aside, with the sentence that says why.

    Args:
        key: Of the catalogue, without `intake.`.
        unfinished: Whether it may only be half written; if it has just been, it is looked at again instead.
    """

    def __init__(self, key: str, *, unfinished: bool = False, **facts: Any) -> None:
        super().__init__(key)
        self.said = Phrase.of(f"intake.{key}", **facts)
        self.unfinished = unfinished
