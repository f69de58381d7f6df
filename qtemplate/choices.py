"""The closed sets of the process, each member with its canonical code and its zh and en label.

Data only. Codes are what rules compare and what the journal keeps; labels are what people see and type.
Source of the sets: ISO 10002:2018 clause 7 for the stages of handling, the company procedure for the members.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """One member of a closed set; equal to its code as a string."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    def label(self, language: str) -> str:
        """The label a person sees; `language` is `"zh"` or `"en"`."""
        return self.zh if language == "zh" else self.en


class Channel(Choice):
    HOTLINE = "hotline", "服务热线", "Hotline"
    WEBSITE = "website", "官网留言", "Website"
    EMAIL = "email", "电子邮件", "E-mail"
    SOCIAL = "social", "社交媒体", "Social media"
    IN_PRODUCT = "in_product", "产品内反馈", "In product"
    DEALER = "dealer", "经销商", "Dealer"
    INTERNAL = "internal", "内部上报", "Internal"
    OTHER = "other", "其他", "Other"


class ReporterType(Choice):
    CUSTOMER = "customer", "外部客户", "Customer"
    DEALER = "dealer", "经销商", "Dealer"
    STAFF = "staff", "内部员工", "Staff"


class Language(Choice):
    ZH = "zh", "中文", "Chinese"
    EN = "en", "英文", "English"


class Category(Choice):
    SOFTWARE = "software", "软件缺陷", "Software"
    HARDWARE = "hardware", "硬件故障", "Hardware"
    DESIGN = "design", "设计缺陷", "Design"
    PACKAGING = "packaging", "包装问题", "Packaging"
    SERVICE = "service", "服务问题", "Service"
    OTHER = "other", "其他", "Other"


class Authenticity(Choice):
    REAL = "real", "属实", "Real"
    PARTLY = "partly", "部分属实", "Partly real"
    MISUNDERSTANDING = "misunderstanding", "误解", "Misunderstanding"
    MISUSE = "misuse", "操作不当", "Misuse"
    OPEN = "open", "待查", "Open"


class Safety(Choice):
    YES = "yes", "是", "Yes"
    NO = "no", "否", "No"
    UNSURE = "unsure", "不确定", "Unsure"


class Reportable(Choice):
    """Whether a safety hazard has to be reported to an authority."""

    YES = "yes", "是", "Yes"
    NO = "no", "否", "No"
    PENDING = "pending", "待定", "Undecided"


class Scope(Choice):
    SINGLE = "single", "个别", "Single"
    FEW = "few", "少量", "Few"
    SOME = "some", "部分", "Some"
    MANY = "many", "大量", "Many"


class Frequency(Choice):
    RARE = "rare", "偶发", "Rare"
    SOMETIMES = "sometimes", "时有发生", "Sometimes"
    ALWAYS = "always", "必然", "Always"


class Workaround(Choice):
    YES = "yes", "有", "Yes"
    PARTIAL = "partial", "部分", "Partial"
    NO = "no", "无", "No"


class Level(Choice):
    URGENT = "urgent", "紧急", "Urgent"
    MAJOR = "major", "重要", "Major"
    NORMAL = "normal", "一般", "Normal"
    MINOR = "minor", "轻微", "Minor"


class Priority(Choice):
    P1 = "P1", "P1", "P1"
    P2 = "P2", "P2", "P2"
    P3 = "P3", "P3", "P3"
    P4 = "P4", "P4", "P4"


class CauseCode(Choice):
    DESIGN = "design", "设计", "Design"
    SOFTWARE = "software", "软件", "Software"
    MATERIAL = "material", "物料", "Material"
    PROCESS = "process", "工艺", "Process"
    OPERATION = "operation", "作业", "Workmanship"
    EQUIPMENT = "equipment", "设备", "Equipment"
    INSPECTION = "inspection", "检验", "Inspection"
    SUPPLIER = "supplier", "供应商", "Supplier"
    TRANSPORT = "transport", "运输", "Transport"
    CUSTOMER_USE = "customer_use", "客户使用", "Customer use"
    UNKNOWN = "unknown", "未查明", "Not found"


class VerifyMethod(Choice):
    LAB = "lab", "实验室测试", "Laboratory test"
    TRIAL = "trial", "小范围试用", "Limited trial"
    SIMULATION = "simulation", "模拟复现", "Reproduction"
    ON_SITE = "on_site", "现场确认", "On-site check"


class VerifyResult(Choice):
    PASSED = "passed", "通过", "Passed"
    FAILED = "failed", "不通过", "Failed"


class ReplyType(Choice):
    SOLVED = "solved", "已解决", "Solved"
    IN_PROGRESS = "in_progress", "处理中", "In progress"
    DECLINED = "declined", "无法满足", "Declined"
    EXPLAINED = "explained", "解释说明", "Explained"


class ContactWay(Choice):
    PHONE = "phone", "电话", "Phone"
    EMAIL = "email", "邮件", "E-mail"
    CHAT = "chat", "在线客服", "Online chat"
    IN_PERSON = "in_person", "当面", "In person"


class Approval(Choice):
    APPROVED = "approved", "批准", "Approved"
    REJECTED = "rejected", "退回", "Rejected"
    AGAIN = "again", "重新批准", "Approved again"


class ReplyState(Choice):
    DRAFT = "draft", "草稿", "Draft"
    WAITING = "waiting", "待批", "To approve"
    QUEUED = "queued", "待发", "Queued"
    SENT = "sent", "已发", "Sent"
    FAILED = "failed", "失败", "Failed"
    UNKNOWN = "unknown", "结果未知", "Result unknown"


class Confirmation(Choice):
    SOLVED = "solved", "已解决", "Solved"
    NOT_SOLVED = "not_solved", "未解决", "Not solved"
    SILENT = "silent", "逾期未反馈视为无异议", "No answer, taken as no objection"
    UNREACHABLE = "unreachable", "无法联系", "Unreachable"


class CloseType(Choice):
    SOLVED = "solved", "解决", "Solved"
    EXPLAINED = "explained", "解释", "Explained"
    MERGED = "merged", "合并", "Merged"
    UNREACHABLE = "unreachable", "无法联系", "Unreachable"
    IMPROVEMENT = "improvement", "转改进项目", "Improvement project"


class Status(Choice):
    """The states of section "States" of docs/design.md, in the order in which they are tried."""

    MERGED = "merged", "已合并", "Merged"
    CLOSED = "closed", "已关闭", "Closed"
    WAITING = "waiting_external", "等待外部", "Waiting for others"
    INCOMPLETE = "incomplete", "待补充", "Incomplete"
    TO_ASSESS = "to_assess", "待评估", "To assess"
    TO_TRANSFER = "to_transfer", "待转交", "To transfer"
    IN_WORK = "in_work", "处理中", "In work"
    TO_VERIFY = "to_verify", "待验证", "To verify"
    TO_REPLY = "to_reply", "待答复", "To reply"
    TO_CONFIRM = "to_confirm", "待确认", "To confirm"
    TO_CLOSE = "to_close", "待关闭", "To close"


class Role(Choice):
    KEEPER = "keeper", "登记管理员", "Keeper"
    SERVICE = "service", "客服", "Service"
    COORDINATOR = "coordinator", "协调人", "Coordinator"
    QUALITY_LEAD = "quality_lead", "质量主管", "Quality lead"
    HEAD = "head", "部门负责人", "Department head"
    MEMBER = "member", "员工", "Member"


class Clock(Choice):
    """The clocks of docs/design.md; each has limits per level in 答复时限."""

    ASSESS = "assess", "评估", "Assessment"
    RESPOND = "respond", "首次响应", "First response"
    ACCEPT = "accept", "接受", "Acceptance"
    CONTAIN = "contain", "临时措施", "Containment"
    UPDATE = "update", "进展", "Progress update"
    RESOLVE = "resolve", "答复", "Final reply"
    CONFIRM = "confirm", "确认", "Confirmation"
    SILENCE = "silence", "静默", "Silence"
    AUTHORITY = "authority", "监管", "Authority report"
    WATCH = "watch", "跟踪", "Follow-up"


class ClockState(Choice):
    ON_TIME = "on_time", "正常", "On time"
    DUE_SOON = "due_soon", "即将到期", "Due soon"
    OVERDUE = "overdue", "超时", "Overdue"
    PAUSED = "paused", "暂停", "Paused"
    DONE_ON_TIME = "done_on_time", "按期完成", "Done on time"
    DONE_LATE = "done_late", "超期完成", "Done late"


class Gate(Choice):
    """The conditions of closing, in the order in which people meet them; 关闭条件 says at which level each is asked."""

    VALID = "valid", "校验通过", "Check passed"
    LEVEL = "level", "等级已定", "Level set"
    OVERRIDE = "override", "等级调整有理由", "Changed level has a reason"
    CONTAINMENT = "containment", "临时措施", "Containment"
    CAUSE = "cause", "根本原因和原因分类", "Root cause and its code"
    VERIFIED = "verified", "由他人验证通过", "Verified by somebody else"
    PREVENTION = "prevention", "防再发措施", "Prevention"
    REPLY = "reply", "最终答复", "Final reply"
    CONFIRMED = "confirmed", "反馈者已确认", "Confirmed by the reporter"
    ASKED = "asked", "满意度", "Satisfaction"
    WATCH = "watch", "跟踪截止日期", "Watch date"
    ACTIONS = "actions", "措施已完成", "Actions done"
    FOLLOWERS = "followers", "合并的反馈已告知", "Merged feedback told"


class ScoreItem(Choice):
    """The numbers of 评分设置: weights of an 8D's parts and of an option's marks, and where a check begins."""

    D1 = "d1", "D1 小组权重", "Weight of D1 team"
    D2 = "d2", "D2 问题描述权重", "Weight of D2 problem"
    D3 = "d3", "D3 临时措施权重", "Weight of D3 containment"
    D4 = "d4", "D4 根本原因权重", "Weight of D4 root cause"
    D5 = "d5", "D5 方案权重", "Weight of D5 options"
    D6 = "d6", "D6 纠正措施权重", "Weight of D6 corrective actions"
    D7 = "d7", "D7 防止再发权重", "Weight of D7 prevention"
    D8 = "d8", "D8 结论权重", "Weight of D8 conclusion"
    COST = "cost", "成本权重", "Weight of cost"
    TIME = "time", "时间权重", "Weight of time"
    FEASIBILITY = "feasibility", "可行性权重", "Weight of feasibility"
    RISK = "risk", "风险权重", "Weight of risk"
    VETO = "veto", "一票否决分", "Veto mark"
    WHYS = "whys", "每条原因链至少层数", "Least whys of a chain"
    SAME = "same", "视为照抄的相似度", "Likeness of a copied text"
