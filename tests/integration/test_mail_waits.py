"""Mail that waits while the register goes on: to whom it goes in the end, and in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path

import openpyxl
from person import edit_lines
from registers import ASSESSED, NOW, make_workspace
from smtp_peers import Peer, run_peer
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.jobs.mail.outbox import resend_mail
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.run import run

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
MORNING = NOW + dt.timedelta(hours=11, minutes=5)


def set_mail(path: Path, **lines: str) -> Config:
    """The workspace with these lines of `[mail]`."""
    text = path.read_text("utf-8")
    for key, value in lines.items():
        text = "\n".join(f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in text.splitlines())
    path.write_text(text + "\n", "utf-8")
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
    config = set_mail(path, quiet_hours='"19:00-07:00"')
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
