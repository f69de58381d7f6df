"""What the README promises: its first command works in a fresh copy, and both languages promise the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from where import ROOT

LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", "venv", "__pycache__", ".*_cache", ".hypothesis", "qtemplate-demo"
)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands(text: str) -> list[str]:
    """The blocks a reader copies into a shell."""
    return re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)


def copy_tree(target: Path) -> None:
    """What a clone of this state would hold; a folder without a history is copied whole."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode != 0:
        shutil.copytree(ROOT, target, ignore=LEFT_BEHIND)
        return
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def last_part(block: str) -> str:
    """What a chain of commands ends with."""
    return block.rpartition("&& ")[2]


@pytest.mark.parametrize(("page", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_there_are_two_commands_of_one_line_each(page: str, language: str) -> None:
    blocks = commands(read(page))
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert [last_part(block) for block in blocks] == [
        f".venv/bin/python run.py demo --lang {language}\n",
        ".venv/bin/python -m pytest -n 2\n",
    ]


def test_both_languages_give_the_same_commands_pictures_and_links() -> None:
    english, chinese = read("README.md"), read("README.zh.md")
    assert [block.replace(" --lang en", " --lang zh") for block in commands(english)] == commands(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")
    links = [re.findall(r"\]\(([^)]+)\)", text) for text in (english, chinese)]
    named = [[link.replace(".zh.", ".").replace(".en.", ".") for link in each] for each in links]
    assert sorted(named[0]) == sorted(named[1])


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", read(page)) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []


def follow_the_first_command(tmp_path: Path, **environment: str) -> None:
    """Sets up a fresh copy by it, and looks at what the main job made there."""
    tree = tmp_path / "clone"
    copy_tree(tree)
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    bare["PATH"] = os.pathsep.join((str(Path(sys.executable).resolve().parent), bare["PATH"]))  # `python3` is this one
    workspace = tree / "qtemplate-demo"

    def shown(command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tree,
            env={**bare, "PYTHONUTF8": "1", "PIP_NO_COMPILE": "1"} | environment,  # compiling is half of its time
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode in (0, 3), done.stderr
        return done.stdout

    def headers(sheet: str) -> Any:
        book = CalamineWorkbook.from_path(str(workspace / "register.xlsx"))
        return book.get_sheet_by_name(sheet).to_python()[:10]

    said = shown(commands(read("README.md"))[0])
    counted = re.search(r"(\d+) cells edited · \d+ rows added · (\d+) mails · (\d+) forms", said)
    assert counted is not None, said
    edits, mails, forms = map(int, counted.groups())
    assert edits > 1000
    written = len(list((workspace / "outbox").glob("*.eml")))
    assert 100 < written <= mails  # a mail that waits for approval is counted and not written
    assert len(list((workspace / "forms" / "out").glob("*.xlsx"))) == forms
    assert [path.name for path in workspace.glob("*.xlsx")] == ["register.xlsx"]
    header = next(row for row in headers("Feedback") if "ID" in row)
    assert {"Level", "Owner", "Resolve by"} <= set(header)

    assert "已做：改 " in shown(last_part(commands(read("README.zh.md"))[0]))  # the environment is there by now
    header = next(row for row in headers("反馈登记") if "反馈编号" in row)
    assert {"等级", "责任人", "答复期限"} <= set(header)


POSIX_SHELL = pytest.mark.skipif(os.name == "nt", reason="the command is for a POSIX shell")


@POSIX_SHELL
def test_the_first_command_sets_up_a_fresh_copy_and_runs_the_main_job(tmp_path: Path) -> None:
    """What it would install is found where these tests found it; the campaign and the gate install it all."""
    follow_the_first_command(tmp_path, PYTHONPATH=sysconfig.get_path("purelib"))


@pytest.mark.campaign
@POSIX_SHELL
def test_the_first_command_installs_all_that_the_main_job_needs(tmp_path: Path) -> None:
    follow_the_first_command(tmp_path)
