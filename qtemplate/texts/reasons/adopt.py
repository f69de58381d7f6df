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
    "adopt.none.no_trouble": (
        "工作表“{sheet}”第 {row} 行最像登记表的表头，但各列没有说到投诉、缺陷或问题，也看不出有多严重、怎么处理。",
        "Row {row} of the sheet {sheet} comes nearest to a register, but its columns speak of no complaint, defect or"
        " problem, nor of how bad it is or what was done.",
    ),
    "adopt.none.no_handling": (
        "最像登记表的是工作表“{sheet}”第 {row} 行，但只认出 {found} 列，其中看不出由谁、何时、怎样处理。",
        "Row {row} of the sheet {sheet} comes nearest to a register, but only {found} of its columns are known, and they do not show who handles what, when and how.",
    ),
    "adopt.kind.plan": ("计划", "a plan"),
    "adopt.kind.prices": ("价格、库存或费用表", "a list of prices, stock or costs"),
    "adopt.kind.people": ("通讯录或人员名单", "a list of people or contacts"),
    "adopt.kind.hours": ("工时或考勤表", "a sheet of hours worked"),
    "adopt.kind.minutes": ("会议纪要", "minutes of a meeting"),
    "adopt.kind.training": ("培训记录", "a list of trainings"),
    "adopt.kind.changes": ("变更清单", "a list of changes"),
    "adopt.kind.survey": ("问卷或评分表", "a survey or a scoring sheet"),
    "adopt.kind.test_cases": ("测试用例", "a list of test cases"),
    "adopt.kind.matrix": (
        "矩阵或分析表（如 FMEA、RACI、控制计划）",
        "a matrix or an analysis (FMEA, RACI, a control plan)",
    ),
    # why a column is taken for a field
    "adopt.why.exact": ("列名就是“{words}”", "the header says “{words}”"),
    "adopt.why.stem": ("去掉修饰后，列名是“{words}”", "without what is around it the header says “{words}”"),
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
    "adopt.why.are_codes": ("单元格里是编码，可能是型号或料号", "the cells hold codes, which may be model numbers"),
    "adopt.why.bare_numbers": (
        "单元格里只有数字，看不出数字大小代表什么",
        "the cells hold bare numbers, which may be how grave, how urgent, or something else",
    ),
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
    "adopt.why.other_words": (
        "单元格里是等级或状态的说法，不像这个字段的内容",
        "the cells hold words for grades or states, not what belongs here",
    ),
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
        "{all} {all:column|columns}: {sure} sure, {ask} to check, {none} stay as they are. {rows} {rows:row|rows}.",
    ),
    "adopt.then": (
        "看完并保存之后：qtemplate adopt {book} --apply {proposal}",
        "Once you have looked through it and saved it: qtemplate adopt {book} --apply {proposal}",
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
    "adopt.given": (
        "您的 {columns} 列从现在起由程序填写，用您自己的说法；原来的内容在第一次改动时记入变更日志，用 undo 可以取回。",
        "From now on the program fills your columns {columns}, in your own words; what stood there goes to the change log when it is first changed, and undo brings it back.",
    ),
    "adopt.over": (
        "共 {rows} 行，其中 {over} 行已有关闭日期或关闭的状态，作为历史：只编号，不处理，也不发邮件。",
        "{rows} {rows:row|rows}; {over} of them {over:has|have} a closing date or a closed status and {over:is|are} history: numbered, otherwise left alone, and no mail goes.",
    ),
    "adopt.disregarded": (
        "“{column}”里的 {words} 还没有说明含义（共 {n} 个），这些单元格按空着算；要用它们，请在工作表“{sheet}”的“含义”一栏写上。",
        "{column}: no meaning is given for {words} ({n} in all), and such cells count as empty; to have them count, write what they mean"
        " under Meaning on the sheet {sheet}.",
    ),
    "adopt.no_mail": (
        "现在不会发出任何邮件：[mail] allow_domains 还是空的；{since} 以前收到的算作历史（[mail] since）。",
        "No mail goes yet: [mail] allow_domains is empty, and what was received before {since} is history ([mail] since).",
    ),
    "adopt.next": (
        "原来的文件备份在 {backup}。接下来：在“人员”“产品”等表里填上您的数据，再用 qtemplate plan 看第一次运行会做什么。要撤回：qtemplate adopt {book} --undo。",
        "The former file is kept as {backup}. Next: fill in the sheets for people and products, then let qtemplate plan show what a first run would do. To take it back: qtemplate adopt {book} --undo.",
    ),
    "adopt.beside_done": (
        "{book} 保持原样，一个字节也没有改，以后也只读取。登记表是它旁边的 {path}：里面有您的列和行，右边是我们的列。每次运行先把您的工作簿里新增和改动的内容带过来。",
        "{book} stays as it is, byte by byte, and is only read from now on. The register is {path} beside it: your columns and rows, and ours at the right. Every run first brings over what was added and changed in your workbook.",
    ),
    "adopt.beside_columns": ("我们的列：{columns}。", "Our columns: {columns}."),
    "adopt.beside_left": (
        "有 {n} 行没有您自己的编号，或编号与前面的重复，没有带过来：两个工作簿靠编号对上。",
        "{n} {n:row|rows} without a number of your own, or with one that stands further up, {n:was|were} left out: the two workbooks find each other by it.",
    ),
    "adopt.beside_next": (
        "接下来：在 {path} 的“人员”“产品”等表里填上您的数据，再用 qtemplate plan 看第一次运行会做什么。要撤回：qtemplate adopt {book} --undo。",
        "Next: fill in the sheets for people and products of {path}, then let qtemplate plan show what a first run would do. To take it back: qtemplate adopt {book} --undo.",
    ),
    "adopt.undone_beside": (
        "{path} 已取走，另存为 {copy}，人写在里面的都在。{book} 从来没有改过。",
        "{path} is gone from there and kept as {copy}, with all that people wrote into it. {book} was never changed.",
    ),
    "adopt.closed": (
        "注意：{reason}这样的工作簿用 --apply 写不进去。处理后再采用；或者让它保持原样：qtemplate adopt {book} --apply {proposal} --beside 把我们的一切放进旁边的第二个工作簿。",
        "Note: {reason} As it is, --apply cannot write into it. Do so before you adopt it, or leave it as it is: qtemplate adopt {book} --apply {proposal} --beside puts all of ours into a second workbook beside it.",
    ),
    "adopt.closed.signed": (
        "它带有数字签名，任何改动都会使签名失效；要写入，请先删除签名（文件 - 信息）。",
        "It carries a digital signature, which any change would break; to have it written, remove the signature (File, Info).",
    ),
    "adopt.closed.structure": (
        "它的结构受保护，不能增加工作表；要写入，请先取消保护（审阅 - 保护工作簿）。",
        "Its structure is protected, so that no sheet can be added; to have it written, end that (Review, Protect Workbook).",
    ),
    "adopt.closed.sheet": (
        "工作表“{sheet}”受保护，右边的单元格是锁定的；要写入，请取消保护（审阅 - 撤消工作表保护），或把您的最后一列和它右边的列设为不锁定（我们的列沿用最后一列的格式）。",
        "The sheet {sheet} is protected and the cells right of your columns are locked; to have it written, unprotect it (Review, Unprotect Sheet) or unlock your last column and those right of it (ours take its format).",
    ),
    "adopt.closed.other": ("{problem}", "{problem}"),
    "adopt.first.no_cells": (
        "这是采用后的第一次运行：人填过的单元格一个也不会改。",
        "This is the first run of an adopted workbook: no cell that people filled would change.",
    ),
    "adopt.first.cells": (
        "这是采用后的第一次运行：人填过的单元格会改 {n} 格，见下面的列表；不想改就先别运行。",
        "This is the first run of an adopted workbook: {n} {n:cell|cells} that people filled would change, see below; do not run it if you do not want that.",
    ),
    "adopt.first.source": (
        "这是第一次运行：{book} 只读取，一格也不会改。",
        "This is the first run: {book} is only read, and no cell of it changes.",
    ),
    "adopt.first.history": (
        "{rows} 行中有 {n} 行按您的关闭日期或状态已经结束，作为历史：只编号、写上状态。",
        "{n} of {rows} {rows:row|rows} {n:is|are} over by your closing date or status: history, which gets a number and a status and nothing else.",
    ),
    "adopt.first.no_history": (
        "{rows} 行都算未结束：没有一行有关闭日期或关闭的状态。",
        "{rows} {rows:row counts|rows count} as open: none has a closing date or a closed status.",
    ),
    "adopt.first.mails": (
        "会准备 {n} 封邮件，其中 {go} 封会发出。",
        "{n} {n:mail|mails} would be prepared, and {go} of them would go.",
    ),
    "adopt.first.no_mails": ("不会有邮件发出。", "No mail would go."),
    "adopt.first.nobody": (
        "在 qtemplate.toml 的 [mail] allow_domains 写上允许的域名之前，任何人都收不到邮件。",
        "Nobody gets mail until [mail] allow_domains in qtemplate.toml names the domains that may.",
    ),
    "adopt.first.ungraded": (
        "未结束的 {rows} 行中有 {n} 行没有填“{@severity}”，不能定级；请在那一列填 1–5（可以慢慢填），其余先照常进行。",
        "{n} of {rows} open {rows:row|rows} {n:has|have} no {@severity} and {n:gets|get} no level; fill it in (1 to 5) bit by bit, everything else goes on.",
    ),
    "adopt.first.grading": (
        "您的表里没有：{columns}。没有它们也能定级，有了更准；想要的话，在 {book} 的登记表右边加上这个名字的列即可。",
        "Your workbook has no {columns}. Rows are graded without them, and better with them: to have them, add columns of these names at the right of the register in {book}.",
    ),
    "adopt.first.assigning": (
        "您的表里没有：{columns}。{@department}要靠它分派；在 {book} 的登记表右边加上这一列，或由人填写{@department}、{@owner}。",
        "Your workbook has no {columns}, by which a department is assigned: add the column at the right of the register in {book}, or fill in the department by hand.",
    ),
    "adopt.first.replying": (
        "您的表里没有：{columns}。要由程序答复反馈者，请在 {book} 的登记表右边加上这些列；不加则照旧由您自己答复。",
        "Your workbook has no {columns}. Add them at the right of the register in {book} to have replies to reporters prepared; without them you reply as you always did.",
    ),
    "adopt.grow.file": (
        "{file}（{sheet}）：{rows} 行，新 {new} 行，已有 {same} 行，内容不同 {differing} 行。",
        "{file} ({sheet}): {rows} {rows:row|rows}, {new} new, {same} there already, {differing} that differ.",
    ),
    "adopt.grow.aside": (
        "{file} {sheet} 没有采用：{reason}",
        "{file} {sheet} is not taken: {reason}",
    ),
    "adopt.grow.strange": (
        "列名对不上（{headers}）。请把列名改成登记表里的，或先在登记表里加上这些列。",
        "its headers do not fit ({headers}). Rename them as in the register, or add these columns to the register first.",
    ),
    "adopt.grow.difference": (
        "  {number} 的“{header}”：登记表 {here}，{file} 第 {row} 行 {there}",
        "  {number}, {header}: {here} in the register, {there} in {file}, row {row}",
    ),
    "adopt.grow.differ": (
        "有 {n} 个编号内容不同，不会再加一行；采用时列在 {file} 里，由人决定。",
        "{n} {n:number says|numbers say} something else; {n:it is|they are} not added once more, and will be listed in {file} for a person to decide.",
    ),
    "adopt.grow.listed": (
        "有 {n} 个编号内容不同，没有再加一行，全部列在 {file} 里，由人决定。",
        "{n} {n:number says|numbers say} something else; {n:it was|they were} not added once more and {n:is|are} listed in {file} for a person to decide.",
    ),
    "adopt.grow.no_number": (
        "没有认出您自己的编号列，因此只有整行完全相同的才算重复。",
        "No column was known as your own number; only rows that are alike from end to end count as doubles.",
    ),
    "adopt.grow.nothing": (
        "没有一个文件是登记表，什么也没有做。",
        "None of the files is a register; nothing was done.",
    ),
    "adopt.grow.would": (
        "还没有写入。加上 --yes 就会写：{into} 将有 {rows} 行，其中新加 {n} 行。原来的文件都不会改动。",
        "Nothing was written yet. With --yes {into} will have {rows} {rows:row|rows}, {n} of them added. The files themselves are never changed.",
    ),
    "adopt.grow.made": (
        "{into} 有 {rows} 行，其中从其余文件加入 {n} 行。原来的文件都没有改动。接下来：qtemplate adopt {into}",
        "{into} has {rows} {rows:row|rows}, {n} of them from the other files. The files themselves were not changed. Next: qtemplate adopt {into}",
    ),
    "adopt.grow.added": (
        "{into} 新加了 {n} 行，现有 {rows} 行；之前的样子备份在 backups 里。原来的文件都没有改动。",
        "{n} {n:row was|rows were} added to {into}, which has {rows} now; as it was before it is kept in backups. The files themselves were not changed.",
    ),
    "beside.clash": (
        "{number} 的“{name}”：登记表 {here}，您的工作簿 {there}",
        "{number}, {name}: {here} in the register, {there} in your workbook",
    ),
    "because.mirrored": ("工作簿“{book}”里这样写", "so it says in the workbook {book}"),
    "adopt.undone": (
        "{book} 恢复成了采用之前的文件，一个字节也不差。",
        "{book} is the file it was before it was adopted, byte by byte.",
    ),
    "adopt.taken_out": (
        "已从 {book} 取出我们的 {columns} 列和 {sheets} 张工作表；采用之后人在其中改动和新增的内容（单元格、行、格式、图表、工作表）都保留。",
        "Our {columns} {columns:column|columns} and {sheets} {sheets:sheet|sheets} are out of {book}. Everything people changed and added since (cells, rows, formats, charts, sheets) stays.",
    ),
    "adopt.returned": (
        "程序写进您自己的列里的 {n} 格恢复为原来的内容。",
        "The {n} {n:cell|cells} that the program wrote into your own columns {n:holds|hold} again what stood there.",
    ),
    "adopt.not_returned": (
        "您自己的列里有 {n} 格是程序写过、后来又有人改过的，没有动：{cells}。",
        "{n} {n:cell|cells} in your own columns {n:was|were} written by the program and changed by people since; {n:it stays|they stay}: {cells}.",
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
