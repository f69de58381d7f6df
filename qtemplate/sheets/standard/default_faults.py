"""故障词典 of a new workbook: common faults with the words people use for them. Data only."""

from __future__ import annotations

Words = tuple[str, ...]

FAULTS: tuple[tuple[tuple[str, str], tuple[Words, Words]], ...] = (
    (
        ("无法开机", "Does not start"),
        (("开不了机", "不通电", "没反应", "按键无反应"), ("will not turn on", "dead", "no power")),
    ),
    (("异常发热", "Overheating"), (("发烫", "过热", "烫手", "冒烟"), ("too hot", "hot to touch", "smoke"))),
    (("电池续航短", "Short battery life"), (("掉电快", "不耐用", "续航缩水"), ("battery drains", "runs out fast"))),
    (("电池鼓包", "Swollen battery"), (("鼓包", "电池鼓起", "电池膨胀"), ("swollen", "bulging battery"))),
    (("漏水", "Leaking"), (("渗水", "滴水", "漏液"), ("leaks", "drips"))),
    (("噪音大", "Noise"), (("异响", "声音大", "很吵", "嗡嗡响"), ("loud", "rattles", "humming"))),
    (
        ("连接失败", "Cannot connect"),
        (("连不上", "断线", "掉线", "离线", "配网失败"), ("offline", "drops", "pairing fails")),
    ),
    (("闪退", "Crash"), (("崩溃", "自动退出", "卡死", "死机"), ("crashes", "freezes", "hangs"))),
    (("显示异常", "Wrong display"), (("花屏", "黑屏", "乱码", "不显示"), ("garbled", "blank screen", "wrong reading"))),
    (("识别失败", "Not recognised"), (("识别不了", "指纹不灵", "刷不开"), ("not recognised", "fingerprint fails"))),
    (("部件断裂", "Broken part"), (("断裂", "开裂", "裂纹", "断了"), ("broken", "cracked", "snapped"))),
    (("松动脱落", "Loose part"), (("松动", "脱落", "掉了"), ("loose", "came off"))),
    (("包装破损", "Damaged packaging"), (("外箱破损", "压坏", "缓冲不足"), ("box damaged", "crushed"))),
    (("配件缺失", "Missing part"), (("少配件", "漏发", "缺件"), ("missing accessory", "incomplete"))),
    (("异味", "Smell"), (("有味道", "塑料味", "焦味"), ("smells", "odour", "burnt smell"))),
    (
        ("性能不足", "Weak performance"),
        (("吸力小", "效果差", "夹生", "动力不足"), ("weak", "does not clean", "undercooked")),
    ),
    (("说明不清", "Unclear instructions"), (("看不懂", "说明书", "不会用"), ("unclear manual", "cannot find out"))),
)
