"""Phrases of a team's own ranges, of duplicates, merging and queues. key -> (zh, en). Data only."""

from __future__ import annotations

TEAM_REASONS: dict[str, tuple[str, str]] = {
    "range.between": ("在 {low} 与 {high} 之间", "between {low} and {high}"),
    "range.least": ("不小于 {low}", "at least {low}"),
    "range.most": ("不大于 {high}", "at most {high}"),
    "same.reporter": ("反馈者、产品、型号和文字都相同", "same reporter, product, model and words"),
    "same.serial": ("产品、型号、序列号和文字都相同", "same product, model, serial and words"),
    "same.words": ("文字相同", "same words"),
    "same.part": ("共有的片段：{parts}", "they share: {parts}"),
    "same.and": ("{one}；{other}", "{one}; {other}"),
    "same.other_reporter": ("反馈者不同", "another reporter"),
    "master.unknown": ("登记表中没有编号 {master}", "The register has no {master}"),
    "master.itself": ("一条反馈不能与自己合并", "A feedback cannot be merged into itself"),
    "master.circle": ("合并成了环：{ids}", "The merging goes round in a circle: {ids}"),
    "queue.levels": ("{priority} {count} 件", "{priority}: {count}"),
    "queue.person": ("{person} {capacity}", "{person} {capacity}"),
    "because.approved_master": (
        "主反馈 {master} 的答复已批准，合并在内的反馈者同样收到",
        "the reply to {master}, into which this was merged, is approved",
    ),
}
