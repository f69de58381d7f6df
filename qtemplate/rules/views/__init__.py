"""What each role has to do today, as the view sheets show it: which rows, which first, what is asked. Pure."""

from .make import MOST_ROWS, View, make_views

__all__ = ["MOST_ROWS", "View", "make_views"]
