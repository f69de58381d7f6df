"""What `doctor` says of the ways in: mappings that cannot be used, what was set aside, whether the mailbox answers."""

from __future__ import annotations

from collections.abc import Iterator

from ...apply import Workspace
from ...intake.mapping import read_mapping
from ...intake.unfit import Unfit
from ...plan import Phrase
from .delivered import folder_of
from .set_aside import problems_in

Seen = tuple[str, bool, Phrase]
"""Name of the check, whether all is well, and what was seen."""


def examine_intake(workspace: Workspace, *, ask_server: bool) -> Iterator[Seen]:
    """Every check in order; nothing where nothing comes in by a channel."""
    folder = folder_of(workspace)
    for file in sorted(folder.glob("*.toml")):
        try:
            read_mapping(folder, file.stem)
        except Unfit as unfit:
            yield "intake_mapping", False, Phrase.of("quoted", problem=unfit.said)
        else:
            yield "intake_mapping", True, Phrase.of("doctor.mapping", file=file.name)
    if aside := len(list(problems_in(folder_of(workspace, "problem")))):
        yield "intake_problem", False, Phrase.of("doctor.set_aside", n=aside)
    if ask_server and workspace.config.mailbox.host:
        from .mailbox import count_mails

        found = count_mails(workspace)
        if isinstance(found, Phrase):
            yield "mailbox", False, found
        else:
            facts = {"folder": workspace.config.mailbox.folder, "n": found}
            yield "mailbox", True, Phrase.of("doctor.mailbox", **facts)
