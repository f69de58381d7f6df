"""After a crash: the patch of a run that stopped in the middle of one is finished or dropped."""

from __future__ import annotations

from ..journal import Pending
from ..register import Register, is_missing
from .workspace import Workspace


def settle(workspace: Workspace, register: Register) -> None:
    """Finishes or drops the patch of a run that stopped in the middle of one.

    The digest of the register tells whether the patch is in it; where somebody saved it since, the cells do.
    """
    pending = workspace.journal.pending()
    if pending is None:
        return
    if register.sha256 == pending.sha_after or (register.sha256 != pending.sha_before and _holds(register, pending)):
        workspace.journal.commit_pending(pending)
    else:
        workspace.journal.drop_pending()


def _holds(register: Register, pending: Pending) -> bool:
    """Whether most of the patch's cells stand in the register."""
    if pending.sha_after is None:
        return False
    by_id = register.frame.drop_duplicates("id").set_index("id", drop=False)
    held = of = 0
    for id, key, after in pending.written():
        of += 1
        if id in by_id.index and key in by_id.columns:
            value = by_id.at[id, key]
            held += bool((is_missing(value) and is_missing(after)) or value == after)
    return held * 2 > of
