"""The sentences about decision tables, in Chinese and English: on a case, a cell, a whole table. Data only.

Every entry is (zh, en); the names in braces are facts of the problem. A test compares the two languages.
"""

from __future__ import annotations

KIND_NAMES: dict[str, tuple[str, str]] = {
    "number": ("数字", "a number"),
    "string": ("文字", "text"),
    "boolean": ("是/否值", "true or false"),
    "date": ("日期", "a date"),
    "date and time": ("日期时间", "a date and time"),
    "date and time with time zone": ("带时区的日期时间", "a date and time with a time zone"),
    "time": ("时刻", "a time of day"),
    "time with time zone": ("带时区的时刻", "a time of day with a time zone"),
    "days and time duration": ("时长（天、小时）", "a duration in days and hours"),
    "years and months duration": ("时长（年、月）", "a duration in years and months"),
    "other": ("无法识别的值", "a value of no known type"),
    "null": ("空", "empty"),
}

ANY_OTHER = ("（其他文字）", "(any other text)")

EXPECTED_NAMES: dict[str, tuple[str, str]] = {
    "value": ("一个值", "a value"),
    "number": ("一个数字", "a number"),
    "literal": ("一个值（文字要加引号）", "a value (text needs quotes)"),
    "end": ("到此为止", "nothing more"),
}

# Why a case has no result.
CASES: dict[str, tuple[str, str]] = {
    "no_rule": ("没有规则匹配", "no rule matched"),
    "not_unique": (
        "违反唯一（UNIQUE）策略：规则 {rules} 同时匹配",
        "UNIQUE violated: rules {rules} all match",
    ),
    "any_disagrees": (
        "违反任一（ANY）策略：规则 {rules} 同时匹配但结果不同",
        "ANY violated: rules {rules} match and disagree",
    ),
    "type_mismatch": (
        "类型不符，无法判定：“{column}”应为{expected}，现为{kind} {found}",
        "type mismatch, cannot be decided: {column} should be {expected} but is {kind}: {found}",
    ),
    "not_aggregable": (
        "无法汇总（{aggregation}）：规则 {rules} 的结果不是可比较的数值",
        "{aggregation} cannot be formed: the outputs of rules {rules} are not values it can be formed of",
    ),
}

# Why a cell or a table is wrong or doubtful.
TABLES: dict[str, tuple[str, str]] = {
    "bad_character": (
        "无法读懂“{text}”：第 {at} 个字符起的“{found}”。请检查符号和引号",
        'cannot read "{text}": "{found}" at character {at}. Check signs and quotes',
    ),
    "bad_literal": (
        "无法读懂“{text}”：“{found}”不是有效的值。请检查日期、时间或数字的写法",
        'cannot read "{text}": {found} is no valid value. Check how the date, time or number is written',
    ),
    "unexpected": (
        "无法读懂“{text}”：第 {at} 个字符处应为{expected}，现为“{found}”",
        'cannot read "{text}": expected {expected} at character {at}, found "{found}"',
    ),
    "no_such_day": (
        "无法读懂“{text}”：没有“{found}”这一天{suggestion}。请改成日历上有的日期",
        'cannot read "{text}": there is no day {found}{suggestion}. Write a date of the calendar',
    ),
    "unsure_date": (
        "无法读懂“{text}”：“{found}”不能确定是哪一天。请写完整的日期，例如 2026-3-7",
        'cannot read "{text}": {found} may be more than one day. Write the whole date, such as 2026-3-7',
    ),
    "joined": (
        "无法读懂“{text}”：一格里的几个条件，符合一个就算；要同时符合，请写成区间{suggestion}",
        'cannot read "{text}": of several conditions in one cell, one is enough. If both must hold, write an interval'
        "{suggestion}",
    ),
    "error_cell": (
        "单元格显示错误 {found}。请改正公式或直接填写值",
        "the cell shows the error {found}. Correct the formula or type the value",
    ),
    "uncalculated": (
        "公式 {found} 还没有算出值。请在 Excel 中打开工作簿并保存，或直接填写值",
        "the formula {found} has no value yet. Open the workbook in Excel and save it, or type the value",
    ),
    "no_name": (
        "第 2 行标为“{role}”的列缺少列名。请在第 3 行填写列名",
        'the column is marked "{role}" in row 2 but has no name. Write its name in row 3',
    ),
    "no_role": (
        "列“{found}”在第 2 行没有标明用途。请填写 输入、输出 或 备注",
        'the column "{found}" is not marked in row 2. Write input, output or note',
    ),
    "bad_role": (
        "第 2 行的“{found}”无法识别。应为 输入、输出 或 备注",
        'row 2 says "{found}". Expected input, output or note',
    ),
    "no_output": ("表中没有输出列。请在第 2 行至少标一列为 输出", "the table has no output. Mark one column in row 2"),
    "duplicate_column": (
        "列名“{found}”重复。每列的名称必须不同",
        'the column name "{found}" stands twice. Give each column its own name',
    ),
    "bad_hit_policy": (
        "命中策略“{found}”无法识别{suggestion}。应为 唯一、首个、任一、优先、输出顺序、规则顺序 或 汇集",
        'unknown hit policy "{found}"{suggestion}. Expected UNIQUE, FIRST, ANY, PRIORITY, OUTPUT ORDER, RULE ORDER '
        "or COLLECT",
    ),
    "bad_aggregation": (
        "汇总方式“{found}”无法识别。应为 SUM、MIN、MAX 或 COUNT，且只用于 汇集",
        'unknown aggregation "{found}". Expected SUM, MIN, MAX or COUNT, and only with COLLECT',
    ),
    "compound_aggregation": (
        "有多个输出列的表不能用 {found} 汇总。请只留一个输出列",
        "{found} cannot be formed of several outputs. Keep one output column",
    ),
    "not_summed": (
        "这张表的结果要相加：每条符合的规则都算。请在 C1 填 汇集，在 D1 填 求和",
        "the results of this table are added up: every rule that matches counts. Write COLLECT into C1 and SUM into D1",
    ),
    "no_number": (
        "规则 {rule} 没有写“{column}”。请填写一个数字，可以是负数",
        'rule {rule} has no "{column}". Write a number; it may be negative',
    ),
    "no_identifier": (
        "这条规则没有编号。请在 A 列填写编号或名称",
        "the rule has no number. Write a number or a name in column A",
    ),
    "duplicate_identifier": (
        "编号“{found}”已用于第 {row} 行。请换一个编号，否则判定依据无法区分",
        'the number "{found}" is already used in row {row}. Give the rule its own, or reasons cannot tell them apart',
    ),
    "no_rules": (
        "表中没有规则。规则从第 6 行开始，中间不能有空行",
        "the table has no rules. Rules start below the header rows",
    ),
    "title_lost": (
        "第 1 行应为 决策表、名称、命中策略，现为“{found}”：这一行可能被删除了。请在最上面插入一行，"
        "A1 填 决策表，B1 填名称，C1 填命中策略（例如 首个）",
        'row 1 should hold "decision table", a name and the hit policy, but begins with "{found}": the row was perhaps '
        "deleted. Insert a row on top: decision table in A1, the name in B1, the hit policy in C1, such as FIRST",
    ),
    "head_moved": (
        "表头 决策表 在第 {row} 行，应在第 1 行。请删除它上面的行",
        'the head "decision table" stands in row {row} and must stand in row 1. Delete the rows above it',
    ),
    "marker_lost": (
        "A1 应写 决策表，现为“{found}”。请改回",
        'A1 should say "decision table", but says "{found}". Put it back',
    ),
    "roles_lost": (
        "第 2 行应标明每一列的用途（输入、输出、备注），现在大多不是：这一行可能被删除或移走了。请恢复这一行",
        "row 2 should say of each column whether it is input, output or note, and most cells do not: it was perhaps "
        "deleted or moved. Put it back",
    ),
    "names_lost": (
        "第 3 行应为列名，现在没有一格有列名：这一行可能被删除了。请恢复这一行",
        "row 3 should hold the names of the columns and holds none: the row was perhaps deleted. Put it back",
    ),
    "after_blank": (
        "第 {blank} 行是空行，表到此为止：第 {row} 行起还有像规则的内容（{found}），不会被读取。请删除空行；"
        "若不是规则，请把它移到别处",
        "row {blank} is blank and ends the table: what looks like rules from row {row} on ({found}) is not read. "
        "Delete the blank row, or move what is no rule elsewhere",
    ),
    "merged": (
        "{found} 是合并单元格：只有左上角一格有内容，其余的格都算空。请取消合并，逐格填写",
        "{found} are merged: only the upper left cell has a value, the others count as empty. Unmerge them and fill in "
        "each",
    ),
    "no_result": (
        "规则 {rule} 没有写“{column}”，符合它的情况就没有结果。请填写，或删除这条规则",
        'rule {rule} has no "{column}", so the cases it matches get none. Fill it in, or delete the rule',
    ),
    "many_results": (
        "{policy} 会给出多个结果或汇总，这张表只能有一个结果。请把 C1 改为 首个 或 唯一",
        "{policy} gives several results or a sum of them, but this table needs one. Write FIRST or UNIQUE into C1",
    ),
    "bad_allowed": (
        "输出列的允许值应为值的列表，例如 紧急, 重要, 一般；现为“{found}”",
        'allowed values of an output are a list of values such as "a", "b"; found "{found}"',
    ),
    "unknown_column": (
        "没有名为“{found}”的字段{suggestion}。请按登记表的列名填写",
        'there is no field "{found}"{suggestion}. Use a column header of the register',
    ),
    "unknown_name": (
        "“{found}”不是本表的列。若是文字请加引号，若是列名请检查写法{suggestion}",
        '"{found}" is no column of this table. Put text in quotes, or check the name{suggestion}',
    ),
    "missing_field": ("登记表没有“{column}”列", 'the register has no column "{column}"'),
    "foreign_name": (
        "{written} 中的“{found}”既不是本表的列，也不是数据的列。文字要加引号",
        '"{found}" in {written} names no column of the table or the data. Text needs quotes',
    ),
    "unknown_value": (
        "“{column}”没有“{found}”这个值{suggestion}。可用的值：{known}",
        '"{column}" has no value "{found}"{suggestion}. Known values: {known}',
    ),
    "wrong_kind": (
        "“{column}”应为{expected}，单元格中的“{found}”却是{kind}。请改成{like}",
        '"{column}" holds {expected}, but "{found}" in the cell is {kind}. Write {like}',
    ),
    "not_ordered": (
        "“{column}”的值不能比较大小，不能用 {found}。请用列表或 非(…)",
        'values of "{column}" have no order, so {found} means nothing. Use a list or not(…)',
    ),
    "not_allowed": (
        "“{found}”不在“{column}”的允许值（第 {row} 行）之内{suggestion}",
        '"{found}" is not among the allowed values of "{column}" (row {row}){suggestion}',
    ),
    "excel_date": (
        "“{column}”应为{expected}，单元格却是日期 {found}：输入 {likely} 之类的内容时，Excel 会把它变成日期。"
        "请改成{like}",
        '"{column}" holds {expected}, but the cell is the date {found}: Excel turns an entry such as {likely} into a '
        "date. Write {like}",
    ),
    "excel_number": (
        "“{column}”是文字列，单元格却是数字 {found}：前导零或末尾的零可能已丢失。请设为文本格式再输入",
        '"{column}" holds text, but the cell is the number {found}: leading or trailing zeros may be lost. Format the '
        "cell as text and type it again",
    ),
    "thousands": (
        "“{found}”会被读作几个值的列表。千位分隔符请去掉",
        '"{found}" is read as a list of values. Leave out thousands separators',
    ),
    "full_width": (
        "“{found}”中有全角标点。严格写法应为 {strict}",
        '"{found}" has full-width punctuation. Write {strict}',
    ),
    "midnight": (
        "“{column}”含时刻，{found} 只到当天零点。若要包含当天，请写次日",
        '"{column}" has a time of day, so {found} ends at midnight. To include the day, write the day after',
    ),
    "no_priority": (
        "{policy} 需要知道输出值的先后。请在“{column}”的允许值一行按优先顺序列出所有值",
        'under {policy} the order of outputs must be known. List the values of "{column}" in the allowed row',
    ),
    "overlap": (
        "规则 {one} 与规则 {other} 会同时匹配，例如 {example}；唯一（UNIQUE）策略不允许",
        "rules {one} and {other} both match, for example {example}; UNIQUE does not allow that",
    ),
    "disagreement": (
        "规则 {one} 与规则 {other} 会同时匹配但结果不同，例如 {example}；任一（ANY）策略不允许",
        "rules {one} and {other} both match and disagree, for example {example}; ANY does not allow that",
    ),
    "gap": (
        "没有规则适用于这样的情况：{example}。请补一条规则，或填写缺省值",
        "no rule covers {example}. Add a rule, or a default",
    ),
    "masked": (
        "规则 {rule} 永远轮不到：前面的规则 {by} 已包揽它的全部情况，结果相同。可以删除",
        "no case is left for rule {rule}: all go to rule {by} further up, with the same result. It can go",
    ),
    "masked_other": (
        "规则 {rule}（{result}）永远轮不到：前面的规则 {by}（{theirs}）已包揽它的全部情况。"
        "请检查规则 {by} 是否少了条件（列被删除、单元格被清空或合并），或调整先后，或删除轮不到的规则",
        "no case is left for rule {rule} ({result}): all go to rule {by} further up ({theirs}). See whether rule {by} "
        "lacks a condition (a deleted column, an emptied or merged cell), change the order, or delete what has no case",
    ),
    "more_overlaps": (
        "还有其他规则会同时匹配。若本意是自上而下第一条符合的规则生效，请把 C1 改为 首个",
        "more rules match together. If the first that matches from the top is meant to count, write FIRST into C1",
    ),
    "impossible": (
        "规则 {rule} 不可能符合：“{column}”没有任何值满足 {found}{suggestion}。请改正这一格，或删除这条规则",
        'rule {rule} can never match: no value of "{column}" satisfies {found}{suggestion}. Correct the cell, or '
        "delete the rule",
    ),
    "always": (
        "“{column}”的 {found} 对任何值都成立，等于没有条件：一格里的几个条件，符合一个就算{suggestion}。"
        "若本来就不限，请写 -",
        '{found} holds for every value of "{column}" and so is no condition: of several in one cell, one is enough'
        "{suggestion}. Write - if any value will do",
    ),
    "any_filled": (
        "“{column}”的 {found} 对任何值都成立，只有没填的不算。若就是这个意思，请写 非空；若没填的也算，请写 -",
        '{found} holds for every value of "{column}" but an empty one. Write not empty if that is meant, or - if an '
        "empty one counts too",
    ),
    "text_like_test": (
        "“{column}”的“{found}”会当作一段普通文字，与单元格完全相同才算符合{meant}。若就是指这段文字，请加引号",
        '"{found}" in "{column}" is taken as plain text that must be equal word for word{meant}. Put it in quotes if '
        "this very text is meant",
    ),
    "not_decided": (
        "表太大，未能查完{what}",
        "the table is too large to finish looking for {what}",
    ),
}

WHATS: dict[str, tuple[str, str]] = {"gap": ("空缺", "gaps"), "masked": ("被遮盖的规则", "masked rules")}

WRITE_LIKE: dict[str, tuple[str, str]] = {
    "number": ("数字或区间，例如 3、>=3、[1..3]", "a number or an interval, such as 3, >=3, [1..3]"),
    "string": (
        "文字；要按文字保存的数字请先把单元格设为文本格式",
        "text; format the cell as text first if it looks like a date or a number",
    ),
    "boolean": ("是 或 否", "yes or no"),
    "date": ("日期，例如 2026-3-7 或 >=2026-3-7", "a date, such as 2026-3-7 or >=2026-3-7"),
}
"""How a value of a kind is written in a rule cell."""
