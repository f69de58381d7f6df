"""Notes beside the lines of the standard workbook: what the program asks of a field, what a clock measures. Data only."""

from __future__ import annotations

from ...choices import Clock, Gate, ScoreItem
from ...fields import Field, Filler, Kind

CONDITIONS: dict[Field, tuple[str, str]] = {
    Field.ORGANISATION: ("经销商和内部员工必填", "required for dealers and staff"),
    Field.PHONE: ("电话、邮箱、其他联系方式至少一项", "one of phone, e-mail, other contact"),
    Field.EMAIL: ("电话、邮箱、其他联系方式至少一项", "one of phone, e-mail, other contact"),
    Field.CONTACT_OTHER: ("电话、邮箱、其他联系方式至少一项", "one of phone, e-mail, other contact"),
    Field.VERSION: ("软件产品必填", "required for software"),
    Field.BATCH: ("硬件产品必填，可填“未知”", "required for hardware; “Unknown” is accepted"),
    Field.SCENE: ("软件、硬件、设计问题：环境四项至少一项", "software, hardware, design: one of the four environments"),
    Field.OVERRIDE_REASON: ("等级与建议等级不同时必填", "required when the level differs from the suggestion"),
    Field.CONTAINMENT: ("紧急、重要必填（关闭前）", "urgent, major: before closing"),
    Field.PREVENTION: ("紧急、重要必填（关闭前）", "urgent, major: before closing"),
    Field.VERIFIER: ("不能是责任人本人", "not the owner"),
    Field.ID: ("由程序编号，不重复使用", "numbered by the program, never used again"),
}
FILLED_BY: dict[Filler, tuple[str, str]] = {
    Filler.PERSON: ("人工填写", "people"),
    Filler.PROGRAM: ("程序填写", "program"),
    Filler.SUGGESTED: ("程序建议，可改", "suggested, may be changed"),
    Filler.LEARNED: ("程序或人工", "program or people"),
}
BOUNDS: dict[Kind, tuple[str, str]] = {
    Kind.SCALE: ("1 至 5", "1 to 5"),
    Kind.CODE: ("按文本保存", "kept as text"),
    Kind.EMAIL: ("邮箱格式", "an e-mail address"),
    Kind.PERSON: ("《人员》中的姓名", "a name of the sheet People"),
}
REQUIRED_NOTE = ("必填", "required")
OWN_NOTE = ("团队自己的列", "the team's own column")

CLOCK_NOTES: dict[Clock, tuple[str, str]] = {
    Clock.ASSESS: ("收到反馈 → 定级；未定级前按“一般”计", "received → level set; before that the Normal row counts"),
    Clock.RESPOND: (
        "收到反馈 → 首次答复或联系；自动回执不算",
        "received → first reply or contact; the receipt does not count",
    ),
    Clock.ACCEPT: ("转交 → 责任人接受", "transferred → accepted by the owner"),
    Clock.CONTAIN: ("收到反馈 → 临时措施落实", "received → contained"),
    Clock.UPDATE: ("上次答复 → 下次进展，循环", "last reply → next reply, again and again"),
    Clock.RESOLVE: ("收到反馈 → 最终答复", "received → final reply"),
    Clock.CONFIRM: ("最终答复 → 确认；到期提醒一次", "final reply → confirmation; one reminder when it is over"),
    Clock.SILENCE: (
        "提醒后无回音，视为无异议并告知反馈者",
        "no answer to the reminder: no objection, and the reporter is told",
    ),
    Clock.AUTHORITY: (
        "安全隐患为“是” → 上报监管部门，或写明不上报的理由；通知质量主管",
        "safety is Yes → reported to the authority, or decided not to with a reason; the quality lead is told",
    ),
    Clock.WATCH: ("关闭 → 跟踪结束；“一般”仅限重复发生", "closed → watch ends; Normal only if recurrent"),
}

GATE_NOTES: dict[Gate, tuple[str, str]] = {
    Gate.VALID: ("校验结果为“通过”", "Check says Passed"),
    Gate.LEVEL: ("等级不为空", "a level is set"),
    Gate.OVERRIDE: ("等级与建议不同的，写明等级调整理由", "a level that differs from the suggestion has its reason"),
    Gate.CONTAINMENT: ("写明临时措施", "containment is filled in"),
    Gate.CAUSE: (
        "写明根本原因和原因分类；只写“操作失误”“粗心”之类的不算，这些词列在《数据字典》的“末级原因”里",
        "cause and cause code; a bare “operator error” or “carelessness” does not count: the words stand in Dictionary, "
        "under Last whys",
    ),
    Gate.VERIFIED: ("验证结论为通过，验证人不是责任人", "Verify result is Passed, by somebody other than the owner"),
    Gate.PREVENTION: ("写明防再发措施", "prevention is filled in"),
    Gate.REPLY: (
        "最终答复已发出，或在《沟通记录》登记为最终答复",
        "the final reply was sent, or is logged as such in Contacts",
    ),
    Gate.CONFIRMED: ("反馈者已确认，或到期未反馈", "the reporter agreed, or the time for an answer is over"),
    Gate.ASKED: (
        "问过满意度；2 分及以下要有低分处理意见",
        "satisfaction was asked; 2 or less needs a low score review",
    ),
    Gate.WATCH: (
        "跟踪截止日期不为空；选了关闭方式后程序会建议",
        "a watch date; suggested once a way of closing is chosen",
    ),
    Gate.ACTIONS: (
        "《措施跟踪》中这条反馈的措施都填了实际完成和证据或效果；转为改进项目的（类别“改进”）除外",
        "every action in Actions has its date and its evidence or effect, but for those moved to an improvement project",
    ),
    Gate.FOLLOWERS: (
        "合并进来的每位反馈者都收到答复或联系过",
        "every reporter merged into it has had the reply or was contacted",
    ),
}

SCORE_NOTES: dict[ScoreItem, tuple[str, str]] = {
    ScoreItem.D1: ("三人以上的小组得满分", "a team of three or more gets all of it"),
    ScoreItem.D2: ("5W2H 七格，是 / 不是四行", "the seven cells of 5W2H and the four lines of is / is not"),
    ScoreItem.D3: ("写明临时措施；各处的数量、已检、不良都有数", "containment, and numbers for every place"),
    ScoreItem.D4: ("发生、流出、系统三条原因链的层数", "how deep the three chains go: occurrence, escape, system"),
    ScoreItem.D5: ("两个以上方案，选用总分最高且未被否决的", "two options or more, and the best one chosen"),
    ScoreItem.D6: (
        "每条措施有针对、责任人、计划；完成的有前后对比",
        "what it is against, owner, date; before and after once done",
    ),
    ScoreItem.D7: ("文件逐项说明，并推广到其他产品、工厂", "every document answered for, and carried over to others"),
    ScoreItem.D8: ("写了结论", "a conclusion"),
    ScoreItem.COST: (
        "方案各项打 1–5 分，5 分最好；权重按比例折算",
        "marks go from 1 to 5, 5 is best; weights are taken as shares",
    ),
    ScoreItem.VETO: ("任何一项不高于此分的方案不能选用", "an option with such a mark, or a lower one, is ruled out"),
    ScoreItem.WHYS: ("少于此数会提示", "fewer are pointed out"),
    ScoreItem.SAME: (
        "0–1；根本原因与问题标题、描述，或与另一故障的 8D 相似到这个程度时提示",
        "0 to 1; from here on a cause that repeats the title, or an 8D that repeats another fault's, is pointed out",
    ),
}
