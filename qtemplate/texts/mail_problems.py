"""What can be wrong with a mail template or with the facts of a mail. Code -> (zh, en). Data only."""

from __future__ import annotations

MAIL_PROBLEMS: dict[str, tuple[str, str]] = {
    "unknown_kind": (
        "没有“{field}”这种邮件，请改为 docs/mail-facts.md 中列出的类型",
        'there is no mail "{field}"; docs/mail-facts.md lists the kinds',
    ),
    "unknown_language": ("没有“{field}”语言，请改为 zh 或 en", 'there is no language "{field}"; use zh or en'),
    "outsider": (
        "内部邮件不得发给外部收件人 {field}；若为同事，请先在“人员”表中登记其邮箱",
        "this mail is internal and {field} is not; add the address to the People sheet if it is a colleague's",
    ),
    "missing_fact": ("缺少内容“{field}”，邮件不会发出", 'the fact "{field}" is missing, so the mail is not sent'),
    "wrong_shape": ("内容“{field}”应为 {detail}", 'the fact "{field}" should be {detail}'),
    "missing_content": (
        "“{detail}”为空，请在登记表该行填写后再发",
        '"{detail}" is empty; fill it in the register, then the mail can leave',
    ),
    "missing_file": (
        "缺少模板文件，请补上或删除对它的引用",
        "the template file is missing; add it or drop the reference",
    ),
    "unused_file": (
        "没有邮件使用这个文件，请按 M03.zh.html.j2 的格式改名",
        "no mail uses this file; name it like M03.zh.html.j2",
    ),
    "not_shown": (
        "模板没有写出必须包含的“{field}”，请加上",
        'the template never shows "{field}", which this mail must say',
    ),
    "syntax": ("语法错误：{detail}", "syntax error: {detail}"),
    "unknown_field": ("登记表没有字段“{field}”{detail}", 'the register has no field "{field}"{detail}'),
    "private_field": (
        "“{field}”仅供内部使用，这种邮件可能发给外部人员，请删除",
        '"{field}" is internal and this mail may go to outsiders; take it out',
    ),
    "unapproved_field": (
        "“{field}”是同事填写的内容，未经审批不能外发，而这种邮件无需审批；请删除",
        '"{field}" holds what a colleague wrote, and this mail leaves without approval; take it out',
    ),
    "hidden_field": (
        "请用 row.字段名 逐个写出字段；整行或变量下标无法核对是否可以外发",
        "name each field as row.field; a whole row or a variable subscript cannot be checked",
    ),
    "unknown_name": ("这种邮件没有内容“{field}”{detail}", 'this mail has no fact "{field}"{detail}'),
    "unescaped": (
        "不允许关闭转义，请删除 autoescape",
        "escaping may not be switched off; take the autoescape tag out",
    ),
    "undefined": ("用到了不存在的内容：{detail}", "something is used that is not there: {detail}"),
    "forbidden": ("模板中不允许的操作：{detail}", "not allowed in a template: {detail}"),
    "too_long": (
        "结果超过 {detail} 个字符，请缩短登记表中的长文本",
        "the result exceeds {detail} characters; shorten the long text in the register",
    ),
    "failed": ("模板执行失败：{detail}", "the template failed: {detail}"),
}
