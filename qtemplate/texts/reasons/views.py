"""What the view sheets ask of each role. key -> (zh, en). Data only."""

from __future__ import annotations

VIEW_REASONS: dict[str, tuple[str, str]] = {
    "view.fill": ("请填写{fields}", "fill in {fields}"),
    "view.names": ("{fields}", "{fields}"),
    "view.transfer_waits": (
        "转交邮件还没有发出，请看“校验结果”",
        "the transfer mail has not gone yet; Findings says why",
    ),
    "view.failed": ("验证未通过，请重新处理", "verification failed; work on it again"),
    "view.approval": ("答复等待审批", "the reply waits for approval"),
    "view.queued": ("答复已批准，待发出或待口头告知", "the reply is approved and waits to go out or to be told"),
    "view.not_sent": ("答复没有发出，请看“校验结果”", "the reply was not sent; Findings says why"),
    "view.authority": (
        "请决定是否上报，填写“上报时间”或“上报说明”",
        "decide whether to report it to the authority; fill in “Reported at” or “Report reason”",
    ),
    "view.lacking": ("关闭还缺：{lacking}", "to close it: {lacking}"),
    "view.none": ("现在没有待办。", "Nothing to do at the moment."),
    "view.more": ("另有 {n} 条未列出，请到登记表中筛选。", "{n} more are not listed; filter the register for them."),
    "view.cleared": ("（已清空）", "(cleared)"),
    "view.some_row": ("登记表相应的行", "its row of the register"),
    "because.typed_on_view": (
        "填在视图上的内容不算数，视图已重写",
        "what was typed on a view does not count; the view was written anew",
    ),
}
