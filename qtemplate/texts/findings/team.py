"""Findings about what a team asks for itself, examples, duplicates, merging and queues (133 f., 16x, 19x, 35x), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

TEAM: dict[str, Entry] = {
    "QT160": Entry("非空（数据字典要求）", "请填写{field}。", "filled in (Dictionary)", "Fill in {field}."),
    "QT161": Entry("数字（数据字典）", "请改为数字。", "a number (Dictionary)", "Enter a number."),
    "QT162": Entry(
        "允许值：{known}",
        "请从允许值中选择，或在“数据字典”中补充。",
        "one of: {known}",
        "Choose an allowed value, or add it in Dictionary.",
    ),
    "QT163": Entry(
        "模式 {pattern}", "请按数据字典规定的模式填写。", "of the pattern {pattern}", "Enter it as Dictionary demands."
    ),
    "QT164": Entry(
        "不重复的{fields}",
        "与 {other} 重复，请核对。",
        "{fields} that no other row has",
        "The same as {other}: check them.",
    ),
    "QT165": Entry(
        "{wanted}", "请核对；范围写在“数据字典”里。", "{wanted}", "Check it; the range stands in Dictionary."
    ),
    "QT166": Entry(
        "日期（数据字典），例如 2026-03-07",
        "请改为日期。",
        "a date (Dictionary), such as 2026-03-07",
        "Enter a date.",
    ),
    "QT167": Entry(
        "文字（数据字典）",
        "Excel 可能把它改成了日期；请先把单元格设为“文本”格式，再重新输入。",
        "text (Dictionary)",
        "Excel may have turned it into a date: format the cell as Text, then type it again.",
    ),
    "QT150": Entry(
        "",
        "{name} 已不在职，名下还有 {n} 条未关闭的反馈：{ids}。请{head}为它们另定{@owner}、{@contact}或{@assessor}。",
        "",
        "{name} has left, and {n} open feedback still {n:names|name} them: {ids}. {head}, please name somebody else.",
    ),
    "QT155": Entry(
        "登记表中的反馈编号",
        "登记表里没有这个编号，这一行因此不起作用。{perhaps}请改正编号。",
        "an id of the register",
        "No row of the register has this id, so this entry counts for nothing. {perhaps}Correct the id.",
    ),
    "QT156": Entry(
        "已解决、无法满足或解释说明",
        "《沟通记录》里已登记最终答复；请选择对应的{@reply_type}，关闭和统计都要用到它。",
        "Solved, Declined or Explained",
        "Contacts says that the final reply was given: choose which one it was; closing and the figures rest on it.",
    ),
    "QT158": Entry(
        "今天或以后的日期",
        "已批准的答复（{kind}）要告诉反馈者这一天，但它已经过去，所以没有发出。请改成新的日期，再批准一次。",
        "today or a day to come",
        "The approved reply ({kind}) would promise this day, which has passed: it did not leave. Enter another day and "
        "approve it again.",
    ),
    "QT360": Entry(
        "晚于{@implemented_at}（{done}）的时间",
        "验证曾经没有通过，或这条反馈重新打开过；这次的{@verify_result}要有晚于{@implemented_at}的{@verified_at}才算数。{@implemented_at}只填日期的，算到当天结束，"
        "同一天验证的请把两个时刻都写上。",
        "later than implemented ({done})",
        "Verification had failed, or the feedback was reopened: the new result counts once Verified at is later than "
        "Implemented at. A date alone counts to the end of its day; if both were on one day, give both times.",
    ),
    "QT361": Entry(
        "",
        "关闭条件“{found}”在这些等级不再要求：{levels}。如非有意，请在《关闭条件》里补上 ●。",
        "",
        'The condition "{found}" is no longer asked at: {levels}. If that was not meant, put ● back in Gates.',
    ),
    "QT190": Entry("", "{message}", "", "{message}"),
    "QT133": Entry(
        "真实的反馈",
        "这一行看起来是示例或测试数据：不发邮件，不分派。若是真实反馈，请改写{@title}、{@reporter}和{@description}；否则请删除此行。",
        "a real feedback",
        "This row looks like an example or a test: no mail goes for it and nobody is assigned. If it is real, reword "
        "title, reporter and description; otherwise delete the row.",
    ),
    "QT134": Entry(
        "能看出现象的标题",
        "标题没有说出问题，请用一句话写明什么出了什么现象。",
        "a title that says what happens",
        "The title says nothing: name the thing and what it does.",
    ),
    "QT350": Entry(
        "只登记一次",
        "与 {other} 相同（{why}）。请核对；确为同一反馈时，在此行的“{@master}”中填写 {other}。",
        "recorded once",
        "The same as {other} ({why}). Check it; if it is the same feedback, fill in {other} as its master.",
    ),
    "QT351": Entry(
        "",
        "疑似重复：与 {other} 的文字相似度为 {score}（{why}）。如为同一反馈，在“{@master}”中填写 {other}；程序不会自动合并。",
        "",
        "Perhaps a duplicate: {score} alike with {other} ({why}). If it is the same feedback, fill in {other} as its "
        "master; nothing is merged by itself.",
    ),
    "QT352": Entry(
        "",
        "未关闭的反馈太多：只比较了最新的 {looked} 条的文字，另有 {left} 条没有找疑似重复；完全相同的都已找过。",
        "",
        "Too much open feedback: the words of the latest {looked} were compared, {left} more were not; equal ones were "
        "found among all.",
    ),
    "QT353": Entry(
        "登记表中另一条反馈的编号",
        "{why}。请改正“{@master}”；清空即可取消合并。",
        "the id of another feedback of this register",
        "{why}. Correct the master; empty it to undo the merging.",
    ),
    "QT354": Entry(
        "不超过 {capacity} 件",
        "{department}排队 {load} 件（{levels}），在岗容量合计 {capacity} 件（{people}），超出 {over} 件；"
        "请增派人手、调整容量，或把排在后面的列入{@iteration}。",
        "at most {capacity}",
        "{department} has {load} in its queue ({levels}), the capacity of those present is {capacity} ({people}): "
        "{over} too many. Add people, change the capacity, or plan the last ones for later.",
    ),
}
