"""Videos that people send: without place and device, every byte of picture and sound where it was."""

from __future__ import annotations

import random
import struct

import pytest
from films import PLACE, box, element, film_of, full, handler, place, track, webm_of

from qtemplate.web.films import Malformed, strip_film
from qtemplate.web.uploads import video_kind
from qtemplate.web.webm import strip_webm

SAMPLES = [bytes([number]) * (20 + number) for number in range(1, 8)]
XMP = box(b"uuid", bytes(16), b"<exif:GPSLatitude>31")


def blank(whole: bytes) -> bytes:
    """A box as it is left."""
    return struct.pack(">I4s", len(whole), b"free") + bytes(len(whole) - 8)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("per_chunk", [1, 2, 3, 7])
def test_what_tells_of_place_and_device_is_nought_and_all_else_is_where_it_was(wide: bool, per_chunk: int) -> None:
    picture = track(b"vide", *SAMPLES, more=place())
    sound = track(b"soun", b"sound" * 9)
    apple = box(b"meta", handler(b"mdta"), box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", PLACE))
    positions = track(b"meta", *(b"GPS5 31.%04d" % number for number in range(5)))
    made = film_of(picture, positions, sound, more=place() + apple + XMP, wide=wide, per_chunk=per_chunk) + XMP
    stripped = strip_film(made)
    assert len(stripped) == len(made)
    assert not [
        word for word in (PLACE, b"Phone X", b"GPS", b"location", b"uuid", b"udta", b"meta") if word in stripped
    ]
    expected = made
    for each in (place(), apple, XMP):
        expected = expected.replace(each, blank(each))
    at = made.index(b"trak", made.index(b"trak") + 1) - 4
    (long,) = struct.unpack_from(">I", made, at)
    expected = expected.replace(made[at : at + long], blank(made[at : at + long]))
    for sample in positions.samples:
        expected = expected.replace(sample, bytes(len(sample)))
    assert stripped == expected
    assert strip_film(stripped) == stripped


def test_a_film_that_tells_nothing_keeps_its_bytes_and_the_maker_in_a_handler_goes() -> None:
    plain = film_of(track(b"vide", *SAMPLES), track(b"soun", b"s" * 50), brand=b"qt  ")
    assert (video_kind(plain), strip_film(plain)) == ("mov", plain)
    named = film_of(track(b"vide", b"p")).replace(handler(b"vide"), box(b"hdlr", bytes(8), b"vide", b"GoPro!! AVC H"))
    assert b"GoPro" in named and b"GoPro" not in strip_film(named)


def test_a_recording_in_parts_is_taken_unless_some_of_it_is_no_picture_or_sound() -> None:
    part = box(b"moof", box(b"mfhd", bytes(8)), box(b"traf", full(b"tfhd", "I", 1), place()), place())
    whole = film_of(track(b"vide")) + part + box(b"mdat", b"picture")
    assert strip_film(whole) == whole.replace(place(), blank(place()))
    with pytest.raises(Malformed):
        strip_film(film_of(track(b"vide"), track(b"meta")) + part + box(b"mdat", b"GPS"))


def test_what_a_camera_writes_behind_the_film_is_cut_off() -> None:
    film = film_of(track(b"vide", *SAMPLES))
    assert strip_film(film + b"\x7f\xff\xff\xffSEFH" + PLACE) == film
    assert strip_film(film + b"abc") == film


MADE = film_of(track(b"vide", *SAMPLES, more=place()), track(b"meta", b"GPS one", b"GPS two"), more=place())


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        MADE[:-1],
        MADE[: MADE.index(b"mdat") - 4],
        MADE.replace(b"moov", b"moof"),
        MADE.replace(b"vide", b"text"),
        MADE.replace(b"stbl", b"stbx"),
        MADE.replace(box(b"mvhd", bytes(100)), box(b"cmov", bytes(100))).replace(b"trak", b"trax"),
        MADE + MADE[MADE.index(b"moov") - 4 :],
        box(b"ftyp", b"isom") + box(b"moov", *[box(b"free")] * 30_000),
    ],
    ids=["empty", "cut", "no samples", "no moov", "no picture", "no table", "packed", "two", "boxes without end"],
)
def test_one_that_cannot_be_looked_through_is_refused(broken: bytes) -> None:
    with pytest.raises(Malformed):
        strip_film(broken)


def test_whatever_is_changed_in_a_film_it_is_refused_or_as_long_and_nothing_else_happens() -> None:
    chance, refused = random.Random(18), 0
    webm = webm_of(element(0x1549A966, b"info"), element(0x1254C367, PLACE), element(0x1F43B675, b"\xa3\x81p"))
    for number in range(2_000):
        made, strip = ((MADE, strip_film), (webm, strip_webm))[number % 2]
        data = bytearray(made)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data))
            if chance.random() < 0.5:
                data[at] = chance.choice((0, 1, 8, 0x7F, 0xFF, chance.randrange(256)))
            else:
                data[at : at + 4] = chance.choice((bytes(4), b"\xff\xff\xff\xff", b"\0\0\0\1", b"\x7f\xff\xff\xff"))
        try:
            assert len(strip(bytes(data))) <= len(data)
        except Malformed:
            refused += 1
    assert 200 < refused < 1_900


@pytest.mark.parametrize("open_ended", [False, True])
def test_tags_and_attachments_of_a_webm_are_nought(open_ended: bool) -> None:
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81picture"), open_ended=open_ended)
    inside = [element(0x1549A966, b"info"), element(0x1654AE6B, b"tracks"), cluster]
    tags, attached = element(0x1254C367, b"LOCATION", PLACE), element(0x1941A469, PLACE)
    made = webm_of(inside[0], tags, *inside[1:], attached, open_ended=open_ended)
    stripped = strip_webm(made)
    void = [b"\xec\x01" + (len(each) - 9).to_bytes(7, "big") + bytes(len(each) - 9) for each in (tags, attached)]
    assert stripped == made.replace(tags, void[0]).replace(attached, void[1])
    with pytest.raises(Malformed):
        strip_webm(made[:-3] if not open_ended else made[:30])
