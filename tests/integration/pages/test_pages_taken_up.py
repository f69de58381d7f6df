"""From the links in mails to the cells of the workbook: one day of answers on pages, worked in by the next run."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from paged_days import MORNING, NIGHT, Day, night, own_copy
from person import Line, edit_lines
from PIL import Image
from python_calamine import CalamineWorkbook
from told import row_of
from web_links import LINK, links_in, pages_before

from qtemplate.config import load_config
from qtemplate.intake.page_item import read_page_item
from qtemplate.intake.unfit import Unfit
from qtemplate.jobs.mail.links import pages_of
from qtemplate.jobs.workspace import imagining, looking
from qtemplate.jobs.world import read_world, recall
from qtemplate.plan import FactName
from qtemplate.plan.new_page import FORM_FILE
from qtemplate.rules import make_plan

OPINION = "=1+1 <b>很好</b>"


@dataclass
class Answered(Day):
    """A day on which people answered on pages: the paths and feedbacks of each."""

    paths: dict[str, str]
    ids: dict[str, str]

    def value(self, who: str, field: str) -> Any:
        register = self.register
        return register.value(row_of(register, self.ids[who]), field)

    def rows(self, sheet: str, who: str) -> list[list[Any]]:
        """The rows of a log about a feedback."""
        book = CalamineWorkbook.from_path(str(self.workspace / "register.xlsx"))
        return [row for row in book.get_sheet_by_name(sheet).to_python() if self.ids[who] in row]


def only_batch(workspace: Path, digest: str) -> bool:
    record = json.loads((workspace / "web" / "export" / f"{digest}.json").read_text("utf-8"))
    return [question["name"] for question in record["questions"]] == ["batch"]


@pytest.fixture(scope="module")
def day(paged_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    workspace = own_copy(paged_demo, tmp_path_factory.mktemp("day") / "workspace")
    links = links_in(workspace)
    confirm, task = ([(link.id, path) for link, path in links if link.kind == kind] for kind in ("confirm", "task"))
    missing = [(link.id, path) for link, path in links if link.kind == "missing" and only_batch(workspace, link.digest)]
    chosen = {"pleased": confirm[0], "unsure": confirm[1], "typed": confirm[2], "lacking": missing[0],
              "accepting": task[0], "returning": task[1], "disputed": missing[1]}  # fmt: skip
    ids, paths = ({name: each[at] for name, each in chosen.items()} for at in (0, 1))
    pages = pages_before(workspace, MORNING)
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "blue").save(picture, "PNG")
    picture.seek(0)
    marks = {"satisfaction": "5", "speed": "4", "clarity": "5", "attitude": "5", "result": "5"}
    sent = [
        pages.send(
            paths["pleased"], confirmation="solved", agrees="yes", opinion=OPINION, photos=(picture, "x"), **marks
        ),
        pages.send(paths["lacking"], batch="0042-A"),
        pages.send(paths["disputed"], batch="0099-B"),
        pages.send(paths["accepting"], decision="accept", planned_at="2026-07-28"),
        pages.send(paths["returning"], decision="return", reason="不是我部门的型号"),
    ]
    form = pages.form_of(paths["unsure"])
    for said in ("solved", "not_solved"):
        answer = {"form": form, "confirmation": said, "opinion": f"说的是 {said}"}
        sent.append(pages.browser.post(paths["unsure"], data=answer))
    assert [each.status_code for each in sent] == [303] * 7
    kept = {file: file.read_bytes() for file in pages.site.inbox.glob("*.json")}
    first = next(iter(kept.values()))
    forged = {**json.loads(first), "token": json.loads(first)["token"][:-4] + "AAAA"}
    (pages.site.inbox / "forged.json").write_text(json.dumps(forged), "utf-8")
    edit_lines(workspace / "register.xlsx", lambda lines: _type(lines, ids))
    return Answered(workspace, pages, *night(workspace, kept), paths, ids)


def _type(lines: list[Line], ids: dict[str, str]) -> None:
    for line in lines:
        if line["id"] == ids["typed"]:
            line["confirmation"] = "已解决"
        if line["id"] == ids["disputed"]:
            line["batch"] = "26-K-77"


def edit_of(report: Any, id: str, field: str) -> Any:
    (edit,) = [each for each in report["edits"] if each["id"] == id and each["field"] == field]
    return edit


def test_a_date_is_chosen_from_a_calendar_and_asked_for_without_an_hour(paged_demo: Path) -> None:
    records = [json.loads(file.read_text("utf-8")) for file in (paged_demo / "web" / "export").glob("*.json")]
    asked = [each for record in records for each in record.get("questions", ()) if each["asks"] == "date"]
    assert asked and {each["hint"] for each in asked} == {""}


def test_mails_that_ask_carry_a_link_and_its_page_is_exported(paged_demo: Path) -> None:
    links = links_in(paged_demo)
    assert {link.kind for link, _ in links} == {"confirm", "missing", "task"}
    exported = {file.stem for file in (paged_demo / "web" / "export").glob("*.json")} - {"form"}
    assert exported == {link.digest for link, _ in links}
    assert {link.until for link, _ in links} == {dt.datetime(2026, 8, 15, 1, 0, tzinfo=dt.UTC)}


def test_what_is_exported_is_public_and_not_for_everybody(paged_demo: Path) -> None:
    for file in (paged_demo / "web" / "export").glob("*.json"):
        record = json.loads(file.read_text("utf-8"))
        if file.name == FORM_FILE:  # what there is to choose from, nothing of any feedback
            assert set(record) == {"schema", "team", "products", "categories"}
            assert {name for each in record["products"] for name in each} == {"name", "kind", "models"}
            record["shown"] = []
        assert {label for label, _ in record["shown"]} <= {
            "产品名称", "型号", "反馈时间", "问题标题", "解决方案", "答复期限",
            "Product", "Model", "Received at", "Title", "Solution", "Resolve by",
        }  # fmt: skip
        assert file.stat().st_mode & 0o777 == 0o640


def test_a_transfer_goes_to_a_colleague_with_its_link(paged_demo: Path) -> None:
    for file in (paged_demo / "outbox").glob("*.eml"):
        text = file.read_text("utf-8", "replace")
        assert not LINK.search(text) or "[QF-" in text


def test_an_answer_goes_where_the_returned_form_would_go(day: Answered) -> None:
    assert [day.value("pleased", field) for field in ("confirmation", "satisfaction", "opinion")] == [
        "solved", 5, OPINION,
    ]  # fmt: skip
    (survey,) = day.rows("回访", "pleased")
    assert survey[1:9] == ["已解决", "5", "4", "5", "5", "5", OPINION, "是"]
    (contact,) = [row for row in day.rows("沟通记录", "pleased") if "网页" in row]
    assert dt.datetime(2026, 7, 16, 10, 30) in contact


def test_the_change_says_who_answered_and_when(day: Answered) -> None:
    because = edit_of(day.ran, day.ids["pleased"], "confirmation")["because"]
    assert because.startswith("网页, filled in by ") and because.endswith(" on 2026-07-16 10:30")


def test_a_photo_lies_beside_the_register(day: Answered) -> None:
    (attached,) = [line for line in day.value("pleased", "attachments").split("\n") if "photo" in line]
    assert (day.workspace / attached).read_bytes().startswith(b"\xff\xd8\xff")
    assert [*(day.pages.site.inbox / ".files").iterdir()] == []


def test_after_use_a_link_shows_what_was_answered(day: Answered) -> None:
    shown = day.pages.browser.get(day.paths["pleased"]).text
    assert "这个链接已经答复过" in shown and "&lt;b&gt;很好&lt;/b&gt;" in shown
    assert 'name="confirmation"' not in shown


def test_a_later_answer_is_shown_to_a_person_and_sets_no_cell(day: Answered) -> None:
    assert (day.value("unsure", "confirmation"), day.value("unsure", "opinion")) == ("solved", "说的是 solved")
    assert any("说的是 not_solved" in str(cell) for row in day.rows("沟通记录", "unsure") for cell in row)
    with looking(load_config(day.workspace / "qtemplate.toml")) as held:
        assert held.journal.facts()[day.ids["unsure"], "heard"][2].endswith("说的是 not_solved")


def test_what_is_missing_goes_into_its_cell(day: Answered) -> None:
    edit = edit_of(day.ran, day.ids["lacking"], "batch")
    assert (edit["after"], day.value("lacking", "batch")) == ("0042-A", "0042-A")


def test_what_somebody_typed_meanwhile_stays_and_a_person_is_asked(day: Answered) -> None:
    assert day.value("disputed", "batch") == "26-K-77"
    (question,) = day.rows("待裁决", "disputed")
    assert question[1:4] == ["批次号", "26-K-77", "0099-B"]


def test_an_owner_accepts_or_hands_back_on_the_page(day: Answered) -> None:
    assert day.value("accepting", "accepted_at") == dt.datetime(2026, 7, 16, 10, 30)
    assert day.value("accepting", "planned_at") == dt.datetime(2026, 7, 28)
    assert (day.value("returning", "returned"), day.value("returning", "accepted_at")) == (1, None)


def test_a_plan_shows_what_the_run_then_does(day: Answered) -> None:
    for who, field in (("pleased", "confirmation"), ("lacking", "batch"), ("accepting", "planned_at")):
        planned, done = (edit_of(report, day.ids[who], field) for report in (day.planned, day.ran))
        assert {key: planned[key] for key in ("before", "after")} == {key: done[key] for key in ("before", "after")}


def test_a_page_is_withdrawn_once_its_question_is_answered_elsewhere(day: Answered) -> None:
    assert day.pages.browser.get(day.paths["typed"]).status_code == 404
    assert day.pages.browser.post(day.paths["typed"], data={"confirmation": "solved"}).status_code == 404


def test_what_comes_twice_counts_once(day: Answered) -> None:
    assert day.again[0] == day.again[1] and len(day.rows("回访", "pleased")) == 1
    assert [*day.pages.site.inbox.glob("*.json")] == []


def test_links_that_say_the_same_are_not_remembered_anew(day: Answered) -> None:
    config = load_config(day.workspace / "qtemplate.toml")
    with imagining(config) as workspace:
        world, before = read_world(config), workspace.journal.facts_like(FactName.PAGE)
        memory = recall(workspace, world.register, digests=False)
        _, after = make_plan(world.situation(memory, dt.datetime.fromisoformat(NIGHT)))
        assert before and pages_of(workspace, after, (), after.now.replace(tzinfo=config.register.time_zone)) == ()


def test_what_is_forged_is_set_aside_with_a_sentence(day: Answered) -> None:
    (reason,) = (day.workspace / "intake" / "problem" / "web").glob("*.txt")
    assert "不是本工作区发出的" in reason.read_text("utf-8")


def test_an_answer_to_a_link_that_had_expired_is_not_taken(paged_demo: Path) -> None:
    link, path = links_in(paged_demo)[0]
    said = {"schema": 1, "page": "answer", "token": path, "at": "2026-08-16T09:00:00+08:00", "answers": {"a": "b"}}
    now = dt.datetime.fromisoformat("2026-09-01T09:00:00+08:00")
    with pytest.raises(Unfit) as refused:
        read_page_item(json.dumps(said).encode(), lambda token: link, lambda link: "", now)
    assert refused.value.said.key == "intake.page_expired"
