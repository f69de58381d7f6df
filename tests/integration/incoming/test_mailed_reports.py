"""The file of the page that needs no network, attached to a mail: the row, its photos, its words, and never twice."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import imap_peer
import pytest
from imap_peer import PASSWORD, Dovecot
from PIL import Image
from registers import NOW, make_workspace
from told import register_of

from qtemplate.config import load_config
from qtemplate.jobs.incoming.command import intake
from qtemplate.jobs.incoming.pile import link_piled, list_pile
from qtemplate.jobs.run import plan

CUSTOMER, COLLEAGUE = "ann.lee@customer.example", "zhou@example.com"
ANSWERS = {
    "product": "智能电饭煲",
    "model": "RC-300",
    "category": "hardware",
    "title": "Trips the fuse",
    "description": "Half way through cooking the fuse trips.",
    "scene": "kitchen",
    "reporter": "Ann Lee",
    "severity": "5",
}


def picture(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(written, "JPEG")
    return written.getvalue()


def report(number: str = "W260716-0FF11NEX", **answers: str) -> bytes:
    """A file as the page makes it."""
    inline = [base64.b64encode(picture("red")).decode()]
    made = {
        "schema": 1, "page": "new", "number": number, "channel": "website", "language": "en",
        "at": "2026-07-16T08:00:00+08:00", "answers": {**ANSWERS, **answers}, "inline": inline,
    }  # fmt: skip
    return json.dumps(made).encode()


def mail(files: Mapping[str, bytes], text: str = "", *, sender: str = CUSTOMER, number: int = 1) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = f"Ann <{sender}>", "qa@example.com", "file"
    made["Date"], made["Message-ID"] = "Wed, 15 Jul 2026 16:00:00 +0800", f"<r{number}@customer.example>"
    made.set_content(text)
    for name, data in files.items():
        kind = ("application", "json") if name.endswith(".json") else ("image", "jpeg")
        made.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
    return made.as_bytes()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "w", []).parent


def deliver(workspace: Path, **files: bytes) -> Any:
    """Puts files into folders of channels, by their suffix, and takes them up."""
    for name, data in files.items():
        stem, _, suffix = name.rpartition("_")
        folder = workspace / "intake" / "in" / ("hotline" if suffix == "json" else "email")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.{suffix}").write_bytes(data)
    return intake(load_config(workspace / "qtemplate.toml"), NOW)


def rows(workspace: Path, *fields: str) -> list[list[Any]]:
    frame = register_of(workspace).frame
    return [[frame.at[at, field] for field in fields] for at in frame.index if frame.at[at, "channel_ref"] is not None]


def test_it_is_the_row_that_a_file_in_a_folder_would_be_with_what_the_mail_brings_besides(workspace: Path) -> None:
    files = {"W260716-0FF11NEX.json": report(), "more.jpg": picture("blue")}
    deliver(workspace, one_eml=mail(files, "Please call me after six."))
    fields = ("channel", "channel_ref", "title", "email", "reporter", "level", "description", "attachments")
    (row,) = rows(workspace, *fields)
    *said, description, attachments = row
    assert said == ["website", "W260716-0FF11NEX", "Trips the fuse", CUSTOMER, "Ann Lee", None]
    assert description.startswith(ANSWERS["description"]) and description.endswith("Please call me after six.")
    kept = [workspace / path for path in attachments.split("\n")]
    assert [path.name for path in kept] == ["photo-1.jpg", "more.jpg"]
    assert [path.read_bytes() for path in kept] == [picture("red"), picture("blue")]
    assert list_pile(load_config(workspace / "qtemplate.toml")).data["pile"] == []


def test_mailed_twice_and_dropped_too_it_is_one_row(workspace: Path) -> None:
    data = report()
    attached = {"W260716-0FF11NEX.json": data}
    deliver(workspace, one_eml=mail(attached), two_eml=mail(attached, number=2), dropped_json=data)
    deliver(workspace, again_json=data, three_eml=mail(attached, "again", number=3))
    assert rows(workspace, "channel_ref") == [["W260716-0FF11NEX"]]
    assert sorted(path.name for path in (workspace / "intake" / "in").rglob("*") if path.is_file()) == []


def test_whose_address_is_the_reporters(workspace: Path) -> None:
    """The sender's own where none is given; a colleague only passes on."""
    letters = "ABCD"
    sent = {
        "own_eml": mail({"a.json": report("W260716-AAAAAAAA", email=CUSTOMER.upper())}),
        "colleague_eml": mail({"a.json": report("W260716-BBBBBBBB")}, sender=COLLEAGUE, number=2),
        "passed_eml": mail({"a.json": report("W260716-CCCCCCCC", email="b@x.example")}, sender=COLLEAGUE, number=3),
        "nobody_eml": mail({"a.json": report("W260716-DDDDDDDD")}, sender="no-reply@shop.example", number=4),
    }
    deliver(workspace, **sent)
    told = dict(sorted(rows(workspace, "channel_ref", "email")))
    assert [told[f"W260716-{letter * 8}"] for letter in letters] == [
        "ANN.LEE@customer.example",
        None,
        "b@x.example",
        None,
    ]


def test_a_sender_who_is_doubted_or_names_a_stranger_waits_for_a_person(workspace: Path) -> None:
    doubted = b"Authentication-Results: mx.example.com; dmarc=fail\r\n" + mail({"a.json": report("W260716-AAAAAAAA")})
    other = mail({"a.json": report("W260716-BBBBBBBB", email="victim@x.example")}, number=2)
    report_of = deliver(workspace, doubted_eml=doubted, other_eml=other)
    config = load_config(workspace / "qtemplate.toml")
    assert (rows(workspace, "id"), report_of.messages) == ([], ())
    piled = list_pile(config).data["pile"]
    assert sorted(str(each["why"]).partition("：")[0] for each in piled) == ["W260716-AAAAAAAA", "W260716-BBBBBBBB"]
    number = next(int(each["number"]) for each in piled if "victim" in str(each["why"]))
    link_piled(config, number, "new", NOW)
    assert rows(workspace, "channel_ref", "email") == [["W260716-BBBBBBBB", "victim@x.example"]]


def test_one_that_is_not_whole_leaves_the_mail_to_a_person_who_is_told_why(workspace: Path) -> None:
    spoilt = report().replace(b'"inline": ["', b'"inline": ["%%')
    deliver(workspace, one_eml=mail({"W1.json": spoilt, "list.json": b'{"page": 1}'}, "RC-300 broke"))
    (piled,) = list_pile(load_config(workspace / "qtemplate.toml")).data["pile"]
    assert (rows(workspace, "id"), "W1.json" in str(piled["why"])) == ([], True)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    reason = imap_peer.why_not()
    if reason:
        pytest.skip(reason)
    monkeypatch.setenv("QTEMPLATE_IMAP_PASSWORD", PASSWORD)
    peer, process = imap_peer.start()
    yield peer
    imap_peer.stop(peer, process)


def test_from_the_mailbox_it_is_taken_up_by_the_next_run_and_a_plan_only_looks(
    workspace: Path, server: Dovecot
) -> None:
    settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "username": server.user}
    file = workspace / "qtemplate.toml"
    lines = "\n".join(f"{name} = {value!r}" for name, value in settings.items())
    file.write_text(file.read_text("utf-8").partition("\n[mailbox]")[0] + f"\n[mailbox]\n{lines}\n", "utf-8")
    server.put(mail({"W260716-0FF11NEX.json": report()}))
    planned = plan(load_config(file), NOW)
    assert [row.values["channel_ref"] for row in planned.rows if row.sheet == "register"] == ["W260716-0FF11NEX"]
    assert (len(server.folder()), list((workspace / "intake").rglob("raw"))) == (1, [])
    intake(load_config(file), NOW)
    assert rows(workspace, "channel_ref", "email") == [["W260716-0FF11NEX", CUSTOMER]]
    assert (server.folder(), len(server.folder("qtemplate.done"))) == ([], 1)
