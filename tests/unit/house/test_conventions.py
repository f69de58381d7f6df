"""What people expect of any package: a word on too old a Python, links that lead somewhere, completion."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib

import pytest
from where import ROOT

from deploy.readme_hook import absolute, plain

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize(("entry", "languages"), [("run.py", 2), ("qtemplate/__main__.py", 1)])
def test_too_old_a_python_is_told_so_before_it_stumbles(entry: str, languages: int) -> None:
    ast.parse((ROOT / entry).read_text("utf-8"), feature_version=(3, 4))  # it has to get as far as the sentence
    pretend = f"import sys, runpy; sys.version_info = (3, 9, 18); runpy.run_path({entry!r}, run_name='__main__')"
    told = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert told.stderr.startswith("qtemplate needs Python 3.11 or newer; this is 3.9")
    assert len(told.stderr.splitlines()) == languages


def test_the_readme_of_a_package_page_leads_to_the_repository() -> None:
    home = "https://repository.invalid/qtemplate"
    page = absolute((ROOT / "README.md").read_text("utf-8"), home)
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", page)
    assert len(targets) > 12
    assert [link or picture for link, picture in targets if not (link or picture).startswith(f"{home}/")] == []
    assert f"]({home}/raw/main/docs/images/register.en.png)" in page
    assert f"]({home}/blob/main/docs/operate.md)" in page


def test_a_package_page_without_a_repository_has_no_link_that_leads_nowhere() -> None:
    page = plain((ROOT / "README.md").read_text("utf-8"))
    assert re.findall(r"\]\((?![a-z]+://)|<img", page) == []
    assert page.startswith("# qtemplate\n\nRuns ") and "| docs/operate.md | install, schedule" in page
    assert page.endswith("`qtemplate docs` lists them.\n")


def test_the_project_names_no_home_that_is_none_and_says_what_it_runs_on() -> None:
    assert [url for url in PROJECT.get("urls", {}).values() if re.search(r"//(www\.)?example\.|\.invalid", url)] == []
    versions = {
        line.rpartition(" :: ")[2] for line in PROJECT["classifiers"] if line.startswith("Programming Language")
    }
    assert {"3.11", "3.12", "3.13"} <= versions
    for name in ("SECURITY.md", ".github/ISSUE_TEMPLATE/bug.yml", ".github/ISSUE_TEMPLATE/idea.yml"):
        assert (ROOT / name).is_file(), name


def test_the_tools_before_a_commit_are_those_of_the_gate() -> None:
    hooks = re.findall(r"entry: (\w[\w-]*)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    gate = re.findall(r"^check (\w[\w-]*)", (ROOT / ".ci" / "run").read_text("utf-8"), re.M)
    assert set(hooks) == set(gate)


def test_a_shell_is_taught_to_complete() -> None:
    line = "import sys; from qtemplate.cli import main; sys.argv = ['qtemplate']; main()"
    taught = subprocess.run(
        [sys.executable, "-c", line],
        capture_output=True,
        text=True,
        env={**os.environ, "_QTEMPLATE_COMPLETE": "zsh_source"},
    )
    assert taught.returncode == 0 and "#compdef qtemplate" in taught.stdout
