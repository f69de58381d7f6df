"""A film that a browser recorded still plays once what it tells is blanked."""

from __future__ import annotations

import base64
import struct

import pytest
from films import PLACE, place
from web_browser import CHROMIUM, chromium

from qtemplate.web.films import strip_film
from qtemplate.web.webm import strip_webm

pytestmark = [
    pytest.mark.browser,
    pytest.mark.campaign,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

RECORD = """async (type) => {
  const canvas = document.createElement("canvas"), drawn = canvas.getContext("2d");
  const timer = setInterval(() => drawn.fillRect(Math.random() * 99, 0, 9, 99), 30);
  const recorder = new MediaRecorder(canvas.captureStream(30), {mimeType: type}), parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  await new Promise((done) => { recorder.onstop = done; recorder.start(); setTimeout(() => recorder.stop(), 600); });
  clearInterval(timer);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""
PLAY = """async ([film, type]) => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(film), (c) => c.charCodeAt(0))], {type}));
  return await new Promise((done) => {
    video.onerror = () => done(video.error.message);
    video.onended = () => done("played");
    video.play();
  });
}"""


def with_place(film: bytes) -> bytes:
    """A film in parts with the place in its head; nothing in it counts from the beginning of the file."""
    at = film.index(b"moov") - 4
    (long,) = struct.unpack_from(">I", film, at)
    return film[:at] + struct.pack(">I", long + len(place())) + film[at + 4 : at + long] + place() + film[at + long :]


def test_a_recording_plays_without_what_it_told() -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto("about:blank")
        webm, mp4 = (base64.b64decode(page.evaluate(RECORD, f"video/{each}")) for each in ("webm", "mp4"))
        mp4 = with_place(mp4)
        stripped = strip_film(mp4)
        assert PLACE in mp4 and PLACE not in stripped and len(stripped) == len(mp4)
        for film, kind in ((strip_webm(webm), "webm"), (stripped, "mp4")):
            assert page.evaluate(PLAY, [base64.b64encode(film).decode(), f"video/{kind}"]) == "played"
