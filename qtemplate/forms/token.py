"""What identifies a form when it comes back: a text on its hidden sheet, and a shorter one among its properties.

    {"base": {"planned_at": ""}, "form": "transfer/QF-2026-0001/1/研发部/张三", "mac": "9f…", "v": 1}
    {"form": "transfer/QF-2026-0001/1/研发部/张三", "mac": "41…", "v": 1}

Either suffices: editors drop hidden sheets or foreign properties, hardly ever both. What the register held when the
form was made, which is longer than a property may be, stands on the sheet alone. Each digest is an HMAC with SHA-256
(RFC 2104), cut to 128 bits, over everything else in its text. Forms of 0.1 carry `check` instead, which anybody can
work out: it proves nothing by itself. Forms without `v` are of version 1.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from ..plan import FormRequest
from ..plan.keys import FormKey

DIGITS = 32


class Mark(StrEnum):
    """Whose a token is, by its digest."""

    OURS = "ours"
    FORMER = "former"  # of a version that had no key
    FOREIGN = "foreign"


class FormToken(Struct, frozen=True):
    """A token as it came back: the form, and whose it is.

    Attributes:
        base: Field key -> what the register held when the form was made; None where only the property is left.
        version: Of the form's contract.
    """

    key: FormKey
    base: Mapping[str, str] | None
    mark: Mark
    version: int = 1


def make_token(request: FormRequest, secret: bytes) -> str:
    """The token of a form that is made now, for its hidden sheet."""
    told = {"form": request.key, "base": request.facts.get("base") or {}, "v": request.kind.contract.version}
    return _json({**told, "mac": _digest(told, secret)})


def make_mark(request: FormRequest, secret: bytes) -> str:
    """The shorter one for its properties."""
    told = {"form": request.key, "v": request.kind.contract.version}
    return _json({**told, "mac": _digest(told, secret)})


def read_token(text: str, secret: bytes | None) -> FormToken:
    """A token in a form, the longer or the shorter one.

    Args:
        text: As it stands in the form.
        secret: The workspace's key; None where it has none yet.

    Raises:
        ValueError, KeyError, TypeError, RecursionError: It is no token of ours.
    """
    told = json.loads(text)
    key = FormKey.parse(str(told["form"]))
    base = None
    if "base" in told or "check" in told:
        base = {str(name): str(value or "") for name, value in dict(told.get("base") or {}).items()}
        _json(base).encode()  # half a character, as only JSON can spell it, cannot be stored
    return FormToken(key, base, _mark(told, key, secret), int(told.get("v") or 1))


def _mark(told: dict[str, Any], key: FormKey, secret: bytes | None) -> Mark:
    mac = told.pop("mac", None)
    if mac is None:
        former = hashlib.sha256(key.encode()).hexdigest()[:16]
        return Mark.FORMER if told.get("check") == former else Mark.FOREIGN
    ours = secret is not None and hmac.compare_digest(str(mac).encode(), _digest(told, secret).encode())
    return Mark.OURS if ours else Mark.FOREIGN


def _digest(told: Mapping[str, Any], secret: bytes) -> str:
    return hmac.new(secret, _json(told).encode(), hashlib.sha256).hexdigest()[:DIGITS]


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
