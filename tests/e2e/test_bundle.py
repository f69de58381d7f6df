"""The bundle for machines without a network: what is inside is listed and locked, and it installs where none is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from where import ROOT

from deploy.bundle import bill_of_materials, build, pack, read_wheel, requirements


def test_every_wheel_is_listed_with_its_hash_and_licence(tmp_path: Path) -> None:
    wheel = read_wheel(Path(next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))))
    assert requirements([wheel]) == f"qtemplate=={wheel.version} --hash=sha256:{wheel.sha256}\n"
    (component,) = bill_of_materials([wheel], wheel.version)["components"]
    assert component == {
        "type": "library",
        "name": "qtemplate",
        "version": wheel.version,
        "purl": f"pkg:pypi/qtemplate@{wheel.version}",
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "licenses": [{"license": {"name": "MIT"}}],
    }
    for name in ("one.zip", "two.zip"):
        pack([wheel], tmp_path / name, wheel.version)
    names = {name.partition("/")[2] for name in zipfile.ZipFile(tmp_path / "one.zip").namelist()}
    assert {"requirements.txt", "bom.json", "install.sh", "install.bat", f"wheels/{wheel.path.name}"} <= names
    assert {"docs/operate.md", "docs/operate.zh.md", "deploy/systemd/qtemplate.service"} <= names
    assert [name for name in names if name.endswith((".py", ".pyc"))] == []


@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("unshare") is None or os.name == "nt", reason="no unshare here")
def test_it_installs_and_runs_where_there_is_no_network(tmp_path: Path) -> None:
    bundle = build(tmp_path, "")
    shutil.unpack_archive(bundle, tmp_path)
    folder = tmp_path / bundle.stem
    listed = {each["name"].lower() for each in json.loads((folder / "bom.json").read_text("utf-8"))["components"]}
    assert {"qtemplate", "pandas", "openpyxl", "click", "zlib-ng"} <= listed
    script = (
        f"sh install.sh {tmp_path / 'program'} && {tmp_path / 'program' / 'bin' / 'qtemplate'} demo {tmp_path / 'demo'}"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "HOME": str(tmp_path), "PIP_NO_COMPILE": "1"}
    environment |= {"PIP_CONFIG_FILE": os.devnull}  # a machine that knows no place for wheels
    done = subprocess.run(
        ["unshare", "--map-root-user", "--net", "sh", "-c", script], cwd=folder, env=environment, capture_output=True,
        text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert re.search(r"\d{4} cells edited", done.stdout)
