"""What the commands share: their common options, the terminal's language, and how an answer is printed."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import click

from ..errors import GuardTripped, NotFound, NotWritten, QtemplateError, RegisterChanged, RegisterLocked
from .language import terminal_language
from .printing import show, show_json
from .screen import has_colours, is_terminal, size

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from ..config import Config
    from ..report.answer import Answer
    from ..report.run_report import RunReport
    from .progress import Telling

EXIT_USAGE, EXIT_SETUP, EXIT_LATER = 2, 4, 5

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[dt.datetime]):
    """An ISO moment; naive = the register's time zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        try:
            return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it like 2026-07-15T20:00", param, ctx)


class FilePath(click.ParamType["Path"]):
    """A path; `pathlib` is loaded when there is one, not to print the help.

    `click.Path` would look its name up in the catalogues of the locale, for every option of every command.
    """

    name = "path"

    def __init__(self, *, dir_okay: bool = True) -> None:
        self._may_be_folder = dir_okay

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from pathlib import Path

        path = Path(value)
        if not self._may_be_folder and path.is_dir():
            self.fail(f"File {os.fspath(value)!r} is a directory.", param, ctx)  # as `click.Path` says it
        return path

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Leaves it to the shell, which knows the files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Options(NamedTuple):  # `dataclasses` and `msgspec` take longer to load than the help takes to print
    """The common options as one argument."""

    config_path: Path
    now: dt.datetime | None
    as_json: bool
    lang: str | None
    verbose: bool
    quiet: bool

    @property
    def language(self) -> str:
        """Language of the terminal."""
        return terminal_language(self.lang or click.get_current_context().obj)

    def load(self) -> Config:
        """The configuration of the workspace."""
        from ..config import load_config

        return load_config(self.config_path)

    def progress(self) -> Telling:
        """Tells on standard error how far long work is; use it in a `with`."""
        from .progress import LogProgress, Silence, TerminalProgress

        if is_terminal(sys.stderr) and not self.quiet:
            return TerminalProgress(self.language, size()[0])
        return Silence() if self.quiet or self.as_json else LogProgress(self.language)

    def answer(
        self,
        data: Callable[[], object],
        text: Callable[[], str],
        code: int = 0,
        *,
        logged: Callable[[], str] | None = None,
    ) -> NoReturn:
        """Prints one answer, as JSON, as text or as one line of a log, and leaves with its exit code."""
        if self.as_json:
            show_json(data())
        elif not self.quiet:
            show(text().rstrip("\n"))
        elif logged is not None:
            show(logged())
        sys.exit(code)

    def fail(self, error: QtemplateError) -> NoReturn:
        """Says in one sentence what stopped a command, and leaves with its exit code."""
        from ..report.json_report import SCHEMA, error_json
        from ..texts import say_error

        code = exit_code_of(error)
        if self.as_json:
            told = {"schema": SCHEMA, "error": error_json(error, self.language), "exit": code}
            show_json(told)
        said = say_error(error, self.language)
        if self.quiet:
            from ..jobs.moment import stamp

            said = f"{stamp()} {said}"
        click.echo(said, err=True)
        sys.exit(code)

    def reply(self, answer: Answer, *, logged: bool = False) -> NoReturn:
        """Prints an answer and leaves with its exit code; in a log it is its last line, with the time."""
        from ..report.answer import to_json, to_text

        def last_line() -> str:
            from ..jobs.moment import stamp

            return f"{stamp()} {to_text(answer, self.language).rstrip().splitlines()[-1].strip()}"

        self.answer(
            lambda: to_json(answer, self.language),
            lambda: to_text(answer, self.language),
            answer.exit_code,
            logged=last_line if logged else None,
        )

    def show(self, report: RunReport) -> NoReturn:
        """Prints the report of a check, plan or run and leaves with its exit code."""
        from ..report.json_report import to_json
        from ..report.shape import Shape
        from ..report.text_report import to_log, to_text

        columns, lines = size()
        shape = Shape(columns, lines, has_colours()) if is_terminal(sys.stdout) else Shape()
        self.answer(
            lambda: to_json(report, self.language),
            lambda: to_text(report, self.language, details=self.verbose, shape=shape),
            report.exit_code,
            logged=lambda: to_log(report, self.language),
        )


def exit_code_of(error: QtemplateError) -> int:
    """2 for a name that is nowhere, 5 for what will be tried again, 4 for set-up."""
    if isinstance(error, NotFound):
        return EXIT_USAGE
    return EXIT_LATER if isinstance(error, (RegisterLocked, RegisterChanged, NotWritten, GuardTripped)) else EXIT_SETUP


def common(command: F) -> F:
    """The options that every command has, handed over as one `Options`."""

    def with_options(**given: Any) -> Any:
        names = ("config_path", "now", "as_json", "lang", "verbose", "quiet")
        options = Options(*(given.pop(name) for name in names))
        try:
            return command(options, **given)
        except QtemplateError as error:
            options.fail(error)
        except OSError as error:
            from ..texts.world import in_the_way

            options.fail(in_the_way(error))

    with_options.__name__ = command.__name__
    with_options.__doc__ = command.__doc__
    if hasattr(command, "__click_params__"):
        with_options.__dict__["__click_params__"] = command.__click_params__
    wrapped: Any = with_options
    for option in reversed((
        click.option("--config", "config_path", type=FilePath(), default="qtemplate.toml",
                     metavar="FILE", help="Configuration of the workspace [default: ./qtemplate.toml]"),
        click.option("--now", type=Moment(), help="Replay a moment; naive = the register's time zone."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, everything else on stderr."),
        click.option("--lang", type=click.Choice(["zh", "en"]),
                     help="Language of the terminal; of the workbook, too, in demo and init."),
        click.option("-v", "--verbose", is_flag=True, help="Every finding, edit and mail."),
        click.option("-q", "--quiet", is_flag=True, help="Only errors; of a run one dated line, for a log."),
    )):  # fmt: skip
        wrapped = option(wrapped)
    result: F = wrapped
    return result
