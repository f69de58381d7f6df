"""What the commands share: their common options, the terminal's language, and how an answer is printed."""

from __future__ import annotations

import datetime as dt
import json
import locale
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from ..config import Config
    from ..report.answer import Answer
    from ..report.run_report import RunReport

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[dt.datetime]):
    """An ISO moment; naive = the register's time zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        try:
            return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it like 2026-07-15T20:00", param, ctx)


def terminal_language(chosen: str | None) -> str:
    """`"zh"` or `"en"`: what was chosen, else QTEMPLATE_LANG, else the locale's."""
    chosen = chosen or os.environ.get("QTEMPLATE_LANG") or locale.getlocale()[0] or os.environ.get("LANG", "")
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


@dataclass(frozen=True, slots=True)
class Options:
    """The common options as one argument."""

    config_path: Path
    now: dt.datetime | None
    as_json: bool
    lang: str | None
    verbose: bool
    quiet: bool

    @property
    def language(self) -> str:
        """Language of the terminal: `--lang`, else QTEMPLATE_LANG, else the locale's."""
        return terminal_language(self.lang)

    def load(self) -> Config:
        """The configuration of the workspace."""
        from ..config import load_config

        return load_config(self.config_path)

    def progress(self) -> Callable[[str], None]:
        """Progress on stderr, on a terminal only."""
        if self.quiet or not sys.stderr.isatty():
            return lambda step: None
        return lambda step: click.echo(f"· {step}", err=True)

    def answer(self, data: Callable[[], object], text: Callable[[], str], code: int = 0) -> NoReturn:
        """Prints one answer, as JSON or as text, and leaves with its exit code."""
        if self.as_json:
            click.echo(json.dumps(data(), ensure_ascii=False))
        elif not self.quiet:
            click.echo(text().rstrip("\n"))
        sys.exit(code)

    def reply(self, answer: Answer) -> NoReturn:
        """Prints an answer and leaves with its exit code."""
        from ..report.answer import to_json, to_text

        self.answer(lambda: to_json(answer, self.language), lambda: to_text(answer, self.language), answer.exit_code)

    def show(self, report: RunReport) -> NoReturn:
        """Prints the report of a check, plan or run and leaves with its exit code."""
        from ..report.json_report import to_json
        from ..report.text_report import to_text

        self.answer(
            lambda: to_json(report, self.language),
            lambda: to_text(report, self.language, details=self.verbose),
            report.exit_code,
        )


def common(command: F) -> F:
    """The options that every command has, handed over as one `Options`."""

    def with_options(**given: Any) -> Any:
        names = ("config_path", "now", "as_json", "lang", "verbose", "quiet")
        return command(Options(*(given.pop(name) for name in names)), **given)

    with_options.__name__ = command.__name__
    with_options.__doc__ = command.__doc__
    if hasattr(command, "__click_params__"):
        with_options.__dict__["__click_params__"] = command.__click_params__
    wrapped: Any = with_options
    for option in reversed((
        click.option("--config", "config_path", type=click.Path(path_type=Path), default=Path("qtemplate.toml"),
                     metavar="FILE", help="Configuration of the workspace [default: ./qtemplate.toml]"),
        click.option("--now", type=Moment(), help="Replay a moment; naive = the register's time zone."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, everything else on stderr."),
        click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the terminal."),
        click.option("-v", "--verbose", is_flag=True, help="Every finding, edit and mail."),
        click.option("-q", "--quiet", is_flag=True, help="Only errors."),
    )):  # fmt: skip
        wrapped = option(wrapped)
    result: F = wrapped
    return result
