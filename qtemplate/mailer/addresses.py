"""One mail address, read and checked. Light: whoever compares addresses makes no mail.

Sources: RFC 5322, section 3.4 (addresses); RFC 5890 (international domains).
"""

from __future__ import annotations

import re

from msgspec import Struct

from qtemplate.errors import QtemplateError
from qtemplate.mailer.cleaning import clean_line, has_control
from qtemplate.texts import make_error


class MessageRefused(QtemplateError):
    """A mail cannot be made from what was given.

    The fact `source` says which part is wrong, such as `"To"` or `"In-Reply-To"`.
    """

    @property
    def source(self) -> str:
        return str(self.facts["source"])


class Address(Struct, frozen=True):
    """One mail address with the name people see."""

    name: str
    mail: str

    def __str__(self) -> str:
        return f"{self.name} <{self.mail}>" if self.name else self.mail

    @property
    def domain(self) -> str:
        return self.mail.rpartition("@")[2]


def parse_address(text: str, source: str = "address") -> Address:
    """Read one address such as `张三 <zhang@corp.cn>`.

    Args:
        text: A bare address, or a name with the address in angle brackets.
        source: What to name in an error, such as `"To"`.

    Returns:
        The address with its domain in lower case, international domains as A-labels (RFC 5890).

    Raises:
        MessageRefused: Nothing, several addresses, controls, a local part that is not ASCII, or no valid domain.
    """
    if has_control(text):
        raise make_error(MessageRefused, "message.control", source=source, text=text)
    name, bracket, rest = text.strip().rpartition("<")
    spec = rest.rstrip().removesuffix(">") if bracket else rest
    if bracket and not rest.rstrip().endswith(">"):
        raise make_error(MessageRefused, "message.bracket", source=source, text=text)
    local, at, domain = spec.strip().rpartition("@")
    if not at or not local or not domain:
        raise make_error(MessageRefused, "message.no_address", source=source, text=text)
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", local) or ".." in f".{local}.":
        raise make_error(MessageRefused, "message.local_part", source=source, text=text, local=local)
    return Address(clean_line(name.strip().strip('"')), f"{local}@{_ascii_domain(domain, text, source)}")


def _ascii_domain(domain: str, text: str, source: str) -> str:
    try:
        ascii_domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    label = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
    if len(ascii_domain) > 253 or not re.fullmatch(rf"{label}(?:\.{label})*", ascii_domain):
        raise make_error(MessageRefused, "message.domain", source=source, text=text, domain=domain)
    return ascii_domain
