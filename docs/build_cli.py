"""Write docs/cli.md from the commands themselves: `python docs/build_cli.py`. A test compares the two."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from qtemplate.cli import cli  # noqa: E402  # after the path is set

TARGET = HERE / "cli.md"

_INTRODUCTION = """# Command line

Made by `docs/build_cli.py` from the commands; edit those, not this page.

`qtemplate …` after installation and `python run.py …` in a checkout are the same program. It looks for `qtemplate.toml` in
the current folder. Data goes to standard output, progress and errors to standard error.

## Exit codes

| code | meaning |
|---|---|
| 0 | done, nothing needs a person |
| 1 | a fault of the program (a traceback) |
| 2 | the command was not understood, or names something that does not exist |
| 3 | done, but findings need a person; a reply that waits for approval counts |
| 4 | set-up: configuration, an unreadable or unsupported register |
| 5 | not everything could be applied: the register is open, a lock, the mail server, the mail cap; it is tried again in the next run. Outranks 3 |
| 130 | interrupted |

## Environment

| variable | meaning |
|---|---|
| `QTEMPLATE_LANG` | language of the terminal, `zh` or `en`; `--lang` wins, then this, then the locale |
| `QTEMPLATE_SMTP_PASSWORD`, `QTEMPLATE_SMTP_PASSWORD_FILE` | password of the mail account, or a file that holds it; else the system's keyring |
| `QTEMPLATE_SMTP_TOKEN`, `QTEMPLATE_OAUTH_SECRET` | token for `auth = "xoauth2"`, or the application's secret to get one |
"""

_JSON = """## The object of `--json`

`check`, `plan`, `run` and `demo` print one object. Keys are only added; a change of meaning raises `schema`.

| key | holds |
|---|---|
| `schema` | 1 |
| `run` | the run's id, or `plan` |
| `now` | the moment of the run, ISO with offset |
| `register` | `path`, `sheet`, `rows`, `sha256` |
| `findings` | `code`, `severity` (error, warning, info), `sheet`, `cell`, `id`, `field`, `found`, `expected`, `action`, `message` |
| `edits` | cells of the register: `sheet`, `id`, `field`, `cell`, `before`, `after`, `because` |
| `rows` | appended rows: `sheet`, `id`, `values` |
| `messages` | `key`, `kind`, `id`, `to`, `cc`, `subject`, `state` (drafted, approved, sending, sent, partial, failed, unknown, cancelled, held) |
| `forms` | `key`, `kind`, `id`, `path` |
| `outcomes` | counts: `done`, `skipped`, `deferred`, `failed`, `unknown` |
| `seconds` | per phase |

In `plan`, an edit, row, message or form that the run makes only after mail of its own has gone carries `"follows": true`, and
a message that would go has the state `approved`, one that would be kept back `held` or `drafted`.

Where a command stops with exit code 2, 4 or 5 before it has a result, the object is
`{"schema": 1, "error": {"kind", "code", "message"}, "exit"}`.
"""


def cli_page() -> str:
    """The whole page; ends with a line break."""
    commands = list(_leaves(cli, ("qtemplate",)))
    shared = set.intersection(*({option.opts[-1] for option in _options(command)} for _, command in commands))
    some = commands[0][1]
    parts = [_INTRODUCTION, "## Options of every command\n", _table(o for o in _options(some) if o.opts[-1] in shared)]
    for path, command in commands:
        parts.append(f"## {' '.join(path)}\n")
        parts.append(f"`{_usage(path, command)}`\n")
        parts.append(_paragraph(command) + "\n")
        own = [option for option in _options(command) if option.opts[-1] not in shared]
        if own:
            parts.append(_table(own))
    return "\n".join([*parts, _JSON])


def _leaves(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _leaves(command, (*path, name))
        elif not command.hidden:
            yield (*path, name), command


def _options(command: click.Command) -> list[click.Option]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Option) and not parameter.hidden]


def _usage(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(path))
    return " ".join([" ".join(path), *command.collect_usage_pieces(context)])


def _paragraph(command: click.Command) -> str:
    return cleandoc(command.help or "").replace("\b\n", "")


def _table(options: Iterator[click.Option] | list[click.Option]) -> str:
    lines = ["| option | meaning |", "|---|---|"]
    for option in options:
        context = click.Context(click.Command("x"))
        record = option.get_help_record(context)
        if record is not None:
            names, meaning = (part.replace("|", "\\|") for part in record)
            lines.append(f"| `{names}` | {meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(cli_page(), encoding="utf-8")
