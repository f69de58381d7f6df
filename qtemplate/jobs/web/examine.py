"""What `doctor` says of the pages: their packages, how links begin, whether the server answers."""

from __future__ import annotations

import ipaddress
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

from ...config import Config, is_loopback
from ...plan import Phrase
from .secret import known_secret
from .serve import board_path

Seen = tuple[str, bool, Phrase]
"""Name of the check, whether all is well, and what was seen."""

INSIDE = (".local", ".lan", ".internal", ".intranet", ".home.arpa")
"""Names that no public server answers for."""

PATIENCE = 5.0
"""Seconds."""


def examine_pages(config: Config, *, ask_server: bool) -> Iterator[Seen]:
    """Every check in order; nothing where there are no pages."""
    address = config.web.base_url
    if not address:
        return
    lacking = [name for name in ("flask", "waitress", "itsdangerous", "PIL") if find_spec(name) is None]
    if lacking:
        yield "web", False, Phrase.of("doctor.web_lacks", packages=tuple(lacking))
        return
    parts = urlsplit(address)
    plain = parts.scheme != "https" and not is_loopback(parts.hostname or "")
    yield "web", not plain, Phrase.of("doctor.web_plain" if plain else "doctor.web", address=address)
    secret = known_secret(config)
    board = None if secret is None else board_path(config, secret)
    if board is not None:
        at = "/".join(filter(None, (address.rstrip("/"), "board", board)))
        open_to = "board_secret" if board else "board" if _is_inside(parts.hostname or "") else "board_world"
        yield "board", True, Phrase.of(f"doctor.{open_to}", address=at)
    if ask_server:
        yield "web_server", *_server(config.web.listen)


def _is_inside(host: str) -> bool:
    """Whether only networks of a house reach such a name or address: a name without a dot, a private address."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return is_loopback(host) or "." not in host or host.endswith(INSIDE)


def _server(listen: str) -> tuple[bool, Phrase]:
    """Whether `serve` answers on this machine."""
    try:
        with urllib.request.urlopen(f"http://{listen}/healthz", timeout=PATIENCE) as answer:
            well = answer.read(10) == b"ok\n"
    except (OSError, ValueError, urllib.error.URLError) as problem:
        return False, Phrase.of("doctor.web_silent", listen=listen, problem=type(problem).__name__)
    return well, Phrase.of("doctor.web_answers" if well else "doctor.web_other", listen=listen)
