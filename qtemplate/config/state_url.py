"""`[state] url`: where the state lies on a server, taken apart and looked at."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from qtemplate.config.values import Place, read_text
from qtemplate.plan import Phrase

SCHEMA = r"[a-z][a-z0-9_]{0,39}"
TAKEN = r"pg_.*|public|information_schema"
"""Schemas that are not one workspace's."""


class StateUrl(Struct, frozen=True):
    """A schema of a PostgreSQL database.

    Attributes:
        address: The URL without the schema, as the driver takes it.
        user: Who logs in; the name in the keyring.
        database: Its name.
        schema: The workspace's own.
    """

    address: str
    user: str
    database: str
    schema: str

    def __str__(self) -> str:
        return f"{self.address}{'&' if '?' in self.address else '?'}schema={self.schema}"


def read_state_address(text: str, file: Path, section: str = "state") -> StateUrl:
    """Read what somebody typed as the address of a state.

    Raises:
        ConfigError: It is none.
    """
    place = Place(file, section, "url", ZoneInfo("UTC"))
    url = read_state_url(text, place)
    if url is None:
        raise place.wrong(text, Phrase("expected.state_url"))
    return url


def read_state_url(value: object, place: Place) -> StateUrl | None:
    """Read the URL; a password in it is refused, it is no configuration."""
    text = read_text(value, place)
    if not text:
        return None
    from urllib.parse import parse_qsl, urlencode, urlsplit  # who has a file takes no address apart

    parts = urlsplit(text)
    said = parse_qsl(parts.query, keep_blank_values=True)
    schema = dict(said).get("schema", "")
    database = parts.path.strip("/")
    known = parts.scheme in ("postgresql", "postgres") and database and "/" not in database
    if not known or not re.fullmatch(SCHEMA, schema) or re.fullmatch(TAKEN, schema):
        raise place.wrong(text, Phrase("expected.state_url"))
    if parts.password is not None or "password" in dict(said):
        raise place.wrong("…", Phrase("expected.no_password"))
    rest = urlencode([(name, word) for name, word in said if name != "schema"])
    return StateUrl(parts._replace(query=rest).geturl(), parts.username or "", database, schema)
