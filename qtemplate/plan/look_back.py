"""How far back the rules look, in one place: what leaves such a span does so at a moment that no run may miss."""

from __future__ import annotations

import datetime as dt

COMPARED = dt.timedelta(days=180)
"""Closed feedback at most this old is compared with for double entries; open feedback always."""

CLOSED_NEWS = dt.timedelta(days=7)
"""A closing older than this is no news: nobody is mailed about it."""

RECURRENCE = dt.timedelta(days=7)
"""A recurrence is reported while the newer feedback is at most this old."""

VERIFICATION = dt.timedelta(days=14)
"""A form for a verification is made by itself while the implementation is at most this old; later, by hand."""

DAYS_BETWEEN_REQUESTS = 2
"""Working days from one request for what is missing to the next about the same row; without a calendar, days."""
