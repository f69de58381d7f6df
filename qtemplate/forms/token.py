"""What identifies a form when it comes back: a text on its hidden sheet, with a digest that only we can make.

    {"base": {"planned_at": ""}, "form": "transfer/QF-2026-0001/1/研发部/张三", "mac": "9f…"}

The digest is an HMAC with SHA-256 (RFC 2104), cut to 128 bits, over everything else in the text. Forms of 0.1 carry
`check` instead, which anybody can work out: it proves nothing by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..plan import FormRequest
from ..plan.keys import FormKey

DIGITS = 32


class Mark(StrEnum):
    """Whose a token is, by its digest."""

    OURS = "ours"
    FORMER = "former"  # of a version that had no key
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class FormToken:
    """A token as it came back: the form, field key -> what the register held when it was made, and whose it is."""

    key: FormKey
    base: Mapping[str, str]
    mark: Mark


def make_token(request: FormRequest, secret: bytes) -> str:
    """The token of a form that is made now."""
    told = {"form": request.key, "base": request.facts.get("base") or {}}
    return _json({**told, "mac": _digest(told, secret)})


def read_token(text: str, secret: bytes | None) -> FormToken:
    """The token in a form.

    Args:
        text: As it stands in the form.
        secret: The workspace's key; None where it has none yet.

    Raises:
        ValueError, KeyError, TypeError, RecursionError: It is no token of ours.
    """
    told = json.loads(text)
    key = FormKey.parse(str(told["form"]))
    base = {str(name): str(value or "") for name, value in dict(told.get("base") or {}).items()}
    _json(base).encode()  # half a character, as only JSON can spell it, cannot be stored
    return FormToken(key, base, _mark(told, key, secret))


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
