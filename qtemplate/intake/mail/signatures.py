"""What stands under somebody's words without being said by them: signatures, lines of phones, disclaimers.

Precision before recall: to lose a customer's words is worse than to keep a signature. So a block of contact data goes
only where a closing formula or a rule announces it: a customer who reports a fault leaves a telephone number too.

Sources: RFC 3676 section 4.3 ("-- "); the lines of phones and webmails as their mails look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_APPS = (
    r"(?:发自|发送自|來自|来自|寄自|傳送自|发送于)\s*(?:我的|新浪|网易|QQ|腾讯|企业微信|企业邮|钉钉|飞书"
    r"|华为|荣耀|小米|Outlook|Windows|Yahoo|雅虎|Foxmail|阿里|139|189|移动|Coremail|iPhone|iPad|Android"
    r"|Mail\b|邮箱|手机|WPS|Lark)[^，。！？,!?]{0,40}"
    r"|(?:从|從|用)\s*(?:我的)?\s*(?:iPhone|iPad|Windows|Android|安卓|华为|小米|手机|Outlook|Yahoo"
    r"|Mac)[^，。！？,!?]{0,30}(?:发送|傳送|传送|寄出|发出)"
    r"|(?:从|從)我的\s*[^，。！？,!?]{1,30}\s*(?:发送|發送|傳送|传送|寄出)的?"
    r"|(?:获取|下载|取得)\s*(?:适用于)?\s*(?:iOS|Android)?\s*(?:版)?\s*(?:的)?\s*Outlook.{0,80}"
    r"|Sent (?:from|via|with|using) (?:my |the |Mail for |Yahoo|Outlook|Proton|Huawei|HUAWEI|Samsung"
    r"|Xiaomi|Mailbird|Spark|Lark|Feishu|Windows|Foxmail|BlackBerry|Gmail|iPhone|iPad"
    r"|an? )[^.!?。！？]{0,60}\.?(?:com)?"
    r"|Get Outlook for (?:iOS|Android|Mac).{0,80}|Get the Outlook app.{0,80}|Von meinem .{1,40} gesendet"
    r"|Envoyé de(?:puis)? mon .{1,40}"
    r"|签名由\s*网易邮箱大师\s*定制|由\s*网易邮箱大师\s*签名|(?:本邮件)?(?:由"
    r"|来自)\s*钉钉(?:专属)?邮箱.{0,20}|Signature is customized by Netease Mail Master"
)
_MOBILE = re.compile(rf"[\s|>]*(?:{_APPS})[\s|]*(?:-{{10,}})?", re.I)
_NETEASE = re.compile(r"网易邮箱大师|Netease Mail Master", re.I)
_CLOSING = re.compile(
    r"\s*(?:(?:(?:with )?(?:best|kind|warm|many)(?: and (?:best|kind|warm))?(?: regards| wishes)|regards"
    r"|(?:thanks|thank you)(?: and| ?&)? ?(?:best|kind)? ?regards|sincerely(?: yours)?"
    r"|yours (?:sincerely|faithfully|truly)|"
    r"br|b\.?r\.?,|cheers|mit freundlichen grüßen|cordialement)|祝好|祝您?(?:工作|生活|生意|身体)\S{2,6}"
    r"|此致(?:\s*敬礼)?|敬礼|顺颂\S{2}|顺祝\S{2,4}|商祺|谨启|敬上|以上，?(?:谢谢|请知悉))[\s,，.。!！~]*",
    re.I,
)
_RULE = re.compile(r"\s*(?:[-_=—―─━*~+]\s*){4,}")
_CONTACT = re.compile(
    r"(?:电话|手机|座机|电邮|邮箱|传真|地址|网址|邮编|微信|\b(?:tel|phone|mobile|mob|cell|fax|e-?mail|mail"
    r"|add(?:ress)?|web(?:site)?|wechat|qq|[tmfepw]))\s*[.:：|(（+]"
    r"|[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}|(?:https?://|www\.)\S+|(?:\+|\b)\d[\d\s()（）-]{6,}\d|(?:有限公司"
    r"|股份公司|集团|Co\.?,? ?Ltd|GmbH|Inc\.|Corporation|Limited)",
    re.I,
)
_DISCLAIMER = re.compile(
    r"[\s*_\-=【\[(（]*(?:(?:免责声明|保密声明|保密提示|重要提示|机密声明|声明)[\s】\])）:：]|(?:本|此"
    r"|该)(?:电子)?(?:邮件|郵件|信件|メール)(?:及其?(?:任何)?附件|\(包括任何附件\)|（包括任何附件）"
    r"|以及)?.{0,40}(?:保密|机密|機密|专有|隐私)"
    r"|(?:this|the information (?:contained )?in this)\s+(?:e-?mail|message|communication"
    r"|transmission).{0,160}?(?:confidential|privileged|intended)"
    r"|(?:confidentiality|privacy|legal)\s+(?:notice|note|statement)|disclaimer\s*[:：]"
    r"|diese e-?mail enthält vertrauliche)",
    re.I | re.S,
)
_LEGAL = re.compile(
    r"保密|机密|機密|责任|免责|专有|隐私|confidential|privileged|liab|intended|unauthori[sz]ed|vertraulich", re.I
)
_WARNING = re.compile(
    r"\s*[\[【(*]*\s*(?:(?:caution|warning|external"
    r"|attention)[\]\s:*!-]{1,6}(?:external )?.{0,20}?this (?:e-?mail|message|mail) (?:was sent"
    r"|originated|comes?|came|is) (?:from )?"
    r"(?:an? )?(?:outside|external).{0,300}|外部邮件[】\])）]?[:：，,\s]*(?:此邮件|本邮件|该邮件|请|注意)?.{0,100})",
    re.I | re.S,
)
_LONGEST_SIGNATURE = 15
_LONGEST_CONTACT = 10
_LONGEST_DISCLAIMER = 20


def find_signature(lines: Sequence[str], sender: str | None, name: str) -> set[int]:
    """Find what is no word of the sender in a stretch of their lines.

    Args:
        lines: A stretch that no quotation interrupts.
        sender: Their address in lower case.
        name: Their name as the mail gives it.

    Returns:
        Positions of the lines of signatures, warnings of the own server and disclaimers.
    """
    cut = _warning(lines)
    end = len(lines)
    dashes = _find_dashes(lines)
    if dashes is not None:
        cut |= set(range(dashes, end))
        end = dashes
    while end > 0:
        before = end
        for find in (_blank, _mobile, _disclaimer):
            end = find(lines, end)
        start = _own_address(lines, end, sender, name)
        if start == end:
            start = _contacts(lines, end)
        if any(lines[at].strip() for at in range(start) if at not in cut):
            end = start
        if end == before:
            break
    cut |= set(range(end, len(lines)))
    return cut | {at for at in range(end) if _MOBILE.fullmatch(lines[at]) and _is_alone(lines, at)}


def _find_dashes(lines: Sequence[str]) -> int | None:
    """The line "-- " of RFC 3676, or "--" with something before it, if what follows is short enough for a signature."""
    for at, line in enumerate(lines):
        if line == "-- " or (line.strip() in ("--", "- --", "—") and any(each.strip() for each in lines[:at])):
            following = sum(bool(each.strip()) for each in lines[at + 1 :])
            if following <= _LONGEST_SIGNATURE and (following or line == "-- "):
                return at
    return None


def _blank(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip(" \t\u3000|"):
        end -= 1
    return end


def _mobile(lines: Sequence[str], end: int) -> int:
    if not end or not _MOBILE.fullmatch(lines[end - 1]):
        return end
    if not _NETEASE.search(lines[end - 1]):
        return end - 1
    start = end - 1
    while start and (not lines[start - 1].strip(" |") or "|" in lines[start - 1] or _is_boxed(lines, start - 1)):
        start -= 1
    return start


def _is_boxed(lines: Sequence[str], at: int) -> bool:
    """Whether a short line stands in the box of bars that the NetEase app draws around name and address."""
    above = next((lines[each] for each in range(at - 1, -1, -1) if lines[each].strip()), "")
    return (len(lines[at]) < 60 and above.strip() != "" and above.strip(" |") == "") or (
        "@" in lines[at] and above.strip(" |") == ""
    )


def _disclaimer(lines: Sequence[str], end: int) -> int:
    """The start of the last paragraph if it is a disclaimer, else `end`."""
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    for at in range(max(start, end - _LONGEST_DISCLAIMER), end):
        text = "\n".join(lines[at:end])
        if _DISCLAIMER.match(text) and _LEGAL.search(text):
            return at
    return end


def _own_address(lines: Sequence[str], end: int, sender: str | None, name: str) -> int:
    """Foxmail and QQ sign with the name and the address alone."""
    if not end or not sender or lines[end - 1].strip(" \t<>|").lower() not in (sender, f"mailto:{sender}"):
        return end
    start = _blank(lines, end - 1)
    if name and start and lines[start - 1].strip() == name:
        start = _blank(lines, start - 1)
    if start and _RULE.fullmatch(lines[start - 1]):
        start -= 1
    return start


def _contacts(lines: Sequence[str], end: int) -> int:
    """The start of a block of contact data that a closing formula or a rule announces, else `end`."""
    hits = long = 0
    for at in range(end - 1, max(-1, end - 1 - 2 * _LONGEST_CONTACT), -1):
        line = lines[at].strip()
        if not line:
            continue
        if _CLOSING.fullmatch(line) or _RULE.fullmatch(line):
            enough = hits >= 2 or (hits >= 1 and _CLOSING.fullmatch(line) is not None)
            return at if enough and end - at <= 2 * _LONGEST_CONTACT else end
        hits += bool(_CONTACT.search(line))
        long += len(line) > 100
        if long or re.search(r"[。？！?!]$", line):
            return end
    return end


def _warning(lines: Sequence[str]) -> set[int]:
    """The paragraph by which a server warns of outsiders, written above their words."""
    start = next((at for at, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return set()
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    if end - start <= 6 and _WARNING.fullmatch("\n".join(lines[start:end])):
        return set(range(start, end))
    return {start} if _WARNING.fullmatch(lines[start]) and len(lines[start]) > 8 else set()


def _is_alone(lines: Sequence[str], at: int) -> bool:
    above = at == 0 or not lines[at - 1].strip()
    return above and (at + 1 == len(lines) or not lines[at + 1].strip())
