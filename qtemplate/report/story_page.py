"""The stories of a demo as one HTML page: pictures, cells before and after, the mail as its reader sees it. Pure.

It asks nothing of the network, and mails stand in frames that may do nothing.
"""

from __future__ import annotations

from html import escape

from ..plan import Phrase
from ..texts import field_name, say
from .stories import Story, mail_line

PICTURES = {
    "smoke": '<path d="M14 40h20l-3-12H17z" fill="#c0392b"/><path d="M20 22c-4-5 5-7 1-13M27 22c-4-5 5-7 1-13" fill="none" stroke="#7f8c8d" stroke-width="3" stroke-linecap="round"/>',
    "misunderstanding": '<path d="M6 8h36v24H22l-9 8v-8H6z" fill="#2e6da4"/><path d="M19 17a5 5 0 1 1 7 4.5c-2 1-2 2-2 3.5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/><circle cx="24" cy="29" r="1.8" fill="#fff"/>',
    "double": '<rect x="8" y="6" width="22" height="28" rx="2" fill="#a9bcd0"/><rect x="18" y="14" width="22" height="28" rx="2" fill="#2e6da4"/><path d="M23 22h12M23 28h12M23 34h8" stroke="#fff" stroke-width="2.5"/>',
    "late": '<circle cx="24" cy="24" r="18" fill="#fff" stroke="#b9770e" stroke-width="4"/><path d="M24 13v12l8 5" fill="none" stroke="#b9770e" stroke-width="4" stroke-linecap="round"/>',
    "reopened": '<path d="M38 24a14 14 0 1 1-5-10.7" fill="none" stroke="#6c3483" stroke-width="5"/><path d="M33 4v12H21z" fill="#6c3483"/>',
}  # fmt: skip
"""A drawing a story, 48 by 48."""

STYLE = """
body{font:16px/1.5 "Segoe UI","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1c2733;background:#f4f6f8;margin:0}
main{max-width:1080px;margin:0 auto;padding:24px 20px 60px}h1{font-size:26px;margin:8px 0}h2{font-size:19px;margin:0}
.lead,.small{color:#566573}.story{background:#fff;border:1px solid #dde3e9;border-radius:8px;padding:18px 20px;margin:18px 0}
.head{display:flex;gap:14px;align-items:center}.head svg{width:48px;height:48px;flex:none}.id{color:#566573;font-size:14px}
table{border-collapse:collapse;margin:12px 0;width:100%;font-size:14px}th,td{border:1px solid #dde3e9;padding:5px 8px;text-align:left;
vertical-align:top}th{background:#eef2f6;font-weight:600}td.new{background:#e8f5ec;font-weight:600}td.why{color:#566573}
iframe{width:100%;height:330px;border:1px solid #dde3e9;border-radius:6px;background:#fff}.mail{font-size:14px;margin:10px 0 6px}
@media(prefers-color-scheme:dark){body{background:#1b2127;color:#e5e9ed}.story{background:#242c34;border-color:#3a444e}
th{background:#2e3841}th,td{border-color:#3a444e}td.new{background:#1f4a2f}.lead,.small,.id,td.why{color:#a3adb7}}
"""


def story_page(stories: tuple[Story, ...], language: str, lead: str) -> str:
    """The whole page.

    Args:
        stories: In order.
        language: `"zh"` or `"en"`.
        lead: What was done, in a sentence.
    """
    title = say(Phrase("story.title"), language)
    parts = [
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main><h1>{escape(title)}</h1>",
        f'<p class="lead">{escape(lead)}</p>',
        *(_card(story, number, language) for number, story in enumerate(stories, 1)),
        f'<p class="small">{escape(say(Phrase("story.further"), language))}</p></main></body></html>',
    ]
    return "\n".join(parts) + "\n"


def _card(story: Story, number: int, language: str) -> str:
    words = {name: escape(say(Phrase(f"story.{name}"), language)) for name in ("column", "was", "is", "why")}
    about = say(Phrase.of("story.about", id=story.id, title=story.title, reporter=story.reporter), language)
    rows = "".join(
        f"<tr><th>{escape(field_name(each.field, language))}</th><td>{escape(each.before or '–')}</td>"
        f"<td{' class=new' if each.after != each.before else ''}>{escape(each.after or '–')}</td>"
        f'<td class="why">{escape(each.because)}</td></tr>'
        for each in story.changes
    )
    remark = f'<p class="small">{escape(story.remark)}</p>' if story.remark else ""
    frame = f'<iframe sandbox="" title="{escape(story.subject)}" srcdoc="{escape(story.page)}"></iframe>'
    return (
        f'<section class="story"><div class="head"><svg viewBox="0 0 48 48" aria-hidden="true">{PICTURES[story.kind]}</svg>'
        f"<div><h2>{number} · {escape(say(Phrase(f'story.{story.kind}'), language))}</h2>"
        f'<div class="id">{escape(about)}</div></div></div>'
        f"<table><tr><th>{words['column']}</th><th>{words['was']}</th><th>{words['is']}</th><th>{words['why']}</th></tr>"
        f"{rows}</table>{remark}"
        f'<p class="mail">{escape(say(mail_line(story), language))}</p>{frame if story.page else ""}</section>'
    )
