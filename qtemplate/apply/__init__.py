"""Executing a plan: journal, workbook, forms, outbox, delivery, in that order, one outcome an action.

Every step is safe to repeat: the patch is written ahead in the journal and settled after a crash, forms have
deterministic names, mails have unique keys. This room decides nothing about feedback.

Names are loaded when first used: a command that only looks needs the workspace and nothing that writes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .carrying_out import Applied as Applied
    from .carrying_out import apply_plan as apply_plan
    from .workspace import Workspace as Workspace

_HOMES: Final = {
    "Applied": "qtemplate.apply.carrying_out",
    "Workspace": "qtemplate.apply.workspace",
    "apply_plan": "qtemplate.apply.carrying_out",
}

__all__ = ["Applied", "Workspace", "apply_plan"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
