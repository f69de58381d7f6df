"""The step that names who speaks with the reporter, before any mail is made that names them. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...choices import ReporterType, Role
from ...fields import Field
from ...plan import Phrase, Plan
from ..mail_facts import service_person
from ..propose import propose
from ..rulebook import Person
from ..situation import Situation
from ..standing import equals, has, live


def name_contacts(situation: Situation) -> Plan:
    """Suggests `contact` for open rows without one: customer service outside, the coordinator for colleagues.

    Each takes the other's place where there is none, and the quality lead the place of both.
    """
    outside = _first(situation, Role.SERVICE, Role.COORDINATOR, Role.QUALITY_LEAD)
    inside = _first(situation, Role.COORDINATOR, Role.SERVICE, Role.QUALITY_LEAD)
    staff = equals(situation, Field.REPORTER_TYPE, ReporterType.STAFF)
    names = np.where(staff, inside.name if inside else "", outside.name if outside else "")
    empty = live(situation) & ~has(situation, Field.CONTACT) & (names != "")
    values = pd.Series(names, index=situation.frame.index, dtype=object)
    return propose(situation, Field.CONTACT, values, Phrase("because.contact"), rows=empty)


def _first(situation: Situation, *roles: Role) -> Person | None:
    found = (service_person(situation.rulebook, role, situation.now.date()) for role in roles)
    return next((person for person in found if person is not None), None)
