"""Where a state lies on a server. It knows no driver, so that who keeps the state in a file loads none."""

from __future__ import annotations

from msgspec import Struct


class Server(Struct, frozen=True):
    """One workspace's schema in a database of a PostgreSQL server.

    Attributes:
        url: `postgresql://user@host:port/database` with what the driver is to be told, without schema and password.
        database: The name of the database.
        schema: Lower-case letters, digits and `_`; made where there is none.
        password: None = the server asks for none, or the driver finds it (`.pgpass`, a certificate).
    """

    url: str
    database: str
    schema: str
    password: str | None = None

    def __repr__(self) -> str:
        return f"Server({self.shown!r})"  # without the password

    @property
    def shown(self) -> str:
        """For messages."""
        return f"{self.url}{'&' if '?' in self.url else '?'}schema={self.schema}"
