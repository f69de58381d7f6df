"""What is to be done: the frozen nouns that flow from the rules to the one place that acts.

Data only. A `Plan` says everything a run would do; `+` joins two. Texts are `Phrase`s, put into words by `texts.say`
in the language of whoever reads them. Keys are in `keys`, the kinds of mail and form in `mail_kinds` and `form_kinds`.
"""

from .actions import (
    REGISTER,
    Appointment,
    CellEdit,
    FormRequest,
    Message,
    NewRow,
    Outcome,
    Recipient,
    Result,
    SheetCell,
)
from .findings import ABOUT_MAILS, UNLISTED, Finding, Phrase, Severity
from .memory import WENT, FactName, Memory, Remember, Sent
from .plan import Plan

__all__ = [
    "ABOUT_MAILS",
    "REGISTER",
    "UNLISTED",
    "WENT",
    "Appointment",
    "CellEdit",
    "FactName",
    "Finding",
    "FormRequest",
    "Memory",
    "Message",
    "NewRow",
    "Outcome",
    "Phrase",
    "Plan",
    "Recipient",
    "Remember",
    "Result",
    "Sent",
    "Severity",
    "SheetCell",
]
