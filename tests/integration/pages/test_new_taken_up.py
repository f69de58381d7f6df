"""From the page on which anybody reports something to the row, its photos and its acknowledgement."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from new_reports import Reporter
from paged_days import MORNING, Day, called, night, own_copy
from PIL import Image
from told import register_of, row_of
from web_links import pages_before

from qtemplate.config import load_config
from qtemplate.intake.new_item import read_new_item
from qtemplate.intake.unfit import Unfit
from qtemplate.jobs.incoming.page_files import is_from_page
from qtemplate.jobs.workspace import looking
from qtemplate.mailer.outbox.entry import OutboxEntry
from qtemplate.plan.new_page import FORM_FILE, NewPage

FORMULA = '=HYPERLINK("https://evil.example") 打不开了'
STORY = "<script>alert(1)</script>\n+1+1 昨天通电以后屏幕一直不亮。"


@dataclass
class Reported(Day):
    """A day on which people reported things: the provisional number of each."""

    numbers: dict[str, str]

    def ids(self, who: str) -> list[str]:
        """The rows of a provisional number."""
        frame = self.register.frame
        return list(frame["id"][frame["channel_ref"] == self.numbers[who]])

    def values(self, who: str, *fields: str) -> list[Any]:
        (id,) = self.ids(who)
        register = self.register
        return [register.value(row_of(register, id), field) for field in fields]

    def mails(self, who: str) -> list[str]:
        ids = self.ids(who)
        return sorted(entry.kind for entry in outbox_of(self) if entry.id in ids)


def outbox_of(day: Reported) -> list[OutboxEntry]:
    with looking(load_config(day.workspace / "qtemplate.toml")) as held:
        return list(held.outbox.entries())


def picture(kind: str) -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (30, 20), "blue").save(written, kind)
    written.seek(0)
    return written


@pytest.fixture(scope="module")
def day(paged_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    workspace = own_copy(paged_demo, tmp_path_factory.mktemp("reported") / "workspace")
    pages = pages_before(workspace, MORNING)
    offer = NewPage.from_json((workspace / "web" / "export" / FORM_FILE).read_bytes())
    hardware = next(each for each in offer.products if each.kind == "hardware")
    asked = {"product": hardware.name, "model": hardware.models[0], "category": "hardware"}
    usual = Reporter(pages)
    usual.report(**asked, title=FORMULA, description=STORY, photos=[(picture("PNG"), "a.png")])
    dealer = Reporter(pages, "/new/dealer", {"Accept-Language": "en"}, "203.0.113.8")
    dealer.report(**asked, organisation="East Dealers", email="east@example.com", first_guess="a loose plug")
    for number in range(4):  # one more than are acknowledged
        one = Reporter(pages, address=f"198.51.100.{number}")
        one.report(**asked, title=f"第 {number + 1} 个问题", email="victim@example.com")
    kept = {file: file.read_bytes() for file in pages.site.inbox.glob("*.json")}
    by_title = {json.loads(data)["answers"]["title"]: json.loads(data) for data in kept.values()}
    at_home = {
        **by_title[FORMULA],
        "number": "W260716-0FF11NEX",
        "at": "2026-07-01T08:00:00+08:00",
        "inline": [base64.b64encode(picture("JPEG").getvalue()).decode()],
        "files": [],
    }
    at_home["answers"] = {
        **at_home["answers"],
        "title": "没有网络时填的",
        "severity": "5",
        "level": "urgent",
        "owner": "x",
    }
    folder = workspace / "intake" / "in" / "hotline"  # a folder of another channel
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(at_home), "utf-8")
    chosen = {"usual": FORMULA, "dealer": "通电后屏幕不亮", "held": "第 4 个问题"}
    numbers = {who: by_title[title]["number"] for who, title in chosen.items()} | {"home": at_home["number"]}
    return Reported(workspace, pages, *night(workspace, kept), numbers)


def test_a_report_is_a_row_with_what_its_reporter_said_as_data(day: Reported) -> None:
    fields = ("channel", "reporter_type", "reporter", "email", "language", "batch", "category")
    said = ["website", "customer", "王芳", "wang.fang@example.com", "zh", "0042", "hardware"]
    assert day.values("usual", *fields) == said
    (received,) = day.values("usual", "received_at")  # the clock of the pages goes on
    assert dt.timedelta(0) <= received - dt.datetime(2026, 7, 16, 10, 30) < dt.timedelta(minutes=1)
    assert day.values("usual", "scene", "title", "description") == ["装在客厅，接地暖", FORMULA, STORY]
    dealer = ("channel", "reporter_type", "organisation", "language", "first_guess")
    assert day.values("dealer", *dealer) == ["dealer", "dealer", "East Dealers", "en", "a loose plug"]


def test_what_people_judge_is_never_set_by_a_page(day: Reported) -> None:
    for who in ("usual", "home"):
        assert day.values(who, "severity", "safety", "scope", "frequency", "level", "owner") == [None] * 6


def test_its_photos_lie_beside_the_register(day: Reported) -> None:
    for who in ("usual", "home"):
        (listed,) = day.values(who, "attachments")
        assert listed == f"attachments/{day.ids(who)[0]}/photo-1.jpg"
        assert (day.workspace / listed).read_bytes().startswith(b"\xff\xd8\xff")
    assert [*(day.pages.site.inbox / ".files").iterdir()] == []


def test_it_is_acknowledged_once_without_the_words_somebody_typed(day: Reported) -> None:
    assert day.mails("usual").count("M01") == 1
    (id,) = day.ids("usual")
    with looking(load_config(day.workspace / "qtemplate.toml")) as held:
        raw = held.outbox.show(f"M01/{id}").raw
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    said = "" if body is None else body.get_content()
    assert id in said and "evil.example" not in said and "一直不亮" not in said


def test_delivered_twice_it_is_one_row(day: Reported) -> None:
    assert [len(day.ids(who)) for who in ("usual", "dealer", "home")] == [1, 1, 1]
    assert day.again[0] == day.again[1] and [*day.pages.site.inbox.glob("*.json")] == []


def test_a_plan_shows_the_row_that_the_run_makes(day: Reported) -> None:
    planned, ran = (
        {row["values"]["channel_ref"] for row in report["rows"] if "channel_ref" in row["values"]}
        for report in (day.planned, day.ran)
    )
    assert planned == ran and day.numbers["usual"] in ran and day.numbers["held"] not in ran


def test_what_was_made_without_a_network_is_not_older_than_its_delivery(day: Reported) -> None:
    (received,) = day.values("home", "received_at")
    assert received == dt.datetime(2026, 7, 16, 20, 0)


def test_what_is_held_waits_for_a_person_and_nobody_gets_mail_for_it(day: Reported) -> None:
    assert day.ids("held") == []
    (piled,) = called(day.workspace, "intake", "--list")["pile"]
    assert piled["subject"] == "第 4 个问题" and piled["sender"] == "victim@example.com"
    assert str(piled["why"]).startswith(day.numbers["held"])
    to_victim = [entry.kind for entry in outbox_of(day) if "victim@example.com" in entry.recipients]
    assert to_victim.count("M01") == 3


def test_a_person_lets_it_in(day: Reported, tmp_path: Path) -> None:
    workspace = own_copy(day.workspace, tmp_path / "workspace")
    (piled,) = called(workspace, "intake", "--list")["pile"]
    called(workspace, "intake", "--link", str(piled["number"]), "new")
    frame = register_of(workspace).frame
    assert list(frame["title"][frame["channel_ref"] == day.numbers["held"]]) == ["第 4 个问题"]
    assert called(workspace, "intake", "--list")["pile"] == []


CHANGED: list[dict[str, Any]] = [{"number": "../../x"}, {"number": None}, {"answers": []}, {"at": "yesterday"},
                                 {"at": "2026-07-16T09:00:00"}, {"schema": 2}]  # fmt: skip


@pytest.mark.parametrize("change", CHANGED)
def test_a_file_that_no_page_made_is_set_aside(change: dict[str, Any]) -> None:
    said = {"schema": 1, "page": "new", "number": "W260716-00000000", "at": "2026-07-16T09:00:00+08:00", "answers": {}}
    now = dt.datetime.fromisoformat("2026-07-16T20:00:00+08:00")
    read_new_item(json.dumps(said).encode(), now)
    with pytest.raises(Unfit) as refused:
        read_new_item(json.dumps({**said, **change}).encode(), now)
    assert refused.value.said.key == "intake.page_unreadable"


def test_a_list_of_a_team_is_still_a_list() -> None:
    for said in ([{"page": "new"}], {"page": "new"}, {"records": ["new"]}):
        assert not is_from_page(Path("in/website/a.json"), json.dumps(said).encode())
