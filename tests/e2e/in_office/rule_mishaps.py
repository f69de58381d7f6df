"""What befalls a sheet of rules in the hands of people, key by key, and what has to be told. Data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from office import Step

RULES = "分级规则"


@dataclass(frozen=True)
class Mishap:
    """What a person did, and what has to be told.

    Attributes:
        steps: With keyboard and mouse.
        told: (cell, severity, words of the sentence) of every finding of `rules check`, in Chinese.
        graded: Whether the table is sound enough to be used that night.
    """

    name: str
    steps: Sequence[Step]
    told: Sequence[tuple[str, str, str]]
    graded: bool = False


def typed(address: str, text: str) -> Step:
    return ("type", RULES, address, text)


FEW = (
    Mishap(
        "1-3 became a date",
        [typed("D12", "1-3")],
        [("D12", "error", "却是日期 2026-01-03：输入 1-3 之类的内容时，Excel 会把它变成日期。请改成数字或区间，例如")],
    ),
    Mishap(
        "a column of conditions was deleted",
        [("delete_column", RULES, "D")],
        [
            ("A13", "error", "规则 8（重要）永远轮不到：前面的规则 3（紧急）已包揽它的全部情况"),
            ("A14", "error", "规则 9、10、11、12（一般、轻微）永远轮不到：前面的规则 5（重要）已包揽它的全部情况"),
        ],
    ),
    Mishap(
        "a blank row between the rules",
        [("insert_row", RULES, 12)],
        [("A13", "error", "第 12 行是空行，表到此为止：第 13 行起还有像规则的内容（7、8、9、10、11、12），不会被读取")],
    ),
    Mishap("a misspelt level", [typed("H8", "紧记")], [("H8", "error", "“等级”没有“紧记”这个值（是否为“紧急”？）")]),
    Mishap(
        "full-width signs and a number typed as text",
        [
            typed("E12", "部分，大量"),
            typed("G13", "非（有）"),
            typed("D12", "［３．．３］"),
            ("type_as_text", RULES, "D14", "3"),
        ],
        [],
        graded=True,
    ),
)

MORE = (
    Mishap(
        "from 4 to 5 as two conditions",
        [typed("D9", "≥4，≤5")],
        [
            (
                "D9",
                "error",
                "“严重性”的 >=4, <=5 对任何值都成立，等于没有条件：一格里的几个条件，符合一个就算（是否为“[4..5]”？）",
            )
        ],
    ),
    Mishap(
        "two conditions joined by and",
        [typed("D9", ">=4 and <=5")],
        [("D9", "error", "一格里的几个条件，符合一个就算；要同时符合，请写成区间（是否为“[4..5]”？）")],
    ),
    Mishap(
        "a keyword without brackets",
        [typed("C3", "问题描述"), typed("C7", "包含Smoke; 起火")],
        [("C7", "error", "会当作一段普通文字，与单元格完全相同才算符合（是否为“包含(Smoke，起火)”？）")],
    ),
    Mishap(
        "a renamed header", [typed("D3", "严重程度")], [("D3", "error", "没有名为“严重程度”的字段（是否为“严重性”？")]
    ),
    Mishap(
        "a header of no column",
        [("clear", RULES, "D3:D3")],
        [("D3", "error", "第 2 行标为“输入”的列缺少列名。请在第 3 行填写列名")],
    ),
    Mishap(
        "a misspelt condition", [typed("E9", "大批")], [("E9", "error", "“影响范围”没有“大批”这个值（是否为“大量”")]
    ),
    Mishap(
        "a rule moved to the wrong place",
        [
            ("insert_row", RULES, 12),
            ("move", RULES, "A15:I15", "A12"),
            ("delete_rows", RULES, 15),
        ],
        [("A13", "error", "规则 7、8（重要）永远轮不到：前面的规则 9（一般）已包揽它的全部情况")],
    ),
    Mishap(
        "a rule deleted in the middle",
        [("delete_rows", RULES, 14)],
        [("", "warning", "没有规则适用于这样的情况：安全隐患 = 否，真实性 = 属实，严重性 = 3")],
        graded=True,
    ),
    Mishap(
        "overlapping rules under UNIQUE",
        [typed("C1", "唯一")],
        [
            ("A7", "error", "规则 1 与规则 2 会同时匹配，例如 安全隐患 = 是，真实性 = 误解，严重性 = 1"),
            ("A8", "error", "规则 1 与规则 3 会同时匹配"),
            ("A9", "error", "规则 1 与规则 4 会同时匹配"),
            ("C1", "error", "若本意是自上而下第一条符合的规则生效，请把 C1 改为 首个"),
        ],
    ),
    Mishap(
        "a policy that gives a list",
        [typed("C1", "汇集")],
        [("C1", "error", "COLLECT 会给出多个结果或汇总，这张表只能有一个结果。请把 C1 改为 首个 或 唯一")],
    ),
    Mishap("a misspelt policy", [typed("C1", "首先")], [("C1", "error", "命中策略“首先”无法识别（是否为“首个”？）")]),
    Mishap(
        "words where a number belongs",
        [typed("D10", "四级以上")],
        [("D10", "error", "“严重性”应为数字，单元格中的“四级以上”却是文字。请改成数字或区间，例如 3、>=3、[1..3]")],
    ),
    Mishap(
        "a thousands separator made a number of two",
        [typed("D10", "1,200")],
        [("D10", "error", "规则 5 不可能符合：“严重性”没有任何值满足 1200")],
    ),
    Mishap("arrows the wrong way round", [typed("D10", "=>4")], [("D10", "error", "单元格显示错误 #VALUE!")]),
    Mishap(
        "a formula whose column is gone",
        [typed("D10", "=Z9"), ("delete_column", RULES, "Z")],
        [("D10", "error", "单元格显示错误 #REF!。请改正公式或直接填写值")],
    ),
    Mishap(
        "merged conditions",
        [("clear", RULES, "D10:D10"), ("merge", RULES, "D9:D10")],
        [
            ("D9", "error", "D9:D10 是合并单元格：只有左上角一格有内容，其余的格都算空。请取消合并，逐格填写"),
            ("A14", "error", "规则 9、10、11、12（一般、轻微）永远轮不到"),
        ],
    ),
    Mishap("an emptied result", [("clear", RULES, "H10:H10")], [("H10", "error", "规则 5 没有写“等级”")]),
    Mishap(
        "emptied conditions",
        [("clear", RULES, "B9:G9")],
        [("A10", "error", "规则 5、6、7、8、9、10、11、12（重要、一般、轻微）永远轮不到：前面的规则 4（紧急）")],
    ),
    Mishap("a rule without a number", [("clear", RULES, "A9:A9")], [("A9", "error", "这条规则没有编号")]),
    Mishap("the first row deleted", [("delete_rows", RULES, 1)], [("A1", "error", "第 1 行应为 决策表、名称")]),
    Mishap("the second row deleted", [("delete_rows", RULES, 2)], [("A2", "error", "第 2 行应标明每一列")]),
    Mishap("the third row deleted", [("delete_rows", RULES, 3)], [("A3", "error", "第 3 行应为列名")]),
    Mishap("a row inserted on top", [("insert_row", RULES, 1)], [("A1", "error", "表头 决策表 在第 2 行")]),
    Mishap("the column of results deleted", [("delete_column", RULES, "H")], [("A2", "error", "表中没有输出列")]),
    Mishap("a hidden sheet", [("hide_sheet", RULES)], [], graded=True),
    Mishap(
        "a copy of the sheet was edited",
        [("copy_sheet", RULES, "分级规则 (2)"), ("type", "分级规则 (2)", "D8", "1")],
        [("A1", "warning", "这张表没有步骤使用：起作用的是“分级规则”")],
        graded=True,
    ),
    Mishap("the sheet deleted", [("delete_sheet", RULES)], [("", "warning", "工作簿里没有“分级规则”")]),
    Mishap(
        "the sheet renamed",
        [("rename_sheet", RULES, "分级标准")],
        [("", "warning", "“分级标准”看起来就是它：把它改名为“分级规则”")],
    ),
)
