"""The command line: arguments in, text or JSON out, an exit code. No logic here; heavy imports inside the commands."""

from __future__ import annotations

import json
import sys

import click

from .. import __version__
from ..errors import GuardTripped, NotFound, NotWritten, QtemplateError, RegisterChanged, RegisterLocked
from .forms import COMMANDS as FORMS
from .history import COMMANDS as HISTORY
from .options import terminal_language
from .outbox import COMMANDS as OUTBOX
from .rules import COMMANDS as RULES
from .running import COMMANDS as RUNNING

EXIT_USAGE, EXIT_SETUP, EXIT_LATER, EXIT_INTERRUPTED = 2, 4, 5, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="qtemplate")
def cli() -> None:
    """Runs a quality feedback process inside the Excel register a team already keeps.

    让质量反馈流程在团队已有的 Excel 登记表里自己运行。
    """


for command in (*RUNNING, *HISTORY, *RULES, *OUTBOX, *FORMS):
    cli.add_command(command)


def exit_code_of(error: QtemplateError) -> int:
    """2 for a name that is nowhere, 5 for what will be tried again, 4 for set-up."""
    if isinstance(error, NotFound):
        return EXIT_USAGE
    return EXIT_LATER if isinstance(error, (RegisterLocked, RegisterChanged, NotWritten, GuardTripped)) else EXIT_SETUP


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `qtemplate` and `run.py`: typed errors become one sentence and an exit code."""
    try:
        cli.main(arguments, standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.UsageError as wrong:
        wrong.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except QtemplateError as error:
        from ..texts import say_error

        given = sys.argv[1:] if arguments is None else arguments
        code, sentence = exit_code_of(error), say_error(error, terminal_language(_chosen_language(given)))
        if "--json" in given:
            told = {"schema": 1, "error": {"kind": type(error).__name__, "message": sentence}, "exit": code}
            click.echo(json.dumps(told, ensure_ascii=False))
        click.echo(sentence, err=True)
        sys.exit(code)


def _chosen_language(arguments: list[str]) -> str | None:
    """What `--lang` says; the options of the command are gone when its error arrives here."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang"):
            return argument.partition("=")[2] or "".join(arguments[at + 1 : at + 2])
    return None
