"""Commands that explain, list what was done, take it back, and look at the set-up: explain, log, undo, doctor."""

from __future__ import annotations

import click

from .options import Options, common


@click.command()
@click.argument("id", metavar="ID")
@common
def explain(options: Options, id: str) -> None:
    """Why this feedback has its level, priority, owner and deadlines. 说明一条反馈为何如此。"""
    from ..jobs.explain import explain as explain_row

    options.reply(explain_row(options.load(), id, options.language, options.now))


@click.command()
@click.argument("id", metavar="[ID]", required=False)
@click.option("--run", "run", metavar="RUN", help="Only what this run did.")
@click.option("-n", "most", type=click.IntRange(min=1), default=200, show_default=True, help="Lines at the most.")
@common
def log(options: Options, id: str | None, run: str | None, most: int) -> None:
    """What was changed, when and why. 变更日志。"""
    from ..jobs.history import show_log

    options.reply(show_log(options.load(), id, run, most, options.language))


@click.command()
@click.argument("run", metavar="[RUN]", required=False)
@common
def undo(options: Options, run: str | None) -> None:
    """Take a run's cell edits back where nobody changed the cell since. 撤销一次运行。"""
    from ..jobs.undo import undo as take_back

    options.reply(take_back(options.load(), run, options.now))


@click.command()
@click.option("--mail", "ask_server", is_flag=True, help="Ask the mail server too; nothing is sent.")
@common
def doctor(options: Options, ask_server: bool) -> None:
    """Look at everything a run needs and say what to do. 体检。"""
    from ..jobs.doctor import doctor as examine

    options.reply(examine(options.config_path, ask_server=ask_server, moment=options.now))


COMMANDS: tuple[click.Command, ...] = (explain, log, undo, doctor)
