"""What makes mail trustworthy, on whole runs: what waits is asked again, a stopped run is told, floods are held."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_workspaces import configured, first_run
from person import edit_lines
from registers import ASSESSED, NOW, WHOLE
from scenes import scene_rows
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.errors import GuardTripped, RegisterUnreadable
from qtemplate.jobs.mail.moving import approve_mails, discard_mail
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.run import plan, run

DAY = dt.timedelta(days=1)
REPLY = ASSESSED | {
    "reply_type": "declined",
    "reply_text": "该功能暂无计划。",
    "contact_way": "email",
    "reply_approval": "approved",
    "authenticity": "misuse",
}


def workspace(folder: Path, *rows: dict[str, Any], **settings: str) -> Config:
    """A workspace with these rows; `settings` are lines of `[mail]` in place of the default ones."""
    return load_config(configured(folder / "w", rows, settings))


def ran(folder: Path, *rows: dict[str, Any], send: bool = True, **settings: str) -> Config:
    """The same after a run."""
    first_run(folder / "w", rows, settings, send=send)
    return load_config(folder / "w" / "qtemplate.toml")


def type_in(config: Config, **cells: Any) -> None:
    """A person changes cells of the first row."""
    edit_lines(config.register.path, lambda lines: lines[0].update(cells))


def of_kind(config: Config, kind: str) -> dict[str, str]:
    """Key -> state of the mails of a kind."""
    return {key: state for key, state in queue(config.workspace).items() if key.startswith(f"{kind}/")}


def text_of(data: bytes) -> str:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def reply_state(config: Config) -> object:
    report = plan(config, NOW)
    return report.register.value(int(report.register.frame.index[0]), "reply_state")


# -- what waits is asked again ---------------------------------------------------------------------------------------


def test_a_reply_changed_while_its_mail_waits_does_not_go(tmp_path: Path) -> None:
    config = ran(tmp_path, REPLY, send=False)
    assert list(of_kind(config, "M16").values()) == ["approved"]
    type_in(config, reply_text="该功能列入明年计划。")
    report = run(config, NOW + DAY)
    assert list(of_kind(config, "M16").values()) == ["cancelled"]
    assert "QT512" in {item.code for item in report.findings}
    assert not [name for name in mails(config.workspace) if "M16" in name]


def test_outbox_send_asks_the_register_too(tmp_path: Path) -> None:
    config = ran(tmp_path, REPLY, send=False)
    type_in(config, reply_approval="退回")
    send_due(config, NOW + DAY)
    assert list(of_kind(config, "M16").values()) == ["cancelled"]


def test_an_address_corrected_while_the_mail_waits_gets_it_and_the_old_one_does_not(tmp_path: Path) -> None:
    config = workspace(tmp_path, WHOLE | {"email": "zhang@exmaple.com"})
    report = run(config, NOW)
    assert of_kind(config, "M01") == {"M01/QF-2026-0001": "held"}
    assert "QT521" in {item.code for item in report.findings}
    type_in(config, email="zhang@example.com")
    planned = {line.key: line.to for line in plan(config, NOW + DAY).messages}
    assert planned["M01/QF-2026-0001"] == ("zhang@example.com",)
    run(config, NOW + DAY)
    assert of_kind(config, "M01") == {"M01/QF-2026-0001": "cancelled", "M01/QF-2026-0001#2": "sent"}
    run(config, NOW + 2 * DAY)
    assert len(of_kind(config, "M01")) == 2


@pytest.mark.parametrize("corrected", [True, False])
def test_a_mail_that_was_refused_for_good_goes_to_a_corrected_address_and_never_again_to_the_same(
    tmp_path: Path, corrected: bool
) -> None:
    config = ran(tmp_path, WHOLE | {"email": "zhang@example.com"}, send=False)
    with closing(sqlite3.connect(config.workspace / ".qtemplate" / "state.db")) as database, database:
        database.execute("update outbox set state = 'failed', detail = '550 no such user' where kind = 'M01'")
    type_in(config, email="zhang.wei@example.com" if corrected else "zhang@example.com")
    for day in (1, 2):
        report = run(config, NOW + day * DAY)
    first = {"M01/QF-2026-0001": "cancelled" if corrected else "failed"}
    assert of_kind(config, "M01") == first | ({"M01/QF-2026-0001#2": "sent"} if corrected else {})
    assert ("QT523" in {item.code for item in report.findings}) is not corrected
    gone = {name: data for name, data in mails(config.workspace).items() if "M01" in name}
    assert [b"zhang.wei@example.com" in data for data in gone.values()] == [True] * corrected


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            "failed",
            "邮件 M01/QF-2026-0001 发送失败：550 x。请改正地址，或用 qtemplate outbox resend 重发、discard 作废。",
        ),
        (
            "unknown",
            "邮件 M01/QF-2026-0001 结果不明，对方可能已经收到：550 x。"
            "请问一下收件人，再用 qtemplate outbox arrived 记为送达、resend 重发或 discard 作废。",
        ),
    ],
)
def test_the_nightly_result_says_what_to_do_about_a_mail(tmp_path: Path, state: str, said: str) -> None:
    config = ran(tmp_path, WHOLE, send=False)
    with closing(sqlite3.connect(config.workspace / ".qtemplate" / "state.db")) as database, database:
        database.execute("update outbox set state = ?, detail = '550 x.' where kind = 'M01'", (state,))
    run(config, NOW + DAY)
    (told,) = [text_of(data) for name, data in mails(config.workspace).items() if "M25_2026-07-16" in name]
    assert [line for line in told.splitlines() if "M01/" in line] == [f"  - QF-2026-0001：{said}"]


def test_who_was_left_out_of_a_mail_that_went_is_told_for_a_day(tmp_path: Path) -> None:
    config = ran(tmp_path, WHOLE)
    detail = "a@example.com: 450 busy; b@example.com: 550 5.1.1 no such user"
    with closing(sqlite3.connect(config.workspace / ".qtemplate" / "state.db")) as database, database:
        database.execute("update outbox set state = 'partial', detail = ? where kind = 'M01'", (detail,))
    told = [{item.code for item in run(config, NOW + hours * dt.timedelta(hours=1)).findings} for hours in (1, 25)]
    assert ["QT524" in codes for codes in told] == [True, False]


def test_a_question_for_what_is_there_by_now_is_withdrawn(tmp_path: Path) -> None:
    config = ran(tmp_path, WHOLE | {"scene": None}, auto_approve='["M01"]')
    (key,) = of_kind(config, "M02")
    assert of_kind(config, "M02") == {key: "drafted"}
    type_in(config, scene="家庭厨房")
    run(config, NOW + DAY)
    assert of_kind(config, "M02") == {key: "cancelled"}
    type_in(config, scene=None)
    run(config, NOW + 2 * DAY)
    assert of_kind(config, "M02") == {key: "cancelled", f"{key}#2": "drafted"}


def test_what_a_person_discarded_is_not_made_again(tmp_path: Path) -> None:
    config = ran(tmp_path, WHOLE | {"scene": None}, auto_approve='["M01"]')
    (key,) = of_kind(config, "M02")
    discard_mail(config, key, NOW)
    run(config, NOW + DAY)
    assert of_kind(config, "M02") == {key: "cancelled"}


def test_a_digest_that_could_not_go_is_replaced_by_the_next(tmp_path: Path) -> None:
    config = ran(tmp_path, *scene_rows(), send=False)
    run(config, NOW + DAY)
    days = {key.split("/")[1]: state for key, state in of_kind(config, "M10").items() if "/sun@" in key}
    assert days == {"2026-07-15": "cancelled", "2026-07-16": "sent"}


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("approved", "queued"),
        pytest.param("held", "queued", marks=pytest.mark.campaign),
        pytest.param("sending", "queued", marks=pytest.mark.campaign),
        ("sent", "sent"),
        pytest.param("partial", "sent", marks=pytest.mark.campaign),
        ("failed", "failed"),
        ("unknown", "unknown"),
        ("cancelled", "draft"),
    ],
)
def test_the_row_shows_what_became_of_its_reply(tmp_path: Path, state: str, shown: str) -> None:
    config = ran(tmp_path, REPLY, send=False)
    at = "2026-07-15T12:00:00.000000+00:00"
    with closing(sqlite3.connect(config.workspace / ".qtemplate" / "state.db")) as database, database:
        database.execute("update outbox set state = ?, sent_at = ? where kind = 'M16'", (state, at))
    report = run(config, NOW + DAY, send=False)
    assert report.register.value(int(report.register.frame.index[0]), "reply_state") == shown
    logged = [row for row in report.rows if row.sheet == "contacts"]
    assert [row.values["way"] for row in logged] == (["email"] if shown == "sent" else [])
    said = {item.code for item in report.findings} & {"QT516", "QT517"}
    assert said == {"failed": {"QT516"}, "unknown": {"QT516"}, "draft": {"QT517"}}.get(shown, set())


# -- a run that stops ------------------------------------------------------------------------------------------------


def test_a_run_that_stops_is_told_to_the_keeper_once_a_day(tmp_path: Path) -> None:
    config = ran(tmp_path, *scene_rows())
    config.register.path.write_bytes(b"not a workbook")
    for _ in range(2):
        with pytest.raises(RegisterUnreadable):
            run(config, NOW + DAY)
    assert of_kind(config, "M27") == {"M27/2026-07-16/lin@example.com": "sent"}
    (told,) = [text_of(data) for name, data in mails(config.workspace).items() if "M27" in name]
    assert "register.xlsx" in told
    assert "工作簿" in told


def test_a2_while_the_keeper_is_away_the_deputy_is_told_of_a_run_that_stops(tmp_path: Path) -> None:
    config = workspace(tmp_path, *scene_rows())
    book = openpyxl.load_workbook(config.register.path)
    sheet = book["人员"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "姓名" for cell in row))
    place = {str(cell.value): cell.column for cell in heads if cell.value}
    rows = enumerate(sheet.iter_rows(), 1)
    keeper = next(at for at, row in rows if any(cell.value == "林静" for cell in row))
    sheet.cell(keeper, place["代理人"], "蒋欣")
    sheet.cell(keeper, place["休假自"], NOW.date())
    book.save(config.register.path)
    run(config, NOW)
    config.register.path.write_bytes(b"not a workbook")
    with pytest.raises(RegisterUnreadable):
        run(config, NOW + DAY)
    assert of_kind(config, "M27") == {"M27/2026-07-16/jiang@example.com": "sent"}


def test_a_register_that_lost_its_rows_is_told_and_watch_tells_nobody(tmp_path: Path) -> None:
    config = ran(tmp_path, *scene_rows())
    edit_lines(config.register.path, lambda lines: lines[:2])
    with pytest.raises(GuardTripped):
        run(config, NOW + DAY, kind="watch")
    assert of_kind(config, "M27") == {}
    with pytest.raises(GuardTripped):
        run(config, NOW + DAY)
    assert len(of_kind(config, "M27")) == 1


# -- floods and history ----------------------------------------------------------------------------------------------


def test_history_imported_in_bulk_mails_nobody_however_it_changes(tmp_path: Path) -> None:
    rows = [ASSESSED | {"received_at": NOW - 30 * DAY, "email": f"customer{n}@example.com"} for n in range(30)]
    config = workspace(tmp_path, *rows, since='"2026-07-01T00:00"')
    run(config, NOW)

    def change(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            line.update(severity=5, workaround="无", safety="是", reply_type="无法满足", reply_text="不予支持。",
                        contact_way="邮件", reply_approval="批准", email="other@example.com")  # fmt: skip

    edit_lines(config.register.path, change)
    run(config, NOW + DAY)
    assert {key.split("/")[0] for key in queue(config.workspace)} == {"M10", "M25"}
    assert not [key for key in queue(config.workspace) if "QF-" in key]


def test_more_mails_than_the_cap_are_held_reported_and_the_keeper_told(tmp_path: Path) -> None:
    rows = [ASSESSED | {"email": f"customer{n}@example.com"} for n in range(20)]
    config = workspace(tmp_path, *rows, max_per_run="25")
    report = run(config, NOW)
    states = list(queue(config.workspace).values())
    assert report.exit_code == 5
    assert states.count("sent") == 25 + len(of_kind(config, "M25"))
    assert states.count("held") == report.held_by_cap > 0
    assert list(of_kind(config, "M25").values()) == ["sent"]
    held = next(key for key, state in queue(config.workspace).items() if state == "held")
    again = run(config, NOW)
    assert queue(config.workspace)[held] == "held"
    assert again.exit_code == 3
    assert "QT521" in {item.code for item in again.findings}
    approve_mails(config, [held], NOW)
    run(config, NOW)
    assert queue(config.workspace)[held] == "sent"


# -- templates of the team -------------------------------------------------------------------------------------------


def test_a_template_that_is_not_fit_holds_its_mails_and_no_others(tmp_path: Path) -> None:
    config = workspace(tmp_path, ASSESSED)
    folder = config.workspace / "templates" / "mail"
    folder.mkdir(parents=True)
    (folder / "M01.zh.txt.j2").write_text("{{ row.received_at }}{{ row.first_guess }}", "utf-8")
    report = run(config, NOW)
    assert of_kind(config, "M01") == {}
    assert list(of_kind(config, "M03").values()) == ["sent"]
    (problem,) = [item for item in report.findings if item.code == "QT520"]
    assert "M01.zh.txt.j2" in str(problem.facts)
    (folder / "M01.zh.txt.j2").write_text("收到：{{ row.product }} {{ row.received_at }}", "utf-8")
    run(config, NOW + DAY)
    assert list(of_kind(config, "M01").values()) == ["sent"]


# -- quiet hours -----------------------------------------------------------------------------------------------------


def test_quiet_hours_hold_what_can_wait_and_urgent_mail_goes(tmp_path: Path) -> None:
    urgent = ASSESSED | {"safety": "yes", "received_at": NOW - 3 * DAY, "title": "插头冒烟有焦味"}
    config, evening = workspace(tmp_path, ASSESSED, urgent, quiet_hours='"19:00-07:00"'), NOW.replace(hour=20, minute=0)
    run(config, evening)
    sent = {key for key, state in queue(config.workspace).items() if state == "sent"}
    assert {key.split("/")[0] for key in sent} == {"M01", "M03", "M10U"}
    assert all("QF-2026-0002" in key for key in sent)
    send_due(config, evening + dt.timedelta(hours=13, minutes=5))
    states = queue(config.workspace)
    # what said how things stood on the evening is replaced by what holds in the morning
    late = {key for key in states if key.split("/")[1] == "2026-07-15"}
    assert {states[key] for key in late} == {"cancelled"}
    assert {states[key] for key in states.keys() - late} == {"sent"}
    assert {key.replace("2026-07-15", "2026-07-16") for key in late} <= states.keys()
