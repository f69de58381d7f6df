"""Phrases about what came in: why it was not taken up, and where a row is from. key -> (zh, en). Data only."""

from __future__ import annotations

INCOMING_REASONS: dict[str, tuple[str, str]] = {
    "because.came_in": ("经 {channel} 收到（{ref}）", "came in through {channel} ({ref})"),
    "intake.changed": ("{ref}（{id}）{differs}", "{ref} ({id}) {differs}"),
    "intake.differs": ("{name}：{before} → {after}", "{name}: {before} → {after}"),
    "intake.more": ("，另有 {n} 条", ", and {n} more"),
    "intake.empty": ("里面没有表头或没有记录", "it has no headers, or no records below them"),
    "intake.csv_long": (
        "第 {line} 行有 {found} 格，表头只有 {wanted} 格，可能有未加引号的分隔符",
        "line {line} has {found} cells and the header {wanted}; there may be a delimiter without quotes around it",
    ),
    "intake.csv_short": (
        "最后一行（第 {line} 行）只有 {found} 格，应有 {wanted} 格",
        "the last line ({line}) has only {found} of {wanted} cells",
    ),
    "intake.csv_quotes": ("第 {line} 行附近的引号不成对", "a quotation mark near line {line} has no counterpart"),
    "intake.no_encoding": (
        "映射文件中的编码 {encoding} 不存在，请用 utf-8、gb18030 等",
        "the mapping names the encoding {encoding}, which does not exist; use one such as utf-8 or gb18030",
    ),
    "intake.undecodable": (
        "文字编码不是 {encoding}；请另存为 UTF-8，或在映射文件中写明 encoding",
        "its text is not {encoding}; save it as UTF-8, or name the encoding in the mapping",
    ),
    "intake.no_sheet": ("没有工作表“{sheet}”，只有 {known}", "it has no sheet {sheet}, only {known}"),
    "intake.unreadable": ("无法读取（{problem}）", "it cannot be read ({problem})"),
    "intake.no_json": ("不是有效的 JSON（{problem}）", "it is no valid JSON ({problem})"),
    "intake.no_records": ("在 {where} 处没有找到记录", "no records were found at {where}"),
    "intake.wrong_type": ("不认识这种文件，应为 {known}", "files of this kind are not read; {known} are"),
    "intake.link": (
        "这是一个链接，程序不跟随链接；请放入文件本身",
        "it is a link, which is not followed; put in the file itself",
    ),
    "intake.folder": (
        "这不是文件；请把文件直接放进渠道的文件夹",
        "it is no file; put files right into the folder of their channel",
    ),
    "intake.too_big": (
        "文件有 {size} MB，最大 {most} MB；请分成几份",
        "it has {size} MB, and {most} MB is the most; divide it",
    ),
    "intake.growing": ("读取时还在变化", "it changed while it was read"),
    "intake.no_mapping": (
        "“{name}”不是渠道名，也没有映射文件 {file}；请建立映射文件，或使用渠道名 {known}",
        "{name} is no channel, and there is no mapping {file}; write one, or use a channel's name: {known}",
    ),
    "intake.mapping": ("映射文件 {file} 不能使用（{problem}）", "the mapping {file} cannot be used ({problem})"),
    "intake.mapping_key": (
        "映射文件 {file} 中有不认识的 {found}，是不是 {near}？可用：{known}",
        "the mapping {file} has {found}, which is unknown; is {near} meant? Known are {known}",
    ),
    "intake.mapping_value": (
        "映射文件 {file} 中 {which} 的值“{found}”不合适",
        'the mapping {file} gives {which} the value "{found}", which does not fit',
    ),
    "intake.mapping_channel": (
        "映射文件 {file} 中的渠道“{found}”不存在，应为 {known} 之一",
        'the mapping {file} names the channel "{found}"; it has to be one of {known}',
    ),
    "intake.mapping_field": (
        "映射文件 {file} 指向“{field}”，这一列由负责的人判断或由程序填写，来件不能填",
        "the mapping {file} fills {field}, which people judge or the program fills; what comes in cannot",
    ),
    "intake.no_columns": (
        "文件里没有映射文件 {file} 所说的列 {missing}；文件的列是 {headers}",
        "the mapping {file} names the columns {missing}, which the file does not have; it has {headers}",
    ),
    "intake.nothing_known": (
        "没有一列是登记表认识的（{headers}）；请写映射文件",
        "none of its columns is known to the register ({headers}); write a mapping",
    ),
}
