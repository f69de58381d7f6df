"""What can be wrong with a mail that came in. Code -> (zh, en). Data only."""

from __future__ import annotations

MAIL_READING: dict[str, tuple[str, str]] = {
    "undecodable": (
        "{where}：按 {charset} 解码时有 {count} 处无法识别（第一处为字节 0x{byte:02x}），已以 � 代替；请对照原邮件核对",
        "{where}: {count} places are not valid {charset} (the first is byte 0x{byte:02x}) and are shown as �; compare with the mail itself",
    ),
    "guessed": (
        "{where}：没有可用的编码声明，按 {charset} 猜读；如有乱码，请对照原邮件",
        "{where}: no usable charset is named; it was read as {charset}, which is a guess; compare with the mail itself",
    ),
    "nul": ("{where}：含空字符，已以 � 代替", "{where}: holds NUL characters, which are shown as �"),
    "base64": (
        "{where}：Base64 编码有损坏，内容可能不完整；请让对方重发",
        "{where}: the Base64 is damaged and the content may be incomplete; ask for it again",
    ),
    "no_base64": (
        "{where}：声明为 Base64，实际不是，已按原文读取",
        "{where}: is said to be Base64 and is not; it was taken as it stands",
    ),
    "quoted_printable": (
        "{where}：Quoted-Printable 编码有 {count} 处损坏，已原样保留",
        "{where}: {count} places are no valid Quoted-Printable and were left as they stand",
    ),
    "transfer": (
        "{where}：未知的传输编码“{found}”，已按原文读取",
        '{where}: unknown transfer encoding "{found}"; it was taken as it stands',
    ),
    "uuencode": (
        "{where}：UU 编码有损坏，内容可能不完整；请让对方重发",
        "{where}: the uuencoded data is damaged and may be incomplete; ask for it again",
    ),
    "no_boundary": (
        "{where}：声明为多部分邮件，但找不到分隔标记，已整体按文本读取",
        "{where}: is said to have parts, but their boundary is nowhere to be found; all of it was read as text",
    ),
    "cut_short": (
        "{where}：邮件在最后一个分隔标记之前就结束了，末尾可能缺失；请让对方重发",
        "{where}: the mail ends before its last boundary; something may be missing; ask for it again",
    ),
    "too_deep": (
        "{where}：嵌套超过 {limit} 层，内层没有展开，整块作为附件保留",
        "{where}: parts lie more than {limit} deep; what is inside was kept whole as one attachment",
    ),
    "too_many": (
        "邮件有 {count} 个以上的部分，只读取前 {limit} 个；其余请在原邮件中查看",
        "the mail has {count} parts or more; the first {limit} were read; the others are in the mail itself",
    ),
    "too_long": (
        "{where}：文字超过 {limit} 个字符，其余未读取；请在原邮件中查看",
        "{where}: more than {limit} characters of text; the rest was not read and is in the mail itself",
    ),
    "html": (
        "{where}：HTML 无法完整解析，已去掉标记后保留全部文字；请对照原邮件核对",
        "{where}: the HTML cannot be read as a whole; its tags were taken off and all words kept; compare with the mail itself",
    ),
    "name_path": (
        "附件名“{found}”带有路径，只保留最后一段",
        'the attachment name "{found}" holds a path; only its last part was kept',
    ),
    "date": (
        "邮件日期“{found}”无法识别，应类似 Mon, 30 Nov 2026 09:00:00 +0800",
        'the date "{found}" cannot be read; expected one such as Mon, 30 Nov 2026 09:00:00 +0800',
    ),
    "encrypted": (
        "{where}：内容已加密或整体签名，无法读取；请让对方改发普通邮件",
        "{where}: is encrypted or wrapped in a signature and cannot be read; ask for a plain mail",
    ),
    "elsewhere": (
        "{where}：内容不在这封邮件里（{found}）；请让对方重发完整邮件",
        "{where}: the content is not in this mail ({found}); ask for the whole mail",
    ),
    "tnef": (
        "{where}：winmail.dat 有损坏，内容可能不完整；请让对方改用 HTML 或纯文本格式重发",
        "{where}: the winmail.dat is damaged and may be incomplete; ask for it again as HTML or plain text",
    ),
    "unreadable": (
        "{where}：读取时出错（{found}），这部分没有展开；请查看原邮件",
        "{where}: reading it failed ({found}); look at the mail itself",
    ),
}
