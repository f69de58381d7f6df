"""A page that shows a mail as it will leave: subject, who gets it, the HTML and the text. Makes text, opens nothing."""

from __future__ import annotations

from html import escape

from ...plan import Message, Recipient
from .rendered import Rendered

_WORDS = {
    "subject": ("主题", "Subject"),
    "to": ("收件人", "To"),
    "cc": ("抄送", "Cc"),
    "kind": ("类型", "Kind"),
    "outside": ("外部", "outside"),
    "text": ("纯文本部分", "Text part"),
    "forms": ("附件", "Attachments"),
}

# The mail sits in a sandboxed frame, and the page allows no script and no request: an edited template cannot act.
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{subject}</title>
<style>
body {{ margin: 0; background: #e9ecf0; color: #1f2a37;
  font: 14px/1.6 "Microsoft YaHei", "PingFang SC", Arial, sans-serif; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; padding: 16px 24px;
  background: #fff; border-bottom: 1px solid #d5dae1; }}
dt {{ color: #667085; }} dd {{ margin: 0; overflow-wrap: anywhere; }} dd.subject {{ font-weight: bold; }}
.outside {{ margin-left: 6px; padding: 0 8px; border-radius: 10px; background: #fdeed6; color: #93490a;
  font-size: 12px; }}
iframe {{ display: block; width: 100%; height: 78vh; min-height: 480px; border: 0; background: #f3f4f6; }}
details {{ padding: 12px 24px 24px; background: #fff; border-top: 1px solid #d5dae1; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.6 "Microsoft YaHei", monospace; }}
</style></head>
<body><dl>{rows}</dl>
<iframe sandbox title="HTML" srcdoc="{html}"></iframe>
<details><summary>{text_name}</summary><pre>{text}</pre></details>
</body></html>
"""


def preview_html(rendered: Rendered, message: Message) -> str:
    """A whole HTML page for a browser; nothing in it runs or is fetched.

    Args:
        rendered: What `MailTemplates.render` gave for `message`.
        message: Names kind, recipients and attachments; outsiders are marked.
    """
    at = 0 if message.language == "zh" else 1
    rows = [
        ("subject", f'<dd class="subject">{escape(rendered.subject)}</dd>'),
        ("to", f"<dd>{_people(message.to, at)}</dd>"),
        ("cc", f"<dd>{_people(message.cc, at)}</dd>" if message.cc else ""),
        ("kind", f"<dd>{escape(message.kind)}</dd>"),
        ("forms", f"<dd>{escape(', '.join(message.forms))}</dd>" if message.forms else ""),
    ]
    return _PAGE.format(
        language="zh-CN" if at == 0 else "en",
        subject=escape(rendered.subject),
        rows="".join(f"<dt>{_WORDS[name][at]}</dt>{shown}" for name, shown in rows if shown),
        html=escape(rendered.html),
        text_name=_WORDS["text"][at],
        text=escape(rendered.text),
    )


def _people(people: tuple[Recipient, ...], at: int) -> str:
    outside = f'<span class="outside">{_WORDS["outside"][at]}</span>'
    return "<br>".join(
        escape(f"{person.name} <{person.mail}>" if person.name else person.mail) + ("" if person.insider else outside)
        for person in people
    )
