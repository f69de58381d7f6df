"""What is wrong with the state database or the list of a fleet. code -> (zh, en). Data only."""

from __future__ import annotations

STATE_ERRORS: dict[str, tuple[str, str]] = {
    "state.newer": (
        "状态数据库 {path} 由较新版本的 qtemplate 写成（结构第 {found} 版，本程序只认识到第 {known} 版）。"
        "请安装新版本后再运行；没有改动任何内容。",
        "The state database {path} was written by a newer version of qtemplate (layout {found}; this one knows up to "
        "{known}). Install the newer version and run again; nothing was changed.",
    ),
    "state.damaged": (
        "状态数据库 {path} 已损坏（{problem}）。请从备份恢复 .qtemplate 文件夹；没有备份时，按 docs/operate.md 中“The state database is lost”一节处理。",
        "The state database {path} is damaged ({problem}). Restore the folder .qtemplate from a backup; without one, "
        'follow "The state database is lost" in docs/operate.md.',
    ),
    "state.no_file": (
        "{path} 的位置被别的东西占着（文件夹、文件或失效的链接），读不到状态数据库，也就不知道以前做过什么。请把它移开，从备份恢复 "
        ".qtemplate 文件夹；没有备份时，按 docs/operate.md 中“The state database is lost”一节处理。",
        "Something else is in the place of {path} (a folder, a file or a link that leads nowhere): the state database "
        "cannot be read, and what earlier runs did is not known. Move it away and restore the folder .qtemplate from a "
        'backup; without one, follow "The state database is lost" in docs/operate.md.',
    ),
    "state.no_driver": (
        "[state] url 指向 PostgreSQL，但没有安装它的驱动（{problem}）。请运行 pip install 'qtemplate[fleet]'。",
        "[state] url names a PostgreSQL server, and what speaks with it is not installed ({problem}). Run pip install 'qtemplate[fleet]'.",
    ),
    "state.unreachable": (
        "连不上状态数据库 {where}（{problem}）。请检查服务器是否在运行、网络是否通、用户和密码是否正确；没有做任何事，下次运行会再试。",
        "The state database {where} cannot be reached ({problem}). See whether the server runs, the network works, and user and password "
        "are right; nothing was done, and the next run tries again.",
    ),
    "state.lost": (
        "运行途中与状态数据库 {where} 的连接断了（{problem}）。此后什么都没有再做；没做完的由下一次运行接着完成。",
        "The connection to the state database {where} was lost in the middle ({problem}). Nothing was done after that; the next run "
        "finishes what is left.",
    ),
    "state.busy": (
        "状态数据库 {where} 被另一个进程占用，等了 {seconds} 秒。请稍后再运行。",
        "Another process has kept the state database {where} busy for {seconds} s. Run again later.",
    ),
    "state.forbidden": (
        "在状态数据库 {where} 中没有所需的权限（{problem}）。请让数据库管理员执行：CREATE SCHEMA 名字 AUTHORIZATION 用户。",
        "The user has no right to do what is needed in the state database {where} ({problem}). Have the administrator of the database run: "
        "CREATE SCHEMA name AUTHORIZATION user.",
    ),
    "state.same_place": (
        "状态已经在 {where}，没有要搬的。",
        "The state lies there already ({where}); nothing is to be carried.",
    ),
    "state.none_to_move": (
        "{config} 的工作区还没有运行过，没有状态可搬。请直接在 [state] url 中写上新的位置。",
        "The workspace of {config} has never run, there is no state to carry. Write the new place into [state] url.",
    ),
    "state.occupied": (
        "{where} 里已经有另一个状态。请换一个 schema；每个工作区要有自己的。",
        "Another state lies in {where} already. Name another schema; each workspace has its own.",
    ),
    "state.overtaken": (
        "{register} 已由另一次运行接手（本次是第 {mine} 次持有，现在是第 {now} 次），因此没有写入。什么都没有丢，接手的运行会做完。",
        "{register} was taken over by another run (this one holds it for time {mine}, now it is {now}), so it was not written. Nothing is lost, the "
        "run that took over does it.",
    ),
    "fleet.no_file": (
        "{file}：没有这个文件。多台机器的登记表清单怎么写，见 docs/fleet.zh.md。",
        "{file}: there is no such file. docs/fleet.md says how the list of registers is written.",
    ),
    "fleet.no_engine": (
        "fleet 需要的软件包没有安装（{problem}）。请运行 pip install 'qtemplate[fleet]'。",
        "What fleet needs is not installed ({problem}). Run pip install 'qtemplate[fleet]'.",
    ),
    "fleet.unknown_section": (
        "{file}：没有 {name} 这一节；可用的有 {known}（[fleet] 一个，[[registers]] 和 [[folders]] 可以多个）。",
        "{file}: {name} is not a section; there are {known} (one [fleet], any number of [[registers]] and [[folders]]).",
    ),
    "fleet.unknown_key": (
        "{file}：[{section}] 中没有 {name} 这一项；可用的有 {known}。",
        "{file}: [{section}] {name} is not a key; there are {known}.",
    ),
    "fleet.name_twice": (
        "{file}：登记表的名字 {names} 用了不止一次。每张登记表要有自己的名字。",
        "{file}: the names {names} are there more than once. Each register needs a name of its own.",
    ),
    "fleet.no_register": (
        "{file}：没有登记表。请写 [[registers]]（name、config），或写 [[folders]]（path：其下每个含 qtemplate.toml 的文件夹）。",
        "{file}: there is no register. Write [[registers]] (name, config), or [[folders]] (path: every folder below it with a qtemplate.toml).",
    ),
    "fleet.state_in_file": (
        "{config} 的状态在文件里，只有一台机器用得了。请先用 qtemplate state move URL 搬到服务器上。",
        "The state of {config} lies in a file, which only one machine can use. Carry it to the server first: qtemplate state move URL",
    ),
    "fleet.same_id_prefix": (
        "{file}：{one} 和 {other} 的反馈编号都以 {value} 开头，回信会找错登记表。请改其中一个的 [register] id_prefix。",
        "{file}: the numbers of {one} and {other} both begin with {value}; answers would go to the wrong register. Change [register] id_prefix of "
        "one of them.",
    ),
    "fleet.same_mailbox": (
        "{file}：{one} 和 {other} 都读邮箱 {value}。一个邮箱只能由一个工作区读，请去掉其中一个的 [mailbox] host。",
        "{file}: {one} and {other} both read the mailbox {value}. One workspace reads a mailbox; take [mailbox] host out of the other.",
    ),
    "fleet.same_state": (
        "{file}：{one} 和 {other} 的状态在同一个地方（{value}）。每个工作区要有自己的 schema。",
        "{file}: the states of {one} and {other} lie in one place ({value}). Each workspace needs a schema of its own.",
    ),
    "state.differs": (
        "搬到 {where} 后逐行核对不一致：表 {table}（总第 {row} 行附近）。没有启用新的位置，原来的状态没有动。",
        "Held row by row against what was to be moved, {where} differs: table {table} (near row {row} of all). The new place is not used, "
        "and the former state is as it was.",
    ),
}
