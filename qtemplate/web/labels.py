"""Labels with QR codes that lead to the page on which anybody reports something: sheets of A4 to be cut up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from urllib.parse import urlencode, urlsplit

import segno
from markupsafe import Markup
from msgspec import Struct

from ..plan.new_page import NEW, OfferedProduct
from .words import fill_in, words_in

A_SHEET = 12
"""Labels on a sheet of A4: three in a row, four rows."""


class Label(Struct, frozen=True):
    """One label; `code` is an SVG."""

    product: str
    model: str
    address: str
    code: Markup


class Sheet(Struct, frozen=True):
    """One page of A4, for one product."""

    product: str
    labels: tuple[Label, ...]


def label_sheets(base_url: str, channel: str, products: Sequence[OfferedProduct]) -> list[Sheet]:
    """A sheet for each product, its models in turn until it is full; more sheets where there are more models."""
    return [sheet for each in products for sheet in _sheets(base_url, channel, each)]


def _sheets(base_url: str, channel: str, product: OfferedProduct) -> Iterator[Sheet]:
    models = [_label(base_url, channel, product.name, model) for model in product.models or ("",)]
    for first in range(0, len(models), A_SHEET):
        yield Sheet(product.name, tuple(islice(cycle(models[first : first + A_SHEET]), A_SHEET)))


def _label(base_url: str, channel: str, product: str, model: str) -> Label:
    said = [("product", product), *([("model", model)] if model else [])]
    address = f"{base_url.rstrip('/')}/{NEW}/{channel}?{urlencode(said)}"
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=4, omitsize=True, svgclass=None, lineclass=None
    )
    return Label(product, model, address, Markup(drawn))  # made of squares by the library, none of the text is in it


def label_page(sheets: Sequence[Sheet], base_url: str, language: str) -> str:
    """The page that prints them; every label speaks Chinese and English.

    Args:
        sheets: In order.
        base_url: With what addresses begin; its name stands below each code, so that people see where it leads.
        language: Of what stands above the labels on a screen only.
    """
    host = urlsplit(base_url).netloc
    return fill_in("labels", language, "", sheets=sheets, host=host, zh=words_in("zh"), en=words_in("en"))
