"""Twelve 8Ds written by hand: four sound, eight with one defect each; every check fires, and not on a near miss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace
from registers import ASSESSED, NOW, memory_of, register_of, rules_with

from qtemplate.choices import ScoreItem
from qtemplate.plan import FactName, Finding
from qtemplate.register import CellRef
from qtemplate.rules.evidence.honesty import only_told
from qtemplate.rules.evidence.news import evidence_findings
from qtemplate.rules.evidence.options import Option, best_options, nearest_turn
from qtemplate.rules.evidence.settings import DEFAULTS, PARTS, mark_weights
from qtemplate.rules.rulebook import LogRow
from qtemplate.rules.situation import Situation
from qtemplate.texts import say_finding

ID, OTHER = "QF-2026-0001", "QF-2026-0002"
DAY = dt.datetime(2026, 7, 15)
HINTS = {"QT663", "QT666"}
"""The score and the sensitivity of the options stand with every 8D."""

WORDS = {
    "zh": {
        "cause": "插头端子没有锁扣，运输振动后松脱",
        "occurrence": ("端子松脱", "端子没有锁扣", "设计时没有考虑运输振动"),
        "escape": ("出厂检验不通电摇动", "检验规程没有振动后复测", "规程按旧机型编写"),
        "system": ("评审清单没有运输一项", "清单多年没有更新", "没有人负责更新清单"),
        "option": ("改用带锁扣的端子", "端子点胶"),
        "action": ("插头改用带锁扣的端子", "出厂检验增加振动后通电", "评审清单增加运输振动"),
        "prevention": "同类插头全部改用锁扣端子",
    },
    "en": {
        "cause": "The terminal of the plug has no latch and comes loose in transport",
        "occurrence": ("The terminal came loose", "It has no latch", "Vibration was not considered in the design"),
        "escape": ("The final test does not shake it", "No retest is asked for", "The procedure is of the old model"),
        "system": ("Transport is not on the review list", "The list was not renewed for years", "Nobody owns the list"),
        "option": ("Terminal with a latch", "Glue the terminal"),
        "action": ("Use a terminal with a latch", "Power test after vibration", "Transport on the review list"),
        "prevention": "All plugs of this kind get latched terminals",
    },
}  # fmt: skip
CHAINS = ("occurrence", "escape", "system")


def line(log: str, number: int, id: str = ID, **values: Any) -> LogRow:
    """A row of a log."""
    return LogRow(id, values, number, CellRef(log, number, 2))


class Report:
    """An 8D that is sound, to be spoilt in one place."""

    def __init__(self, language: str) -> None:
        words: Any = WORDS[language]
        against = {"zh": ("发生", "流出", "系统"), "en": ("Occurrence", "Escape", "System")}[language]
        self.row: dict[str, Any] = ASSESSED | {
            "level": "major", "root_cause": words["cause"], "cause_code": "design", "fault": "部件断裂",
            "containment": "隔离库存" if language == "zh" else "Stock is held", "prevention": words["prevention"],
        }  # fmt: skip
        self.causes = [
            line("causes", 4 + 3 * at + step, chain=chain, step=str(step + 1), why=why)
            for at, chain in enumerate(CHAINS)
            for step, why in enumerate(words[chain])
        ]
        self.actions = [
            line("actions", 4 + at, kind="corrective", text=text, against=against[at], owner="孙浩", due=DAY, done=None)
            for at, text in enumerate(words["action"])
        ]
        self.options = [
            line("options", 4, option=words["option"][0], cost="3", time="4", feasibility="5", risk="5", chosen="yes"),
            line("options", 5, option=words["option"][1], cost="5", time="4", feasibility="3", risk="2", chosen="no"),
        ]
        self.tables: dict[str, list[dict[str, str]]] = {
            "team": [{"name": name} for name in ("孙浩", "李想", "何军")],
            "facts": [{"question": str(at), "answer": "…"} for at in range(7)],
            "bounds": [{"question": str(at), "is": "…", "is_not": "…"} for at in range(4)],
            "places": [{"place": "成品", "quantity": "100", "checked": "100", "bad": "3"}],
            "documents": [
                {"document": "FMEA", "changed": "yes", "revision": "B"},
                {"document": "图纸", "changed": "no"},
            ],
            "elsewhere": [{"text": "RC-500"}],
        }
        self.language, self.others = language, list[LogRow]()
        self.other_row: dict[str, Any] = ASSESSED | {"fault": "无法开机"}

    def findings(self, scoring: Mapping[ScoreItem, float] | None = None, *, reported: bool = True) -> list[Finding]:
        """What is said of it."""
        logs = {"causes": (*self.causes, *self.others), "actions": tuple(self.actions), "options": tuple(self.options)}
        rules = rules_with(logs=logs, scoring=scoring or {})
        kept = {"cycle": 1, "tables": self.tables, "conclusion": "OK"}
        memory = memory_of({}, facts={(ID, FactName.EIGHT_D): kept} if reported else {})
        register = register_of(self.row, self.other_row, language=self.language)
        return list(evidence_findings(Situation(register, rules, memory, NOW)))

    def codes(self, scoring: Mapping[ScoreItem, float] | None = None) -> list[str]:
        """The doubts about it, by code."""
        return [item.code for item in self.findings(scoring) if item.code not in HINTS and item.id == ID]

    def change(self, log: str, at: int, **values: Any) -> None:
        """Other cells in a row of a log."""
        rows: list[LogRow] = getattr(self, log)
        rows[at] = replace(rows[at], values={**rows[at].values, **values})


@pytest.fixture(params=["zh", "en"])
def report(request: pytest.FixtureRequest) -> Report:
    return Report(request.param)


# -- four that are sound ----------------------------------------------------------------------------------------------


def test_a_sound_8d_raises_no_doubt_and_scores_full(report: Report) -> None:
    report.change("actions", 0, done=DAY, effect="3 % → 0")
    report.change("actions", 1, done=DAY, evidence="QC-17 B")
    report.change("actions", 2, done=DAY, effect="n = 50")
    assert report.codes() == []
    score = next(item for item in report.findings() if item.code == "QT663")
    assert dict(score.facts)["score"] == "100"
    assert "D4 25/25" in say_finding(score, report.language).message


def test_one_under_way_raises_no_doubt(report: Report) -> None:
    assert report.codes() == []


def test_one_of_a_normal_feedback_needs_no_escape_chain(report: Report) -> None:
    report.row["level"] = "normal"
    report.causes = report.causes[:3]
    report.actions = report.actions[:1]
    assert report.codes() == []


def test_one_that_blames_a_person_and_says_why_that_was_possible_is_sound(report: Report) -> None:
    report.change("causes", 2, why="操作失误")
    assert report.codes() == []


# -- eight with one defect each, and each near miss -------------------------------------------------------------------


def test_fewer_than_three_whys(report: Report) -> None:
    del report.causes[1]
    assert report.codes() == ["QT650"]
    assert report.codes({ScoreItem.WHYS: 2}) == []


def test_no_escape_chain(report: Report) -> None:
    report.causes = report.causes[:3] + report.causes[6:]
    del report.actions[1]
    assert report.codes() == ["QT651"]


def test_a_last_why_that_blames_with_no_system_chain(report: Report) -> None:
    report.causes = report.causes[:6]
    report.actions = report.actions[:2]
    assert report.codes() == []
    report.change("causes", 2, why="操作失误")
    assert report.codes() == ["QT652"]
    report.change("causes", 2, why="操作失误，因为两种插头外形一样")
    assert report.codes() == []


def test_a_cause_that_repeats_the_title(report: Report) -> None:
    report.row["root_cause"] = f"{report.row['title']}。"
    assert report.codes() == ["QT653"]
    report.row["root_cause"] = f"{report.row['title']}，是因为端子没有锁扣"
    assert report.codes() == []


def test_an_analysis_copied_from_another_fault(report: Report) -> None:
    report.others = [replace(row, id=OTHER) for row in report.causes]
    report.other_row["root_cause"] = report.row["root_cause"]
    assert report.codes() == ["QT654"]
    report.other_row["fault"] = report.row["fault"]
    assert report.codes() == []


def test_a_cause_without_an_action_and_an_action_without_owner_or_date(report: Report) -> None:
    gone = report.actions.pop()
    assert report.codes() == ["QT655"]
    report.actions.append(gone)
    report.change("actions", 2, owner="", due=None)
    found = [item for item in report.findings() if item.code not in HINTS]
    assert [item.code for item in found] == ["QT656"]
    said = say_finding(found[0], report.language).message
    assert ("责任人、计划完成" if report.language == "zh" else "owner, due date") in said


def test_only_training(report: Report) -> None:
    told = {"zh": "加强员工培训", "en": "More training of operators"}[report.language]
    for at in range(3):
        report.change("actions", at, text=told)
    assert report.codes() == ["QT657"]
    report.change(
        "actions", 0, text={"zh": "培训前先改夹具", "en": "Change the fixture, then training"}[report.language]
    )
    assert report.codes() == []


def test_done_without_before_and_after(report: Report) -> None:
    report.change("actions", 0, done=DAY)
    assert report.codes() == ["QT658"]


def test_every_document_not_applicable_without_a_reason(report: Report) -> None:
    report.tables["documents"] = [{"document": "FMEA", "changed": "na"}, {"document": "图纸", "changed": "na"}]
    assert report.codes() == ["QT659"]
    report.tables["documents"][0]["revision"] = "外购件，由供应商更新"
    assert report.codes() == []


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ({"quantity": "100", "checked": "120", "bad": "3"}, ["QT660"]),
        ({"quantity": "100", "checked": "50", "bad": "51"}, ["QT660"]),
        ({"quantity": "100", "checked": "100", "bad": "100"}, []),
        ({"quantity": "", "checked": "50", "bad": "3"}, []),
    ],
)
def test_numbers_that_do_not_agree(report: Report, line: Mapping[str, str], codes: list[str]) -> None:
    report.tables["places"] = [{"place": "成品", **line}]
    assert report.codes() == codes


@pytest.mark.parametrize(
    ("day", "codes"), [(-2, ["QT662"]), (0, []), (1, ["QT662"])], ids=["before the feedback", "today", "tomorrow"]
)
def test_done_on_a_day_that_cannot_be(report: Report, day: int, codes: list[str]) -> None:
    report.row["received_at"] = NOW - dt.timedelta(days=1)
    done = dt.datetime.combine(NOW.date(), dt.time()) + dt.timedelta(days=day)
    report.change("actions", 0, done=done, effect="n = 50")
    assert report.codes() == codes


def test_an_option_that_is_ruled_out_or_not_the_best(report: Report) -> None:
    report.change("options", 0, chosen="no")
    report.change("options", 1, chosen="yes")
    assert report.codes() == ["QT665"]
    report.change("options", 1, risk="1")
    assert report.codes() == ["QT664"]
    assert report.codes({ScoreItem.VETO: 0}) == ["QT665"]


def test_closed_feedback_and_feedback_without_an_investigation_are_left_alone(report: Report) -> None:
    del report.causes[1]
    report.row["closed_at"] = NOW
    assert report.findings() == []
    report.causes, report.actions, report.options, report.row["closed_at"] = [], [], [], None
    assert report.findings(reported=False) == []


# -- the parts by themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["加强培训", "加强对员工的培训和管理", "提高质量意识", "More training", "Improve supervision of staff"]
)
def test_words_that_change_nothing(text: str) -> None:
    assert only_told(text)


@pytest.mark.parametrize(
    "text", ["培训操作工使用新夹具", "把培训记录接入上岗系统", "Train on the new torque tool", "更换端子", ""]
)
def test_words_that_change_something(text: str) -> None:
    assert not only_told(text)


def test_another_option_wins_from_the_weight_at_which_both_totals_are_equal() -> None:
    """By hand: A = (2, 4), B = (4, 3) on cost and risk; A 2w + 4(1 - w), B 4w + 3(1 - w); equal at w = 1/3."""
    options = [Option("A", {"cost": 2, "risk": 4}), Option("B", {"cost": 4, "risk": 3})]
    weights = {"cost": 0.2, "risk": 0.8}
    assert [option.name for option in best_options(options, weights, 1)] == ["A"]
    turn = nearest_turn(options, weights, 1)
    assert turn is not None
    assert (turn.option, turn.criterion, turn.more, round(turn.at, 6)) == ("B", "cost", True, round(1 / 3, 6))
    assert best_options(options, {"cost": 0.34, "risk": 0.66}, 1)[0].name == "B"


def test_an_option_that_is_best_on_every_criterion_never_loses() -> None:
    options = [Option("A", {"cost": 4, "risk": 4}), Option("B", {"cost": 3, "risk": 3})]
    assert nearest_turn(options, {"cost": 0.5, "risk": 0.5}, 1) is None


def test_weights_are_shares_and_the_parts_of_a_score_make_a_hundred() -> None:
    assert mark_weights({ScoreItem.COST: 2, ScoreItem.RISK: 0, ScoreItem.TIME: 1, ScoreItem.FEASIBILITY: 1}) == {
        "cost": 0.5, "time": 0.25, "feasibility": 0.25, "risk": 0.0,
    }  # fmt: skip
    assert sum(DEFAULTS[part] for part in PARTS) == 100
