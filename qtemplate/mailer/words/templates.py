"""Mail templates: from a message to its subject, text and HTML.

Only files under the given folders are compiled, in an immutable sandbox; the text of a row is data. This module renders
and knows neither the outbox nor a server nor who may get a mail.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    pass_context,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from msgspec.structs import replace

from ...plan import Message
from ...resources import templates_root
from ..cleaning import clean_line
from .compiled import CompiledTemplates
from .context import build_context
from .contract import check_facts
from .kinds import MailContract, contract_of
from .problems import TemplateProblem, What
from .rendered import Rendered

MAX_SUBJECT = 200
MAX_PART = 400_000
"""Characters of one part: some ten cells filled to Excel's limit of 32,767."""
CHUNKS_AT_ONCE = 100
"""Pieces of a part that are joined before its length is looked at."""


def html_lines(value: str) -> Markup:
    """Filter `lines`: escaped text whose line ends show in HTML; white-space rules are not known to every client."""
    lines = [escape(line) for line in str(value).split("\n")]
    return lines[0] if len(lines) == 1 else Markup("<br>").join(lines)


def clip(value: str, length: int = 60) -> str:
    """Filter `clip`: one line of at most `length` characters."""
    line = " ".join(str(value).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def hang(value: str, width: int = 4) -> str:
    """Filter `hang`: text whose further lines are indented by `width` blanks."""
    return str(value).replace("\n", "\n" + " " * width)


def linked(value: str) -> Markup:
    """Filter `linked`: an address of the web as a link, anything else as it is."""
    if str(value).startswith(("https://", "http://")):
        return Markup('<a href="{0}">{0}</a>').format(value)
    return escape(value)


@pass_context
def pick_facts(context: Context, *keys: str) -> list[dict[str, str]]:
    """Global `facts`: label and value of the named fields that are not empty, in the order named."""
    row: Mapping[str, str] = context["row"]
    labels: Mapping[str, str] = context["labels"]
    for key in keys:
        if key not in row:
            raise UndefinedError(f"'row' has no field {key!r}")
    return [{"label": labels.get(key, key), "value": row[key]} for key in keys if row[key]]


def make_environment(folders: Sequence[Path]) -> ImmutableSandboxedEnvironment:
    """The one environment of mail templates, for rendering and for the lint.

    Args:
        folders: Folders that hold `mail/`; an earlier one overrides a later one.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([folder / "mail" for folder in folders]),
        bytecode_cache=CompiledTemplates(Path(__file__).read_bytes(), templates_root()),  # the rules stand in this file
        auto_reload=False,  # one object a run; an edit counts from the next run on
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and str(name).endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("lipsum", "cycler", "joiner", "range"):
        del environment.globals[name]
    del environment.filters["safe"]
    environment.globals["facts"] = pick_facts
    environment.filters |= {"lines": html_lines, "clip": clip, "hang": hang, "linked": linked}
    return environment


class MailTemplates:
    """The templates of a workspace.

    Args:
        folders: Folders that hold `mail/`, a workspace's overrides before `resources.templates_root()`.
        faulty: (stem, language) -> why no such mail may be made.
    """

    def __init__(
        self, folders: Sequence[Path], faulty: Mapping[tuple[str, str], TemplateProblem] | None = None
    ) -> None:
        self.environment = make_environment(folders)
        self._faulty = faulty or {}
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

    def render(self, message: Message, common: Mapping[str, Any] | None = None) -> Rendered:
        """Put a message into words.

        Args:
            message: What to say, by the contract of `kinds`.
            common: Facts that every mail of a run shares (`team`, `today`); the message's own facts win.

        Returns:
            Subject: one line of at most 200 characters, beginning with `[QF-2026-0001]`, or with `[date]` for a mail
            that is about no single feedback. Text: ends with a line end. HTML: a document with inlined styles.

        Raises:
            TemplateProblem: What the mail needs is missing, or a template is at fault; nothing is half-filled.
        """
        message = replace(message, facts={**(common or {}), **message.facts})
        for problem in check_facts(message):
            raise problem
        kind = contract_of(message)
        assert kind is not None  # check_facts said so
        if (kind.template, message.language) in self._faulty:
            raise self._faulty[kind.template, message.language]
        context = build_context(message, kind)
        token = context["id"] or context["today"]
        return Rendered(
            _one_line(f"[{token}]", self._part(kind, "subject", context)),
            _tidy(self._part(kind, "txt", context)),
            self._inliner.inline(self._part(kind, "html", context)),
        )

    def _part(self, kind: MailContract, part: str, context: Mapping[str, Any]) -> str:
        name = f"{kind.template}.{context['language']}.{part}.j2"
        return guard(name, lambda: _capped(name, self.environment.get_template(name).generate(context)))


def guard(name: str, make: Callable[[], str]) -> str:
    """The result of `make`; anything that goes wrong inside a template becomes a `TemplateProblem`."""
    try:
        return make()
    except TemplateProblem:
        raise
    except TemplateSyntaxError as error:
        raise TemplateProblem(error.name or name, error.lineno, What.SYNTAX, "", error.message or "") from error
    except TemplateNotFound as error:
        raise TemplateProblem(str(error.name or name), None, What.MISSING_FILE) from error
    except UndefinedError as error:
        raise _at(name, error, What.UNDEFINED) from error
    except SecurityError as error:
        raise _at(name, error, What.FORBIDDEN) from error
    except Exception as error:  # people write templates: anything can be raised inside one
        raise _at(name, error, What.FAILED) from error


def _at(name: str, error: Exception, what: What) -> TemplateProblem:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    if not frames:
        return TemplateProblem(name, None, what, "", str(error))
    return TemplateProblem(Path(frames[-1].filename).name, frames[-1].lineno, what, "", str(error))


def _capped(name: str, chunks: Iterable[str]) -> str:
    made, size, rest = [], 0, iter(chunks)
    while some := [*islice(rest, CHUNKS_AT_ONCE)]:
        made.append("".join(some))
        size += len(made[-1])
        if size > MAX_PART:
            raise TemplateProblem(name, None, What.TOO_LONG, "", f"{MAX_PART:,}")
    return "".join(made)


def _one_line(token: str, subject: str) -> str:
    words = clean_line(subject, MAX_PART)
    return clean_line(words if words.startswith(token) else f"{token} {words}", MAX_SUBJECT)


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
