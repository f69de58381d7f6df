"""Photos of a case go with its transfer: shrunk, upright, without metadata; originals stay, and bombs are left out."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from registers import ASSESSED, NOW, make_workspace
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.jobs.run import run
from qtemplate.mailer.pictures import ALL_TOGETHER, LONGEST_SIDE, SMALL, shrunk_pictures


def photo(width: int = 1_500, height: int = 1_000, kind: str = "JPEG", **more: Any) -> bytes:
    """A picture that does not pack well, as photos do not."""
    picture, out = Image.effect_noise((width, height), 60).convert("RGB"), io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that claim a huge picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")]
    parts = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + b"\0" * SMALL


def test_a_transfer_carries_its_photos_small_and_the_originals_stay(tmp_path: Path) -> None:
    original = photo()
    assert len(original) > SMALL
    folder = tmp_path / "w"
    (folder / "照片").mkdir(parents=True)
    (folder / "照片" / "裂纹 1.jpg").write_bytes(original)
    (folder / "说明.pdf").write_bytes(b"%PDF-1.4")
    row = ASSESSED | {"attachments": "照片/裂纹 1.jpg；说明.pdf；没有的.png；../../outside.jpg"}
    (tmp_path / "outside.jpg").write_bytes(original)
    run(load_config(make_workspace(folder, [row])), NOW)
    assert (folder / "照片" / "裂纹 1.jpg").read_bytes() == original
    mails = [message_from_bytes(data) for data in files_below(folder / "outbox").values()]
    with_pictures = {}
    for mail in mails:
        found = [part for part in mail.walk() if part.get_content_maintype() == "image"]
        if found:
            with_pictures[str(mail["To"])] = found
    [(_, [part])] = with_pictures.items()  # the transfer alone, and nothing goes to the reporter
    small = part.get_payload(decode=True)
    assert isinstance(small, bytes) and len(small) < min(len(original), ALL_TOGETHER)
    assert max(opened(small).size) == LONGEST_SIDE


def test_a_copy_stands_upright_and_tells_neither_place_nor_device(tmp_path: Path) -> None:
    said = Image.Exif()
    said[0x0112], said[0x0110] = 6, "PhoneModel"  # turned by a quarter; the device
    said.get_ifd(0x8825)[1] = "N"  # where it was taken
    (tmp_path / "a.jpg").write_bytes(photo(exif=said))
    (tmp_path / "clear.png").write_bytes(png := photo(1_400, 700, "PNG"))
    [made, paper] = shrunk_pictures(tmp_path, "a.jpg\nclear.png")
    assert len(png) > SMALL and paper.name == "clear.jpg"
    assert opened(made.data).size == (853, 1280)
    assert dict(opened(made.data).getexif()) == {} and b"PhoneModel" not in made.data


@pytest.mark.parametrize(
    "data",
    [
        png_claiming(60_000, 60_000),
        photo()[: 2 * SMALL],
        b"\xff\xd8\xff" + b"x" * SMALL * 2,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * SMALL,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n" + b" " * SMALL,
    ],
    ids=["bomb", "cut off", "damaged", "svg", "eps"],
)
def test_what_is_no_sound_picture_is_left_out_without_harm(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.png").write_bytes(data)
    tracemalloc.start()
    made = list(shrunk_pictures(tmp_path, "x.png"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == [] and most < 20 << 20


def test_a_mail_takes_a_few_and_small_ones_go_as_they_are(tmp_path: Path) -> None:
    small = photo(200, 100)
    for number in range(6):
        (tmp_path / f"{number}.jpg").write_bytes(small if number else photo())
    made = list(shrunk_pictures(tmp_path, "、".join(f"{number}.jpg" for number in range(6))))
    assert [each.name for each in made] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    assert [each.data == small for each in made] == [False, True, True, True]


def test_without_pillow_only_small_pictures_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(photo())
    (tmp_path / "b.jpg").write_bytes(photo(200, 100))
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    assert [each.name for each in shrunk_pictures(tmp_path, "a.jpg\nb.jpg")] == ["b.jpg"]
