"""Workspaces for the tests of commands: a small demo made once, and copies of it that may be changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from told import id_of, made_forms, register_of, row_of

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.jobs.run import run
from qtemplate.jobs.workspace import looking
from samples.build import build_config, build_register


def make_small_demo(folder: Path, language: str) -> Path:
    """A workspace as `demo` makes it, but with two rows of a scene at the most."""
    folder.mkdir()
    (folder / "register.xlsx").write_bytes(build_register(language, 2))
    (folder / "qtemplate.toml").write_text(build_config(), "utf-8")
    run(load_config(folder / "qtemplate.toml"), SAMPLE_MOMENT)
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo, in Chinese; read only."""
    return make_small_demo(tmp_path_factory.mktemp("demo") / "workspace", "zh")


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
    (folder / "register.xlsx").write_bytes(build_register("zh", 2))
    config = build_config().replace('base_url = ""', f'base_url = "{WEB}"')
    (folder / "qtemplate.toml").write_text(config, "utf-8")
    run(load_config(folder / "qtemplate.toml"), SAMPLE_MOMENT)
    return folder
