"""What can be wrong with a mail template or with the facts of a mail, in words.

There is one type for both: rendering raises it, the lint lists it. A mail is never sent half-filled.
"""

from __future__ import annotations

from enum import StrEnum

from ...errors import QtemplateError


class What(StrEnum):
    """Stable codes of template problems."""

    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_LANGUAGE = "unknown_language"
    OUTSIDER = "outsider"  # an internal mail would reach somebody outside
    MISSING_FACT = "missing_fact"
    WRONG_SHAPE = "wrong_shape"
    MISSING_CONTENT = "missing_content"  # a cell the mail must show is empty
    MISSING_FILE = "missing_file"
    UNUSED_FILE = "unused_file"
    NOT_SHOWN = "not_shown"  # the template leaves out what the mail must say
    SYNTAX = "syntax"
    UNKNOWN_FIELD = "unknown_field"
    PRIVATE_FIELD = "private_field"
    HIDDEN_FIELD = "hidden_field"  # the lint cannot tell which field is meant
    UNKNOWN_NAME = "unknown_name"
    UNESCAPED = "unescaped"
    UNDEFINED = "undefined"
    FORBIDDEN = "forbidden"
    TOO_LONG = "too_long"
    FAILED = "failed"


WORDS: dict[What, tuple[str, str]] = {
    What.UNKNOWN_KIND: (
        "没有“{field}”这种邮件，请改为 docs/mail-facts.md 中列出的类型",
        'there is no mail "{field}"; docs/mail-facts.md lists the kinds',
    ),
    What.UNKNOWN_LANGUAGE: ("没有“{field}”语言，请改为 zh 或 en", 'there is no language "{field}"; use zh or en'),
    What.OUTSIDER: (
        "内部邮件不得发给外部收件人 {field}；若为同事，请先在“人员”表中登记其邮箱",
        "this mail is internal and {field} is not; add the address to the People sheet if it is a colleague's",
    ),
    What.MISSING_FACT: ("缺少内容“{field}”，邮件不会发出", 'the fact "{field}" is missing, so the mail is not sent'),
    What.WRONG_SHAPE: ("内容“{field}”应为 {detail}", 'the fact "{field}" should be {detail}'),
    What.MISSING_CONTENT: (
        "“{detail}”为空，请在登记表该行填写后再发",
        '"{detail}" is empty; fill it in the register, then the mail can leave',
    ),
    What.MISSING_FILE: (
        "缺少模板文件，请补上或删除对它的引用",
        "the template file is missing; add it or drop the reference",
    ),
    What.UNUSED_FILE: (
        "没有邮件使用这个文件，请按 M03.zh.html.j2 的格式改名",
        "no mail uses this file; name it like M03.zh.html.j2",
    ),
    What.NOT_SHOWN: (
        "模板没有写出必须包含的“{field}”，请加上",
        'the template never shows "{field}", which this mail must say',
    ),
    What.SYNTAX: ("语法错误：{detail}", "syntax error: {detail}"),
    What.UNKNOWN_FIELD: ("登记表没有字段“{field}”{detail}", 'the register has no field "{field}"{detail}'),
    What.PRIVATE_FIELD: (
        "“{field}”仅供内部使用，这种邮件可能发给外部人员，请删除",
        '"{field}" is internal and this mail may go to outsiders; take it out',
    ),
    What.HIDDEN_FIELD: (
        "请用 row.字段名 逐个写出字段；整行或变量下标无法核对是否可以外发",
        "name each field as row.field; a whole row or a variable subscript cannot be checked",
    ),
    What.UNKNOWN_NAME: ("这种邮件没有内容“{field}”{detail}", 'this mail has no fact "{field}"{detail}'),
    What.UNESCAPED: (
        "不允许关闭转义，请删除 autoescape",
        "escaping may not be switched off; take the autoescape tag out",
    ),
    What.UNDEFINED: ("用到了不存在的内容：{detail}", "something is used that is not there: {detail}"),
    What.FORBIDDEN: ("模板中不允许的操作：{detail}", "not allowed in a template: {detail}"),
    What.TOO_LONG: (
        "结果超过 {detail} 个字符，请缩短登记表中的长文本",
        "the result exceeds {detail} characters; shorten the long text in the register",
    ),
    What.FAILED: ("模板执行失败：{detail}", "the template failed: {detail}"),
}


class TemplateProblem(QtemplateError):
    """A mail cannot be rendered, or a template is not fit to render one.

    Args:
        template: File name such as `M03.zh.html.j2`, or `M03.zh` when the facts are at fault.
        line: 1-based line of the template, None when the facts or the whole file are at fault.
        what: The stable code.
        field: Field key, fact name, address or kind that is meant.
        detail: What the sentence needs besides.
    """

    def __init__(self, template: str, line: int | None, what: What, field: str = "", detail: str = "") -> None:
        super().__init__(f"template.{what}", WORDS[what][1], field=field, detail=detail)
        self.template = template
        self.line = line
        self.what = what
        self.field = field
        self.detail = detail

    def sentence(self, language: str) -> str:
        """Where and what, in `"zh"` or `"en"`."""
        zh, en = WORDS[self.what]
        words = (zh if language == "zh" else en).format(field=self.field, detail=self.detail)
        where = self.template
        if self.line is not None:
            where += f" 第 {self.line} 行" if language == "zh" else f" line {self.line}"
        return f"{where}：{words}。" if language == "zh" else f"{where}: {words}."

    def __str__(self) -> str:
        return self.sentence("en")
