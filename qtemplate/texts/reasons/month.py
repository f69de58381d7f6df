"""What the month in figures says: the page, the summary, its mails. key -> (zh, en). Data only."""

from __future__ import annotations

MONTH_REASONS: dict[str, tuple[str, str]] = {
    "month.few": ("（样本少，仅供参考）", " (few, so read with care)"),
    # what changed
    "month.overdue_rose": (
        "{when}答复超期的反馈由 {was} 条增至 {now} 条{part}。",
        "Overdue final replies {when} rose from {was} to {now}{part}.",
    ),
    "month.overdue_fell": (
        "{when}答复超期的反馈由 {was} 条降至 {now} 条{part}。",
        "Overdue final replies {when} fell from {was} to {now}{part}.",
    ),
    "month.received_rose": (
        "收到的反馈由 {was} 条增至 {now} 条{part}。",
        "Feedback received rose from {was} to {now}{part}.",
    ),
    "month.received_fell": (
        "收到的反馈由 {was} 条降至 {now} 条{part}。",
        "Feedback received fell from {was} to {now}{part}.",
    ),
    "month.open_rose": (
        "{when}未关闭的反馈由 {was} 条增至 {now} 条{part}。",
        "Open feedback {when} rose from {was} to {now}{part}.",
    ),
    "month.open_fell": (
        "{when}未关闭的反馈由 {was} 条降至 {now} 条{part}。",
        "Open feedback {when} fell from {was} to {now}{part}.",
    ),
    "month.reopened_rose": (
        "重新打开的反馈由 {was} 条增至 {now} 条{part}。",
        "Reopenings rose from {was} to {now}{part}.",
    ),
    "month.reopened_fell": (
        "重新打开的反馈由 {was} 条降至 {now} 条{part}。",
        "Reopenings fell from {was} to {now}{part}.",
    ),
    "month.part_department": ("，其中 {n} 条目前在{name}", "; {n} of them are with {name} now"),
    "month.part_product": ("，其中 {n} 条是{name}", "; {n} of them are about {name}"),
    "month.rate_clock": ("“{clock}”按期率", "{clock} in time"),
    "month.rate_closed": ("按期关闭率", "Closed in time"),
    "month.rate_rose": (
        "{what}由 {was}%（{was_n} 条）升至 {now}%（{now_n} 条）{few}。",
        "{what}: up from {was} % of {was_n} to {now} % of {now_n}{few}.",
    ),
    "month.rate_fell": (
        "{what}由 {was}%（{was_n} 条）降至 {now}%（{now_n} 条）{few}。",
        "{what}: down from {was} % of {was_n} to {now} % of {now_n}{few}.",
    ),
    "month.cycle_rose": (
        "从收到到关闭的中位时长由 {was} 个工作日延长至 {now} 个工作日。",
        "The median time from receipt to closing grew from {was} to {now} working days.",
    ),
    "month.cycle_fell": (
        "从收到到关闭的中位时长由 {was} 个工作日缩短至 {now} 个工作日。",
        "The median time from receipt to closing shrank from {was} to {now} working days.",
    ),
    "month.satisfaction_rose": ("满意度均值由 {was} 升至 {now}。", "Mean satisfaction rose from {was} to {now}."),
    "month.satisfaction_fell": ("满意度均值由 {was} 降至 {now}。", "Mean satisfaction fell from {was} to {now}."),
    "month.spot": (
        "{product} 的批次 {batch} 近一年有 {n} 条反馈，本月新增 {new} 条，多于偶然。",
        "Batch {batch} of {product} has {n} in the year, {new} of them this month: more than chance explains.",
    ),
    "month.no_changes": ("与上月相比，各项数字没有明显变化。", "No figure differs noticeably from the month before."),
    # charts and signals
    "month.chart_received": (
        "每月收到的反馈",
        "Received a month",
    ),
    "month.chart_product": (
        "每月收到的反馈：{product}",
        "Received a month: {product}",
    ),
    "month.chart_late": ("“{clock}”超期的比例", "Share late: {clock}"),
    "month.beyond_high": (
        "{what}：{month} 为 {value}，高于控制上限 {limit}。",
        "{what}: {month} stands at {value}, above the upper limit of {limit}.",
    ),
    "month.beyond_low": (
        "{what}：{month} 为 {value}，低于控制下限 {limit}。",
        "{what}: {month} stands at {value}, below the lower limit of {limit}.",
    ),
    "month.run_high": (
        "{what}：自 {since} 起连续九个月以上高于中心线，水平已经上移。",
        "{what}: above the centre line for nine months or more, since {since}; the level has risen.",
    ),
    "month.run_low": (
        "{what}：自 {since} 起连续九个月以上低于中心线，水平已经下移。",
        "{what}: below the centre line for nine months or more, since {since}; the level has dropped.",
    ),
    "month.brief_beyond": ("{what}（{value}，控制限 {limit}）", "{what} ({value}; limit {limit})"),
    "month.brief_run": ("{what}（自 {since} 起连续九个月以上）", "{what} (nine months or more, since {since})"),
    "month.departments": ("目前在各部门的", "With the departments today"),
    "month.no_department": ("未分派", "None yet"),
    "month.open_now": ("未关闭", "Open"),
    "month.past_limit": ("已超期", "Past a limit"),
    "month.urgent_of_them": ("其中紧急", "Urgent of them"),
    "month.other": ("其他", "other"),
    "month.no_spots": ("没有哪个批次多于偶然。", "No batch has more than chance explains."),
    "month.no_actions": ("没有未完成的措施。", "No action is open."),
    "month.too_few": ("平均每月不到 1 条，太少，不作判断。", "Fewer than one a month on average: too few to judge."),
    "month.no_signals": ("没有异常信号。", "No signals."),
    "month.no_charts": (
        "已结束的月份不足 6 个，暂不画控制图。",
        "Fewer than six months are over: no control charts yet.",
    ),
    "month.legend_c": ("每点为一个月的条数", "each point is a month's count"),
    "month.legend_u": ("每点为一个月的条数除以当月产量", "each point is a month's count divided by its volume"),
    "month.legend_p": ("每点为一个月中超期的比例", "each point is the share that was late in a month"),
    "month.legend_lines": (
        "实线：均值；虚线：控制限；红点：异常",
        "solid line: mean; dashed: control limits; red: signal",
    ),
    # what to do
    "month.do_authority": (
        "{n} 条安全隐患过了时限，还没有决定是否向监管部门上报：{ids}。请质量主管今天逐条决定。",
        "Safety hazards past the limit for deciding whether the authority is told: {n}. The quality lead decides on each today: {ids}.",
    ),
    "month.do_urgent": (
        "{n} 条紧急反馈已超期，今天就要有人处理：{ids}。",
        "{n} urgent and past a limit: see to them today: {ids}.",
    ),
    "month.do_overdue": (
        "目前答复超期的 {all} 条中有 {n} 条在{department}：请与该部门负责人定出逐条完成日期。",
        "Of {all} final replies overdue today {n} are with {department}: agree a date for each with its head.",
    ),
    "month.do_signal": (
        "明显偏高的有：{what}。请查明原因，并在“措施跟踪”登记一项改进。",
        "Clearly higher: {what}. Find the cause and enter an improvement in Actions.",
    ),
    "month.do_good": (
        "明显下降的有：{what}。如果是改进的结果，请在“阶段”登记日期，让以后的月份与新水平比较。",
        "Clearly lower: {what}. If an improvement did it, enter its date in Phases, so that later months are held against the new level.",
    ),
    "month.do_spot": (
        "{product} 批次 {batch} 的反馈多于偶然：请核对该批次并决定是否扩大排查（{ids}）。",
        "Batch {batch} of {product} has more feedback than chance explains: look into the batch and decide how far to search ({ids}).",
    ),
    "month.do_fault": (
        "收到的 {all} 条中有 {n} 条没有故障代码：请补填，否则看不出问题集中在哪里。",
        "{n} of {all} received have no fault: enter it, or nobody sees where the problems concentrate.",
    ),
    "month.do_actions": (
        "{n} 项措施已过计划完成日：请向责任人追问（{owners}）。",
        "{n} {n:action is|actions are} past {n:its|their} day: ask {n:its owner|their owners} ({owners}).",
    ),
    "month.do_actions_nobody": (
        "{n} 项措施已过计划完成日，而且没有责任人：请指定。",
        "{n} {n:action is|actions are} past {n:its|their} day and {n:has|have} no owner: name one.",
    ),
    "month.do_rule_grading": (
        "定级规则 {rule} 的 {all} 次结果有 {n} 次被人改掉：请修改“分级规则”。",
        "Grading rule {rule} was overruled {n} {n:time|times} out of {all}: change the sheet Grading.",
    ),
    "month.do_rule_assignment": (
        "分派规则 {rule} 的 {all} 次结果有 {n} 次被人改掉：请修改“分派规则”。",
        "Assignment rule {rule} was overruled {n} {n:time|times} out of {all}: change the sheet Assignment.",
    ),
    "month.do_ask": (
        "询问过 {n} 位反馈者，只有 {percent}% 回答了满意度：样本太少，请用电话补问。",
        "Of {n} reporters asked only {percent} % answered how satisfied they are: ask some by telephone.",
    ),
    "month.do_nothing": ("没有需要立即处理的事项。", "Nothing presses."),
    "month.ids": ("{ids}", "{ids}"),
    "month.ids_more": ("{ids} 等，另有 {more} 条", "{ids} and {more} more"),
    # reasons why there is no number
    "month.none_no_rows": ("当月没有收到反馈", "nothing was received"),
    "month.none_no_clock": ("当月没有这项时限", "no row has this clock"),
    "month.none_not_due": ("尚无到期的", "none is due yet"),
    "month.none_time_unknown": ("完成的时间没有记录", "nobody wrote down when"),
    "month.none_none_closed": ("当月没有关闭或应关闭的", "none was closed or was to be"),
    "month.none_never_ended": ("尚无关闭过的", "none has been closed yet"),
    "month.none_not_fixed": ("没有同时填写型号、原因和实施日期的", "none has model, cause and date of its fix"),
    "month.none_window_open": ("90 天观察期未满", "the 90 days are not over"),
    "month.none_not_asked": ("尚未询问过", "nobody was asked"),
    "month.none_no_answer": ("尚无回答", "nobody has answered"),
    "month.none_level_unknown": ("当时的等级没有记录", "the levels of that time are not on record"),
    "month.none_due_unknown": (
        "期限后来变过，当时的期限没有记录",
        "a due date has moved since, and how it stood then is not on record",
    ),
    "month.none_not_hit": ("没有命中", "matched nothing"),
    # titles and labels
    "month.title": ("质量反馈月报", "Quality feedback: the month"),
    "month.so_far": ("本月尚未结束，数字截至 {at}", "the month is not over; figures as of {at}"),
    "month.as_of": ("数字截至 {at}", "figures as of {at}"),
    "month.internal": ("内部资料，含个人信息", "internal, with personal data"),
    "month.public": ("不含个人信息", "without personal data"),
    "month.to_do": ("这周要做的事", "What to do this week"),
    "month.changes": ("与上月相比", "Since the month before"),
    "month.flow": (
        "收到、关闭与月末未关闭",
        "Received, closed, open",
    ),
    "month.timely": ("是否按期", "In time"),
    "month.ageing": (
        "月末未关闭反馈的账龄（工作日）",
        "Age of what is open at its end (working days)",
    ),
    "month.pareto": ("主要集中在哪里", "Where it concentrates"),
    "month.charts": ("趋势与异常", "Trend and signals"),
    "month.spots": ("异常批次", "Batches that stand out"),
    "month.outcome": ("效果", "Did it help"),
    "month.actions": ("未完成的措施", "Open actions"),
    "month.attention": ("最需要处理的", "Needs attention first"),
    "month.rules": ("规则的命中与改判", "Rules: hits and overrules"),
    "month.received": ("收到", "Received"),
    "month.closed": ("关闭", "Closed"),
    "month.reopened": ("重新打开", "Reopened"),
    "month.open": (
        "月末未关闭",
        "Open at its end",
    ),
    "month.overdue": ("答复超期", "Replies overdue"),
    "month.on_time_close": ("按期关闭", "Closed in time"),
    "month.median": ("从收到到关闭（中位）", "Receipt to closing, median"),
    "month.p90": ("从收到到关闭（90% 分位）", "Receipt to closing, 90 %"),
    "month.mean": ("从收到到关闭（平均）", "Receipt to closing, mean"),
    "month.days": ("{n} 个工作日", "{n} working days"),
    "month.reopen_rate": ("重开率", "Reopen rate"),
    "month.recurrence": ("再发率（90 天内）", "Recurrence within 90 days"),
    "month.satisfaction": ("满意度均值", "Mean satisfaction"),
    "month.content": ("4 分及以上的比例", "4 or better"),
    "month.returned": ("回答率", "Return rate"),
    "month.none": ("无", "n/a"),
    "month.of_month": ("本月", "Month"),
    "month.of_before": ("上月", "Before"),
    "month.month": ("月份", "Month"),
    "month.total": ("合计", "All"),
    "month.no_level": ("未定级", "No level"),
    "month.clock": ("时限", "Clock"),
    "month.missed": ("超期的反馈", "Late"),
    "month.rate_of": ("{percent}%（{hits}/{n}）", "{percent} % ({hits}/{n})"),
    "month.by_fault": ("故障", "Fault"),
    "month.by_cause": ("原因", "Cause"),
    "month.by_product": ("产品", "Product"),
    "month.by_category": ("问题领域", "Category"),
    "month.without": ("另有 {n} 条未填写", "{n} more have none"),
    "month.vital": ("深色为占 80% 的少数几项", "dark: the few that make up 80 %"),
    "month.id": ("反馈编号", "ID"),
    "month.levels_unknown": (
        "按等级的数字无法给出：月末时各条是什么等级没有记录。",
        "Nothing by level: nobody noted which level the rows had at the end of the month.",
    ),
    "month.levels_unknown_since": (
        "按等级的数字无法给出：等级从 {day} 起才有记录，月末时各条是什么等级不详。",
        "Nothing by level: levels are noted since {day}, so those of the end of the month are not known.",
    ),
    "month.levels_today": (
        "月末未关闭的这些反馈现在的等级：{levels}。",
        "What was open then has these levels today: {levels}.",
    ),
    "month.replayed": (
        "这是过去某一天的数字；那天该由谁处理什么没有记录，所以不列。",
        "These are the figures of a past day; who had to do what on it is not on record, so nothing is listed.",
    ),
    "month.level": ("等级", "Level"),
    "month.product": ("产品", "Product"),
    "month.department": ("部门", "Department"),
    "month.owner": ("责任人", "Owner"),
    "month.what": ("问题", "Problem"),
    "month.late": ("期限", "Limit"),
    "month.next": ("该做什么", "What to do"),
    "month.kind": ("类别", "Kind"),
    "month.action": ("措施", "Action"),
    "month.due": ("计划完成", "Due"),
    "month.batch": ("批次", "Batch"),
    "month.count": ("条数", "Rows"),
    "month.expected": ("同型号平均", "Mean of the model"),
    "month.chance": ("偶然概率", "Chance"),
    "month.rows": ("反馈", "Feedback"),
    "month.table": ("表", "Table"),
    "month.rule": ("规则", "Rule"),
    "month.hits": ("命中", "Hits"),
    "month.overruled": ("被改判", "Overruled"),
    "month.instead": ("改为", "Instead"),
    "month.never_hit": ("近一年从未命中：{rules}", "Never hit in the year: {rules}"),
    "month.table_grading": ("定级", "Grading"),
    "month.table_assignment": ("分派", "Assignment"),
    "month.more": ("另有 {n} 项", "{n} more"),
    "month.overdue_mark": ("已超期", "overdue"),
    "month.register": ("登记表：", "Register:"),
    "month.signal_rows": ("相关反馈", "rows"),
    "month.few_answers": ("回答不足 10 份", "fewer than ten answers"),
    "month.explained": (
        "口径：各项按期率以当月收到的反馈为准，不含合并的；未到期的不计。按期关闭指关闭时间不晚于答复期限。时长按工作日历计，扣除暂停。",
        "How it is counted: rates in time are about feedback received in the month without merged ones; what is not yet due is left out. "
        "Closed in time means closed no later than the final reply was due. Times are working time, without pauses.",
    ),
    "month.written": ("月报已写入：{path}", "The report was written to {path}"),
    "month.says": ("{month} 月报（{state}）", "{month} ({state})"),
    "month.median_days": (
        "收到到关闭，中位工作日",
        "Working days to close",
    ),
    "month.do_urgent_by": (
        "这些紧急反馈在：{owners}。",
        "The urgent ones are with {owners}.",
    ),
    "month.do_urgent_nobody": (
        "其中 {n} 条还没有责任人：{ids}。请指定。",
        "{n} of them have no owner yet: name one ({ids}).",
    ),
    "month.do_silent": (
        "这个月一条反馈也没有收到：请确认各渠道有人查看，收到的都登记了。",
        "Nothing at all was received in the month: make sure that every channel is read and what comes in is entered.",
    ),
    "month.improve": (
        "{what}自 {since} 起出现异常：查明原因并改进",
        "{what}: out of the ordinary since {since}; find the cause and improve",
    ),
    "month.queued": (
        "已排队：{mail}，收件人 {to}",
        "Queued: {mail}, to {to}",
    ),
    "month.queued_before": (
        "这个月的月报以前已经排队或发出，不再重复。",
        "This month was queued or sent before; nobody gets it twice.",
    ),
    "month.figure": (
        "项目",
        "Figure",
    ),
    "month.numerator": (
        "分子",
        "Numerator",
    ),
    "month.denominator": (
        "分母",
        "Denominator",
    ),
    "month.value": (
        "值",
        "Value",
    ),
    "month.center": (
        "中心线",
        "Centre",
    ),
    "month.upper": (
        "控制上限",
        "Upper limit",
    ),
    "month.lower": (
        "控制下限",
        "Lower limit",
    ),
    "month.signal": (
        "异常",
        "Signal",
    ),
    "month.what_by": (
        "按",
        "By",
    ),
    "month.cumulative": (
        "累计",
        "Cumulative",
    ),
    "month.sheet_figures": (
        "数字",
        "Figures",
    ),
    "month.sheet_flow": (
        "收到与关闭",
        "Flow",
    ),
    "month.sheet_chart": (
        "控制图",
        "Chart",
    ),
    "month.sheet_pareto": (
        "集中在哪里",
        "Pareto",
    ),
    "month.sheet_attention": (
        "最需要处理的",
        "Attention",
    ),
    "month.sheet_actions": (
        "未完成的措施",
        "Open actions",
    ),
    "month.volume_lines": (
        "这些行读不懂：{lines}",
        "lines that cannot be read: {lines}",
    ),
    "month.at_end": (
        "月末",
        "at the end of the month",
    ),
    "month.at_now": (
        "目前",
        "to date",
    ),
}
