"""A workspace's own mail templates, and the lint that names what is wrong with them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from mail_setup import override, refused, with_row

from qtemplate.config import default_toml, load_config
from qtemplate.mailer.compose import render_message
from qtemplate.mailer.words.lint import lint_templates
from qtemplate.mailer.words.problems import What
from qtemplate.mailer.words.specimens import make_specimen
from qtemplate.mailer.words.templates import MailTemplates
from qtemplate.resources import templates_root


def test_the_shipped_templates_are_without_a_problem() -> None:
    assert lint_templates([templates_root()]) == []


def test_a_template_of_the_workspace_wins_over_the_shipped_one(tmp_path: Path) -> None:
    folders = override(tmp_path, {"M16.zh.subject.j2": "收到啦 {{ row.title }}"})
    assert (
        MailTemplates(folders).render(make_specimen("M16", "zh")).subject
        == "[QF-2026-0042] 收到啦 低温时屏幕闪烁并自动重启"
    )
    assert lint_templates(folders) == []


def test_a_subject_that_names_the_number_does_not_get_it_twice(tmp_path: Path) -> None:
    folders = override(tmp_path, {"M01.en.subject.j2": "[{{ id }}] Thank you\n\n"})
    assert MailTemplates(folders).render(make_specimen("M01", "en")).subject == "[QF-2026-0042] Thank you"


BODY = '{% extends "_layout.zh.html.j2" %}\n{% block body %}\n%s\n{% endblock %}\n'
BAD: dict[str, tuple[str, list[tuple[int | None, What, str]]]] = {
    "M16.zh.html.j2": (
        """{{ row.reply_text }}{{ row.notes }}
{{ row["root_cause"] }}
{{ facts("first_guess") }}
{{ row.titel }}
{{ row }}
{% set r = row %}{{ r.notes }}
{{ row[language] }}
{{ row.values() }}
{{ record }}
{% autoescape false %}{{ to }}{% endautoescape %}
{{ facts(language) }}""",
        [
            (3, What.PRIVATE_FIELD, "notes"),
            (4, What.PRIVATE_FIELD, "root_cause"),
            (5, What.PRIVATE_FIELD, "first_guess"),
            (6, What.UNKNOWN_FIELD, "titel"),
            (7, What.HIDDEN_FIELD, "row"),
            (8, What.HIDDEN_FIELD, "row"),
            (9, What.HIDDEN_FIELD, "row"),
            (10, What.UNKNOWN_FIELD, "values"),
            (11, What.UNKNOWN_NAME, "record"),
            (12, What.UNESCAPED, ""),
            (13, What.HIDDEN_FIELD, "row"),
        ],
    ),
    "M16.en.html.j2": ("{{ row.title }}", [(None, What.NOT_SHOWN, "reply_text")]),
    "M15.zh.html.j2": ("{{ row.reply_text|safe }}{{ row.eta }}", [(3, What.SYNTAX, "")]),
    "M15.en.html.j2": ("{{ row.reply_text }}{{ row.eta }}\n{% if %}", [(4, What.SYNTAX, "")]),
    "M03.zh.html.j2": (
        "{{ row.level }}{{ row.title }}{{ record }}{{ why }}{{ owner }}{{ form }}",
        [(None, What.NOT_SHOWN, "department")],
    ),
    "M03.en.html.j2": (
        "{{ row.own_column }}{% include '_nothing.j2' %}",
        [(3, What.UNKNOWN_FIELD, "own_column")],
    ),
    "M05.zh.html.j2": ("{{ meeting.nothing }}", [(3, What.UNDEFINED, "")]),
    "M13.zh.html.j2": ("{{ verify.update(a=1) }}", [(3, What.FORBIDDEN, "")]),
    "M20.zh.html.j2": ("\n\n{{ times.__class__.__mro__ }}", [(5, What.FORBIDDEN, "")]),
    "M22.zh.html.j2": ("{{ related }}{{ 1 / 0 }}", [(3, What.FAILED, "")]),
    "M3.zh.html.j2": ("", [(None, What.UNUSED_FILE, "")]),
}


def test_the_lint_names_file_line_and_field_of_everything_that_is_wrong(tmp_path: Path) -> None:
    folders = override(tmp_path, {name: BODY.replace("%s", body) for name, (body, _) in BAD.items()})
    expected = [(name, *problem) for name, (_, problems) in BAD.items() for problem in problems]
    expected.append(("_nothing.j2", None, What.MISSING_FILE, ""))
    found = [(p.template, p.line, p.what, p.field) for p in lint_templates(folders)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_misspelt_field_gets_the_right_one_as_a_hint(tmp_path: Path) -> None:
    (problem,) = lint_templates(override(tmp_path, {"M01.zh.subject.j2": "{{ row.titel }}"}))
    assert problem.sentence("en") == 'M01.zh.subject.j2 line 1: the register has no field "titel" → title.'
    assert problem.sentence("zh") == "M01.zh.subject.j2 第 1 行：登记表没有字段“titel” → title。"


def test_a_private_field_in_a_shared_partial_is_found(tmp_path: Path) -> None:
    problems = lint_templates(
        override(tmp_path, {"_facts.txt.j2": "{{ row.title }}\n{{ row.received_at }}{{ row.owner }}"})
    )
    assert [(p.template, p.line, p.what, p.field) for p in problems] == [
        ("_facts.txt.j2", 2, What.PRIVATE_FIELD, "owner")
    ]


def test_a_missing_language_is_found(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    for path in (templates_root() / "mail").iterdir():
        if path.is_file() and not path.name.startswith(("M14.en", "M22.zh.subject")):
            (tmp_path / "mail" / path.name).write_bytes(path.read_bytes())
    problems = lint_templates([tmp_path])
    assert [(p.template, p.what) for p in problems] == [
        ("M14.en.html.j2", What.MISSING_FILE),
        ("M14.en.subject.j2", What.MISSING_FILE),
        ("M14.en.txt.j2", What.MISSING_FILE),
        ("M22.zh.subject.j2", What.MISSING_FILE),
    ]


def test_own_columns_are_for_internal_mails(tmp_path: Path) -> None:
    source = "{{ row.title }} {{ row['线体'] }}"
    folders = override(tmp_path, {"M13.zh.subject.j2": source, "M16.zh.subject.j2": source})
    problems = lint_templates(folders, own_headers=["线体"])
    assert [(p.template, p.what) for p in problems] == [
        ("M13.zh.subject.j2", What.UNDEFINED),  # the made-up row has no such column
        ("M16.zh.subject.j2", What.UNKNOWN_FIELD),
    ]
    mail = MailTemplates(folders).render(with_row(make_specimen("M13", "zh"), 线体="二线"))
    assert mail.subject.endswith("低温时屏幕闪烁并自动重启 二线")


def test_what_a_template_does_wrong_while_rendering_is_a_problem_with_its_line(tmp_path: Path) -> None:
    templates = MailTemplates(override(tmp_path, {"M01.zh.txt.j2": "x\n{{ nothing }}"}))
    problem = refused(make_specimen("M01", "zh"), templates)
    assert (problem.template, problem.line, problem.what) == ("M01.zh.txt.j2", 2, What.UNDEFINED)


def test_a_template_that_never_ends_is_stopped_by_its_size(tmp_path: Path) -> None:
    source = (
        "{% set a %}" + "x" * 3000 + "{% endset %}" + "{% for b in a %}{% for c in a %}{{ c }}{% endfor %}{% endfor %}"
    )
    problem = refused(make_specimen("M01", "zh"), MailTemplates(override(tmp_path, {"M01.zh.txt.j2": source})))
    assert problem.what is What.TOO_LONG


@pytest.mark.parametrize("kind", ["M01", "M02", "M20"])
def test_a_mail_that_nobody_approves_may_not_show_what_a_colleague_wrote(kind: str, tmp_path: Path) -> None:
    own = {f"{kind}.zh.subject.j2": "{{ row.product }} {{ row.title }}"}
    (problem,) = lint_templates(override(tmp_path, own))
    assert (problem.what, problem.field) == (What.UNAPPROVED_FIELD, "title")


@pytest.mark.parametrize("link", ["", "https://share.example.com/r?a=1&b=2", "\\\\files\\quality\\register.xlsx"])
def test_a_mail_says_where_the_register_is_as_the_team_wants_it(tmp_path: Path, link: str) -> None:
    file = tmp_path / "qtemplate.toml"
    text = default_toml("en", "UTC", None)
    file.write_text(text.replace('link = ""', f"link = '{link}'"), "utf-8")
    message = make_specimen("M25", "en")
    mail = render_message(message, MailTemplates([templates_root()]), load_config(file), dt.datetime(2026, 7, 16, 12))
    shown = link or str(message.facts["register"])
    assert f"Register: {shown}\n" in mail.text
    written = shown.replace("&", "&amp;")
    linked = f'<a href="{written}" style=' if link.startswith("https") else f"Register: {written}<"
    assert linked in mail.html or linked.replace('" style=', '">') in mail.html
