"""Six weeks around 国庆: who got which mail when, against a table that was made from the procedure by hand.

The story stands in tests/month/story.toml, the table in tests/month/expected.toml. The functions that are named as
sentences have to hold of the whole month, and give what speaks against them; it is played once for all of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from month_digests import Line, read_alone, read_digest
from month_facts import EXPECTED, Facts, is_working_time
from month_player import Mail, Month, play

TRIAL, LIVE = dt.date(2026, 9, 16), dt.datetime(2026, 9, 16, 18)
REPORTERS = ("M01", "M02", "M11", "M14", "M15", "M16", "M18", "M19", "M20", "M21")
"""Kinds that go to the reporter of the row."""

ORDER = [
    *("待您审批", "满意度低", "已超时", "升级到您", "待定责任人", "即将到期"),
    *("待您补齐", "待您联系", "待您接受", "待您验证"),
    *("人员离职待交接", "您不在时的进展"),
]
CLOCKS = {"M01": ("首次响应", "答复"), "M18": ("确认",), "M19": ("静默",), "M20": ("答复",)}
"""Kind of mail -> the clocks whose days it names."""

DAY = re.compile(r"(\d{4})年(\d+)月(\d+)日")
PROMISED = re.compile(DAY.pattern + "(?: 之前| 仍未)")
Wrong = list[str]


def test_the_month_goes_as_the_procedure_says(tmp_path: Path) -> None:
    month = play(tmp_path)
    sentences: tuple[Callable[[Month], Wrong], ...] = (
        nothing_leaves_in_the_first_night_and_all_goes_to_the_tester_in_the_second,
        every_row_has_its_mails_at_their_moments,
        every_mail_says_what_it_has_to,
        every_digest_has_its_lines,
        a_digest_names_a_feedback_once_and_what_to_approve_first,
        the_nightly_result_goes_to_the_keeper_or_the_deputy,
        the_month_before_goes_out_on_the_first_working_day,
        nobody_is_written_to_who_is_away_has_left_or_had_another_address,
        outsiders_are_written_to_in_working_hours_only_but_about_urgent_matters,
        no_mail_goes_twice,
        every_span_and_every_due_time_of_a_reminder_is_true,
        every_limit_of_a_transfer_is_true,
        every_day_that_an_outsider_is_told_is_true_and_not_past,
        a_copy_and_an_older_state_send_nothing,
    )
    assert {each.__name__: wrong for each in sentences if (wrong := each(month))} == {}


def nothing_leaves_in_the_first_night_and_all_goes_to_the_tester_in_the_second(month: Month) -> Wrong:
    early = [mail for mail in month.mails if mail.at < LIVE]
    found = [f"{mail.kind} {mail.row}".strip() for mail in early]
    elsewhere = [f"{mail.at} {mail.name} {mail.to}" for mail in early
                 if (mail.at.date(), mail.to) != (TRIAL, ("trial@example.net",))]  # fmt: skip
    return [*difference(found, EXPECTED["trial"]), *elsewhere]


def every_row_has_its_mails_at_their_moments(month: Month) -> Wrong:
    found = [f"{mail.row} {head(mail)} {', '.join(map(account, mail.to))}" for mail in real(month) if mail.row]
    return difference(found, [line.split(" | ")[0] for line in table("mails")])


def every_mail_says_what_it_has_to(month: Month) -> Wrong:
    texts = {f"{mail.row} {head(mail)}": f"{mail.raw['subject']}\n{mail.text}" for mail in real(month)}
    wrong = []
    for line in table("mails"):
        which, *words = line.split(" | ")
        text = texts.get(which.rpartition(" ")[0], "")
        wrong += [f"{which}: {word}" for word in words if (word.removeprefix("!") in text) is word.startswith("!")]
    return wrong


def every_digest_has_its_lines(month: Month) -> Wrong:
    found = [
        f"{line.row} {mail.at:%m-%d} {account(mail.to[0])} | {line.told()}"
        for mail in real(month)
        for line in digest(mail)
    ]
    return difference(found, table("digests"))


def a_digest_names_a_feedback_once_and_what_to_approve_first(month: Month) -> Wrong:
    wrong = []
    for mail in real(month):
        sections = [line.section for line in digest(mail)]
        own = Counter(line.row for line in digest(mail) if line.section not in ORDER[-2:])
        if sections != sorted(sections, key=ORDER.index) or any(times > 1 for times in own.values()):
            wrong.append(f"{mail.at} {mail.to}: {sections} {own}")
    return wrong


def the_nightly_result_goes_to_the_keeper_or_the_deputy(month: Month) -> Wrong:
    found = [f"{mail.at:%m-%d} {account(mail.to[0])}" for mail in month.mails if mail.kind == "M25"]
    nights = {f"{at:%m-%d}" for at in month.nights}
    return difference(found, [f"{day} {who}" for day in nights if (who := EXPECTED["nightly"].get(day, "lin"))])


def the_month_before_goes_out_on_the_first_working_day(month: Month) -> Wrong:
    found = [f"{head(mail)} {account(mail.to[0])}" for mail in month.mails if mail.kind in ("M23", "M26")]
    return difference(found, EXPECTED["month"])


def nobody_is_written_to_who_is_away_has_left_or_had_another_address(month: Month) -> Wrong:
    wrong = []
    for mail in real(month):
        facts = Facts(month.mails, mail.at)
        allowed = {facts.cells(mail.row)["email"]} if mail.kind in REPORTERS else {*facts.there()}
        wrong += [f"{mail.at} {mail.name} {address}" for address in mail.to if address not in allowed]
    return wrong


def outsiders_are_written_to_in_working_hours_only_but_about_urgent_matters(month: Month) -> Wrong:
    wrong = []
    for mail in real(month):
        facts = Facts(month.mails, mail.at)
        inside = {person["mail"] for person in facts.people().values()}
        urgent = bool(mail.row) and facts.is_urgent(mail.row)
        if not inside.issuperset(mail.to) and not is_working_time(mail.at) and not urgent:
            wrong.append(f"{mail.at} {mail.name} {mail.to}")
    return wrong


def no_mail_goes_twice(month: Month) -> Wrong:
    sent = Counter(str(mail.raw["Message-ID"]) for mail in real(month))
    return [id for id, times in sent.items() if times > 1]


def every_span_and_every_due_time_of_a_reminder_is_true(month: Month) -> Wrong:
    wrong = []
    for mail in real(month):
        facts = Facts(real(month), mail.at)
        for line in [read_alone(mail.text, mail.row)] if mail.kind == "M10" and mail.row else digest(mail):
            if line.span and line.span != facts.span(line.row, line.clock):
                wrong.append(f"{mail.at} {line}: {facts.span(line.row, line.clock)}")
            if line.due and line.due != moment(facts.due(line.row, line.clock)):
                wrong.append(f"{mail.at} {line}: {facts.due(line.row, line.clock)}")
    return wrong


def every_limit_of_a_transfer_is_true(month: Month) -> Wrong:
    wrong = []
    for mail in real(month):
        if mail.kind in ("M03", "M13"):
            facts = Facts(real(month), mail.at)
            part = mail.text.split("[处理时限]\n")[1].split("\n\n")[0]
            for label, due in re.findall(r"^  (\w+)：(.+)$", part, re.M):
                late = "（已超期）" if facts.due(mail.row, label) <= mail.at else ""
                if due != moment(facts.due(mail.row, label)) + late:
                    wrong.append(f"{mail.at} {mail.name} {label} {due}: {facts.due(mail.row, label)}")
    return wrong


def every_day_that_an_outsider_is_told_is_true_and_not_past(month: Month) -> Wrong:
    wrong = []
    for mail in real(month):
        facts = Facts(real(month), mail.at)
        for clock, day in promises(mail):
            due = facts.due(mail.row, clock).date() if clock else facts.cells(mail.row)["eta"]
            if day != due or day < mail.at.date():
                wrong.append(f"{mail.at} {mail.name} {clock} {day}: {due}")
    return wrong


def a_copy_and_an_older_state_send_nothing(month: Month) -> Wrong:
    refused = [f"{at:%m-%d %H:%M} {code}" for at, code in month.refused]
    # the night after the restore, and in the copy a run and `outbox send`
    expected = ["10-14 05:30 owner.older", "10-15 10:00 owner.moved", "10-15 10:00 owner.moved"]
    return [*difference(refused, expected), *month.copied]


def real(month: Month) -> list[Mail]:
    """The mails since it went live."""
    return [mail for mail in month.mails if mail.at > LIVE]


def promises(mail: Mail) -> Iterator[tuple[str, dt.date]]:
    """Clock and day of what a mail promises or asks for; without a clock the day of the solution."""
    told = [dt.date(*map(int, found)) for found in PROMISED.findall(mail.text)]
    clocks = CLOCKS.get(mail.kind, ())
    yield from zip(clocks, told, strict=bool(told))
    if mail.kind == "M15":
        yield "", dt.date(*map(int, DAY.findall(mail.raw["subject"])[0]))


def digest(mail: Mail) -> list[Line]:
    """The lines of a digest; none for any other mail."""
    return read_digest(mail.text) if mail.kind == "M10" and not mail.row else []


def table(name: str) -> list[str]:
    """The lines of an expected table, each with its row before it."""
    lines: Mapping[str, list[str]] = EXPECTED[name]
    return [f"{row} {line}" for row, each in lines.items() for line in each]


def difference(found: Iterable[str], expected: Iterable[str]) -> Wrong:
    """What there is too much, and what is not there."""
    have, want = Counter(found), Counter(expected)
    too_much, missing = sorted((have - want).elements()), sorted((want - have).elements())
    return [*(f"too much: {each}" for each in too_much), *(f"missing: {each}" for each in missing)]


def head(mail: Mail) -> str:
    return f"{mail.at:%m-%d %H:%M} {mail.kind}"


def account(address: str) -> str:
    return re.sub(r"@example\.(com|org|net)$", "", address)


def moment(at: dt.datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
