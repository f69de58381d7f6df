"""The step that names who speaks with the reporter, before any mail is made that names them. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...choices import ReporterType, Role
from ...fields import Field
from ...plan import Phrase, Plan
from ..mail_facts import service_person
from ..propose import propose
from ..situation import Situation
from ..standing import equals, has, live


def name_contacts(situation: Situation) -> Plan:
    """Suggests `contact` for open rows without one: customer service outside, the coordinator for colleagues."""
    day = situation.now.date()
    outside = service_person(situation.rulebook, Role.SERVICE, day)
    inside = service_person(situation.rulebook, Role.COORDINATOR, day)
    staff = equals(situation, Field.REPORTER_TYPE, ReporterType.STAFF)
    names = np.where(staff, inside.name if inside else "", outside.name if outside else "")
    empty = live(situation) & ~has(situation, Field.CONTACT) & (names != "")
    values = pd.Series(names, index=situation.frame.index, dtype=object)
    return propose(situation, Field.CONTACT, values, Phrase("because.contact"), rows=empty)
