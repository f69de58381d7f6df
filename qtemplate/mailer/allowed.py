"""Who may get mail: the allow-list, and the test mode that sends everything to one address. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from qtemplate.mailer.addresses import MessageRefused, parse_address
from qtemplate.mailer.message import Draft
from qtemplate.mailer.outbox.entry import ORIGINAL_TO
from qtemplate.plan import Phrase
from qtemplate.texts import say


def is_allowed(address: str, allow_domains: Iterable[str]) -> bool:
    """Say whether an address may get mail.

    Args:
        address: A bare address.
        allow_domains: `corp.cn` is that domain alone, `.corp.cn` that domain and all below it, `*` anybody.
            `corp.cn.evil.com` and `evilcorp.cn` match neither.
    """
    domain = address.rpartition("@")[2].lower()
    for allowed in allow_domains:
        if allowed == "*":
            return True
        wanted = _ascii(allowed)
        if wanted.startswith("."):
            if domain == wanted[1:] or domain.endswith(wanted):
                return True
        elif domain == wanted:
            return True
    return False


def _ascii(domain: str) -> str:
    """Write an international domain as the envelope has it."""
    dot = "." if domain.startswith(".") else ""
    try:
        return dot + parse_address(f"x@{domain.removeprefix('.')}").domain
    except MessageRefused:
        return domain.lower()


def redirect(draft: Draft, redirect_to: str, language: str) -> Draft:
    """Send a draft to the tester instead; To is the tester's too and Reply-To goes, so that no answer leaks either.

    Args:
        draft: The mail as it would go.
        redirect_to: `[mail] redirect_to`; empty returns the draft unchanged.
        language: Of the mark in the subject, `"zh"` or `"en"`.

    Returns:
        The draft with one recipient, the original ones in `X-Qtemplate-Original-To`.

    Raises:
        MessageRefused: `redirect_to` is not an address.
    """
    if not redirect_to:
        return draft
    original = ", ".join(each.mail for each in (*draft.to, *draft.cc))
    return replace(
        draft,
        to=(parse_address(redirect_to, "[mail] redirect_to"),),
        cc=(),
        reply_to=None,
        subject=f"{say(Phrase('mail.test'), language)} {draft.subject}",
        headers={**draft.headers, ORIGINAL_TO: original},
    )
