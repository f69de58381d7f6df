"""Phrases of the state on a server and of many registers. key -> (zh, en). Data only."""

from __future__ import annotations

FLEET_REASONS: dict[str, tuple[str, str]] = {
    "state.moved": (
        "状态的 {rows} 行已搬到 {where}，逐行核对一致；[state] url 已改好，从现在起用那里的。",
        "{rows} rows of the state were carried to {where} and compared, all alike; [state] url names it, and it is used from now on.",
    ),
    "state.former_file": (
        "原来的文件留作备份：{path}。不再使用。",
        "The former file is kept as a backup: {path}. It is used no more.",
    ),
    "state.former_schema": (
        "原来的 schema {schema} 没有动，不再使用；确认无误后请数据库管理员删除。",
        "The former schema {schema} is as it was and used no more; have the administrator of the database drop it once all is well.",
    ),
}
