"""Mails in words: every kind and language, what is refused, and what a row's text can never do."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_setup import EVERY, OUTSIDE, SHIPPED, STRANGER, refused, with_facts, with_row
from msgspec.structs import replace

from qtemplate import resources
from qtemplate.fields import PUBLIC, Field
from qtemplate.mailer.words.contract import check_facts
from qtemplate.mailer.words.kinds import KINDS, LANGUAGES, PARTS
from qtemplate.mailer.words.lint import Reading, read_template
from qtemplate.mailer.words.preview import preview_html
from qtemplate.mailer.words.problems import What
from qtemplate.mailer.words.reference import describe_facts
from qtemplate.mailer.words.shared_facts import MAX_DIGEST_ROWS, SECTIONS
from qtemplate.mailer.words.specimens import make_specimen
from qtemplate.mailer.words.templates import MAX_SUBJECT, MailTemplates, make_environment
from qtemplate.plan import Recipient
from qtemplate.resources import samples_root, templates_root
from qtemplate.texts.mail_problems import MAIL_PROBLEMS

# Every kind in both languages


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_mail_has_a_subject_with_its_token_a_text_and_an_html_part(kind: str, language: str) -> None:
    message = make_specimen(kind, language)
    mail = SHIPPED.render(message)
    assert mail.subject.startswith(f"[{message.id}] " if message.id else f"[{message.facts['today']}] ")
    assert len(mail.subject) <= MAX_SUBJECT
    assert mail.subject == " ".join(mail.subject.split())
    assert mail.text.endswith("\n") and "\n\n\n" not in mail.text
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in mail.html
    for part in (mail.subject, mail.text, mail.html):
        assert not re.search(r"\{[{%#]|[%#}]\}|Undefined|None", part)
    assert message.facts["team"] in mail.text and message.facts["team"] in mail.html


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_html_carries_its_styles_inline_and_asks_for_nothing(kind: str, language: str) -> None:
    html = SHIPPED.render(make_specimen(kind, language)).html
    assert '<td class="body" style="' in html
    assert "@media only screen" in html and "prefers-color-scheme: dark" in html
    html = html.replace(f'href="{make_specimen(kind, language).facts.get("page")}"', "")  # the one link there may be
    assert not re.search(r"<(img|link|script|iframe|form)\b|url\(|https?://|@import", html)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_in_one_language_holds_no_word_of_the_other(kind: str) -> None:
    assert not re.search("[\u4e00-\u9fff]", "".join(parts_of(SHIPPED, kind, "en")))


def parts_of(templates: MailTemplates, kind: str, language: str) -> tuple[str, str, str]:
    mail = templates.render(make_specimen(kind, language))
    return mail.subject, mail.text, re.sub(r"<style.*?</style>|style=\"[^\"]*\"", "", mail.html, flags=re.S)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", PARTS)
def test_zh_and_en_use_the_same_facts(kind: str, part: str) -> None:
    environment = make_environment([templates_root()])
    used = []
    for language in LANGUAGES:
        reading = read_template(environment, f"{kind}.{language}.{part}.j2")
        assert isinstance(reading, Reading)
        includes = {re.sub(r"\.(zh|en)\.", ".", name) for name in reading.includes}
        used.append(({key for key, _ in reading.fields}, includes, reading.undeclared))
    assert used[0] == used[1]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_text_and_html_say_the_same_facts(kind: str, language: str) -> None:
    message = make_specimen(kind, language)
    _, text, html = parts_of(SHIPPED, kind, language)
    for value in (message.facts.get("row") or {}).values():
        first = str(value).split("\n")[0]
        assert (first in text) == (first in html.replace("&amp;", "&")), first


def test_team_and_today_can_be_given_for_a_whole_run() -> None:
    message = make_specimen("M10", "en")
    facts = {name: value for name, value in message.facts.items() if name not in ("team", "today")}
    mail = SHIPPED.render(replace(message, facts=facts), {"team": "Team Blue", "today": "1 Aug 2026"})
    assert mail.subject.startswith("[1 Aug 2026] ") and "Team Blue" in mail.text


def test_shipped_files_are_found_in_a_checkout() -> None:
    assert (templates_root() / "mail" / "M01.zh.html.j2").is_file()
    assert samples_root().name == "samples"


def test_shipped_files_are_found_in_an_installed_package(tmp_path: Path) -> None:
    (tmp_path / "_data" / "templates").mkdir(parents=True)
    shutil.copy(resources.__file__, tmp_path / "resources.py")
    assert runpy.run_path(str(tmp_path / "resources.py"))["templates_root"]() == tmp_path / "_data" / "templates"


# What is refused


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind.template, field) for kind in KINDS.values() for field in kind.content],
)
@pytest.mark.parametrize("empty", ["", "  \n"])
def test_a_mail_without_its_content_is_held(kind: str, field: Field, empty: str) -> None:
    problem = refused(with_row(make_specimen(kind, "zh"), **{field.value: empty}))
    assert (problem.what, problem.field) == (What.MISSING_CONTENT, field.value)
    assert field.zh in problem.sentence("zh")


def test_the_three_replies_demand_what_the_process_demands() -> None:
    demanded = {kind: [field.value for field in KINDS[kind].content] for kind in ("M14", "M15", "M16")}
    assert demanded == {
        "M14": ["cause_for_reporter", "solution", "implemented_at"],
        "M15": ["reply_text", "eta"],
        "M16": ["reply_text"],
    }


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not KINDS[kind].outside])
def test_an_internal_mail_is_never_rendered_for_an_outsider(kind: str) -> None:
    message = make_specimen(kind, "zh")
    for leak in (replace(message, to=(STRANGER,)), replace(message, cc=(STRANGER,))):
        problem = refused(leak)
        assert (problem.what, problem.field) == (What.OUTSIDER, STRANGER.mail)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind.template, fact.name) for kind in KINDS.values() for fact in kind.facts if fact.required]
)
def test_a_missing_fact_is_named(kind: str, name: str) -> None:
    message = make_specimen(kind, "en")
    facts = {key: value for key, value in message.facts.items() if key != name}
    assert [(p.what, p.field) for p in check_facts(replace(message, facts=facts))] == [(What.MISSING_FACT, name)]


@pytest.mark.parametrize(
    ("kind", "facts", "field", "expected"),
    [
        ("M20", {"times": "2"}, "times", "a whole number"),
        ("M20", {"times": True}, "times", "a whole number"),
        ("M03", {"limits": [["接受", "7月"]]}, "limits", "a list of mappings"),
        ("M03", {"record": "all"}, "record", "a list of mappings"),
        (
            "M10",
            {"sections": [{"key": "overdue", "rows": [{"id": 7, "product": "x"}]}]},
            "sections[0].rows[0].id",
            "text",
        ),
        ("M10", {"sections": [{"key": "due"}]}, "sections[0].key", " | ".join(SECTIONS)),
        ("M25", {"attention": [1]}, "attention", "a list of texts"),
        ("M21", {"silent": "no"}, "silent", "true or false"),
        ("M05", {"meeting": []}, "meeting", ""),
    ],
)
def test_a_fact_of_the_wrong_shape_is_named(kind: str, facts: dict[str, Any], field: str, expected: str) -> None:
    (problem,) = check_facts(with_facts(make_specimen(kind, "zh"), **facts))
    assert (problem.field, problem.detail) == (field, expected)


def test_unknown_kinds_and_languages_are_named() -> None:
    message = make_specimen("M01", "zh")
    unknown: Any = "M99"
    assert refused(replace(message, kind=unknown)).what is What.UNKNOWN_KIND
    assert refused(replace(message, language="fr")).what is What.UNKNOWN_LANGUAGE


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    assert set(MAIL_PROBLEMS) == set(What)
    for zh, en in MAIL_PROBLEMS.values():
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en))


# A row's text is only ever data


HOSTILE = "{{7*7}}{% for x in row %}<script>alert(1)</script>&\r\nBcc: all@example.com"


@pytest.mark.parametrize(("kind", "language"), [each for each in EVERY if KINDS[each[0]].row])
def test_text_of_a_row_is_shown_and_never_run(kind: str, language: str) -> None:
    message = make_specimen(kind, language)
    texts = dict.fromkeys((key for key in message.facts["row"] if key != "id"), HOSTILE)
    facts = {"record": [{"title": HOSTILE, "rows": [{"label": HOSTILE, "value": HOSTILE}]}]} if kind == "M03" else {}
    mail = SHIPPED.render(with_facts(with_row(message, **texts), to=HOSTILE, **facts))
    assert "\n" not in mail.subject and "\r" not in mail.subject + mail.text + mail.html
    assert "{{7*7}}{% for x in row %}<script>alert(1)</script>& Bcc:" in mail.subject or "{{" not in mail.subject
    assert "{{7*7}}{% for x in row %}<script>alert(1)</script>&" in mail.text
    assert "49" not in mail.subject + mail.text
    assert "<script" not in mail.html and "{{7*7}}{% for x in row %}&lt;script&gt;" in mail.html


def test_direction_marks_controls_and_half_characters_are_dropped() -> None:
    mail = SHIPPED.render(with_row(make_specimen("M16", "zh"), title="a\u202eb\u200fc\u2066d\x00\x1be\ud83d 😀\u2028f"))
    for part in (mail.subject, mail.text, mail.html):
        part.encode("utf-8")
        assert not re.search("[\u202e\u200f\u2066\x00\x1b]", part)
        assert "abcde" in part and "😀" in part


@given(title=st.text(st.characters(codec=None), max_size=80), description=st.text(st.characters(codec=None)))
@settings(max_examples=60, deadline=None)
def test_any_text_at_all_gives_a_mail_that_can_be_sent(title: str, description: str) -> None:
    mail = SHIPPED.render(with_row(make_specimen("M16", "en"), title=title, description=description))
    for part in (mail.subject, mail.text, mail.html):
        part.encode("utf-8")
        assert "\r" not in part and "\x00" not in part
    assert len(mail.subject.splitlines()) == 1
    assert mail.html.count("<table") == mail.html.count("</table>") == 6  # with the one in Outlook's comment


def test_a_megabyte_of_text_is_refused_not_sent() -> None:
    problem = refused(with_row(make_specimen("M16", "zh"), reply_text="长" * 1_000_000))
    assert (problem.what, problem.template) == (What.TOO_LONG, "M16.zh.txt.j2")


def test_a_cell_as_full_as_excel_allows_is_rendered() -> None:
    assert "长" * 32_767 in SHIPPED.render(with_row(make_specimen("M16", "zh"), reply_text="长" * 32_767)).text


def test_a_long_title_is_cut_in_the_subject_only() -> None:
    mail = SHIPPED.render(with_row(make_specimen("M16", "en"), title="word " * 100))
    assert len(mail.subject) <= MAX_SUBJECT and mail.subject.endswith("…")
    assert "word " * 50 in mail.text


@pytest.mark.parametrize(("kind", "language"), OUTSIDE)
def test_an_outsider_never_sees_an_internal_field_whatever_the_facts_hold(kind: str, language: str) -> None:
    message = make_specimen(kind, language)
    secrets = {field.value: f"secret-{field.value}" for field in Field if field not in PUBLIC}
    mail = SHIPPED.render(with_row(with_facts(message, record=["secret-record"], why="secret-why"), **secrets))
    assert "secret-" not in mail.subject + mail.text + mail.html


# The digest


def digest_of(language: str, sections: list[dict[str, Any]]) -> tuple[str, str, str]:
    mail = SHIPPED.render(with_facts(make_specimen("M10", language), sections=sections))
    return mail.subject, mail.text, mail.html


def entries(count: int, prefix: str = "QF-2026-1") -> list[dict[str, Any]]:
    return [{"id": f"{prefix}{number:03}", "product": "TC-200", "left": -1.5} for number in range(count)]


def test_a_digest_lists_fifty_rows_and_says_how_many_more() -> None:
    sections: list[dict[str, Any]] = [
        {"key": "to_approve", "rows": entries(7, "QF-2026-2"), "more": 2},
        {"key": "overdue", "rows": entries(MAX_DIGEST_ROWS + 10)},
    ]
    subject, text, html = digest_of("en", sections)
    assert subject.endswith("Quality feedback: to approve 9, overdue 60")
    for part in (text, html):
        assert len(re.findall(r"QF-2026-1\d\d\d", part)) == MAX_DIGEST_ROWS - 7
        assert len(re.findall(r"QF-2026-2\d\d\d", part)) == 7
        assert "17 more are not listed here" in part and "2 more are not listed here" in part
    assert len(html.encode()) < 102_000  # Gmail clips a mail at 102 kB


def test_overdue_comes_first_and_empty_sections_are_left_out() -> None:
    rows = entries(1)
    given: list[dict[str, Any]] = [{"key": key, "rows": rows} for key in ("to_accept", "due_soon", "overdue")]
    given.append({"key": "escalated"})
    _, text, _ = digest_of("zh", given)
    assert re.findall(r"^\[(\D+) \d", text, flags=re.M) == ["已超时", "即将到期", "待您接受"]


def test_the_owner_is_shown_where_the_reader_is_not_the_owner() -> None:
    row = {"id": "QF-2026-0001", "product": "TC-200", "owner": "张伟", "department": "研发部"}
    sections = [{"key": "overdue", "rows": [row]}, {"key": "escalated", "rows": [row]}]
    _, text, _ = digest_of("zh", sections)
    assert text.count("TC-200 | 研发部 张伟") == 1


def test_an_urgent_row_goes_alone_with_its_own_number() -> None:
    mail = SHIPPED.render(make_specimen("M10U", "en"))
    assert mail.subject.startswith("[QF-2026-0031] Urgent, overdue: Final reply 2 days late")


@pytest.mark.parametrize(("language", "urgent"), [("zh", "紧急反馈"), ("en", "rgent feedback")])
def test_a_row_that_goes_alone_is_called_urgent_and_late_only_where_it_is(language: str, urgent: str) -> None:
    message = make_specimen("M10U", language)
    section = message.facts["sections"][0]
    row = section["rows"][0] | {"level": "–", "level_code": "normal", "late": ""}
    calm = SHIPPED.render(with_facts(message, sections=[section | {"rows": [row]}]))
    said = calm.subject + calm.text + calm.html
    assert (urgent in said, row["due"] in said) == (False, False)


# The preview


def test_the_preview_shows_who_gets_what_and_runs_nothing() -> None:
    message = replace(
        make_specimen("M14", "zh"), to=(STRANGER,), cc=(Recipient("<b>李敏", "li.min@example.com", True),)
    )
    mail = SHIPPED.render(with_row(message, solution="</iframe><script>alert(1)</script>"))
    page = preview_html(mail, message)
    assert '外人 &lt;stranger@example.net&gt;<span class="outside">外部</span>' in page
    assert "&lt;b&gt;李敏 &lt;li.min@example.com&gt;</dd>" in page
    assert "<script" not in page and page.count("</iframe>") == 1
    assert "default-src 'none'" in page and "<iframe sandbox " in page


def test_the_reference_of_templates_is_up_to_date() -> None:
    page = templates_root().parent / "docs" / "mail-facts.md"
    assert page.read_text(encoding="utf-8") == describe_facts(), (
        "python -m qtemplate.mailer.words.reference > docs/mail-facts.md"
    )


@pytest.mark.parametrize(("language", "words"), [("zh", "第 2 次"), ("en", "time 2")])
def test_a_transfer_says_that_it_was_reopened_and_what_the_reporter_said(language: str, words: str) -> None:
    message = make_specimen("M03", language)
    again = {"reopened": "2", "opinion": "<换了新的>还是一样"}
    told = SHIPPED.render(replace(message, facts={**message.facts, "row": {**message.facts["row"], **again}}))
    assert (words in told.text, "<换了新的>还是一样" in told.text) == (True, True)
    assert (words in told.html, "&lt;换了新的&gt;还是一样" in told.html) == (True, True)
    once = SHIPPED.render(message)
    assert ("打开" in once.text.replace("打开附件", ""), "reopened" in once.text) == (False, False)
