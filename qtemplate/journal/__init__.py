"""The journal: what every run did, written ahead, so that a crash at any point is finished or repeated without harm."""

from .store import Change, Journal, Pending

__all__ = ["Change", "Journal", "Pending"]
