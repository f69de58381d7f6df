"""Findings about investigations (65x and 66x), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

EVIDENCE: dict[str, Entry] = {
    "QT650": Entry(
        "至少 {least} 层为什么",
        "“{chain}”这条原因链只问了 {n} 层；请再往下问，直到找到可以改进的原因。",
        "at least {least} {least:why|whys}",
        "The chain {chain} asks why only {n} {n:time|times}; go on until it reaches something that can be changed.",
    ),
    "QT651": Entry(
        "流出原因",
        "紧急、重要的反馈要说明为什么没有在出厂前发现；请在《原因分析》补上“流出”这条链。",
        "why it was not detected",
        "Urgent and major feedback needs the reason why it was not found before it left; add the chain Escape in Causes.",
    ),
    "QT652": Entry(
        "系统原因",
        "最后一层只归到人（“{found}”）；请补上“系统”这条链：为什么流程和体系允许这样的失误发生、又没有拦住。",
        "a systemic cause",
        'The last why only blames people ("{found}"); add the chain System: why the process let it happen and did not stop it.',
    ),
    "QT653": Entry(
        "原因，不是现象",
        "根本原因与{other}几乎一样，只是复述了现象；请写明为什么会这样。",
        "a cause, not a symptom",
        "The root cause repeats {other} almost word for word; say why it came about.",
    ),
    "QT654": Entry(
        "本案自己的分析",
        "原因分析与 {other} 的几乎一样，而那是另一种故障；请确认不是照抄。",
        "an analysis of its own",
        "The analysis is almost that of {other}, which has another fault; make sure that it is not a copy.",
    ),
    "QT655": Entry(
        "针对原因的纠正措施",
        "“{chain}”原因没有对应的纠正措施；请在《措施跟踪》补上，并在“针对”里选这条原因链。",
        "a corrective action against it",
        "No corrective action is against the cause {chain}; add one in Actions and name the chain under Against.",
    ),
    "QT656": Entry(
        "针对、责任人、计划完成",
        "这条纠正措施缺：{lacks}。",
        "against what, owner, due date",
        "This corrective action lacks: {lacks}.",
    ),
    "QT657": Entry(
        "改变流程、设计或防错的措施",
        "全部措施都只是培训或加强管理（如“{found}”）；请补上能让问题不再发生的措施，例如防错、改设计、改检验。",
        "an action that changes the process or the design",
        'All actions are training or supervision, such as "{found}"; add one that keeps it from happening, such as mistake-proofing, '
        "a change of design or of inspection.",
    ),
    "QT658": Entry(
        "改进前后的对比",
        "这条措施已完成，却没有改进前、改进后的数据和样本数，也没有证据；请补在“效果”或“证据”里。",
        "before and after",
        "This action is done, but nothing shows it: enter before, after and the number of samples under Effect, or the evidence.",
    ),
    "QT640": Entry(
        "《人员》里在职、有邮箱的姓名，用顿号隔开",
        "《会议》的出席里，这个名字{why}，没有邀请。{perhaps}请改正；其他人照常邀请。",
        "names of People, with a mail address, separated by commas",
        "This name under Present {why}, so nobody was invited by it. {perhaps}Please correct it; the others are invited.",
    ),
    "QT641": Entry(
        "日期和时刻，例如 2026-07-16 14:00",
        "会议只写了日期，还不能发邀请；请补上开始的时刻。",
        "day and time, such as 2026-07-16 14:00",
        "This meeting says the day only, so nobody can be invited yet; please add the time at which it begins.",
    ),
    "QT659": Entry(
        "更新的文件，或不适用的理由",
        "8D 里的文件全部选了“不适用”，也没有写理由；请说明，或更新该更新的文件。",
        "documents that changed, or why none had to",
        "Every document of the 8D is n.a. without a reason; say why, or change those that have to change.",
    ),
    "QT660": Entry(
        "不良 ≤ 已检 ≤ 数量",
        "8D 里“{place}”的数字对不上：数量 {quantity}，已检 {checked}，不良 {bad}。请核对后重新交 8D。",
        "bad ≤ checked ≤ quantity",
        "The numbers of {place} in the 8D do not agree: quantity {quantity}, checked {checked}, bad {bad}. Correct them and hand "
        "the 8D in again.",
    ),
    "QT662": Entry(
        "反馈之后、今天之前的日期",
        "这条措施的实际完成日期{why}；请核对。",
        "a day since the feedback and not after today",
        "The date on which this action was done {why}; please check it.",
    ),
    "QT663": Entry(
        "",
        "8D 得分 {score}（供质量主管参考）：{parts}。",
        "",
        "The 8D scores {score}, for the quality lead: {parts}.",
    ),
    "QT664": Entry(
        "没有被否决的方案",
        "选用的方案在{why}上是一票否决的分数；请另选，或重新评分。",
        "an option that is not ruled out",
        "The option that was chosen has a mark that rules it out: {why}. Choose another one, or judge it anew.",
    ),
    "QT665": Entry(
        "总分最高的方案",
        "选用的方案总分 {total}，而“{best}”为 {most}；请写明为什么选它，或改选。",
        "the best option",
        'The option that was chosen totals {total}, "{best}" {most}; say why it was chosen, or choose the other.',
    ),
    "QT666": Entry(
        "",
        "“{best}”总分最高；{criterion}的权重{way} {at}（现在 {now}）时，改为“{other}”最高。",
        "",
        '"{best}" is best; "{other}" wins as soon as {criterion} weighs {way} than {at} (now {now}).',
    ),
}
