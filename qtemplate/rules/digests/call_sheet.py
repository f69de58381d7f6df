"""The call sheet: whom to telephone about a feedback, what to say and what to ask. Pure.

It is made where the reporter is spoken to (沟通方式 电话, 在线客服, 当面) or has no address that mail could go to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct

from ...choices import ContactWay, Level, ReplyState, ReplyType
from ...fields import Field
from ...plan import Phrase
from ...plan.replies import REPLY_OF, SPOKEN
from ...register import is_missing, label_of
from ...texts import say
from ...texts.display import display
from ..case import Case, cases
from ..mail_facts import reporter, row_texts
from ..outcomes import answered
from ..questions import ASKED_OF_REPORTER, asked_for
from ..situation import Situation
from ..standing import Mask, equals, has, history, incomplete, level_in, replied, requirements


def is_spoken_to(case: Case) -> bool:
    """Whether somebody has to call, chat or go there."""
    return case.value(Field.CONTACT_WAY) in SPOKEN or reporter(case) is None


class Calls(Struct, frozen=True):
    """The calls of one moment.

    Attributes:
        situation: The register at that moment.
        to_confirm: Rows that are solved and told so on an earlier day, and whose reporter has not said whether it is.
        incomplete: Rows in which required data is missing.
    """

    situation: Situation
    to_confirm: Mask
    incomplete: Mask

    def wanted(self, rows: Mask) -> Iterator[Case]:
        """Those of the rows whose reporter waits for a call, whatever the clocks say.

        An approved reply is to be told; and nobody can mail the question whether it is solved, or what is missing.
        """
        situation = self.situation
        spoken, no_mail = equals(situation, Field.CONTACT_WAY, *SPOKEN), ~has(situation, Field.EMAIL)
        told = equals(situation, Field.REPLY_STATE, ReplyState.QUEUED) & (spoken | no_mail)
        asked = no_mail & (self.to_confirm | self.incomplete)
        for case in cases(situation, rows & ~history(situation) & (told | asked)):
            if told[case.place] or self._to_ask(case):
                yield case

    def sheet(self, case: Case) -> dict[str, Any] | None:
        """The sheet as facts of a mail to an insider, in the register's language; None where mail does."""
        if not is_spoken_to(case):
            return None
        language = case.situation.register.language
        texts = row_texts(case, language)
        way = case.value(Field.CONTACT_WAY)
        return {
            "way": texts[Field.CONTACT_WAY] if way in SPOKEN else say(Phrase("call.no_mail"), language),
            "who": " ".join(filter(None, (texts[Field.ORGANISATION], texts[Field.REPORTER]))),
            "number": " / ".join(filter(None, (texts[Field.PHONE], texts[Field.CONTACT_OTHER])))
            or say(Phrase("call.no_number"), language),
            "what": texts[Field.DESCRIPTION] or texts[Field.TITLE],
            "says": self._to_say(case),
            "asks": self._to_ask(case),
        }

    def _to_say(self, case: Case) -> list[dict[str, str]]:
        """The approved words; before there are any, that it is being looked into, and by when an answer comes."""
        language, state = case.situation.register.language, case.value(Field.REPLY_STATE)
        if state == ReplyState.QUEUED:
            return reply_words(case)
        if self.to_confirm[case.place]:
            return [{"label": "", "value": say(Phrase("call.solved"), language)}]
        first = is_missing(case.value(Field.RESPONDED_AT))
        said = [Phrase.of("call.looked_into" if first else "call.still", id=case.id)]
        by = case.value(Field.RESOLVE_BY)
        if by is not None and by.date() > case.situation.now.date() and case.value(Field.LEVEL):
            said.append(Phrase.of("call.answer_by", day=display(by.date(), language)))
        if state == ReplyState.WAITING:
            said.append(Phrase("call.not_approved"))
        return [{"label": "", "value": say(phrase, language)} for phrase in said]

    def _to_ask(self, case: Case) -> list[str]:
        situation, language = case.situation, case.situation.register.language
        if self.to_confirm[case.place]:
            return [say(Phrase(f"call.ask_{name}"), language) for name in ("solved", "satisfaction", "opinion")]
        if not self.incomplete[case.place]:
            return []
        missing = [need.field for need in requirements(situation) if need.rows[case.place]]
        asked = asked_for([field for field in missing if field in ASKED_OF_REPORTER], language)
        return [say(Phrase.of("call.ask", label=item["label"], hint=item["hint"]), language) for item in asked]


def calls_of(situation: Situation) -> Calls:
    """The calls of a moment."""
    today = np.datetime64(situation.now.date(), "s")
    earlier = situation.frame[Field.REPLIED_AT].to_numpy(dtype="M8[s]") < today
    solved = equals(situation, Field.REPLY_TYPE, ReplyType.SOLVED) & replied(situation) & earlier
    asked = solved & ~answered(situation, Field.CONFIRMATION) & ~level_in(situation, Level.MINOR)
    return Calls(situation, asked & ~has(situation, Field.CLOSED_AT), incomplete(situation))


def reply_words(case: Case) -> list[dict[str, str]]:
    """What the reply says: `label` and `value` of each of its parts."""
    language = case.situation.register.language
    texts = row_texts(case, language)
    contract = REPLY_OF.get(case.value(Field.REPLY_TYPE))
    said = () if contract is None else contract.says
    return [{"label": field.header(language), "value": texts[field]} for field in said if texts[field]]


def reply_facts(case: Case) -> dict[str, Any]:
    """A reply as whoever approves it has to see it: its type, its own words, and to whom it goes how."""
    language = case.situation.register.language
    to, texts = reporter(case), row_texts(case, language)
    way = case.value(Field.CONTACT_WAY)
    by_mail = to is not None and way not in SPOKEN
    address = to.mail if to is not None and by_mail else texts[Field.PHONE] or texts[Field.CONTACT_OTHER]
    return {
        "kind": label_of(Field.REPLY_TYPE, case.value(Field.REPLY_TYPE), language) or "",
        "to": " ".join(filter(None, (texts[Field.ORGANISATION], texts[Field.REPORTER], address))),
        "way": ContactWay.EMAIL.label(language) if by_mail else texts[Field.CONTACT_WAY],
        "says": reply_words(case),
    }
