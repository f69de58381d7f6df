"""Findings about reading the register and the workbook (10x, 70x), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

READING: dict[str, Entry] = {
    "QT100": Entry(
        "一个值，而不是公式错误", "改正公式或直接填入值；在此之前这一格按空处理。",
        "a value, not a formula error", "Mend the formula or type the value; until then the cell counts as empty.",
    ),
    "QT101": Entry(
        "“{used}”",
        "多余的空格、全角字符或不同写法已按“{used}”使用；请在表中改成这样。",
        "“{used}”", "Stray spaces, full-width characters or another spelling: taken as “{used}”; please write it so.",
    ),
    "QT102": Entry(
        "文字“{used}”",
        "编号存成了数字，前面的零可能已丢失；已按“{used}”使用。请核对，把单元格设为文本格式后重新填写。",
        "the text “{used}”",
        "A number where an identifier belongs, leading zeros may be lost; taken as “{used}”. Check it, format the cell "
        "as text and type it again.",
    ),
    "QT103": Entry(
        "{wanted}，例如 2026-03-07", "这段文字不能确定是哪一天；请填成 2026-03-07 这样的日期。",
        "{wanted}, such as 2026-03-07",
        "This text may mean more than one day, or none; type a date such as 2026-03-07.",
    ),
    "QT104": Entry(
        "日期 {used}", "日期存成了文字，已按 {used} 使用；请重新填成日期。",
        "the date {used}", "A date stored as text, taken as {used}; please type it again as a date.",
    ),
    "QT105": Entry(
        "日期，例如 2026-03-07", "这是一个没有日期格式的数字；如果指 {would}，把单元格设为日期格式，否则填入日期。",
        "a date such as 2026-03-07",
        "This is a number without a date format; if it means {would}, format the cell as a date, else type the date.",
    ),
    "QT106": Entry(
        "{allowed} 之一", "是不是“{near}”？请从下拉列表中选择。",
        "one of {allowed}", "Is “{near}” meant? Choose it from the list.",
    ),
    "QT107": Entry(
        "{allowed} 之一", "请从下拉列表中选择；需要新的值时先加进数据字典。",
        "one of {allowed}", "Choose from the list; a new value must be added to the dictionary first.",
    ),
    "QT108": Entry(
        "数字 {used}", "数字存成了文字，已按 {used} 使用；请重新填成数字。",
        "the number {used}", "A number stored as text, taken as {used}; please type it again as a number.",
    ),
    "QT109": Entry(
        "{wanted}", "请改成{wanted}；在此之前这一格按空处理。",
        "{wanted}", "Change it to {wanted}; until then the cell counts as empty.",
    ),
    "QT142": Entry(
        "", "登记表中不再有这些反馈：{ids}{more}。如是误删，从 backups/ 中取回该行（连同编号）；有意移走则不必处理，以后不再提示。",
        "",
        "The register no longer has {ids}{more}. If they were deleted by mistake, take the rows back from backups/, ids "
        "included; if they were moved on purpose, nothing is to be done and this is not said again.",
    ),
    "QT170": Entry(
        "表头里有一列“{field}”",
        "以前有的列“{field}”不见了：其中的内容当作未知，不当作空；要用到它的步骤先停下，不发邮件，状态不变。"
        "改了名的请改回；有意删除的，运行 qtemplate claim 确认。",
        "a column “{field}”",
        "The column “{field}” was there before and is gone. What it held is unknown, not empty: the steps that need it rest, no mail "
        "is made, no status changes. Give it its name back; if it was deleted on purpose, say so with qtemplate claim.",
    ),
    "QT171": Entry(
        "表头里有一列“{field}”",
        "以前有的列“{field}”不见了，很可能就是现在的“{like}”：请把表头改回“{field}”。在此之前其中的内容当作未知，不当作空；"
        "要用到它的步骤先停下，不发邮件，状态不变。有意删除的，运行 qtemplate claim 确认。",
        "a column “{field}”",
        "The column “{field}” was there before and is gone; most likely it is the one now called “{like}”: name it “{field}” again. "
        "Until then what it held is unknown, not empty: the steps that need it rest, no mail is made, no status changes. "
        "If it was deleted on purpose, say so with qtemplate claim.",
    ),
    "QT172": Entry(
        "", "程序的列里有 {n} 个单元格是人填的，保持不变：{columns}。程序按自己算出的值工作。",
        "",
        "{n} {n:cell|cells} in our columns {n:holds|hold} people's values: kept ({columns}). The program works with the values it finds itself.",
    ),
    "QT730": Entry(
        "表头里有一列“{header}”",
        "工作表“{sheet}”里没有列对照所记的“{header}”（{field}）：其中的内容当作未知，不当作空；要用到它的步骤先停下。"
        "改了名的请改回，或在“列对照”里写上现在的列名。",
        "a column “{header}”",
        "The sheet {sheet} has no column “{header}”, which is {field} in the column map. What stood in it is unknown, not "
        "empty: the steps that need it rest. Give the column its name back, or write its present name into the column map.",
    ),
    "QT731": Entry(
        "表头里有一列“{header}”",
        "工作表“{sheet}”里没有列对照所记的“{header}”（{field}），很可能就是现在的“{like}”：请把列名改回，或在“列对照”里写上现在的列名。"
        "在此之前其中的内容当作未知，不当作空；要用到它的步骤先停下。",
        "a column “{header}”",
        "The sheet {sheet} has no column “{header}”, which is {field} in the column map; most likely it is “{like}” now. "
        "Give it its name back, or write the present one into the column map. Until then what stood in it is unknown, not "
        "empty: the steps that need it rest.",
    ),
    "QT732": Entry(
        "", "有 {n} 行按您的关闭日期或状态已经结束，作为历史：只编号，不处理，也不发邮件。",
        "",
        "{n} {n:row is|rows are} over by your closing date or status: history, numbered and otherwise left alone; no mail goes for them.",
    ),
    "QT740": Entry(
        "",
        "您的工作簿“{book}”里有 {n} 行没有您自己的编号，因此没有带过来：{rows}。请在那里填上编号。",
        "",
        "{n} {n:row|rows} of your workbook {book} {n:has|have} no number of your own and {n:was|were} not brought over: {rows}. Give them one there.",
    ),
    "QT741": Entry(
        "",
        "您的工作簿“{book}”里有 {n} 行的编号前面已经出现过，没有带过来：{numbers}。请在那里改正编号。",
        "",
        "{n} {n:row|rows} of your workbook {book} {n:has|have} a number that stands further up, too, and {n:was|were} not brought over: {numbers}. Correct the numbers there.",
    ),
    "QT742": Entry(
        "",
        "您的工作簿“{book}”与登记表两边都改过同一格，共 {n} 处，登记表保留自己的内容：{named}。请定下以哪个为准，两边写成一样。",
        "",
        "{n} {n:cell was|cells were} changed both in your workbook {book} and in the register, which keeps its own: {named}. Decide which is right and write it on both sides.",
    ),
    "QT743": Entry(
        "",
        "您的工作簿“{book}”现在不能读取（{problem}），那里的改动等到能读取时再带过来；其余照常。",
        "",
        "Your workbook {book} cannot be read now ({problem}). What changed in it is brought over once it can be; everything else goes on.",
    ),
    "QT700": Entry(
        "一张登记表", "有几张表看起来都是登记表（{others}），用的是“{used}”；把登记表命名为“反馈登记”就不会混淆。",
        "one register sheet",
        "Several sheets look like a register ({others}); “{used}” was used. Name the right one “Feedback”.",
    ),
    "QT701": Entry(
        "表头里有一列“{field}”", "登记表缺少必填的列“{field}”；请加上这一列，或把意思相同的那一列改成这个名字。",
        "a column “{field}”",
        "The register lacks the required column “{field}”; add it, or give this name to the column that means it.",
    ),
    "QT702": Entry(
        "程序要填写的列", "登记表没有这些列，程序不能写入：{columns}。需要时加上同名的列。",
        "the columns the program fills",
        "The register lacks columns that the program would fill: {columns}. Add them if you want.",
    ),
    "QT703": Entry(
        "每个表头只出现一次", "表头与 {other} 相同；只读取 {other} 那一列，请改名。",
        "every header once", "The same header as {other}; only the column of {other} is read. Rename one of them.",
    ),
    "QT704": Entry(
        "", "登记表旁边有冲突副本：{files}。两人同时保存时留下的；运行 qtemplate conflicts 对照，补进缺少的内容，再移走它们。",
        "",
        "There are conflict copies beside the register: {files}. Two people saved at once; qtemplate conflicts tells "
        "what the register lacks and carries it over; then move them away.",
    ),
    "QT705": Entry(
        "", "登记表旁有一个超过一天的占用文件 {file}（{holder}），当作死机留下的，不再理会；确认没有人打开登记表后把它删掉。",
        "",
        "Beside the register lies the owner file {file} ({holder}), older than a day; it is taken for what a crash left "
        "and not obeyed. Delete it once nobody has the register open.",
    ),
    "QT706": Entry(
        "", "合计行（第 {totals} 行）下面还有 {n} 行，没有读取：{rows}。请移到合计行上面，或者关掉表格的合计行。",
        "",
        "{n} {n:row stands|rows stand} below the totals row ({totals}) and {n:is|are} not read: {rows}. Move {n:it|them} above "
        "the totals row, or switch the totals row off.",
    ),
    "QT711": Entry(
        "",
        "这一格没有写入：{why}{more}。其他都已写入；改好后下次运行补上。",
        "",
        "The cell was not written: {why}{more}. Everything else was; put it right and the next run fills it.",
    ),
    "QT712": Entry(
        "",
        "登记表没有写入。{problem}",
        "",
        "The register was not written. {problem}",
    ),
    "QT713": Entry(
        "",
        "“校验结果”“变更日志”和各视图没有更新：{reason}。其他都已写入。",
        "",
        "The sheets of findings and changes and the views were not renewed: {reason}. Everything else was written.",
    ),
    "QT714": Entry(
        "",
        "“{sheet}”表的新行没有写入：{why}。其他都已写入，这些行下次运行再写。",
        "",
        "The new rows of the sheet {sheet} were not written: {why}. Everything else was; the next run tries them again.",
    ),
    "QT715": Entry(
        "",
        "校验结果没有写进工作簿：{why}。用 qtemplate check -v 可以看到全部。",
        "",
        "The findings were not written into the workbook: {why}. qtemplate check -v shows all of them.",
    ),
    "QT716": Entry(
        "",
        "变更日志没有写进工作簿：{why}。改动都有记录，用 qtemplate log 查看。",
        "",
        "The change log was not written into the workbook: {why}. Every change is kept; qtemplate log shows them.",
    ),
    "QT717": Entry(
        "",
        "“{sheet}”没有更新：{why}。其他都已写入。",
        "",
        "The sheet {sheet} was not renewed: {why}. Everything else was written.",
    ),
    "QT718": Entry(
        "填在登记表里",
        "这张视图由程序重写，在这里填写或清空都不算数，填的原话已记下；要算数，请改 {cell}。",
        "an entry in the register",
        "The program writes this view anew, so what is typed or cleared on it does not count; typed words are kept. To have it count, change {cell}.",
    ),
}  # fmt: skip
