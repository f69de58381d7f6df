"""The command line: arguments in, text or JSON out, an exit code. No logic here; heavy imports inside the commands."""

from __future__ import annotations

import datetime as dt
import json
import locale
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import __version__
from .errors import GuardTripped, QtemplateError, RegisterChanged, RegisterLocked

if TYPE_CHECKING:
    from .config import Config
    from .report.run_report import RunReport

F = TypeVar("F", bound=Callable[..., Any])
EXIT_SETUP, EXIT_LATER, EXIT_INTERRUPTED = 4, 5, 130


class Moment(click.ParamType[dt.datetime]):
    """An ISO moment; naive = the register's time zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        try:
            return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it like 2026-07-15T20:00", param, ctx)


def common(command: F) -> F:
    """The options that every command has."""
    for option in reversed((
        click.option("--config", "config_path", type=click.Path(path_type=Path), default=Path("qtemplate.toml"),
                     metavar="FILE", help="Configuration of the workspace [default: ./qtemplate.toml]"),
        click.option("--now", type=Moment(), help="Replay a moment; naive = the register's time zone."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, everything else on stderr."),
        click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the terminal."),
        click.option("-v", "--verbose", is_flag=True, help="Every finding, edit and mail."),
        click.option("-q", "--quiet", is_flag=True, help="Only errors."),
    )):
        command = option(command)
    return command


def terminal_language(lang: str | None) -> str:
    """`--lang`, else QTEMPLATE_LANG, else the locale's."""
    chosen = lang or os.environ.get("QTEMPLATE_LANG") or (locale.getlocale()[0] or os.environ.get("LANG", ""))
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


def progress_to(quiet: bool) -> Callable[[str], None]:
    """Progress on stderr, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        return lambda step: None
    return lambda step: click.echo(f"· {step}", err=True)


def show(report: RunReport, as_json: bool, lang: str | None, verbose: bool, quiet: bool) -> None:
    """Prints a report and leaves with its exit code."""
    language = terminal_language(lang)
    if as_json:
        from .report.json_report import to_json

        click.echo(json.dumps(to_json(report, language), ensure_ascii=False))
    elif not quiet:
        from .report.text_report import to_text

        click.echo(to_text(report, language, details=verbose), nl=False)
    sys.exit(report.exit_code)


def load(path: Path) -> Config:
    """The configuration of the workspace."""
    from .config import load_config

    return load_config(path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="qtemplate")
def cli() -> None:
    """Runs a quality feedback process inside the Excel register a team already keeps.

    让质量反馈流程在团队已有的 Excel 登记表里自己运行。
    """


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("qtemplate-demo"), metavar="[DIR]")
@common
def demo(folder: Path, now: dt.datetime | None, as_json: bool, lang: str | None, verbose: bool, quiet: bool,
         config_path: Path) -> None:
    """Make a workspace with the sample register and run the nightly job on it. 体验一遍。"""
    from dataclasses import replace

    from .jobs.demo import make_demo
    from .plan import Phrase
    from .texts import say

    report = make_demo(folder, lang or "zh", now, progress_to(quiet))
    where = say(Phrase.of("demo.where", folder=str(folder)), terminal_language(lang))
    show(replace(report, notes=("", where)), as_json, lang, verbose, quiet)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@common
def init(folder: Path, now: dt.datetime | None, as_json: bool, lang: str | None, verbose: bool, quiet: bool,
         config_path: Path) -> None:
    """Make a workspace for real use. 建立工作区。"""
    from zoneinfo import ZoneInfo

    from .jobs.demo import make_workspace
    from .plan import Phrase
    from .texts import say

    moment = now or dt.datetime.now(ZoneInfo("Asia/Shanghai"))
    made = make_workspace(folder, lang or "zh", moment.replace(microsecond=0))
    if as_json:
        click.echo(json.dumps({"schema": 1, "config": str(made)}, ensure_ascii=False))
    elif not quiet:
        click.echo(say(Phrase.of("init.where", folder=str(made.parent), config=str(made)), terminal_language(lang)))


@cli.command()
@common
def check(config_path: Path, now: dt.datetime | None, as_json: bool, lang: str | None, verbose: bool,
          quiet: bool) -> None:
    """Findings only; changes nothing. 只校验，不改动。"""
    from .jobs.run import check as check_register

    show(check_register(load(config_path), now), as_json, lang, verbose, quiet)


@cli.command()
@common
def plan(config_path: Path, now: dt.datetime | None, as_json: bool, lang: str | None, verbose: bool,
         quiet: bool) -> None:
    """Everything a run would do; changes nothing. 列出将要做的一切，不改动。"""
    from .jobs.run import plan as plan_run

    show(plan_run(load(config_path), now), as_json, lang, verbose, quiet)


def run_nightly(config_path: Path, now: dt.datetime | None, as_json: bool, lang: str | None, verbose: bool, quiet: bool,
                no_mail: bool) -> None:
    """Plan, apply, deliver; --no-mail queues only. 运行一遍。"""
    from .jobs.run import run

    report = run(load(config_path), now, send=not no_mail, progress=progress_to(quiet))
    show(report, as_json, lang, verbose, quiet)


for name in ("run", "nightly"):
    cli.command(name)(common(click.option("--no-mail", is_flag=True, help="Queue mails, deliver none.")(
        click.pass_context(lambda context, **options: run_nightly(**options)))))


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `qtemplate` and `run.py`: typed errors become one sentence and an exit code."""
    try:
        cli.main(arguments, standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.UsageError as wrong:
        wrong.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except QtemplateError as error:
        later = isinstance(error, (RegisterLocked, RegisterChanged, GuardTripped))
        code = EXIT_LATER if later else EXIT_SETUP
        if "--json" in (arguments if arguments is not None else sys.argv[1:]):
            kind = type(error).__name__
            click.echo(json.dumps({"schema": 1, "error": {"kind": kind, "message": str(error)}, "exit": code},
                                  ensure_ascii=False))
        click.echo(str(error), err=True)
        sys.exit(code)
