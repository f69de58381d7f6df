"""Commands whose help and whose complaints are in the language of the terminal.

English stands at the commands; Chinese in `chinese`, which is loaded only where it is read.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import click


class SpokenCommand(click.Command):
    """A command that prints its help in the language that the context carries as its object."""

    def get_help(self, ctx: click.Context) -> str:
        return click.Command.get_help(in_chinese(self, ctx) if ctx.obj == "zh" else self, ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.obj != "zh":
            return super().format_usage(ctx, formatter)
        from .chinese import USAGE, say_pieces

        return formatter.write_usage(ctx.command_path, say_pieces(self.collect_usage_pieces(ctx)), f"{USAGE} ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.obj != "zh":
            return super().format_options(ctx, formatter)
        from .chinese import OPTIONS_TITLE, option_help, say_extras

        path, records = path_of(ctx), []
        for each in self.get_params(ctx):
            if isinstance(each, click.Option) and not each.hidden:
                each = copy.copy(each)  # the option itself is everybody's, and stays English
                each.help = option_help(path, each.opts[-1])
                records.append(each.get_help_record(ctx) or ("", ""))
        with formatter.section(OPTIONS_TITLE):
            formatter.write_dl([(names, say_extras(meaning)) for names, meaning in records])
        return None


class SpokenGroup(SpokenCommand, click.Group):
    """A group of such commands."""

    command_class = SpokenCommand

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        words = "Language of the terminal."
        self.params.append(click.Option(["--lang"], type=click.Choice(["zh", "en"]), expose_value=False, help=words))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        SpokenCommand.format_options(self, ctx, formatter)
        if ctx.obj == "zh":
            self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.obj != "zh":
            return super().format_commands(ctx, formatter)
        from .chinese import COMMANDS_TITLE, help_of

        path = path_of(ctx)
        names = self.list_commands(ctx)
        with formatter.section(COMMANDS_TITLE):
            formatter.write_dl([(name, help_of((*path, name)).partition("\n")[0]) for name in names])
        return None


SpokenGroup.group_class = SpokenGroup


def command(name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """`click.command` for such a command."""
    return click.command(name, cls=SpokenCommand)


def group(**given: Any) -> Callable[[Callable[..., Any]], SpokenGroup]:
    """`click.group` for a group of them."""
    return click.group(cls=SpokenGroup, **given)


def path_of(ctx: click.Context) -> tuple[str, ...]:
    """The words that lead to a command, without the program's name: `("outbox", "list")`."""
    words: list[str] = []
    while ctx.parent is not None:
        words.insert(0, ctx.info_name or "")
        ctx = ctx.parent
    return tuple(words)


def in_chinese(spoken: SpokenCommand, ctx: click.Context) -> SpokenCommand:
    """A copy of a command with its text in Chinese; the command itself is everybody's and stays."""
    from .chinese import help_of

    twin = copy.copy(spoken)
    twin.help = help_of(path_of(ctx))
    return twin


def complain(wrong: click.UsageError, language: str) -> None:
    """Says on standard error what of the arguments was not understood, and how the command is used where one was."""
    if language != "zh" or isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        return wrong.show()
    from .chinese import say_complaint

    if wrong.ctx is not None:
        click.echo(f"{wrong.ctx.get_usage()}\n", err=True)
    click.echo(say_complaint(wrong), err=True)
    return None
