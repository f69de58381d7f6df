"""A team's workbook that is only read: what changed there is brought into the register, before the rounds of a run."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ...apply import apply_plan
from ...errors import QtemplateError, RegisterChanged
from ...ooxml.reading.book import open_book
from ...plan import Finding, Severity
from ...rules.incoming.mirrored import mirror
from ...sheets.adopt.listing import read_listing, theirs_only
from ...sheets.reading.adopted import gone_findings
from ...sheets.reading.column_map import read_map
from ...sheets.reading.find_register import find_register
from ...texts import quote
from ..round import Errand, Round
from ..tally import Tally
from ..world import World, recall

TRIES = 5
"""A register that is saved by people again and again is left to the next run after this."""


def bring_over(
    errand: Errand, tally: Tally, world: World, look: Callable[[Errand], World]
) -> tuple[World, tuple[Finding, ...]]:
    """The world with what the team's workbook says now, and what is to be said of it; as it is where there is none.

    Args:
        errand: What the run was asked for.
        tally: Told what was done.
        world: As it was read.
        look: Reads it again.
    """
    path = errand.workspace.config.register.source
    known = read_map(world.book)
    if path is None or known is None:
        return world, ()
    known = theirs_only(known)
    try:
        with errand.watch.phase("read"):
            source = open_book(path)
            theirs = read_listing(source, known, path.name)
            gone = tuple(gone_findings(find_register(source).header, known))
    except QtemplateError as problem:  # missing, locked or damaged: the register goes on as it is
        return world, (Finding("QT743", Severity.ERROR, facts=(("book", path.name), ("problem", quote(problem)))),)
    for _ in range(TRIES):
        here = read_listing(open_book(world.book.data), known, world.book.name)
        memory = recall(errand.workspace, world.register, digests=False)
        situation = world.situation(memory, errand.moment)
        plan = mirror(situation, theirs, here)
        said = (*gone, *plan.findings)
        if not (plan.edits or plan.rows):
            if plan.facts:
                errand.workspace.journal.remember(plan.facts)
            return world, said
        this = Round(world, plan, situation)
        tally.look(this)
        try:
            with errand.watch.phase("apply"):
                applied = apply_plan(
                    errand.workspace,
                    world.book,
                    world.register,
                    replace(plan, findings=()),
                    {},
                    run=errand.name,
                    now=errand.now,
                    send=False,
                    sheets=frozenset({"changes"}),
                )
        except RegisterChanged:
            world = look(errand)
            continue
        tally.add(this, applied, errand.workspace.journal, follows=False)
        return (look(errand) if applied.sha256 != world.book.sha256 else world), said
    return world, gone
