"""One cell, one finding: which stands, and that nothing is lost that a person must do."""

from __future__ import annotations

from registers import ASSESSED, NOW, memory_of, register_of, standard_rules

from qtemplate.plan import Finding, Severity
from qtemplate.plan.first_seen import name_of, since_when
from qtemplate.register import CellRef
from qtemplate.rules.around.one_a_cell import one_a_cell
from qtemplate.rules.process import make_plan
from qtemplate.rules.situation import Situation
from qtemplate.texts import say_finding

CELL = CellRef("反馈登记", 4, 7)
AS_TEXT = Finding("QT104", Severity.WARNING, CELL, "2026年7月13日", (("used", "2026-07-13"),), field="received_at")
NO_TIME = Finding("QT129", Severity.WARNING, CELL, "2026-07-13", field="received_at")
NO_VALUE = Finding("QT107", Severity.ERROR, CELL, "很多", (("allowed", ("个别", "大量")),), field="scope")
UNDECIDED = Finding("QT310", Severity.ERROR, CELL, "很多", (("table", "分级规则"),), field="scope")
RESPELLED = Finding("QT101", Severity.INFO, CELL, "ＰＸ", (("used", "PX"),), field="product")
STRANGE = Finding("QT125", Severity.ERROR, CELL, "PX", (("near", "PX-200"), ("known", ("PX-200",))), field="product")


def told(*findings: Finding) -> list[tuple[str, list[str]]]:
    return [(item.code, [more.code for more in item.also]) for item in one_a_cell(findings)]


def test_two_things_to_be_done_to_one_cell_are_one_sentence_that_says_both() -> None:
    (item,) = one_a_cell([AS_TEXT, NO_TIME])
    said = say_finding(item, "zh")
    assert (item.code, item.found, said.expected) == (
        "QT129", "2026年7月13日", "日期和时间，例如 2026-07-15 14:30；日期 2026-07-13"
    )  # fmt: skip
    assert said.action == "紧急反馈的时限以小时计，请补上时间。日期存成了文字，已按 2026-07-13 使用；请重新填成日期。"
    assert say_finding(item, "en").action == (
        "Urgent limits run in hours: add the time. A date stored as text, taken as 2026-07-13; please type it again as "
        "a date."
    )


def test_what_only_follows_from_a_fault_is_not_said_beside_it() -> None:
    assert told(UNDECIDED, NO_VALUE) == [("QT107", [])]
    assert told(UNDECIDED, UNDECIDED) == [("QT310", [])]
    assert told(RESPELLED, STRANGE) == [("QT125", [])]
    empty = [Finding(code, Severity.ERROR, CELL, field="model") for code in ("QT160", "QT110")]
    assert told(*empty) == [("QT110", [])]


def test_the_worst_stands_then_the_one_about_the_column_where_the_first_stood() -> None:
    other = Finding("QT110", Severity.ERROR, CellRef("反馈登记", 4, 8), field="model")
    pattern = Finding("QT163", Severity.ERROR, CELL, "7", (("pattern", r"\d+"),), field="batch")
    batch = Finding("QT126", Severity.ERROR, CELL, "7", (("pattern", r"P\d+"),), field="batch")
    number = Finding("QT102", Severity.WARNING, CELL, "7", (("used", "7"),), field="batch")
    assert told(number, other, pattern, batch) == [("QT126", ["QT163", "QT102"]), ("QT110", [])]


def test_what_is_about_the_row_a_file_or_the_run_stands_by_itself() -> None:
    apart = [Finding(code, Severity.WARNING, CELL) for code in ("QT133", "QT145", "QT145", "QT190", "QT341", "QT351")]
    assert [code for code, _ in told(AS_TEXT, *apart, NO_TIME)] == ["QT129", *(item.code for item in apart)]
    nowhere = Finding("QT704", Severity.WARNING)
    assert one_a_cell([nowhere, nowhere]) == (nowhere, nowhere)


def test_the_day_of_what_is_said_besides_is_remembered_too() -> None:
    (item,) = one_a_cell([AS_TEXT, NO_TIME])
    seen = since_when([item], {name_of(AS_TEXT): "2026-07-01"}, NOW.date())
    assert seen == {name_of(item): "2026-07-15", name_of(AS_TEXT): "2026-07-01"}


def test_a_plan_has_one_finding_a_cell() -> None:
    unfit = {**ASSESSED, "owner": "周", "verifier": "周"}
    plan, _ = make_plan(Situation(register_of(unfit), standard_rules(), memory_of({}), NOW))
    (item,) = [each for each in plan.findings if each.field == "verifier"]
    assert [item.code, *(each.code for each in item.also)] == ["QT143", "QT132"]
