"""Signed links: what a link is about, and the token by which it stands in a mail.

A token carries kind, feedback, cycle, a nonce of 128 bits and when it expires, signed with the workspace's secret. The
nonce is made of the secret and of what the link is about, so that a mail that is made anew carries the same link.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from msgspec import Struct

from ..errors import ConfigError
from ..plan.pages import PageKind
from ..texts import make_error

LINK, FORM = "qtemplate.link", "qtemplate.form"
"""Salts: a signature of one purpose is none for another."""

NONCE_BYTES = 16
LONGEST_TOKEN = 600
FORM_SECONDS = 12 * 3600
"""So long a page may stay open before it is sent."""


class Link(Struct, frozen=True):
    """What a link is about.

    Attributes:
        kind: What its page asks.
        id: The feedback.
        cycle: Of the feedback.
        nonce: What nobody can guess.
        until: When it expires; aware, whole seconds.
    """

    kind: PageKind
    id: str
    cycle: int
    nonce: bytes
    until: dt.datetime

    @property
    def digest(self) -> str:
        """By what its record is found; tells nothing of the link."""
        return digest_of(self.nonce)


def digest_of(nonce: bytes) -> str:
    """The name of the record that belongs to a nonce."""
    return hashlib.sha256(nonce).hexdigest()[:32]


def make_nonce(secret: bytes, id: str, subject: str) -> bytes:
    """The nonce of the link about `subject` of a feedback: 128 bits that only whoever has the secret can make."""
    return hmac.new(secret, f"{id}\n{subject}".encode(), hashlib.sha256).digest()[:NONCE_BYTES]


def write_token(secret: bytes, link: Link) -> str:
    """The link as it stands in an address.

    Raises:
        ConfigError: The package that signs is not installed.
    """
    nonce = base64.urlsafe_b64encode(link.nonce).decode().rstrip("=")
    said = [str(link.kind), link.id, link.cycle, nonce, int(link.until.timestamp())]
    return str(_serializer(secret, LINK).dumps(said))


def read_token(secret: bytes, token: str) -> Link | None:
    """What a token says; None where it is none of ours. Whether it has expired is the caller's to look."""
    if not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
        return None
    return _token_read(secret, token)


@lru_cache(512)
def _token_read(secret: bytes, token: str) -> Link | None:
    """A link is opened before it is answered: its signature is worked out once."""
    serializer = _serializer(secret, LINK)
    from itsdangerous import BadData

    try:
        kind, id, cycle, nonce, until = serializer.loads(token)
        raw = base64.urlsafe_b64decode(nonce + "==")
        link = Link(PageKind(kind), str(id), int(cycle), raw, dt.datetime.fromtimestamp(until, dt.UTC))
    except (BadData, ValueError, TypeError, OverflowError, OSError, binascii.Error):
        return None
    return link if len(link.nonce) == NONCE_BYTES else None


def sign_form(secret: bytes, about: str) -> str:
    """What a form carries so that only a page of ours can send it."""
    return str(_signer(secret, FORM).sign(about).decode("ascii"))


def is_own_form(secret: bytes, signed: str, about: str) -> bool:
    """Whether a form was ours, about just this, and not made too long ago."""
    signer = _signer(secret, FORM)
    from itsdangerous import BadData

    try:
        return bool(signer.unsign(signed, max_age=FORM_SECONDS) == about.encode())
    except (BadData, ValueError, TypeError):
        return False


def board_key(secret: bytes) -> str:
    """The last part of the board's address, where only who knows it may see the board; a new secret makes another."""
    raw = hmac.new(secret, b"qtemplate.board", hashlib.sha256).digest()[:NONCE_BYTES]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@lru_cache(16)
def _serializer(secret: bytes, salt: str) -> Any:
    """For links: what it writes is what the package's own would write, its key derived once."""
    kept = _kept(secret, salt)
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer(kept.pop("secret_key"), salt=salt, signer_kwargs=kept)


@lru_cache(16)
def _signer(secret: bytes, salt: str) -> Any:
    """For what is signed with every page: without what packs and unpacks a value."""
    kept = _kept(secret, salt)
    from itsdangerous import TimestampSigner

    return TimestampSigner(**kept)


def _kept(secret: bytes, salt: str) -> dict[str, Any]:
    """What a signer is made with that derives no key each time, and asks the library of the machine in one go.

    Raises:
        ConfigError: The package that signs is not installed.
    """
    try:
        from itsdangerous import Signer  # an extra
        from itsdangerous.signer import SigningAlgorithm
    except ImportError:
        raise make_error(ConfigError, "web.extra") from None

    class Hmac(SigningAlgorithm):
        def get_signature(self, key: bytes, value: bytes) -> bytes:
            return hmac.digest(key, value, "sha256")

    derived = Signer(secret, salt=salt, digest_method=hashlib.sha256).derive_key()
    return {"secret_key": derived, "key_derivation": "none", "algorithm": Hmac()}
