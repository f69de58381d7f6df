"""The process, in order. Each step sees the situation with the edits of the steps before it in force.

A step is `def step(situation: Situation) -> Plan`. The steps do not import each other; what two of them need stands
below, in the room around this one.
"""

from __future__ import annotations

from collections.abc import Callable

from ...plan import Plan
from ..meetings.invite import meetings
from ..situation import Situation
from .acknowledge import acknowledge
from .assign import assign
from .clocks import run_clocks
from .confirm import confirm
from .contacts import name_contacts
from .due_forms import due_forms
from .duplicates import duplicates
from .follow_up import follow_up
from .form_receipts import answer_senders
from .grade import grade
from .learn import learn
from .number import number
from .prioritise import prioritise
from .recognise import recognise
from .remind import remind
from .reopen import reopen
from .reply import reply
from .state import state
from .take_up import take_up
from .tell_closed import tell_closed
from .validate import validate

Step = Callable[[Situation], Plan]

STEPS: tuple[Step, ...] = (
    number,
    take_up,
    reopen,
    learn,
    validate,
    recognise,
    name_contacts,
    duplicates,
    grade,
    assign,
    prioritise,
    reply,
    confirm,
    run_clocks,
    acknowledge,
    state,
    tell_closed,
    follow_up,
    due_forms,
    meetings,
    answer_senders,
    remind,
)
"""The state stands before the mails that show it."""
