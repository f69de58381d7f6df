"""The contracts of the house: who may import whom, who may read the clock, how long and how named a module may be."""

from __future__ import annotations

import ast
import logging
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports
from where import ROOT

from qtemplate.rules.steps import STEPS

SETTINGS = ROOT / "pyproject.toml"
WRITTEN_BY_HAND = ("qtemplate", "tests", "samples", "benchmarks", "docs")
LINE_LIMIT = 400
FOLDER_LIMIT = 26  # twenty-five modules and what makes the folder a package
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools", "stuff"}

# The clock is read by jobs; beside it only to tell how old somebody else's owner file or a killed run's leftover is.
MAY_READ_THE_CLOCK = {"files/locks.py", "ooxml/package/replace_file.py"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
TIME_CLOCKS = {"time", "time_ns", "localtime", "gmtime"}


def modules(*folders: str) -> Iterator[Path]:
    """Every Python file of these folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def clock_reads(text: str) -> list[int]:
    """Lines that ask what time it is."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr=attr)) if attr in TIME_CLOCKS:
                found.append(node.lineno)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=attr)):
                if (owner, attr) in CLOCKS:
                    found.append(node.lineno)
            case ast.ImportFrom(module="time", names=names):
                found += [node.lineno for alias in names if alias.name in TIME_CLOCKS]
    return found


def test_every_import_contract_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(SETTINGS), no_cache=True)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False  # it silences those that are there, for every later test
    assert code == 0, capsys.readouterr().out


def test_no_module_is_in_a_circle_of_imports() -> None:
    graph = grimp.build_graph("qtemplate", cache_dir=None)  # with imports for typing only, and inside functions
    needs = {module: graph.find_upstream_modules(module) for module in graph.modules}
    circling = {module for module, needed in needs.items() if any(module in needs[other] for other in needed)}
    assert circling == set()


def test_decision_tables_know_nothing_of_the_product_but_its_errors() -> None:
    graph = grimp.build_graph("qtemplate", cache_dir=None)
    known = graph.find_upstream_modules("qtemplate.dmn", as_package=True)
    assert {name for name in known if not name.startswith("qtemplate.dmn")} == {"qtemplate.errors"}


def test_figures_know_nothing_of_the_product_but_its_closed_sets() -> None:
    graph = grimp.build_graph("qtemplate", cache_dir=None)
    known = graph.find_upstream_modules("qtemplate.figures", as_package=True)
    assert {name for name in known if not name.startswith("qtemplate.figures")} == {"qtemplate.choices"}


def test_figures_do_without_pandas() -> None:
    script = "import pkgutil, sys, qtemplate.figures as room\n"
    script += "[__import__(each.name) for each in pkgutil.iter_modules(room.__path__, 'qtemplate.figures.')]\n"
    script += "print('numpy' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_the_contract_of_independence_names_every_step() -> None:
    contracts = tomllib.loads(SETTINGS.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [independent] = [contract["modules"] for contract in contracts if contract["type"] == "independence"]
    assert {step.__module__ for step in STEPS} <= set(independent)


def test_no_function_of_the_rules_takes_more_than_five_values_by_position() -> None:
    crowded = {
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in modules("qtemplate/rules")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and positional(node) > 5
    }
    assert crowded == set()


def positional(function: ast.FunctionDef) -> int:
    """How many values a function takes by position, beside itself."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in names if name not in ("self", "cls")])


def test_no_module_is_longer_than_one_idea() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules(*WRITTEN_BY_HAND)
        if (lines := len(path.read_text("utf-8").splitlines())) > LINE_LIMIT
    }
    assert long == {}


def test_a_folder_that_grows_gets_an_inner_wall() -> None:
    modules_of = Counter(str(path.parent.relative_to(ROOT)) for path in modules(*WRITTEN_BY_HAND))
    assert {folder: count for folder, count in modules_of.items() if count > FOLDER_LIMIT} == {}


def test_every_module_is_named_after_what_it_is_about() -> None:
    assert [path for path in modules(*WRITTEN_BY_HAND) if EMPTY_NAMES & set(path.stem.split("_"))] == []


def test_the_search_finds_every_way_to_read_the_clock() -> None:
    ways = (
        "import datetime; datetime.datetime.now()",
        "import datetime as dt; dt.datetime.now(zone)",
        "from datetime import datetime; datetime.utcnow()",
        "import datetime as dt; dt.date.today()",
        "import time; time.time()",
        "from time import time",
    )
    assert [clock_reads(way) for way in ways] == [[1]] * len(ways)
    assert clock_reads("import time; time.perf_counter(); moment.time(); dt.datetime(2026, 1, 1)") == []


def test_only_jobs_read_the_clock() -> None:
    package = ROOT / "qtemplate"
    reading = {
        path.relative_to(package).as_posix() for path in modules("qtemplate") if clock_reads(path.read_text("utf-8"))
    }
    assert {path for path in reading if not path.startswith("jobs/")} <= MAY_READ_THE_CLOCK


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_comes_before_anything_heavy_is_imported(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "qtemplate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "click" in imported
    assert imported & {"pandas", "numpy", "openpyxl", "lxml", "jinja2", "yagmail", "watchdog", "sqlite3"} == set()
