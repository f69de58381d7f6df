"""All commands as one, and what becomes of a command line that is not understood or not gone through with."""

from __future__ import annotations

import gc
import sys

import click

from .. import __version__
from .adopt import COMMANDS as ADOPT
from .docs import COMMANDS as DOCS
from .fleet import COMMANDS as FLEET
from .forms import COMMANDS as FORMS
from .history import COMMANDS as HISTORY
from .intake import COMMANDS as INTAKE
from .language import language_asked_for
from .month import COMMANDS as MONTH
from .options import EXIT_USAGE
from .outbox import COMMANDS as OUTBOX
from .printing import forgive_characters, say_interrupted
from .rules import COMMANDS as RULES
from .running import COMMANDS as RUNNING
from .spoken import complain, group
from .state import COMMANDS as STATE
from .web import COMMANDS as WEB

EXIT_INTERRUPTED = 130

NEW_OBJECTS = 20_000
"""After so many Python looks for circular garbage; after 700, its default, loading modules takes a tenth longer."""


@group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="qtemplate")
def cli() -> None:
    """Runs a quality feedback process inside the Excel register a team already keeps."""


for command in (*RUNNING, *HISTORY, *RULES, *OUTBOX, *FORMS, *INTAKE, *ADOPT, *MONTH, *WEB, *STATE, *FLEET, *DOCS):
    cli.add_command(command)


def command_line(given: list[str]) -> None:
    """Does what the arguments ask for, and leaves with an exit code."""
    gc.set_threshold(NEW_OBJECTS)
    forgive_characters()
    try:
        cli.main(given, standalone_mode=False, obj=language_asked_for(given))
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.UsageError as wrong:
        complain(wrong)
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt) as stopped:
        say_interrupted(stopped, language_asked_for(given))
        sys.exit(EXIT_INTERRUPTED)
