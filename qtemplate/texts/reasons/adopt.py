"""Phrases of `adopt`: what was seen in a team's own workbook, and why. key -> (zh, en). Data only."""

from __future__ import annotations

ADOPT_REASONS: dict[str, tuple[str, str]] = {
    # the verdict
    "adopt.register": (
        "工作表“{sheet}”是一张登记表，表头在第 {row} 行。",
        "The sheet {sheet} is a register; its header is row {row}.",
    ),
    "adopt.none.format": (
        "{suffix} 文件不能直接使用。请在 Excel 或 WPS 中打开，另存为 .xlsx，再试一次。",
        "A {suffix} file cannot be used as it is. Open it in Excel, WPS or LibreOffice, save as .xlsx, and try again.",
    ),
    "adopt.none.unreadable": ("{problem}", "{problem}"),
    "adopt.none.no_header": (
        "没有一张工作表的前 40 行里有表头（至少三个并排的列名）。请指定有登记表的工作簿。",
        "No sheet has a header row (at least three column names side by side) in its first 40 rows. Name the workbook that holds the register.",
    ),
    "adopt.none.kind": (
        "这里没有反馈登记表：工作表“{sheet}”看起来是{kind}。",
        "There is no feedback register here: the sheet {sheet} looks like {kind}.",
    ),
    "adopt.none.no_problem": (
        "最像登记表的是工作表“{sheet}”第 {row} 行，但其中没有写问题本身的列（如问题描述、标题）。",
        "Row {row} of the sheet {sheet} comes nearest to a register, but no column says what the problem is (a description or a title).",
    ),
    "adopt.none.no_handling": (
        "最像登记表的是工作表“{sheet}”第 {row} 行，但只认出 {found} 列，其中看不出由谁、何时、怎样处理。",
        "Row {row} of the sheet {sheet} comes nearest to a register, but only {found} of its columns are known, and they do not show who handles what, when and how.",
    ),
    "adopt.kind.plan": ("计划", "a plan"),
    "adopt.kind.prices": ("价格、库存或费用表", "a list of prices, stock or costs"),
    "adopt.kind.people": ("通讯录或人员名单", "a list of people or contacts"),
    "adopt.kind.survey": ("问卷或评分表", "a survey or a scoring sheet"),
    "adopt.kind.test_cases": ("测试用例", "a list of test cases"),
    "adopt.kind.matrix": (
        "矩阵或分析表（如 FMEA、RACI、控制计划）",
        "a matrix or an analysis (FMEA, RACI, a control plan)",
    ),
    # why a column is taken for a field
    "adopt.why.exact": ("列名就是“{words}”", "the header says “{words}”"),
    "adopt.why.stem": ("去掉修饰后，列名是“{words}”", "without its subject the header says “{words}”"),
    "adopt.why.weak": ("“{words}”单独看不够明确", "“{words}” alone says too little"),
    "adopt.why.part": ("列名中含有“{words}”", "the header contains “{words}”"),
    "adopt.why.programs": (
        "这一列在我们这里由程序填写，而您的单元格已有内容；要不要采用由您决定",
        "the program would fill this column, and yours has content; whether to take it is for you to decide",
    ),
    "adopt.why.no_dates": ("单元格里不是日期", "the cells hold no dates"),
    "adopt.why.few_dates": ("只有部分单元格是日期", "only some of the cells hold dates"),
    "adopt.why.are_dates": ("单元格里是日期", "the cells hold dates"),
    "adopt.why.no_mails": ("单元格里不是邮箱地址", "the cells hold no mail addresses"),
    "adopt.why.no_phones": ("单元格里不是电话号码", "the cells hold no telephone numbers"),
    "adopt.why.no_numbers": ("单元格里不像编号或数量", "the cells hold no numbers"),
    "adopt.why.are_numbers": ("单元格里是数字", "the cells hold numbers"),
    "adopt.why.are_addresses": (
        "单元格里是电话或邮箱，不是姓名",
        "the cells hold telephone numbers or mail addresses, not names",
    ),
    "adopt.why.too_long": ("内容太长", "the texts are too long for it"),
    "adopt.why.too_short": ("内容太短", "the texts are too short for it"),
    "adopt.why.repeats": ("相同内容反复出现", "the same texts come again and again"),
    "adopt.why.all_different": ("内容几乎各不相同", "hardly any text comes twice"),
    "adopt.why.numbers_repeat": ("编号有重复", "numbers come more than once"),
    "adopt.why.unknown_values": ("大多数取值不认识", "most of its values are unknown"),
    "adopt.why.known_values": ("单元格里是常见的状态词", "the cells hold well-known words"),
    "adopt.why.mails": ("单元格里是邮箱地址", "the cells hold mail addresses"),
    "adopt.why.phones": ("单元格里是电话号码", "the cells hold telephone numbers"),
    "adopt.why.links": ("单元格里是文件名或链接", "the cells hold file names or links"),
    "adopt.why.running": ("只是从 1 开始的序号", "it only counts the rows"),
    "adopt.why.long_texts": (
        "列名不认识，但内容像问题描述",
        "the header is unknown, but the texts read like descriptions",
    ),
    "adopt.why.rival": ("另一列同样符合", "another column fits as well"),
    "adopt.why.taken": ("另一列更符合", "another column fits better"),
    "adopt.why.unknown": ("没有对应的列", "no column of ours means this"),
    # what the command says
    "adopt.written": (
        "对照方案已写入 {path}：“{columns}”页对列，“{values}”页对取值，“{stays}”页是保持不变的内容。请逐行看一遍，特别是标为“请确认”的行。",
        "The proposal is in {path}: the page {columns} for columns, {values} for values, {stays} for what stays as it is. Go through it, above all the lines marked “please check”.",
    ),
    "adopt.counts": (
        "{all} 列：{sure} 列确定，{ask} 列请确认，{none} 列保持不变。共 {rows} 行。",
        "{all} columns: {sure} sure, {ask} to check, {none} stay as they are. {rows} rows.",
    ),
    "adopt.done": (
        "{book} 已采用：在您的列右边加了 {columns}。",
        "{book} is adopted. Added at the right of your columns: {columns}.",
    ),
    "adopt.sheets": ("末尾加了工作表：{sheets}。", "Added at the end, the sheets {sheets}."),
    "adopt.kept": (
        "人填过的单元格一个也没有改；列名没有改，对照关系记在最后一张工作表里。",
        "No cell that people filled was changed, and no header; which column is which stands on the last sheet.",
    ),
    "adopt.over": (
        "共 {rows} 行，其中 {over} 行已有关闭日期或关闭的状态，作为历史：只编号，不处理，也不发邮件。",
        "{rows} rows; {over} of them have a closing date or a closed status and are history: numbered, otherwise left alone, and no mail goes.",
    ),
    "adopt.no_mail": (
        "现在不会发出任何邮件：[mail] allow_domains 还是空的；{since} 以前收到的算作历史（[mail] since）。",
        "No mail goes yet: [mail] allow_domains is empty, and what was received before {since} is history ([mail] since).",
    ),
    "adopt.next": (
        "原来的文件备份在 {backup}。接下来：在“人员”“产品”等表里填上您的数据，再用 qtemplate plan 看第一次运行会做什么。要撤回：qtemplate adopt {book} --undo。",
        "The former file is kept as {backup}. Next: fill in the sheets for people and products, then let qtemplate plan show what a first run would do. To take it back: qtemplate adopt {book} --undo.",
    ),
    "adopt.undone": (
        "{book} 恢复成了采用之前的文件，一个字节也不差。",
        "{book} is the file it was before it was adopted, byte by byte.",
    ),
    "adopt.taken_out": (
        "已从 {book} 取出我们的 {columns} 列和 {sheets} 张工作表；采用之后人在其中改动和新增的内容（单元格、行、格式、图表、工作表）都保留。",
        "Our {columns} columns and {sheets} sheets are out of {book}. Everything people changed and added since (cells, rows, formats, charts, sheets) stays.",
    ),
    "adopt.returned": (
        "程序写进您自己的列里的 {n} 格恢复为原来的内容。",
        "The {n} cells that the program wrote into your own columns hold again what stood there.",
    ),
    "adopt.not_returned": (
        "您自己的列里有 {n} 格是程序写过、后来又有人改过的，没有动：{cells}。",
        "{n} cells in your own columns were written by the program and changed by people since; they stay: {cells}.",
    ),
    "adopt.ours_gone": (
        "找不到我们的列 {names}：可能已改名或删除。改了名的列现在是您的，不需要时请自行删除。",
        "Our columns {names} were not found; they may have been renamed or deleted. One that was renamed is yours now: delete it if you do not need it.",
    ),
    "adopt.undo_copy": ("刚才的样子另存为 {copy}。", "As it was just now it is kept as {copy}."),
    "adopt.undo_nothing": ("{book} 已经是采用之前的文件。", "{book} is the file it was before already."),
    "adopt.undo_in_the_way": (
        "没有撤回，{book} 没有改动。{problem} 处理之后再撤回一次。",
        "Not taken back; {book} was not changed. {problem} Then take it back again.",
    ),
    "adopt.undo_no_map": (
        "没有撤回：{book} 里找不到列对照，无法知道哪些列和工作表是我们的。采用之前的文件在 {backup}。",
        "Not taken back: {book} has no column map any more, which says what is ours. The former file is {backup}.",
    ),
    "adopt.undo_later": ("还没有撤回：{reason}。请稍后再试。", "Not taken back yet: {reason}. Try again later."),
    "adopt.later": (
        "还没有采用：{reason}。请稍后再试。",
        "Not adopted yet: {reason}. Try again later.",
    ),
    "adopt.untouched": ("工作簿 {book} 没有被改动。", "The workbook {book} was not changed."),
}
