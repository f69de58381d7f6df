"""What the reporter wrote may be told to the reporter: only for its own address, and while the cell still holds it."""

from __future__ import annotations

from typing import Any

import pytest
from registers import NOW, WHOLE, away, memory_of, register_of, standard_rules
from test_decide import mail

from qtemplate.plan import Plan
from qtemplate.plan.received import Received
from qtemplate.rules.case import case_at
from qtemplate.rules.incoming.decide import Rules, decide
from qtemplate.rules.incoming.links import Post
from qtemplate.rules.mail_facts import own_words, public_texts
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.acknowledge import acknowledge

ID, ANN = "QF-2026-0002", "ann@example.org"
SAID = {"title": "内胆涂层脱落", "description": "RC-300 用了两周，内胆涂层成片脱落，照片见附件。"}


def came(item: Received) -> tuple[dict[str, Any], dict[Any, Any]]:
    """The row that something became, and what is remembered of it."""
    situation = Situation(register_of(WHOLE), standard_rules(), memory_of({"QF-2026-0001": {}}), NOW)
    plan: Plan = decide(situation, [item], {}, Post(), Rules(unknown="row")).plan
    [row] = plan.rows
    return dict(row.values), {(fact.id, fact.name): fact.value for fact in plan.facts if fact.id}


def letter(**said: Any) -> Received:
    return mail(SAID["description"], **{"subject": SAID["title"], "answers": [], "sender": ANN, **said})


def line(own: bool, **values: Any) -> Received:
    said = {"channel": "website", "own": own, "values": {"reporter": "Ann", "email": ANN, **SAID, **values}}
    return Received("web_form", "W-1", "d", NOW, said, 1)


def open_words(row: dict[str, Any], facts: dict[Any, Any], **changed: Any) -> list[str]:
    known = memory_of({ID: {}}, facts=facts)
    situation = Situation(register_of(WHOLE | row | changed), standard_rules(), known, NOW)
    return [str(field) for field in own_words(case_at(situation, 0))]


@pytest.mark.parametrize("item", [letter(), line(True)])
def test_the_words_of_a_mail_and_of_a_form_are_the_reporters(item: Received) -> None:
    row, facts = came(item)
    assert open_words(row, facts) == ["title", "description"]
    assert open_words(row, facts, description=SAID["description"].replace("，", "，\r\n")) == ["title"]
    assert open_words(row, facts, description=f"  {SAID['description']}\n") == ["title", "description"]
    assert open_words(row, facts, title="客户自称内胆脱落") == ["description"]
    assert open_words(row, facts, email="other@example.org") == []
    assert open_words(row, facts, email="tang@example.com") == []
    assert open_words(row, facts, email=None) == []
    assert SAID["title"] not in str(facts) and ANN not in str(facts)


@pytest.mark.parametrize(
    "item",
    [
        line(False),  # a hotline's list, a dealer's sheet
        line(True, email=None),
        line(True, email="tang@example.com"),
        line(True, recorder="唐宁"),
        letter(forwarded="c@example.org", sender="c2@example.org"),
        letter(sender="tang@example.com", forwarded=ANN, quoted=SAID["description"]),
        letter(sender="tang@example.com", channel="internal"),
        letter(sender="no-reply@shop.example.org"),
        letter(auth="mx.example.com; spf=fail smtp.mailfrom=example.org"),
    ],
)
def test_what_somebody_else_told_or_may_have_told_is_not(item: Received) -> None:
    row, facts = came(item)
    assert open_words(row, facts, email=row.get("email") or ANN) == []
    assert [name for _, name in facts if name == "own_words"] == []


def test_an_acknowledgement_names_the_subject_and_other_mails_read_well_with_it() -> None:
    row, facts = came(letter())
    situation = Situation(register_of(WHOLE | row), standard_rules(), memory_of({ID: {}}, facts=facts), NOW)
    [told] = [message for message in acknowledge(situation).messages if message.kind == "M01"]
    assert told.facts["own_words"] == SAID
    assert "title" not in told.facts["row"] or told.facts["row"]["title"] == SAID["title"]
    assert public_texts(case_at(situation, 0), "zh", quoting=False)["title"] == SAID["title"]
    assert away(standard_rules(), "唐宁").is_inside("tang@example.com")
