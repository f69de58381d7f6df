"""The words on forms: titles, headings, what is asked, what is printed beforehand. key -> (zh, en). Data only.

title.KIND, lead.KIND            above the form
part.TITLE                       a heading
answer.NAME                      beside a cell; an answer that goes to a column is called as that column is
table.NAME                       above a table that is not alone below its heading
column.NAME                      the header of a table's column
label.TABLE.NAME                 printed beforehand into the first column of a table
"""

from __future__ import annotations

from ..fields import Field

FORM_WORDS: dict[str, tuple[str, str]] = {
    "title.transfer": ("质量反馈转交单", "Transfer of quality feedback"),
    "title.8d": ("8D 报告", "8D report"),
    "title.why": ("5-Why 原因分析", "5-Why analysis"),
    "title.verification": ("验证报告", "Verification report"),
    "title.minutes": ("会议纪要", "Minutes of the meeting"),
    "title.follow_up": ("回访表", "Your opinion"),
    "title.missing": ("补充信息表", "A few details we need"),
    "lead.transfer": (
        "请责任人在黄色格内填写接受或退回，保存后回复原邮件并附上本表。其余内容由登记表生成，不必改动。",
        "Please accept or return in the yellow cells, save, and reply to the mail with this file attached. "
        "All other cells come from the register and need no change.",
    ),
    "lead.8d": (
        "请填写黄色格，保存后回复原邮件并附上本表。不必一次填完：填好的先交回来，没填的会告诉您。行不够可以插入。",
        "Please fill in the yellow cells, save, and reply with this file attached. You need not finish at once: send what "
        "you have, and you are told what is still open. Insert rows where you need more.",
    ),
    "lead.why": (
        "请一层一层问“为什么”，直到找到可以改进的原因。填写黄色格，保存后回复原邮件并附上本表；没填完也可以先交。",
        "Please ask why until you reach something that can be changed. Fill in the yellow cells, save, and reply with this "
        "file attached; you may send it half done.",
    ),
    "lead.verification": (
        "请验证人填写黄色格，保存后交回。验证人不能是责任人本人。照片可以直接贴在表里，会作为附件保存。",
        "To be filled in by the verifier, who is not the owner. Save it and hand it in. Photos may be pasted in; they are "
        "kept as attachments.",
    ),
    "lead.minutes": (
        "请填写黄色格，保存后交回。每条决议写明责任人和期限，会记入《措施跟踪》，到期提醒。",
        "Please fill in the yellow cells and hand the form in. Each decision with its owner and date goes to Actions, and "
        "its owner is reminded.",
    ),
    "lead.follow_up": (
        "感谢您的反馈。请在黄色格内选择，保存后回复邮件并附上本表，大约需要一分钟。",
        "Thank you for your feedback. Please choose in the yellow cells, save, and reply with this file attached. It takes "
        "about a minute.",
    ),
    "lead.missing": (
        "为了尽快处理，还需要下面几项信息。请填写黄色格，保存后回复邮件并附上本表；不清楚的可以空着。",
        "To help you quickly we need the details below. Please fill in the yellow cells, save, and reply with this file "
        "attached; leave empty what you do not know.",
    ),
    "part.similar": ("类似的旧案（供参考，最多三条）", "Similar earlier cases (three at most, to be looked at)"),
    "similar.id": ("反馈编号", "ID"),
    "similar.shared": ("相同的词", "Shared words"),
    "similar.cause": ("当时的根本原因", "Root cause then"),
    "similar.solution": ("当时的解决方案", "Solution then"),
    "similar.none": ("没有找到类似的旧案。", "No similar earlier case was found."),
    "part.facts": ("反馈内容", "The feedback"),
    "part.answer": ("责任部门回执", "Answer of the department"),
    "part.d1": ("D1 小组", "D1 Team"),
    "part.d2": ("D2 问题描述", "D2 Problem"),
    "part.d3": ("D3 临时措施", "D3 Containment"),
    "part.d4": ("D4 根本原因", "D4 Root cause"),
    "part.d5": ("D5 方案比较（1–5 分，5 分最好）", "D5 Options (1 to 5, 5 is best)"),
    "part.d6": ("D6 纠正措施", "D6 Corrective actions"),
    "part.d7": ("D7 防止再发", "D7 Prevention"),
    "part.d8": ("D8 结论", "D8 Conclusion"),
    "part.outcome": (
        "处理结果（轻微问题填到这里就够了，不必另交报告；处理完再交一次本表即可）",
        "What was done (all that a minor one needs; hand this form in once more when it is done)",
    ),
    "part.reply": (
        "给反馈者的答复（建议稿，批准后才发出；已解决填原因，其余填要点）",
        "Reply to the reporter (a proposal, sent once approved; the cause if solved, else the reply)",
    ),
    "part.cause": ("原因", "Cause"),
    "part.measures": ("解决方案和措施", "Solution and actions"),
    "part.verified": ("验证", "Verification"),
    "part.meeting": ("会议", "Meeting"),
    "part.survey": ("您的意见", "Your opinion"),
    "part.missing": ("请补充", "Please add"),
    "answer.decision": ("接受或退回", "Accept or return"),
    "answer.reason": ("退回理由（退回必填）", "Reason (if returned)"),
    "answer.note": ("责任人说明", "Note of the owner"),
    "answer.break_point": ("断点批次", "Break-point batch"),
    "answer.conclusion": ("总结和结论", "Conclusion"),
    "answer.samples": ("样本数", "Sample size"),
    "answer.remark": ("说明", "Remarks"),
    "answer.held_at": ("会议时间", "Held at"),
    "answer.place": ("地点", "Place"),
    "answer.present": ("出席", "Present"),
    "answer.speed": ("处理速度（1–5）", "Speed (1 to 5)"),
    "answer.clarity": ("答复清楚（1–5）", "Clarity (1 to 5)"),
    "answer.attitude": ("服务态度（1–5）", "Attitude (1 to 5)"),
    "answer.result": ("解决效果（1–5）", "Result (1 to 5)"),
    "answer.agrees": ("同意关闭", "May be closed"),
    "answer.confirmation": ("问题解决了吗", "Is it solved?"),
    "answer.satisfaction": ("总体满意度（1–5）", "Overall (1 to 5)"),
    "answer.opinion": ("意见和建议", "Comments"),
    "table.facts": ("5W2H", "5W2H"),
    "table.bounds": ("是 / 不是", "Is / is not"),
    "table.places": ("各处库存的围堵", "Containment by place"),
    "table.occurrence": ("为什么会发生", "Why did it happen?"),
    "table.escape": ("为什么没有发现", "Why was it not detected?"),
    "table.system": ("为什么体系没有防住", "Why was it possible at all?"),
    "table.actions": ("措施", "Actions"),
    "table.documents": ("文件更新", "Documents"),
    "table.elsewhere": ("横向展开：其他产品、工厂", "Other products and plants"),
    "table.criteria": ("验证项目", "Criteria"),
    "table.decided": ("决议", "Decisions"),
    "column.name": ("姓名", "Name"),
    "column.part": ("职责", "Part in the team"),
    "column.question": ("", ""),
    "column.answer": ("描述", "Description"),
    "column.is": ("是", "Is"),
    "column.is_not": ("不是", "Is not"),
    "column.place": ("地点", "Place"),
    "column.quantity": ("数量", "Qty"),
    "column.checked": ("已检", "Checked"),
    "column.bad": ("不良", "Bad"),
    "column.marking": ("标识和处置", "Marking, disposal"),
    "column.owner": ("责任人", "Owner"),
    "column.done": ("完成日期", "Done"),
    "column.due": ("计划日期", "Due"),
    "column.step": ("层", "Why"),
    "column.why": ("为什么", "Because"),
    "column.evidence": ("证据", "Evidence"),
    "column.option": ("方案", "Option"),
    "column.cost": ("成本", "Cost"),
    "column.time": ("时间", "Time"),
    "column.feasibility": ("可行", "Feasible"),
    "column.risk": ("风险", "Risk"),
    "column.chosen": ("选用", "Chosen"),
    "column.text": ("措施", "Action"),
    "column.against": ("针对", "Against"),
    "column.before": ("改前", "Before"),
    "column.after": ("改后", "After"),
    "column.n": ("样本", "n"),
    "column.document": ("文件", "Document"),
    "column.changed": ("是否更新", "Updated"),
    "column.revision": ("版本、不适用的理由", "Revision, or why not applicable"),
    "column.criterion": ("验证项目", "Criterion"),
    "column.limit": ("要求", "Limit"),
    "column.measured": ("实测", "Measured"),
    "column.pass": ("合格", "Pass"),
    "label.facts.what": ("什么问题", "What"),
    "label.facts.where": ("在哪里", "Where"),
    "label.facts.when": ("什么时候", "When"),
    "label.facts.who": ("谁发现的", "Who"),
    "label.facts.which": ("为什么是问题", "Why it matters"),
    "label.facts.how": ("怎么发生的", "How"),
    "label.facts.how_many": ("多少", "How many"),
    "label.bounds.what": ("什么", "What"),
    "label.bounds.where": ("哪里", "Where"),
    "label.bounds.when": ("何时", "When"),
    "label.bounds.extent": ("多少", "Extent"),
    "label.places.customer": ("客户处", "At the customer"),
    "label.places.transit": ("在途", "In transit"),
    "label.places.stock": ("成品库", "Finished stock"),
    "label.places.line": ("在制", "In production"),
    "label.places.incoming": ("来料", "Incoming"),
    "label.places.service": ("售后", "Service stock"),
    "label.documents.control_plan": ("控制计划", "Control plan"),
    "label.documents.fmea": ("FMEA", "FMEA"),
    "label.documents.instruction": ("作业指导书", "Work instruction"),
    "label.documents.inspection": ("检验规范", "Inspection plan"),
    "label.documents.drawing": ("图纸、规格书", "Drawing, specification"),
    "label.documents.supplier": ("供应商要求", "Supplier requirements"),
    "label.documents.training": ("培训记录", "Training record"),
    "label.documents.checklist": ("设计检查清单", "Design checklist"),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
    "na": ("不适用", "n.a."),
    "accept": ("接受", "Accept"),
    "return": ("退回", "Return"),
    "occurrence": ("发生", "Occurrence"),
    "escape": ("流出", "Escape"),
    "system": ("系统", "System"),
    "pick": ("请从列表中选择。", "Choose from the list."),
    "pick_person": ("请从列表中选择，或填写姓名。", "Choose from the list, or enter a name."),
    "date": ("请填写日期，例如 2026-07-20。", "Please enter a date such as 2026-07-20."),
}


def form_word(key: str, language: str) -> str:
    """A word of a form in `"zh"` or `"en"`."""
    return FORM_WORDS[key][0 if language == "zh" else 1]


def answer_label(name: str, field: Field | None, language: str) -> str:
    """What an answer is called beside its cell."""
    if field is not None and f"answer.{name}" not in FORM_WORDS:
        return field.header(language)
    return form_word(f"answer.{name}", language)
