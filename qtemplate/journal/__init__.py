"""The journal: what every run did, written ahead, so that a crash at any point is finished or repeated without harm."""

from .database import StateUnusable
from .state_file import held_alone, is_there, open_state
from .store import Change, Journal, Pending

__all__ = ["Change", "Journal", "Pending", "StateUnusable", "held_alone", "is_there", "open_state"]
