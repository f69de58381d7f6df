"""What is told while something long is under way. A type only: who draws it is nobody's matter here."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told at each step.

    Args:
        phase: Such as `read`; its words are `progress.<phase>` of the catalogue.
        done, of: How many of how many; 0 where nothing can be counted.
    """

    def __call__(self, phase: str, done: int = 0, of: int = 0) -> None: ...


def silent(phase: str, done: int = 0, of: int = 0) -> None:
    """Tells nobody."""
