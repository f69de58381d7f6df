"""Workspaces for the tests of commands and runs, made once, and copies of them that may be changed."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from registers import NOW, Row, make_workspace
from told import id_of, made_forms, register_of, row_of

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.demo import SAMPLE_MOMENT, make_demo
from qtemplate.jobs.run import run
from qtemplate.jobs.workspace import looking
from qtemplate.report.run_report import RunReport
from samples.build import build_config, build_register


@cache
def small_register(language: str) -> bytes:
    """The sample register with two rows of a scene at the most."""
    return build_register(language, 2)


def make_small_demo(folder: Path, language: str) -> Path:
    """A workspace as `demo` makes it, but with two rows of a scene at the most."""
    folder.mkdir()
    (folder / "register.xlsx").write_bytes(small_register(language))
    (folder / "qtemplate.toml").write_text(build_config(), "utf-8")
    run(load_config(folder / "qtemplate.toml"), SAMPLE_MOMENT)
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo, in Chinese; read only."""
    return make_small_demo(tmp_path_factory.mktemp("demo") / "workspace", "zh")


ToldDemo = Callable[[str], tuple[Path, RunReport]]


@pytest.fixture(scope="session")
def told_demo(tmp_path_factory: pytest.TempPathFactory) -> ToldDemo:
    """What `demo` makes in a language, with all its rows and stories, and its report; read only, made once."""

    @cache
    def made(language: str) -> tuple[Path, RunReport]:
        folder = tmp_path_factory.mktemp("told") / "demo"
        return folder, make_demo(folder, language, None)

    return made


@pytest.fixture
def workspace(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo that a test may change."""
    folder = tmp_path / "workspace"
    shutil.copytree(demo, folder)
    owner = owner_path(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(demo), str(folder)), "utf-8")
    return folder


@pytest.fixture(scope="session")
def normal(demo: Path) -> str:
    """A feedback that the rules graded normal, transferred this very night."""
    register = register_of(demo)
    for form in made_forms(demo):
        row = row_of(register, id_of(form))
        if register.value(row, "level") == register.value(row, "suggested_level") == "normal":
            return id_of(form)
    raise AssertionError("the sample has no such row")


@pytest.fixture(scope="session")
def sent(demo: Path, normal: str) -> str:
    """Key of the transfer mail about it."""
    with looking(load_config(demo / "qtemplate.toml")) as held:
        return next(entry.key for entry in held.outbox.entries() if entry.id == normal and entry.kind == "M03")


WEB = "http://127.0.0.1:8720"


@pytest.fixture(scope="session")
def paged_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo with pages: its mails carry links; read only."""
    folder = tmp_path_factory.mktemp("paged") / "workspace"
    folder.mkdir()
    (folder / "register.xlsx").write_bytes(small_register("zh"))
    config = build_config().replace('base_url = ""', f'base_url = "{WEB}"')
    (folder / "qtemplate.toml").write_text(config, "utf-8")
    run(load_config(folder / "qtemplate.toml"), SAMPLE_MOMENT)
    return folder


# -- first runs that several tests begin with: made once by a worker, copied for every test that asks for the same -----

HELD = TemporaryDirectory(prefix="first-runs-")
MADE: dict[str, tuple[Path, RunReport]] = {}
"""What was asked for -> the workspace after its run, which nobody changes, and the run's report."""


def pytest_sessionfinish() -> None:
    """Nothing is left behind; a worker of xdist may end without the cleaning up that a program does at its end."""
    HELD.cleanup()


def configured(folder: Path, rows: Iterable[Row], settings: Mapping[str, str]) -> Path:
    """A workspace with these rows, before any run; `settings` are values of its configuration by their names."""
    path = make_workspace(folder, rows)
    text = path.read_text("utf-8")
    for key, value in settings.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    return path


def first_run(
    folder: Path,
    rows: Iterable[Row],
    settings: Mapping[str, str] | None = None,
    *,
    at: dt.datetime = NOW,
    send: bool = True,
) -> RunReport:
    """`configured` and a run at that moment; `folder` is a test's own, and counts as the place where it was made."""
    rows, settings = list(rows), settings or {}
    asked = repr((rows, at, send, sorted(settings.items())))
    if asked not in MADE:
        place = Path(HELD.name) / str(len(MADE))
        MADE[asked] = place, run(load_config(configured(place, rows, settings)), at, send=send)
    place, report = MADE[asked]
    shutil.copytree(place, folder, dirs_exist_ok=True)
    owner = owner_path(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(place), str(folder)), "utf-8")
    return report
