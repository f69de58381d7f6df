"""`qr`: sheets of labels that lead to the page to report on; `intake-page`: that page as a file without a network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from told import typed

from qtemplate.plan.new_page import NewPage, OfferedProduct
from qtemplate.web.labels import A_SHEET, label_sheets
from qtemplate.web.offline import offline_page


def test_every_product_gets_a_sheet_and_each_label_leads_to_its_page(paged_demo: Path, tmp_path: Path) -> None:
    page = tmp_path / "labels.html"
    told = json.loads(typed(paged_demo, "qr", "--out", str(page), "--json").stdout)
    assert (told["sheets"], told["file"]) == (6, str(page))
    first = next(each for each in told["labels"] if each["model"] == "RC-50")
    parts = urlsplit(first["address"])
    assert (parts.netloc, parts.path) == ("127.0.0.1:8720", "/new/website")
    assert parse_qs(parts.query) == {"product": ["智能电饭煲"], "model": ["RC-50"]}
    text = page.read_text("utf-8")
    drawn = segno.make(first["address"], error="m").svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)
    assert text.count("<svg") == 6 * A_SHEET and text.count(drawn) == A_SHEET // 2
    assert text.count("产品有问题？扫码告诉我们") == text.count("A problem? Scan and tell us") == 6 * A_SHEET
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")  # it asks nobody for anything


def test_one_product_is_named_by_its_name_or_a_model(paged_demo: Path, tmp_path: Path) -> None:
    for asked, models in (("无线吸尘器", ["V8", "V8 Pro"]), ("V8 Pro", ["V8 Pro"])):
        done = typed(paged_demo, "qr", asked, "--channel", "dealer", "--out", str(tmp_path / "x.html"), "--json")
        labels = json.loads(done.stdout)["labels"]
        assert [each["model"] for each in labels] == models and "/new/dealer?" in labels[0]["address"]
    none = typed(paged_demo, "qr", "V9", "--lang", "en")
    assert none.returncode == 2 and "The sheet Products has no product or model V9; it has 智能电饭煲" in none.stderr


def test_what_is_lacking_is_said(paged_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = (paged_demo / "qtemplate.toml").read_text("utf-8").replace('base_url = "http', '#"')
    (tmp_path / "qtemplate.toml").write_text(config, "utf-8")
    off = typed(tmp_path, "qr", "--lang", "en")
    assert off.returncode == 4 and "has no base_url" in off.stderr
    there = typed(paged_demo, "qr", "--lang", "en", "--out", str(tmp_path / "none" / "x.html"))
    assert there.returncode != 0 and "cannot be written (No such file or directory)" in there.stderr
    monkeypatch.setitem(sys.modules, "segno", None)  # as if it were not installed
    lacking = typed(paged_demo, "qr", "--lang", "en")
    assert lacking.returncode == 4 and "pip install 'qtemplate[web]'" in lacking.stderr


def test_a_name_is_text_and_many_models_make_more_sheets() -> None:
    many = OfferedProduct("<b>&\"'", "", tuple(f"M{n}" for n in range(30)))
    sheets = label_sheets("https://qa.example.com/q/", "website", [many, OfferedProduct("无型号")])
    assert [len(sheet.labels) for sheet in sheets] == [A_SHEET] * 4
    assert sheets[0].labels[0].address.startswith("https://qa.example.com/q/new/website?product=%3Cb%3E%26%22%27&")
    assert "model" not in sheets[3].labels[0].address


def test_the_page_without_a_network_asks_nobody_for_anything(paged_demo: Path, tmp_path: Path) -> None:
    page = tmp_path / "intake.html"
    told = json.loads(typed(paged_demo, "intake-page", "--out", str(page), "--lang", "en", "--json").stdout)
    assert told["file"] == str(page)
    text = page.read_text("utf-8")
    assert "://" not in text.replace("(?!.*(://", "") and "src=" not in text and "@import" not in text
    assert "default-src 'none'" in text and "RC-50" in text and len(text.encode()) < 30_000


def test_names_of_products_cannot_break_out_of_the_page() -> None:
    evil = "</script><script>alert(1)</script>"
    text = offline_page(NewPage(evil, (OfferedProduct(evil, "", (evil,)),), ((evil, evil, evil),)), "website", "zh", "")
    assert text.count("<script") == 2 and "alert(1)</script>" not in text
