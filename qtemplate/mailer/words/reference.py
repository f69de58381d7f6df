"""The reference of mail templates, docs/mail-facts.md, made from the contract so that it cannot differ from it."""

from __future__ import annotations

from collections.abc import Iterator

from ...fields import PUBLIC
from ...plan.mail_kinds import ALONE
from .fact_shapes import Fact
from .kinds import ALL, MailContract
from .shared_facts import COMMON, EACH_SECTION, MAX_DIGEST_ROWS

_HEAD = f"""# Mail templates: what they may use

Made from `qtemplate/mailer/words/kinds.py` by `python -m qtemplate.mailer.words.reference > docs/mail-facts.md`.

A mail has three templates a language in `templates/mail`, for example `M03.zh.subject.j2`, `M03.zh.txt.j2` and
`M03.zh.html.j2`. A file of the same name in the workspace's `templates/mail` replaces the shipped one. The language is
Jinja, in a sandbox: text of the register is data, it is escaped in HTML and never run. A name or field that does not
exist stops the mail and is reported with file and line.

- `row.title` is a field of the feedback, in words; `labels.title` its header; both exist in mails about one feedback.
- `facts("product", "batch")` lists `label` and `value` of the named fields that are not empty.
- `x|lines` keeps line ends in HTML, `x|hang` indents further lines in text, `x|clip` makes one short line,
  `x|linked` links an address of the web in HTML.
- `id`, `language` and `insider` (every recipient is in the People sheet) are always there.
- The subject gets `[QF-2026-0001]`, or `[date]` without a feedback, in front; one line of at most 200 characters.
- A digest shows at most {MAX_DIGEST_ROWS} rows, of each section at least {EACH_SECTION}; a section has its `total`.

A mail that may go outside uses these fields of `row` and no others:
{", ".join(f"`{field.value}`" for field in PUBLIC)}.
"""


def describe_facts() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, "## In every mail\n", "\n".join(_facts(COMMON)) + "\n"]
    for kind in ALL:
        parts += [f"## {kind.template} {kind.zh} · {kind.en}\n", "\n".join(_kind(kind)) + "\n"]
    return "\n".join(parts)


def _kind(kind: MailContract) -> Iterator[str]:
    about = (
        "about one feedback"
        if kind.row
        else "an urgent row on its own"
        if kind.variant == ALONE
        else "about no single feedback"
    )
    yield f"{'May go outside' if kind.outside else 'Internal'}; {about}."
    if kind.content:
        fields = ", ".join(f"`row.{field.value}`" for field in kind.content)
        yield f"It does not leave while one of these is empty, and must show them: {fields}."
    if kind.facts:
        yield ""
        yield from _facts(kind.facts)


def _facts(facts: tuple[Fact, ...], indent: str = "") -> Iterator[str]:
    for fact in facts:
        optional = "" if fact.required else ", optional"
        values = f": {' | '.join(fact.one_of)}" if fact.one_of else ""
        yield f"{indent}- `{fact.name}` ({fact.shape}{optional}): {fact.about}{values}"
        yield from _facts(fact.parts, indent + "  ")


if __name__ == "__main__":
    print(describe_facts(), end="")
