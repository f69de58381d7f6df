"""Findings about rule sheets (2xx), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

TABLES: dict[str, Entry] = {
    "QT200": Entry(
        "工作表“{sheet}”",
        "工作簿里没有“{sheet}”，靠它工作的步骤不做。{instead}若已删除，从备份或标准工作簿复制这张表；若改了名，改回这个名字。",
        "a sheet “{sheet}”",
        "The workbook has no sheet “{sheet}”; what rests on it is not done. {instead}If it was deleted, copy it from a "
        "backup or the standard workbook; if it was renamed, give it this name again.",
    ),
    "QT201": Entry(
        "表头 {columns}", "工作表“{sheet}”里没有找到表头 {columns}，这一部分没有读取；请补上表头。",
        "the headers {columns}",
        "The sheet “{sheet}” lacks the headers {columns}; this part was not read. Put the headers back.",
    ),
    "QT202": Entry(
        "{wanted}", "请改成{wanted}；改正之前这一格不起作用，这一行若缺它不可，整行也不起作用。",
        "{wanted}", "Change it to {wanted}; until then the cell, or the row that needs it, has no effect.",
    ),
    "QT203": Entry(
        "一个值，而不是公式错误", "改正公式或直接填入值；在此之前这一行不起作用。",
        "a value, not a formula error", "Mend the formula or type the value; until then the row has no effect.",
    ),
    "QT204": Entry(
        "{allowed} 之一", "是不是“{near}”？请改正；在此之前，程序不采用这个词。",
        "one of {allowed}", "Is “{near}” meant? Correct it; until then this word is not used.",
    ),
    "QT205": Entry(
        "只出现一次", "与 {other} 重复，以 {other} 为准；请删除或改正这一行。",
        "once only", "The same as {other}, which counts; delete or correct this row.",
    ),
    "QT206": Entry(
        "人员表里的姓名", "人员表里没有这个人；请改正姓名，或先加入人员表。",
        "a name of the sheet People", "Nobody of this name is in People; correct the name or add the person.",
    ),
    "QT207": Entry(
        "{allowed} 之一", "请改成其中之一；在此之前，程序不采用这个词。",
        "one of {allowed}", "Change it to one of them; until then this word is not used.",
    ),
    "QT208": Entry(
        "右侧某个列表的名称", "没有叫这个名字的列表；请改正名称，或在右侧加上这个列表。",
        "the name of a list to the right", "There is no list of this name; correct it, or add the list to the right.",
    ),
    "QT209": Entry(
        "每个同义词只属于一个故障", "“{word}”已经属于“{other}”；请从其中一行删去。",
        "every synonym at one fault", "“{word}” already belongs to “{other}”; take it out of one of the two rows.",
    ),
    "QT210": Entry(
        "至少一个工作时段", "“{sheet}”没有可用的每周工作时段，时限不计算；请填写星期、开始、结束。",
        "at least one working segment",
        "“{sheet}” has no usable working hours, so no clock runs; fill in weekday, from and to.",
    ),
    "QT211": Entry(
        "是、否，或条件，例如 反馈者类型=经销商",
        "{problem}。改正之前这一列不按条件必填。",
        "Yes, No, or a condition such as Reporter type = Dealer",
        "{problem}. Until it is corrected, the column is not required.",
    ),
    "QT212": Entry(
        "是、否，或用 + 连接的列名，例如 批次号+序列号",
        "没有名为“{name}”的列，是不是“{near}”？改正之前不检查重复。",
        "Yes, No, or columns joined by +, such as Batch+Serial",
        "There is no column “{name}”; is “{near}” meant? Until it is corrected, repetitions are not checked.",
    ),
    "QT214": Entry(
        "表头 {columns}", "工作表“{sheet}”缺少表头{columns}；这些列既读不到，也不会填写。请改回原来的表头。",
        "the headers {columns}",
        "The sheet “{sheet}” lacks the headers {columns}; these columns are neither read nor filled. Put the headers "
        "back.",
    ),
    "QT215": Entry(
        "只出现一次", "这个表头与 {other} 的相同；读写都以 {other} 为准。请改名或删除其中一列。",
        "once only", "The same header stands in {other}, which is the one that is read and filled; rename or delete one.",
    ),
    "QT220": Entry(
        "", "{problem}。改正之前不使用“{sheet}”，相关步骤跳过，已有的结果保持不变。",
        "",
        "{problem}. Until it is corrected, “{sheet}” is not used: its step is skipped, and what it gave before stays.",
    ),
    "QT221": Entry("", "{problem}。", "", "{problem}."),
    "QT222": Entry(
        "输出列 {wanted}", "这张表没有需要的输出列 {wanted}，不能使用；请在第 2 行标为“输出”，第 3 行写列名。",
        "an output {wanted}",
        "The table lacks the output {wanted} and is not used; mark the column as output in row 2 and name it in row 3.",
    ),
    "QT224": Entry(
        "", "这张表没有步骤使用：起作用的是“{counts}”。要用这一张，请把“{counts}”删除或改名，再把这一张改成那个名字；否则可以删除。",
        "",
        "No step uses this table: “{counts}” is the one that counts. To use this one, delete or rename “{counts}” and "
        "give this the name; otherwise it can go.",
    ),
    "QT225": Entry(
        "",
        "“{sheet}”在上次运行之后改过，现在起按新的规则判定；本次运行改变了 {count} 条已有的“{column}”。如果不是有意改的，请改回来；"
        "用 qtemplate rules diff 可与备份逐条比较。",
        "",
        "“{sheet}” was changed since the last run and counts from now on; this run changed {count} known values of "
        "{column}. If that was not meant, change it back; qtemplate rules diff compares row by row with a backup.",
    ),
    "QT223": Entry(
        "{wanted}", "示例“{name}”得到{got}（规则 {rules}）；改正规则，或改正示例。",
        "{wanted}", "The example “{name}” gives {got} (rule {rules}); correct the rules, or the example.",
    ),
}  # fmt: skip
