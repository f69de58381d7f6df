"""The step that names who speaks with the reporter, before any mail is made that names them. Pure."""

from __future__ import annotations

import numpy as np

from ...choices import ReporterType, Role
from ...fields import Field
from ...plan import Phrase, Plan
from ..propose import propose
from ..situation import Situation
from ..stand_in import reach_first
from ..standing import equals, has, live


def name_contacts(situation: Situation) -> Plan:
    """Suggests `contact` for open rows without one: customer service outside, the coordinator for colleagues.

    Each takes the other's place where there is none, and the quality lead the place of both.
    """
    outside = _first(situation, Role.SERVICE, Role.COORDINATOR, Role.QUALITY_LEAD)
    inside = _first(situation, Role.COORDINATOR, Role.SERVICE, Role.QUALITY_LEAD)
    staff = equals(situation, Field.REPORTER_TYPE, ReporterType.STAFF)
    names = np.where(staff, inside, outside).astype(object)
    empty = live(situation) & ~has(situation, Field.CONTACT) & (names != "")
    return propose(situation, Field.CONTACT, names, Phrase("because.contact"), rows=empty)


def _first(situation: Situation, *roles: Role) -> str:
    """The name of whoever is there in the first role that somebody holds, or stands in for it; "" if nobody does."""
    rulebook, today = situation.rulebook, situation.now.date()
    found = (reach_first(rulebook, rulebook.with_role(role), today) for role in roles)
    return next((reached.person.name for reached in found if reached is not None), "")
