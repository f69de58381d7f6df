"""Step: name who speaks with the reporter, before any mail is made that names them. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ...choices import ReporterType, Role
from ...fields import Field
from ...plan import Memory, Phrase, Plan
from ...register import Register
from ..mail_facts import service_person
from ..propose import propose
from ..rulebook import RuleBook
from ..standing import equals, has, live


def name_contacts(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Suggests `contact` for open rows without one: customer service outside, the coordinator for colleagues."""
    outside = service_person(rulebook, Role.SERVICE, now.date())
    inside = service_person(rulebook, Role.COORDINATOR, now.date())
    staff = equals(register, Field.REPORTER_TYPE, ReporterType.STAFF)
    names = np.where(staff, inside.name if inside else "", outside.name if outside else "")
    empty = live(register) & ~has(register, Field.CONTACT) & (names != "")
    values = pd.Series(names, index=register.frame.index, dtype=object)
    return propose(register, memory, Field.CONTACT, values, Phrase("because.contact"), rows=empty)
