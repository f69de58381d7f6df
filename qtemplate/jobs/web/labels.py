"""`qr` and `intake-page`: labels that lead to the page to report on, and that page as a file that needs no network."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ...config import Config
from ...errors import ConfigError, NotFound, NotWritten
from ...mailer.addresses import parse_address
from ...mailer.compose import team_name
from ...plan import Phrase
from ...plan.new_page import NewPage, OfferedProduct
from ...report.answer import Answer, Section
from ...rules.pages.new import new_page
from ...sheets import open_book
from ...texts import make_error
from ..world import read_rules


def print_labels(config: Config, product: str | None, channel: str, target: Path, language: str) -> Answer:
    """Writes the labels of a product, or of all.

    Args:
        config: The workspace.
        product: Its name, or one of its models; None = every product.
        channel: Code of 反馈渠道 that reports by these labels get.
        target: The page to be written.
        language: Of what stands above the labels.

    Raises:
        ConfigError: No public address is set, or packages are lacking.
        NotFound: There is no such product, or none at all.
        NotWritten: The page could not be written.
    """
    address = config.web.base_url
    if not address:
        raise make_error(ConfigError, "web.off", file=config.path)
    if find_spec("segno") is None:
        raise make_error(ConfigError, "web.extra")
    from ...web.labels import label_page, label_sheets

    products = _products(offer_of(config), product)
    sheets = label_sheets(address, channel, products)
    write_page(target, label_page(sheets, address, language))
    names = tuple(each.name for each in products)
    told = Phrase.of("labels.written", file=str(target), n=len(sheets), products=names[:MOST_NAMED])
    data = {
        "file": str(target),
        "sheets": len(sheets),
        "labels": [
            {"product": each.product, "model": each.model, "address": each.address}
            for each in dict.fromkeys(label for sheet in sheets for label in sheet.labels)
        ],
    }
    return Answer(data, (Section(None, (told, Phrase("labels.next"))),))


def write_offline_page(config: Config, channel: str, target: Path, language: str) -> Answer:
    """Writes the page to report on as one file that needs no network.

    Args:
        config: The workspace; it needs no `[web]`.
        channel: Code of 反馈渠道 that what is reported on it gets.
        target: The file.
        language: Of the page.

    Raises:
        RegisterUnreadable, NotWritten: The workbook cannot be read, the page not written.
    """
    from ...web.offline import offline_page

    mail = parse_address(config.mail.sender, "[mail] from").mail
    write_page(target, offline_page(offer_of(config), channel, language, mail))
    told = Phrase.of("offline.written", file=str(target))
    return Answer({"file": str(target), "channel": channel}, (Section(None, (told, Phrase("offline.next"))),))


MOST_NAMED = 5


def offer_of(config: Config) -> NewPage:
    """What the page offers, as the register says it now.

    Raises:
        RegisterUnreadable: The workbook cannot be read.
    """
    return new_page(read_rules(config, open_book(config.register.path), None), team_name(config))


def write_page(target: Path, page: str) -> None:
    """Writes a page of ours.

    Raises:
        NotWritten: It could not be written.
    """
    try:
        target.write_text(page, "utf-8")
    except OSError as problem:
        raise make_error(NotWritten, "web.page", file=target, problem=problem.strerror or str(problem)) from None


def _products(offer: NewPage, product: str | None) -> list[OfferedProduct]:
    if product is None:
        found = list(offer.products)
    else:
        found = [each for each in offer.products if each.name == product]
        found = found or [
            OfferedProduct(each.name, each.kind, (product,)) for each in offer.products if product in each.models
        ]
    if not found:
        known = tuple(each.name for each in offer.products[: MOST_NAMED * 4]) or "–"
        raise make_error(NotFound, "none.product", product=product or "–", known=known)
    return found
