"""A run as text for a terminal: counts first, then what a person should look at, then where things are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ..fields import in_tongue_of
from ..plan import ABOUT_MAILS, CellEdit, Phrase, Result, Severity
from ..plan.first_seen import name_of
from ..register import Register, cell_value
from ..texts import field_name, say, say_finding
from .kept_back import as_phrase
from .run_report import Deeds, MailLine, RunReport
from .shape import OF_EXIT, OF_SEVERITY, PLAIN, Paint, Shape
from .stories import story_lines

SHOWN = 15


def to_text(report: RunReport, language: str, *, details: bool = False, shape: Shape = PLAIN) -> str:
    """The report in words.

    Args:
        report: Of a check, a plan or a run.
        language: Of the terminal.
        details: All findings, edits and mails instead of the first few.
        shape: Of the terminal: at most a screen, in colours.
    """
    language, most = in_tongue_of(report.register.language, language), 10**9 if details else SHOWN
    head, last = [*_head(report, language)], [*report.notes, *_foot(report, language)]
    if report.direct or report.following:
        last = [*_edits(report, language, most), *_mails(report, language, most), *last]
    if report.stories and not details:
        return "\n".join((*head, *_stories(report, language, shape), *report.notes)) + "\n"
    if shape.lines and not details:
        plain = _findings(report, language, most, PLAIN)
        most = shape.fit([line for line in plain if line.startswith("  QT")], [*head, *last, "", "", "", ""], most)
    found = _findings(report, language, most, shape, details=details)
    last[-1] = shape.paint(last[-1], OF_EXIT[report.exit_code])
    return "\n".join((*head, *found, *last)) + "\n"


def to_log(report: RunReport, language: str) -> str:
    """The report as one line that begins with its moment."""
    counts, language = (
        Counter(item.severity for item in report.findings),
        in_tongue_of(report.register.language, language),
    )
    line = _say(
        "report.logged",
        language,
        at=report.now.isoformat(sep=" ", timespec="seconds"),
        code=report.exit_code,
        edits=len(report.edits),
        mails=len(report.messages),
        forms=len(report.forms),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
    )
    return " ".join((line, *(say(as_phrase(each), language).rstrip() for each in report.kept if each.waits)))


def _say(key: str, language: str, **facts: object) -> str:
    return say(Phrase.of(key, **facts), language)


def _head(report: RunReport, language: str) -> Iterator[str]:
    register = report.register
    yield from (say_finding(item, language).message for item in report.findings if item.code == "QT172")
    yield from (say(banner, language) for banner in report.banners)
    yield _say(
        "report.register",
        language,
        path=register.path,
        sheet=register.sheet,
        rows=len(register.frame),
        now=report.now.replace(tzinfo=None),
    )
    counts = Counter(item.severity for item in report.findings)
    yield _say(
        "report.findings",
        language,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )
    if report.direct or report.following or report.applied:
        key = "report.did" if report.applied else "report.would"
        yield _counts(key, language, report)
        if report.following and not report.applied:
            yield "  " + _counts("report.following", language, report.following)
    if report.applied:
        named = {result: report.outcomes.get(result, 0) for result in Result}
        yield _say("report.outcomes", language, **{result.value: count for result, count in named.items()})
    yield from (f"  {say(as_phrase(kept), language).rstrip()}" for kept in report.kept)


def _counts(key: str, language: str, of: RunReport | Deeds) -> str:
    return _say(key, language, edits=len(of.edits), rows=len(of.rows), mails=len(of.messages), forms=len(of.forms))


def _stories(report: RunReport, language: str, shape: Shape) -> Iterator[str]:
    """Of a demo: what happened to a few feedbacks says more than a list."""
    yield ""
    yield shape.paint(_say("story.title", language), Paint.STRONG)
    for number, story in enumerate(report.stories, 1):
        first, *rest = story_lines(story, number, language)
        yield shape.paint(first, Paint.STRONG)
        yield from rest
    wanted = sum(item.severity is not Severity.INFO for item in report.findings)
    yield ""
    yield shape.paint(_say("story.exit", language, n=wanted), OF_EXIT[report.exit_code])


def _findings(report: RunReport, language: str, most: int, shape: Shape, *, details: bool = False) -> Iterator[str]:
    wanted = [item for item in report.findings if item.severity is not Severity.INFO]
    today = report.now.date().isoformat()
    days = {item: report.told.get(name_of(item), today) for item in wanted}
    told = {item for item, day in days.items() if day < today and item.code not in ABOUT_MAILS}
    before = sorted(days[item] for item in told) if report.listed and not details else []
    wanted = [item for item in wanted if not before or item not in told]
    wanted.sort(key=lambda item: (item in told, item.severity is not Severity.ERROR))
    if wanted or before:
        yield ""
        yield shape.paint(_say("report.look", language), Paint.STRONG)
    for item in wanted[:most]:
        yield f"  {shape.paint(item.code, OF_SEVERITY[item.severity])}  {say_finding(item, language).message}"
    if len(wanted) > most:
        yield "  " + _say("report.more" if report.listed else "report.more_unlisted", language, n=len(wanted) - most)
    if before:
        yield "  " + _say("report.same", language, n=len(before), day=before[0])


def _edits(report: RunReport, language: str, most: int) -> Iterator[str]:
    if not report.edits:
        return
    fields = Counter(edit.field for edit in report.edits)
    yield ""
    yield _say(
        "report.edits",
        language,
        fields=", ".join(f"{field_name(key, language)} {count}" for key, count in fields.most_common(12)),
    )
    if most > SHOWN:

        def line(edit: CellEdit) -> str:
            before, after = (_shown(report.register, edit.field, value) for value in (edit.before, edit.after))
            name, why = field_name(edit.field, language), say(edit.because, language)
            return f"  {edit.id}  {name}: {before or '–'} → {after or '–'}  ({why})"

        yield from _in_two(report, language, map(line, report.direct.edits), map(line, report.following.edits))


def _shown(register: Register, key: str, value: object) -> str:
    shown = cell_value(key, value, register.language)
    return "" if shown is None else " ".join(str(shown).split())[:60]


def _mails(report: RunReport, language: str, most: int) -> Iterator[str]:
    if report.messages:
        yield ""
        kinds = Counter(f"{mail.kind} {mail.called[language == 'en']}".rstrip() for mail in report.messages)
        yield _say("report.mails", language, kinds=", ".join(f"{kind} × {n}" for kind, n in sorted(kinds.items())))
        kept = Counter((mail.state, mail.detail) for mail in report.messages if mail.detail)
        for (state, why), n in kept.most_common(5):
            yield "  " + _say("report.kept", language, state=Phrase(f"report.{state}"), n=n, why=why)
    if most > SHOWN:
        yield from _in_two(report, language, map(_mail, report.direct.messages), map(_mail, report.following.messages))


def _mail(mail: MailLine) -> str:
    return f"  {mail.state:9} {mail.kind}  {', '.join((*mail.to, *mail.cc))}  {mail.subject}"


def _in_two(report: RunReport, language: str, direct: Iterable[str], following: Iterable[str]) -> Iterator[str]:
    """Lines; in a plan those that wait for mail to go stand apart."""
    yield from direct
    later = list(following)
    if later and not report.applied:
        yield "  " + _say("report.afterwards", language)
    yield from later


def _foot(report: RunReport, language: str) -> Iterator[str]:
    yield ""
    needs = "report.exit3" if report.applied else "report.look3"
    idle = "report.exit0" if len(report.register.frame) else "report.empty"
    yield _say({0: idle, 3: needs, 5: "report.exit5"}[report.exit_code], language, sheet=report.register.sheet)
