"""The journal: what every run did, written ahead, so that a crash at any point is finished or repeated without harm."""

from .carry import in_memory
from .database import Database, StateLost, StateUnusable
from .opening import Place, connect, held_state, is_on_server, is_there, open_state
from .server import Server
from .store import Change, Journal
from .under_way import Pending

__all__ = [
    "Change",
    "Database",
    "Journal",
    "Pending",
    "Place",
    "Server",
    "StateLost",
    "StateUnusable",
    "connect",
    "held_state",
    "in_memory",
    "is_on_server",
    "is_there",
    "open_state",
]
