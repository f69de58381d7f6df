"""The command line: arguments in, text or JSON out, an exit code. No logic here; heavy imports inside the commands."""

from __future__ import annotations

import json
import sys

import click

from .. import __version__
from ..errors import GuardTripped, NotFound, NotWritten, QtemplateError, RegisterChanged, RegisterLocked
from .forms import COMMANDS as FORMS
from .history import COMMANDS as HISTORY
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
        code = exit_code_of(error)
        if "--json" in (arguments if arguments is not None else sys.argv[1:]):
            kind = type(error).__name__
            click.echo(json.dumps({"schema": 1, "error": {"kind": kind, "message": str(error)}, "exit": code},
                                  ensure_ascii=False))  # fmt: skip
        click.echo(str(error), err=True)
        sys.exit(code)
