"""What comes in, and what it was taken for. An adapter beside `mailer`, `forms` and `report`: they do not know each
other.

Names are loaded when first used: taking a mail apart needs what most runs do without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .mail import Attachment as Attachment
    from .mail import Automatic as Automatic
    from .mail import ReceivedMail as ReceivedMail
    from .mail import read_mail as read_mail

__all__ = ["Attachment", "Automatic", "ReceivedMail", "read_mail"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".mail", __name__), name)
