"""What reaches people: a wheel, an sdist and an editable install all carry templates and samples."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from where import ROOT

from qtemplate.resources import samples_root, templates_root

SAMPLES = {"register.zh.xlsx", "register.en.xlsx", "qtemplate.toml"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")))))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("sdist")))))


def files_below(folder: Path) -> set[str]:
    """Every file of a folder, relative, without what Python leaves behind."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def run_module(arguments: list[str], path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line of the package found under `path`, run somewhere else."""
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "qtemplate", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_wheel_holds_the_package_the_templates_and_the_made_samples(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {f"qtemplate/{name}" for name in files_below(ROOT / "qtemplate") if not name.startswith("_data/")}
    templates = {f"qtemplate/_data/templates/{name}" for name in files_below(ROOT / "templates")}
    samples = {f"qtemplate/_data/samples/{name}" for name in SAMPLES}
    about = {name for name in names if ".dist-info/" in name}
    pages = {f"{at}/{name}" for at in ("docs", "deploy") for name in files_below(ROOT / at)}
    assert names - about == package | templates | samples | {f"qtemplate/_data/{name}" for name in pages}
    assert {Path(name).name for name in about} == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "LICENSE"}


def test_the_sdist_holds_what_is_needed_to_build_test_and_make_the_samples(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("qtemplate", "templates", "samples", "tests"):
        assert {f"{folder}/{name}" for name in files_below(ROOT / folder)} <= names
    assert {"run.py", "constraints.txt", "pyproject.toml", "LICENSE", "README.md", "README.zh.md"} <= names
    assert [name for name in names if name.split("/")[0] in (".venv", ".git", "qtemplate-demo")] == []


def test_an_unpacked_wheel_finds_its_own_templates_and_runs(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    helped = run_module(["--help"], tmp_path / "site", tmp_path)
    assert (helped.returncode, "demo" in helped.stdout) == (0, True), helped.stderr
    page = run_module(["docs", "operate", "--lang", "zh"], tmp_path / "site", tmp_path)
    assert (page.returncode, page.stdout.startswith("# 运维 qtemplate")) == (0, True), page.stderr
    copied = run_module(["docs", "--out", "pages"], tmp_path / "site", tmp_path)
    assert copied.returncode == 0, copied.stderr
    assert {"docs/operate.md", "deploy/systemd/qtemplate.service"} <= files_below(tmp_path / "pages")
    shown = run_module(["demo", "here", "--json"], tmp_path / "site", tmp_path)
    assert shown.returncode in (0, 3), shown.stderr
    assert (tmp_path / "here" / "register.xlsx").is_file()
    assert len(list((tmp_path / "here" / "outbox").glob("*.eml"))) > 100


def test_a_checkout_uses_the_folders_that_people_edit() -> None:
    assert (templates_root(), samples_root()) == (ROOT / "templates", ROOT / "samples")


@pytest.mark.campaign
@pytest.mark.parametrize("form", ["wheel", "sdist", "editable"])
def test_every_way_to_install_it_gives_a_working_demo(form: str, wheel: Path, sdist: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    what = {"wheel": [str(wheel)], "sdist": [str(sdist)], "editable": ["-e", str(ROOT)]}[form]
    pip = [str(scripts / "pip"), "install", "-q", "-c", str(ROOT / "constraints.txt"), *what]
    subprocess.run(pip, check=True, cwd=tmp_path)
    shown = subprocess.run([str(scripts / "qtemplate"), "demo", "here"], cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode in (0, 3), shown.stderr
    assert (tmp_path / "here" / "register.xlsx").is_file()
