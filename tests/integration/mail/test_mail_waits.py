"""Mail that waits while the register goes on: to whom it goes in the end, and in which words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
from person import edit_lines, read_lines
from registers import ASSESSED, NOW, make_workspace
from smtp_peers import Peer, run_peer
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.jobs.mail.moving import approve_mails, resend_mail
from qtemplate.jobs.mail.outbox import show_mail
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.run import plan, run
from qtemplate.report.text_report import to_text
from qtemplate.texts import say

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
MORNING = NOW + dt.timedelta(hours=13, minutes=35)


def set_mail(path: Path, **lines: str) -> Config:
    """The workspace with these lines of `[mail]`."""
    text = path.read_text("utf-8")
    for key, value in lines.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    return load_config(path)


def type_people(register: Path, changes: Mapping[str, Mapping[str, str]]) -> None:
    """Somebody changes cells of the People sheet: name -> header -> value."""
    book = openpyxl.load_workbook(register)
    sheet = book["人员"]
    head = next(row for row in range(1, 10) if "姓名" in [cell.value for cell in sheet[row]])
    headers = [cell.value for cell in sheet[head]]
    for row in range(head + 1, sheet.max_row + 1):
        for header, value in changes.get(str(sheet.cell(row, headers.index("姓名") + 1).value), {}).items():
            sheet.cell(row, headers.index(header) + 1).value = value
    book.save(register)


def readers(workspace: Path, kind: str) -> list[str]:
    """Who found a mail of a kind in the folder, sorted."""
    data = [raw for name, raw in mails(workspace).items() if name.startswith(f"{kind}_")]
    return sorted(str(message_from_bytes(raw)["To"]).partition("<")[2].rstrip(">") for raw in data)


def test_b1_what_waited_over_night_goes_to_who_is_there_in_the_morning_in_words_of_the_morning(tmp_path: Path) -> None:
    late = ASSESSED | {"received_at": NOW - 10 * DAY, "owner": "孙浩", "department": "生产部"}
    path = make_workspace(tmp_path / "w", [late, late | {"owner": "李想", "department": "研发部"}])
    config = set_mail(path, quiet_hours='"17:00-07:00"')
    run(config, NOW)
    assert readers(config.workspace, "M10") == readers(config.workspace, "M25") == []
    waited = {key.rpartition("/")[2] for key in queue(config.workspace) if key.startswith("M10/")}
    assert {"sun@example.com", "li@example.com"} <= waited
    type_people(
        config.register.path,
        {"孙浩": {"邮箱": "sun.hao@example.com"}, "李想": {"在职": "否"}, "林静": {"邮箱": "lin.jing@example.com"}},
    )
    send_due(config, MORNING)
    assert {"sun@example.com", "li@example.com"}.isdisjoint(readers(config.workspace, "M10"))
    assert "sun.hao@example.com" in readers(config.workspace, "M10")
    assert readers(config.workspace, "M25") == ["lin.jing@example.com"]
    assert not [key for key, state in queue(config.workspace).items() if "/2026-07-15/" in key and state == "sent"]
    before = mails(config.workspace)
    send_due(config, MORNING + dt.timedelta(minutes=15))
    assert mails(config.workspace) == before


def test_a_mail_that_cannot_be_made_anew_waits_instead_of_going_in_its_old_words(tmp_path: Path) -> None:
    path = make_workspace(
        tmp_path / "w", [ASSESSED | {"received_at": NOW - HOUR, "owner": "孙浩", "department": "生产部"}]
    )
    config = set_mail(path, quiet_hours='"17:00-07:00"')
    run(config, NOW)
    broken = config.workspace / "templates" / "mail" / "M03.zh.txt.j2"
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text("{{ row.no_such_field }}", "utf-8")
    answer = send_due(config, MORNING)
    assert (set(of_kind(config, "M03").values()), readers(config.workspace, "M03")) == ({"approved"}, [])
    assert [line for line in answer.sections[0].lines if "未能生成" in str(line)] and answer.exit_code == 3
    assert run(config, MORNING + MINUTE).exit_code != 0 and readers(config.workspace, "M03") == []
    broken.unlink()
    send_due(config, MORNING + 2 * MINUTE)
    assert readers(config.workspace, "M03") == ["sun@example.com"]


def test_b2_what_some_did_not_get_yet_goes_to_them_only_while_the_row_is_theirs(tmp_path: Path) -> None:
    urgent = ASSESSED | {"safety": "yes", "department": "生产部", "title": "插头冒烟有焦味"}
    owners = ("孙浩", "孙浩", "赵刚")
    rows = [urgent | {"owner": owner, "serial": f"SN-{at}"} for at, owner in enumerate(owners)]
    path = make_workspace(tmp_path / "w", rows)
    with run_peer(Peer({"sun@example.com": "450 busy"})) as peer:
        lines = {"transport": '"smtp"', "host": '"127.0.0.1"', "port": str(peer.port), "security": '"none"'}
        config = set_mail(path, **lines, username='""', max_per_minute="1000")
        run(config, NOW)
        assert transfers(config) == {"1/孙浩": "partial", "1/孙浩#2": "approved", "2/孙浩": "partial",
                                     "2/孙浩#2": "approved", "3/赵刚": "sent"}  # fmt: skip
        edit_lines(config.register.path, lambda lines: lines[0].update(owner="赵刚"))
        edit_lines(config.register.path, lambda lines: lines[2].update(owner="孙浩"))
        resend_mail(config, "M03/QF-2026-0003/1/生产部/赵刚", NOW + MINUTE)
        peer.answers = {}
        peer.mails.clear()
        send_due(config, NOW + 2 * MINUTE)
        # the first row is somebody else's now, and so is the third; the second is still his
        assert transfers(config) == {"1/孙浩": "partial", "1/孙浩#2": "cancelled", "2/孙浩": "partial",
                                     "2/孙浩#2": "sent", "3/赵刚": "sent", "3/赵刚#2": "cancelled"}  # fmt: skip
        assert [to for _, to, raw in peer.mails if b"spreadsheetml" in raw] == [("sun@example.com",)]
        peer.mails.clear()
        run(config, NOW + 3 * MINUTE)
        assert transfers(config)["1/赵刚"] == transfers(config)["3/孙浩"] == "sent"
        # who has it still may be sent it again
        resend_mail(config, "M03/QF-2026-0002/1/生产部/孙浩", NOW + 4 * MINUTE)
        send_due(config, NOW + 4 * MINUTE)
        assert transfers(config)["2/孙浩#3"] == "sent"


def transfers(config: Config) -> dict[str, str]:
    """Row and owner -> state of the transfer mails."""
    found = {key: state for key, state in queue(config.workspace).items() if key.startswith("M03/")}
    return {f"{int(key.split('/')[1][-4:])}/{key.split('/')[-1]}": state for key, state in sorted(found.items())}


def test_b5_the_first_days_as_operate_tells_them(tmp_path: Path) -> None:
    # nobody may get mail yet: everything is held, and a plan says so and why
    graded = ASSESSED | {"received_at": NOW - 2 * HOUR, "owner": "孙浩", "department": "生产部"}
    path = make_workspace(tmp_path / "w", [graded, graded | {"email": "li.na@example.com", "serial": "SN-2"}])
    config = set_mail(path, allow_domains="[]")
    planned = plan(config, NOW)
    assert {(line.state, "allow_domains" in line.detail) for line in planned.messages} == {("held", True)}
    assert "暂缓" in to_text(planned, "zh")
    run(config, NOW)
    assert set(queue(config.workspace).values()) == {"held"}
    assert "最迟会在" in stored_text(config, "M01/QF-2026-0001")
    # somebody approves one of them, days go by, the domain is named
    approve_mails(config, ["M01/QF-2026-0001"], NOW)
    config = set_mail(path, allow_domains='["example.com"]')
    later = NOW + 6 * DAY
    send_due(config, later)
    # one was approved in other words and asks again, showing the difference; the other promises nothing that is past
    assert of_kind(config, "M01") == {"M01/QF-2026-0001": "drafted", "M01/QF-2026-0002": "sent"}
    detail = show_mail(config, "M01/QF-2026-0001", page=False).data["message"]["detail"]
    assert "删去“我们最迟会在 2026年7月16日 与您联系" in detail
    assert "新增“我们会尽快与您联系" in detail
    assert [name for name in sent_texts(config, "M01") if "最迟会在" in name] == []
    assert set(of_kind(config, "M03").values()) == {"sent"}
    assert {state for key, state in queue(config.workspace).items() if "/2026-07-15/" in key} == {"cancelled"}
    # it is not asked about a change of days alone
    approve_mails(config, [], later, kinds=["M01"])
    send_due(config, later + DAY)
    assert of_kind(config, "M01") == dict.fromkeys(("M01/QF-2026-0001", "M01/QF-2026-0002"), "sent")


def test_b5_what_is_held_by_the_cap_or_goes_to_others_than_a_person_approved_asks_a_person(tmp_path: Path) -> None:
    rows = [ASSESSED | {"email": f"customer{at}@example.com", "serial": f"SN-{at}"} for at in range(3)]
    config = set_mail(make_workspace(tmp_path / "w", rows), max_per_run="1", auto_approve='["M02"]')
    run(config, NOW)
    assert set(of_kind(config, "M01").values()) == {"drafted"}
    assert sorted(of_kind(config, "M03").values()) == ["held", "held", "sent"]
    send_due(config, NOW + DAY)
    assert sorted(of_kind(config, "M03").values()) == ["held", "held", "sent"]
    answer = approve_mails(config, [], NOW + DAY, ids=["QF-2026-0001", "QF-2026-0002"])
    assert {mail["id"] for mail in answer.data["messages"]} == {"QF-2026-0001", "QF-2026-0002"}
    edit_lines(config.register.path, lambda lines: lines[0].update(email="new@example.com"))
    send_due(config, NOW + DAY)
    first, second, third = (f"M01/QF-2026-000{at}" for at in (1, 2, 3))
    assert of_kind(config, "M01") == {first: "drafted", second: "sent", third: "drafted"}
    mail = show_mail(config, first, page=False).data["message"]
    assert mail["to"] == ["new@example.com"]
    assert "收件人由 customer0@example.com 变为 new@example.com" in mail["detail"]


def test_b4_a_rehearsal_moves_no_row_and_going_live_makes_its_mails_anew(tmp_path: Path) -> None:
    reply = ASSESSED | {
        "authenticity": "misuse", "reply_type": "explained", "reply_text": "按住三秒即可开机。", "contact_way": "email",
        "reply_approval": "approved",
    }  # fmt: skip
    path = make_workspace(tmp_path / "w", [reply, ASSESSED])
    config = set_mail(path, redirect_to='"tester@example.com"')
    report = run(config, NOW)
    assert set(queue(config.workspace).values()) == {"diverted"}
    (banner,) = report.banners
    assert "tester@example.com" in say(banner, "en")
    assert any("测试模式" in text for text in sent_texts(config, "M25"))
    lines = read_lines(config.register.path)
    assert [line["reply_state"] for line in lines] == ["待发", None]
    assert [line[key] for line in lines for key in ("replied_at", "transferred_at", "responded_at")] == [None] * 6
    # the tester gets each once
    before = mails(config.workspace)
    send_due(config, NOW + MINUTE)
    assert mails(config.workspace) == before
    config = set_mail(path, redirect_to='""')
    run(config, NOW + MINUTE)
    lines = read_lines(config.register.path)
    assert [line["reply_state"] for line in lines] == ["已发", None]
    assert [line["transferred_at"] for line in lines] == [None, NOW + MINUTE]
    live = {key for key, state in queue(config.workspace).items() if state == "sent"}
    assert {key.partition("#")[0] for key in live} == {key for key in queue(config.workspace) if "#" not in key}
    assert any("算作已发" in text for text in sent_texts(config, "M25"))


def of_kind(config: Config, kind: str) -> dict[str, str]:
    """Key -> state of the mails of a kind."""
    return {key: state for key, state in queue(config.workspace).items() if key.startswith(f"{kind}/")}


def stored_text(config: Config, key: str) -> str:
    """The text of a mail as the outbox has it."""
    return str(show_mail(config, key, page=False).data["text"])


def sent_texts(config: Config, kind: str) -> list[str]:
    """The texts of the mails of a kind in the folder."""
    found = []
    for name, raw in mails(config.workspace).items():
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain",)) if name.startswith(kind) else None
        found += [str(body.get_content())] if body else []
    return found
