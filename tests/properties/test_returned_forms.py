"""Whatever happens to a form on its way: it is read, or it is set aside with a sentence; a forged one never counts."""

from __future__ import annotations

import io
import random
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_makers import write_parts

from qtemplate.forms.collect import FormProblem, read_form
from qtemplate.forms.make import form_template, make_form
from qtemplate.forms.token import FormToken, Mark
from qtemplate.plan import FormRequest, Phrase
from qtemplate.plan.form_kinds import FormKind
from qtemplate.plan.keys import FormKey

SECRET, OTHERS = b"ours" * 8, b"theirs" * 6
ID = "QF-2026-0001"
KEYS = {kind: FormKey.about(kind, ID, 1, "孙浩") for kind in FormKind}


@cache
def form(kind: FormKind, secret: bytes = SECRET) -> bytes:
    """A form of a kind with some answers."""
    cells = {"f_decision": "接受", "f_root_cause": "端子没有锁扣", "t_actions_text": ["更换端子", "终检"]}
    facts = {"id": ID, "file": "a.xlsx", "cells": cells, "base": {"root_cause": ""}}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        request = FormRequest(KEYS[kind], kind, ID, "zh", facts)
        return make_form(request, form_template(place, kind, "zh"), place, secret).read_bytes()


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bytes of the file are others."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def in_parts(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    with tempfile.TemporaryDirectory() as folder:
        return write_parts(Path(folder) / "a.xlsx", parts).read_bytes()


def without_a_part(data: bytes, chance: random.Random) -> bytes:
    return in_parts(data, lambda parts: parts.__delitem__(chance.choice(sorted(parts))))


def with_a_damaged_part(data: bytes, chance: random.Random) -> bytes:
    """A part whose package is sound and whose text is not."""

    def damage(parts: dict[str, bytes]) -> None:
        name = chance.choice(sorted(parts))
        parts[name] = flipped(parts[name], chance)

    return in_parts(data, damage)


def with_strange_values(data: bytes, chance: random.Random) -> bytes:
    """Cells hold what nobody asked for."""
    strange = (b"<v>1E308</v>", b"<v>-5</v>", b"<v>x</v>", b"<v>46000.5</v>", b"<f>1/0</f><v>#DIV/0!</v>", b"")

    def change(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        pieces = parts[name].split(b"</c>")
        at = chance.randrange(len(pieces))
        pieces[at] += chance.choice(strange)
        parts[name] = b"</c>".join(pieces)

    return in_parts(data, change)


def with_another_mark(data: bytes, chance: random.Random) -> bytes:
    """One letter of a mark is another."""

    def change(parts: dict[str, bytes]) -> None:
        name = chance.choice(["docProps/custom.xml", "xl/sharedStrings.xml"])
        at = parts[name].find(b"mac")
        if at >= 0:
            place = at + chance.randrange(3, 60)
            parts[name] = parts[name][:place] + b"0" + parts[name][place + 1 :]

    return in_parts(data, change)


MISHAPS = (flipped, cut, without_a_part, with_a_damaged_part, with_strange_values, with_another_mark)
MUTATED = st.tuples(st.sampled_from(FormKind), st.sampled_from(MISHAPS), st.randoms(use_true_random=False))


def only_ours(token: FormToken) -> Phrase | None:
    return None if token.mark is Mark.OURS and token.key in KEYS.values() else Phrase("form.other_mark")


def come_back(data: bytes) -> bool:
    """Whether a form is taken; anything but a sentence for one that is not fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(data)
        try:
            found = read_form(path, SECRET, only_ours)
        except FormProblem as problem:
            assert all(len(problem.sentence(language)) > 5 for language in ("zh", "en"))
            return False
    assert (found.key, found.id) == (KEYS[found.kind], ID)
    assert set(found.answers) == {answer.name for answer in found.kind.contract.answers}
    return True


def check(made: tuple[FormKind, Callable[[bytes, random.Random], bytes], random.Random]) -> None:
    kind, happens, chance = made
    come_back(happens(form(kind), chance))
    assert not come_back(happens(form(kind, OTHERS), chance))


@settings(max_examples=25, deadline=None)
@given(MUTATED)
def test_a_form_that_was_damaged_is_read_or_set_aside_and_a_forged_one_never_counts(
    made: tuple[FormKind, Callable[[bytes, random.Random], bytes], random.Random],
) -> None:
    check(made)


@pytest.mark.campaign
@settings(max_examples=2_500, deadline=None)
@given(MUTATED)
def test_five_thousand_damaged_forms_are_read_or_set_aside(
    made: tuple[FormKind, Callable[[bytes, random.Random], bytes], random.Random],
) -> None:
    check(made)


def test_every_kind_comes_back_as_it_left() -> None:
    assert [come_back(form(kind)) for kind in FormKind] == [True] * len(FormKind)
