"""Phrases of the state on a server and of many registers. key -> (zh, en). Data only."""

from __future__ import annotations

FLEET_REASONS: dict[str, tuple[str, str]] = {
    "state.moved": (
        "状态的 {rows} 行已搬到 {where}，逐行核对一致；[state] url 已改好，从现在起用那里的。",
        "{rows} {rows:row|rows} of the state {rows:was|were} carried to {where} and compared, all alike; [state] url names it, and it is used from now on.",
    ),
    "state.former_file": (
        "原来的文件留作备份：{path}。不再使用。",
        "The former file is kept as a backup: {path}. It is used no more.",
    ),
    "state.former_schema": (
        "原来的 schema {schema} 没有动，不再使用；确认无误后请数据库管理员删除。",
        "The former schema {schema} is as it was and used no more; have the administrator of the database drop it once all is well.",
    ),
    "fleet.line": (
        "{name}  {state}  上次运行 {at}（{hours} 小时前，{machine}）  待处理邮件 {mails}{problem}",
        "{name}  {state}  last run {at} ({hours} h ago, {machine})  mails waiting {mails}{problem}",
    ),
    "fleet.line_without_run": ("{name}  {state}{problem}", "{name}  {state}{problem}"),
    "fleet.share_away": (
        "从这台机器看不到文件夹 {folder}：共享没有挂上或已断开。请接好共享，或在够得着它的机器上查看。",
        "the folder {folder} is not there as this machine sees it: the share is not mounted, or away. Connect it, or ask on a machine that reaches it.",
    ),
    "fleet.problem": ("  {problem}", "  {problem}"),
    "fleet.total": ("共 {n} 张登记表：{states}", "{n} {n:register|registers}: {states}"),
    "fleet.count": ("{state} {n}", "{state} {n}"),
    "fleet.state_fine": ("正常", "fine"),
    "fleet.state_people": ("需要人", "needs people"),
    "fleet.state_waiting": ("有事等待", "waiting"),
    "fleet.state_late": ("过时", "late"),
    "fleet.state_never": ("从未运行", "never ran"),
    "fleet.state_unreachable": ("问不到", "cannot be asked"),
    "fleet.returned": (
        "{name}：值守进程已死，{ended}，登记表可以再看",
        "{name}: its worker is dead, {ended}; the register may be looked at again",
    ),
    "fleet.ended": ("它的会话已结束", "its session was ended"),
    "fleet.not_held": ("没有会话占着", "no session held it"),
    "fleet.nothing_dead": ("没有已死的值守进程", "no worker is dead"),
    "fleet.page_title": ("各厂登记表", "All registers"),
    "fleet.page_total": ("共 {n} 张，其中 {bad} 张要马上看", "{n} in all; {bad} need to be looked at now"),
    "fleet.figures_title": ("各厂数字", "The figures side by side"),
    "fleet.month_whole": ("{month}（全月）", "{month} (the whole month)"),
    "fleet.month_so_far": ("{month}（截至上次运行）", "{month} (up to the last run)"),
    "fleet.figure_received": ("收到", "Received"),
    "fleet.figure_closed": ("关闭", "Closed"),
    "fleet.figure_open": ("未关闭", "Open"),
    "fleet.figure_overdue": ("超期", "Overdue"),
    "fleet.figure_respond": ("首次响应按期", "Responded in time"),
    "fleet.figure_close": ("按期关闭", "Closed in time"),
    "fleet.figure_all": ("合计", "All"),
    "fleet.figures_note": (
        "数字由每张登记表的上次运行留下；“–”表示那次运行还不知道这个月，或尚无到期的。未关闭、超期为月末（或上次运行时）的条数；超期指超过最终答复期限。"
        "按期率的算法与 qtemplate report 相同。",
        "The last run of each register left these. “–”: that run did not know the month yet, or nothing was due. Open and overdue are as of the "
        "end of the month, or of that run; overdue means past the limit of the final reply. Rates are counted as qtemplate report counts them.",
    ),
    "fleet.column_name": ("登记表", "Register"),
    "fleet.column_state": ("状态", "State"),
    "fleet.column_at": ("上次运行", "Last run"),
    "fleet.column_hours": ("几小时前", "Hours ago"),
    "fleet.column_drafted": ("待批", "To approve"),
    "fleet.column_approved": ("待发", "To go"),
    "fleet.column_held": ("暂缓", "Held"),
    "fleet.column_unknown": ("去向不明", "Unknown"),
    "fleet.column_failed": ("失败", "Failed"),
    "fleet.column_machine": ("机器", "Machine"),
    "fleet.column_problem": ("原因", "Why"),
}
