"""The page on which anybody reports something: two steps, what it takes and refuses, what it keeps."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from films import film_of, track
from new_reports import FIRST, OFFER, SECOND, Reporter, hidden_in, offer_on
from PIL import Image
from web_site import MOMENT, Pages, make_pages

from qtemplate.choices import Channel
from qtemplate.plan.new_page import NUMBER, NewPage, OfferedProduct
from qtemplate.web.caps import DayCaps


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    made = make_pages(tmp_path)
    offer_on(made)
    return made


@pytest.fixture
def reporter(pages: Pages) -> Reporter:
    return Reporter(pages)


def picture(kind: str = "PNG", **more: Any) -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(written, kind, **more)
    written.seek(0)
    return written


def test_what_is_reported_is_one_file_with_a_provisional_number(pages: Pages, reporter: Reporter) -> None:
    sent = reporter.report()
    assert sent.status_code == 303
    (kept,) = pages.kept
    number = kept["number"]
    assert NUMBER.fullmatch(number) and number.startswith("W260716-")
    said = {**FIRST, **SECOND}
    del said["consent"]
    assert kept == {
        "schema": 1, "page": "new", "number": number, "channel": "website", "language": "zh",
        "at": MOMENT.isoformat(), "answers": said, "held": "", "files": [],
    }  # fmt: skip
    assert sent.headers["Location"] == f"?got={number}&lang=zh"
    shown = reporter.look(sent.headers["Location"]).text
    assert number in shown and "正式编号会发邮件给您" in shown


def test_looking_and_the_first_step_record_nothing(pages: Pages, reporter: Reporter) -> None:
    for _ in range(3):
        assert reporter.look("?product=智能温控器&model=TC-200&batch=7").status_code == 200
    reporter.at_second_step()
    reporter.look("?got=W260716-00000000")
    assert [*pages.site.inbox.iterdir()] == []


def test_a_label_says_product_model_and_batch_beforehand(pages: Pages, reporter: Reporter) -> None:
    shown = reporter.look("?product=智能温控器&model=TC-300&batch=0042").text
    assert '<option value="智能温控器" selected>' in shown
    second = reporter.post(**{**hidden_in(shown), **FIRST})
    assert '<option value="TC-300" selected>' in second.text and 'name="batch" value="0042"' in second.text
    by_model = reporter.look("?model=V2").text
    assert '<option value="云平台" selected>' in by_model
    strange = reporter.look('?product="><script>&model=TC-200x&batch=<b>').text
    assert "<script" not in strange and "<b>" not in strange and " selected>" not in strange


def test_the_second_step_asks_by_product_and_channel(pages: Pages, reporter: Reporter) -> None:
    software = reporter.post(**{**hidden_in(reporter.look().text), **FIRST, "product": "云平台"}).text
    assert 'name="version"' in software and 'name="batch"' not in software
    dealer = Reporter(pages, "/new/dealer")
    said = dealer.report(organisation="")
    assert said.status_code == 422 and "单位和部门 – 请填写" in said.text
    assert dealer.report(organisation="城东经销商").status_code == 303
    assert pages.kept[0]["channel"] == "dealer"


def test_a_product_that_is_not_in_the_list_leaves_the_cell_empty(pages: Pages, reporter: Reporter) -> None:
    assert reporter.report(product="-", model="").status_code == 303
    assert {"product", "model"}.isdisjoint(pages.kept[0]["answers"])


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"title": "坏"}, "问题标题 – 太短了"),
        ({"title": "坏" * 61}, "问题标题 – 太长了"),
        ({"description": "不好用"}, "问题描述 – 太短了"),
        ({"description": "长" * 2_001}, "问题描述 – 太长了"),
        ({"category": "fire"}, "问题属于哪一类 – 请选择一项"),
        ({"product": "别的"}, "产品名称 – 请选择一项"),
    ],
)
def test_the_first_step_says_what_is_wrong_and_keeps_the_rest(
    reporter: Reporter, answers: dict[str, str], why: str
) -> None:
    said = reporter.post(**{**hidden_in(reporter.look().text), **FIRST, **answers})
    assert said.status_code == 422 and why in said.text and "您填写的内容都还在" in said.text
    assert [hidden_in(said.text)["step"], "<title>有误：" in said.text] == ["1", True]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"model": "V2"}, "型号 – 请选择一项"),
        ({"reporter": "请访问 https://evil.example"}, "您的姓名或称呼 – 这里请不要填网址或邮箱"),
        ({"batch": "www.evil.example"}, "批次号 – 这里请不要填网址或邮箱"),
        ({"email": "a@b\r\nBcc: x@example.com"}, "邮箱 – 太长了"),
        ({"email": "a@b@c.example"}, "邮箱 – 请填写邮箱"),
        ({"email": "", "phone": ""}, "邮箱 – 请至少填写邮箱、电话、其他联系方式中的一项"),
        ({"phone": "=1+1"}, "联系电话 – 请填写电话号码"),
        ({"consent": ""}, "使用您的信息 – 请勾选后再提交"),
        ({"photos": (io.BytesIO(b"<html>"), "a.jpg")}, "照片或视频 – 有一个文件既不是照片也不是视频"),
    ],
)
def test_the_second_step_says_what_is_wrong_and_keeps_nothing(
    pages: Pages, reporter: Reporter, answers: dict[str, Any], why: str
) -> None:
    said = reporter.report(**answers)
    assert said.status_code == 422 and why in said.text
    assert hidden_in(said.text)["step"] == "2" and hidden_in(said.text)["title"] == FIRST["title"]
    assert [*pages.site.inbox.rglob("*")] == []


def test_going_back_keeps_what_was_typed_in_both_steps(reporter: Reporter) -> None:
    carried = reporter.at_second_step()
    back = reporter.post(**carried, **SECOND, back="1").text
    assert 'value="通电后屏幕不亮"' in back and "昨天晚上通电" in back
    again = reporter.post(**{**hidden_in(back), **FIRST}).text
    assert 'value="wang.fang@example.com"' in again and '<option value="TC-200" selected>' in again


def test_sent_twice_is_one(pages: Pages, reporter: Reporter) -> None:
    carried = reporter.at_second_step()
    for _ in range(3):
        assert reporter.post(**carried, **SECOND).status_code == 303
    assert len(pages.kept) == 1
    corrected = {**SECOND, "batch": "0043"}
    assert reporter.post(**carried, **corrected).status_code == 303  # for the run to hold against the first
    assert [kept["number"] for kept in pages.kept] == [carried["number"]] * 2


def test_photos_are_written_anew_and_a_video_is_kept_under_a_name_of_ours(pages: Pages, reporter: Reporter) -> None:
    where = Image.Exif()
    where[0x010E] = "31.2304N 121.4737E"
    photos = [(picture("JPEG", exif=where), "../../IMG_1.jpg"), (picture(), "=cmd.png"), (picture("WEBP"), "c.html")]
    assert reporter.report(photos=photos).status_code == 303
    (kept,) = pages.kept
    assert [each[0] for each in kept["files"]] == ["photo-1.jpg", "photo-2.jpg", "photo-3.jpg"]
    for _, _, name in kept["files"]:
        data = (pages.site.inbox / ".files" / name).read_bytes()
        assert data.startswith(b"\xff\xd8\xff") and b"31.2304N" not in data
    film = film_of(track(b"vide", b"picture"))
    assert reporter.report(title="附一段视频", photos=[(io.BytesIO(film), "x.exe")]).status_code == 303
    video = next(each for each in pages.kept if each["files"][0][1] == "video/mp4")["files"][0]
    assert video[0] == "video-1.mp4" and (pages.site.inbox / ".files" / video[2]).read_bytes() == film
    broken = reporter.report(photos=[(io.BytesIO(film[:-200]), "a.mp4")])
    assert broken.status_code == 422 and "无法去掉里面的位置" in broken.text
    both = reporter.report(photos=[(io.BytesIO(film), "a.mp4"), (picture(), "b.png")])
    assert both.status_code == 422 and "视频只能单独提交一段" in both.text


def test_only_a_page_of_ours_can_send_it(pages: Pages, reporter: Reporter) -> None:
    carried = reporter.at_second_step()
    other = Reporter(pages, "/new/social").at_second_step()
    for spoiled in (
        {**carried, "form": ""},
        {**carried, "form": other["form"]},
        {**carried, "number": "W260716-00000000"},
        {**carried, "number": "../../x"},
    ):
        said = reporter.post(**spoiled, **SECOND)
        assert said.status_code == 403 and "请再点一次" in said.text
    elsewhere = Reporter(pages, headers={"Sec-Fetch-Site": "cross-site", "Accept-Language": "zh"})
    assert elsewhere.post(**carried, **SECOND).status_code == 403
    assert pages.kept == []


def test_a_page_that_was_open_too_long_can_be_sent_again(pages: Pages, reporter: Reporter) -> None:
    carried = reporter.at_second_step()
    said = reporter.post(**{**carried, "form": "old"}, **SECOND)
    again = reporter.post(**hidden_in(said.text), **FIRST)
    assert reporter.post(**hidden_in(again.text), **SECOND).status_code == 303
    assert len(pages.kept) == 1


@pytest.mark.parametrize("path", ["/new/fax", "/new/", "/new/..%2fwebsite", "/new/website/x", "/new/WEBSITE"])
def test_a_channel_that_is_none_looks_like_a_page_that_is_none(pages: Pages, path: str) -> None:
    none, said = (pages.browser.get(each, headers={"Accept-Language": "zh"}) for each in ("/nothing", path))
    assert (said.status_code, said.text.replace("../", "")) == (404, none.text)


def test_every_channel_of_the_register_has_its_page_and_none_has_one_before_a_run(pages: Pages) -> None:
    for channel in Channel:
        assert pages.browser.get(f"/new/{channel}").status_code == 200
    (pages.site.exports / "form.json").unlink()
    assert pages.browser.get("/new/website").status_code == 404
    (pages.site.exports / "form.json").write_text("{", "utf-8")
    assert pages.browser.get("/new/website").status_code == 404


def test_the_reader_chooses_the_language(pages: Pages) -> None:
    english = Reporter(pages, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "Report a problem with a product" in english.look().text
    assert english.report(title="The screen stays dark").status_code == 303
    assert pages.kept[0]["language"] == "en"
    shown = Reporter(pages).look("?lang=en&product=云平台").text
    assert "Step 1 of 2" in shown and re.search(r'href="\?lang=zh&amp;product=[^"]+" lang="zh-Hans"', shown)


def test_without_products_or_with_too_many_the_product_is_typed(pages: Pages, reporter: Reporter) -> None:
    for products in ((), tuple(OfferedProduct(f"产品 {n}") for n in range(400))):
        offer_on(pages, NewPage("质量部", products, OFFER.categories))
        assert '<input type="text" id="product"' in reporter.look().text
        assert reporter.report(product="产品 7", model="M").status_code == 303
    assert [kept["answers"]["product"] for kept in pages.kept] == ["产品 7", "产品 7"]


# ---- caps ----


def test_beyond_what_an_address_may_send_it_waits_for_a_person_then_it_is_turned_away(pages: Pages) -> None:
    small = make_pages(pages.site.inbox.parents[2] / "small", caps=DayCaps(2))
    offer_on(small)
    for number in range(12):
        Reporter(small).report(email=f"a{number}@example.com", title=f"第 {number} 个问题")
    assert sorted(kept["held"] for kept in small.kept) == [""] * 2 + ["address"] * 8
    last = Reporter(small).report()
    assert last.status_code == 429 and "今天从这里收到的反馈太多" in last.text and "通电后屏幕不亮" in last.text
    others = [Reporter(small, address=f"198.51.100.{n}").report(email=f"b{n}@example.com") for n in range(12)]
    assert {each.status_code for each in others} == {303}
    held = sorted(kept["held"] for kept in small.kept)
    assert held == [""] * 12 + ["address"] * 8 + ["day"] * 2  # twenty are a full day here


def test_nobody_is_written_to_again_and_again(pages: Pages) -> None:
    for number in range(5):
        Reporter(pages, address=f"198.51.100.{number}").report(email="Victim@example.com")
    assert sorted(kept["held"] for kept in pages.kept) == ["", "", "", "mail", "mail"]


def test_counts_survive_a_restart_and_end_with_the_day(tmp_path: Path) -> None:
    pages = make_pages(tmp_path)
    folder, secret = pages.site.inbox, b"k" * 32
    before = DayCaps(20, folder, secret)
    for _ in range(3):
        before.count(MOMENT, "203.0.113.7")
    after = DayCaps(20, folder, secret)
    assert (after.counted("203.0.113.7", MOMENT), after.counted("203.0.113.8", MOMENT)) == (3, 0)
    (kept,) = folder.glob(".counts-*")
    assert b"203.0" not in kept.read_bytes()
    assert after.counted("203.0.113.7", MOMENT + dt.timedelta(days=1)) == 0 and not kept.exists()


def test_an_address_of_the_next_generation_counts_as_its_network(tmp_path: Path) -> None:
    caps = DayCaps()
    caps.count(MOMENT, "new 2001:db8:1:2::1")
    counted = [caps.counted(each, MOMENT) for each in ("new 2001:db8:1:2:ffff::9", "new 2001:db8:1:3::1")]
    assert counted == [1, 0]
