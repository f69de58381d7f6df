"""Write docs/cli.md and cli.zh.md from the commands themselves: `python docs/build_cli.py`. A test compares them."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from qtemplate.cli.chinese import help_of, option_help, say_extras  # noqa: E402
from qtemplate.cli.commands import cli  # noqa: E402  # after the path is set

TARGETS = {"en": HERE / "cli.md", "zh": HERE / "cli.zh.md"}

_INTRODUCTION = """# Command line

[中文](cli.zh.md)

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
| `QTEMPLATE_LANG` | language of the terminal, `zh` or `en`; `--lang` wins, then this, then a locale that names a language, else English. `demo` and `init` choose the workbook's language the same way |
| `NO_COLOR` | no colours on the terminal, whatever its value |
| `QTEMPLATE_SMTP_PASSWORD`, `QTEMPLATE_SMTP_PASSWORD_FILE` | password of the mail account, or a file that holds it; else the system's keyring |
| `QTEMPLATE_STATE_PASSWORD`, `QTEMPLATE_STATE_PASSWORD_FILE` | the same of the server in `[state] url` |
| `QTEMPLATE_SMTP_TOKEN`, `QTEMPLATE_OAUTH_SECRET` | token for `auth = "xoauth2"`, or the application's secret to get one |
| `QTEMPLATE_IMAP_PASSWORD`, `QTEMPLATE_IMAP_PASSWORD_FILE`, `QTEMPLATE_IMAP_TOKEN` | the same of the mailbox that mail comes in at |
"""

_INTRODUCTION_ZH = """# 命令行

[English](cli.md)

本页由 `docs/build_cli.py` 从命令本身生成；要改请改命令，不要改这里。

安装后的 `qtemplate …` 和代码目录中的 `python run.py …` 是同一个程序。它在当前文件夹找 `qtemplate.toml`。结果写到标准输出，
进度和错误写到标准错误。

## 退出码

| 退出码 | 含义 |
|---|---|
| 0 | 完成，没有需要人处理的事 |
| 1 | 程序本身的错误（有 traceback） |
| 2 | 命令写得不对，或指名的东西不存在 |
| 3 | 完成，但有提示需要人处理；等待审批的答复也算 |
| 4 | 设置问题：配置有误，登记表读不了或不支持 |
| 5 | 没能全部完成：登记表正被打开、有锁、邮件服务器不通、超过邮件上限；下次运行会再试。优先于 3 |
| 130 | 被中断 |

## 环境变量

| 变量 | 含义 |
|---|---|
| `QTEMPLATE_LANG` | 终端的语言，`zh` 或 `en`；先看 `--lang`，再看它，再看系统的语言区域，都没有则为英文。`demo` 和 `init` 的工作簿也按此选语言 |
| `NO_COLOR` | 终端上不用颜色，值不限 |
| `QTEMPLATE_SMTP_PASSWORD`、`QTEMPLATE_SMTP_PASSWORD_FILE` | 邮件账号的密码，或存放密码的文件；都没有则用系统密钥环 |
| `QTEMPLATE_STATE_PASSWORD`、`QTEMPLATE_STATE_PASSWORD_FILE` | `[state] url` 所指服务器的密码，同上 |
| `QTEMPLATE_SMTP_TOKEN`、`QTEMPLATE_OAUTH_SECRET` | `auth = "xoauth2"` 的令牌，或用来换取令牌的应用程序密钥 |
| `QTEMPLATE_IMAP_PASSWORD`、`QTEMPLATE_IMAP_PASSWORD_FILE`、`QTEMPLATE_IMAP_TOKEN` | 收信邮箱的密码、密码文件、令牌 |
"""

_COMPLETION = """## Completion

Commands, options and files complete with the Tab key once the shell knows how; the line goes into its start-up file:

```text
eval "$(_QTEMPLATE_COMPLETE=bash_source qtemplate)"              ~/.bashrc
eval "$(_QTEMPLATE_COMPLETE=zsh_source qtemplate)"               ~/.zshrc
_QTEMPLATE_COMPLETE=fish_source qtemplate | source               ~/.config/fish/config.fish
```
"""

_COMPLETION_ZH = """## 自动补全

让 shell 学会之后，按 Tab 键即可补全命令、选项和文件名；把这一行写进它的启动文件：

```text
eval "$(_QTEMPLATE_COMPLETE=bash_source qtemplate)"              ~/.bashrc
eval "$(_QTEMPLATE_COMPLETE=zsh_source qtemplate)"               ~/.zshrc
_QTEMPLATE_COMPLETE=fish_source qtemplate | source               ~/.config/fish/config.fish
```
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
| `reasons` | what was not done, once a reason: `result`, `count`, `of` (how many of `edit`, `row`, `form`, `message`), `reason`, `action` |
| `seconds` | per phase |

In `plan`, an edit, row, message or form that the run makes only after mail of its own has gone carries `"follows": true`, and
a message that would go has the state `approved`, one that would be kept back `held` or `drafted`.

Where a command stops with exit code 2, 4 or 5 before it has a result, the object is
`{"schema": 1, "error": {"kind", "code", "message"}, "exit"}`.
"""

_JSON_ZH = """## `--json` 的对象

`check`、`plan`、`run` 和 `demo` 输出一个对象。只会增加键；含义改变时 `schema` 加一。

| 键 | 内容 |
|---|---|
| `schema` | 1 |
| `run` | 这次运行的编号，或 `plan` |
| `now` | 运行的时刻，ISO 格式，带时差 |
| `register` | `path`、`sheet`、`rows`、`sha256` |
| `findings` | `code`、`severity`（error、warning、info）、`sheet`、`cell`、`id`、`field`、`found`、`expected`、`action`、`message` |
| `edits` | 登记表的单元格：`sheet`、`id`、`field`、`cell`、`before`、`after`、`because` |
| `rows` | 追加的行：`sheet`、`id`、`values` |
| `messages` | `key`、`kind`、`id`、`to`、`cc`、`subject`、`state`（drafted、approved、sending、sent、partial、failed、unknown、cancelled、held） |
| `forms` | `key`、`kind`、`id`、`path` |
| `outcomes` | 计数：`done`、`skipped`、`deferred`、`failed`、`unknown` |
| `reasons` | 没有做的事，每个原因一项：`result`、`count`、`of`（`edit`、`row`、`form`、`message` 各多少）、`reason`、`action` |
| `seconds` | 各阶段用时 |

`plan` 中，要等本次邮件发出之后才有的改动、行、邮件或表单带有 `"follows": true`；会发出的邮件状态是 `approved`，会留下的是 `held`
或 `drafted`。

命令还没有结果就以退出码 2、4 或 5 停止时，对象是 `{"schema": 1, "error": {"kind", "code", "message"}, "exit"}`。
"""


def cli_page(language: str = "en") -> str:
    """The whole page in that language; ends with a line break."""
    chinese = language == "zh"
    commands = list(_leaves(cli, ("qtemplate",)))
    shared = set.intersection(*({option.opts[-1] for option in _options(command)} for _, command in commands))
    some = commands[0][1]
    everywhere = [option for option in _options(some) if option.opts[-1] in shared]
    if chinese:
        parts = [_INTRODUCTION_ZH, "## 每个命令都有的选项\n", _table(everywhere, (), language)]
    else:
        parts = [_INTRODUCTION, "## Options of every command\n", _table(everywhere, (), language)]
    for path, command in commands:
        parts.append(f"## {' '.join(path)}\n")
        parts.append(f"`{_usage(path, command)}`\n")
        parts.append(cleandoc((help_of(path[1:]) if chinese else command.help) or "").replace("\b\n", "") + "\n")
        own = [option for option in _options(command) if option.opts[-1] not in shared]
        if own:
            parts.append(_table(own, path[1:], language))
    return "\n".join([*parts, *((_COMPLETION_ZH, _JSON_ZH) if chinese else (_COMPLETION, _JSON))])


def _leaves(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _leaves(command, (*path, name))
        elif not command.hidden:
            yield (*path, name), command


def _options(command: click.Command) -> list[click.Option]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Option) and not parameter.hidden]


def _usage(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(path))
    return " ".join([" ".join(path), *command.collect_usage_pieces(context)])


def _table(options: list[click.Option], path: tuple[str, ...], language: str) -> str:
    chinese = language == "zh"
    lines = ["| 选项 | 含义 |" if chinese else "| option | meaning |", "|---|---|"]
    for option in options:
        if chinese:
            option = copy.copy(option)
            option.help = option_help(path, option.opts[-1])
        record = option.get_help_record(click.Context(click.Command("x")))
        if record is not None:
            names, meaning = (part.replace("|", "\\|") for part in record)
            lines.append(f"| `{names}` | {say_extras(meaning) if chinese else meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for language, target in TARGETS.items():
        target.write_text(cli_page(language), encoding="utf-8")
