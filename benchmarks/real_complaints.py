"""Trying real complaints: `python benchmarks/real_complaints.py COMPLAINTS.csv DIR` fills a fresh English register.

Reads a CSV in the column names of a public vehicle complaints file (ODINO, MAKETXT, MODELTXT, YEARTXT, COMPDESC,
CDESCR, LDATE as YYYYMMDD, CRASH, FIRE, INJURED, DEATHS, CMPL_TYPE …), puts every complaint into the register of a new
workspace as a clerk would, mess included, and leaves the rest to `qtemplate run`.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CHANNELS = {"EVOQ": "Website", "IVOQ": "Website", "VOQ": "Hotline", "LETT": "Other", "LETR": "Other"}
PEOPLE = (
    ("Ann Keeper", "keeper@example.com", "Quality control", "Keeper"),
    ("Ben Lead", "lead@example.com", "Quality control", "Quality lead"),
    ("Cora Coordinator", "coordinator@example.com", "Quality control", "Coordinator"),
    ("Dan Service", "service@example.com", "Customer service", "Service"),
    ("Eve Head", "eve@example.com", "Production", "Department head"),
    ("Finn Maker", "finn@example.com", "Production", "Member"),
    ("Gail Maker", "gail@example.com", "Production", "Member"),
    ("Hugo Coder", "hugo@example.com", "R&D", "Member"),
)


def feedback(line: dict[str, str]) -> dict[str, Any]:
    """One complaint as cells of the register; what the file lacks stays empty."""
    text = line["CDESCR"].strip()
    harmed = line["CRASH"] == "Y" or line["INJURED"] not in ("", "0") or line["DEATHS"] not in ("", "0")
    received = line["LDATE"]
    return {
        "Received at": dt.datetime.strptime(received, "%Y%m%d") if received.isdigit() else received or None,
        "Recorder": "Dan Service",
        "Channel": CHANNELS.get(line["CMPL_TYPE"], line["CMPL_TYPE"]),
        "Channel reference": line["ODINO"],
        "Reporter type": "Customer",
        "Reporter": "Owner",
        "Other contact": ", ".join(part for part in (line["CITY"].strip(), line["STATE"]) if part),
        "Product": line["MAKETXT"],
        "Model": line["MODELTXT"],
        "Batch": line["YEARTXT"],
        "Quantity": line["OCCURENCES"],
        "Title": line["COMPDESC"],
        "Description": text,
        "Category": "Hardware",
        "Scene": f"{line['MILES']} miles, {line['VEH_SPEED']} mph".strip(),
        "Authenticity": "Open",
        "Severity": 5 if harmed else 4 if line["VEHICLE_TOWED_YN"] == "Y" else 3,
        "Safety": "Yes" if line["FIRE"] == "Y" or harmed else "Unsure",
        "Scope": "Single",
        "Frequency": "Sometimes",
        "Workaround": "No",
    }


def main(source: Path, folder: Path) -> None:
    from qtemplate.jobs.demo import make_workspace
    from qtemplate.sheets import append_rows

    lines = list(csv.DictReader(source.open(encoding="utf-8", newline="")))
    config = make_workspace(folder, "en", dt.datetime(1990, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))).config
    text = config.read_text("utf-8").replace("allow_domains = []", 'allow_domains = ["example.com"]')
    config.write_text(text.replace("max_per_run = 50", "max_per_run = 1000"), "utf-8")
    register = folder / "register.xlsx"
    products = sorted({(line["MAKETXT"], line["MODELTXT"]) for line in lines})
    rows = [{"Product": make, "Model": model, "Kind": "Hardware"} for make, model in products]
    append_rows(register, register, "tblProducts", rows)
    headers = ("Name", "Mail", "Department", "Role")
    append_rows(register, register, "tblPeople", [dict(zip(headers, person, strict=True)) for person in PEOPLE])
    append_rows(register, register, "tblFeedback", [feedback(line) for line in lines])
    sys.stdout.write(f"{len(lines)} complaints in {register}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    main(chosen.source, chosen.folder)
