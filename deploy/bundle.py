"""Make the offline bundle: `python deploy/bundle.py [--extras keyring,m365] [--out DIR]`, on a machine with a network.

One zip for machines of the same system and Python that have none: wheels of everything, their hashes, a CycloneDX list
of what is inside, scripts that install it without an index, the pages and the files for the schedule.
"""

from __future__ import annotations

import argparse
import email.parser
import hashlib
import json
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

INSTALL_SH = """#!/bin/sh
# usage: sh install.sh DIR - installs qtemplate into a new environment in DIR, asking no network
set -eu
cd "$(dirname "$0")"
target=${1:?usage: sh install.sh DIR}
"${PYTHON:-python3}" -m venv "$target"
"$target/bin/python" -m pip install --disable-pip-version-check --no-index --find-links wheels --require-hashes \\
    --only-binary :all: -r requirements.txt
"$target/bin/qtemplate" --version
"""

INSTALL_BAT = """@echo off
rem usage: install.bat DIR - installs qtemplate into a new environment in DIR, asking no network
if "%~1"=="" (echo usage: install.bat DIR & exit /b 2)
cd /d "%~dp0"
py -m venv "%~1" || python -m venv "%~1" || exit /b 1
"%~1\\Scripts\\python.exe" -m pip install --disable-pip-version-check --no-index --find-links wheels --require-hashes ^
    --only-binary :all: -r requirements.txt || exit /b 1
"%~1\\Scripts\\qtemplate.exe" --version
"""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of the bundle, as its METADATA has it."""

    path: Path
    name: str
    version: str
    licence: str
    sha256: str


def read_wheel(path: Path) -> Wheel:
    """Name, version, licence and digest of a wheel."""
    with zipfile.ZipFile(path) as archive:
        inside = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        told = email.parser.HeaderParser().parsestr(archive.read(inside).decode("utf-8"))
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")
    ]
    first_line = (told["License"] or "").strip().partition("\n")[0][:80]
    licence = told["License-Expression"] or first_line or ", ".join(classified)
    return Wheel(path, told["Name"], told["Version"], licence, hashlib.sha256(path.read_bytes()).hexdigest())


def requirements(wheels: list[Wheel]) -> str:
    """What pip is to install, and nothing else: every wheel with its hash."""
    return "".join(f"{each.name}=={each.version} --hash=sha256:{each.sha256}\n" for each in wheels)


def bill_of_materials(wheels: list[Wheel], version: str) -> dict[str, Any]:
    """What is inside, as CycloneDX 1.5 (ECMA-424) has it."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "qtemplate", "version": version}},
        "components": [
            {
                "type": "library",
                "name": each.name,
                "version": each.version,
                "purl": f"pkg:pypi/{re.sub(r'[-_.]+', '-', each.name).lower()}@{each.version}",
                "hashes": [{"alg": "SHA-256", "content": each.sha256}],
                **({"licenses": [{"license": {"name": each.licence}}]} if each.licence else {}),
            }
            for each in wheels
        ],
    }


def pack(wheels: list[Wheel], target: Path, version: str) -> None:
    """Writes the zip; equal wheels give equal bytes."""
    bom = json.dumps(bill_of_materials(wheels, version), ensure_ascii=False, indent=1)
    files: dict[str, bytes] = {
        "requirements.txt": requirements(wheels).encode(),
        "bom.json": bom.encode(),
        "install.sh": INSTALL_SH.encode(),
        "install.bat": INSTALL_BAT.replace("\n", "\r\n").encode(),
        **{f"wheels/{each.path.name}": each.path.read_bytes() for each in wheels},
    }
    for folder in ("docs", "deploy"):
        pages = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
        files |= {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in pages}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{target.stem}/{name}")
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)


def build(out: Path, extras: str) -> Path:
    """Fetches and builds the wheels, pinned by constraints.txt, and packs them; the zip's path."""
    with tempfile.TemporaryDirectory() as place:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "-q", "-w", place]
        subprocess.run(
            [*pip, "-c", str(ROOT / "constraints.txt"), f"{ROOT}[{extras}]" if extras else str(ROOT)], check=True
        )
        wheels = sorted(map(read_wheel, Path(place).glob("*.whl")), key=lambda each: each.name.lower())
        version = next(each.version for each in wheels if each.name == "qtemplate")
        system = re.sub(r"[^A-Za-z0-9]+", "_", sysconfig.get_platform())
        python = "".join(platform.python_version_tuple()[:2])
        target = out / f"qtemplate-{version}-{system}-py{python}.zip"
        pack(wheels, target, version)
    return target


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the bundle for machines without a network.")
    parser.add_argument("--extras", default="", help="extras to include, such as keyring,m365 [default: none]")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the zip [default: dist]")
    given = parser.parse_args()
    sys.stdout.write(f"{build(given.out, given.extras)}\n")
