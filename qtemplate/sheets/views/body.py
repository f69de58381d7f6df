"""The view sheets written anew: rows in, `SheetBody` out, none when the sheet shows just that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...ooxml.cells import keepable
from ...plan import Phrase
from ...texts import say
from ..blocks import BlockFinder
from ..layout import BY_KEY
from ..writing.program_sheets import LONGEST, laid_out, link_to
from .seal import KEY, seal_of

if TYPE_CHECKING:
    from ...ooxml.patch import SheetBody
    from ...ooxml.reading.book import Book
    from ...register import Register
    from ...rules.views import View


def view_bodies(book: Book, views: Mapping[str, View], register: Register) -> Iterator[SheetBody]:
    """The bodies of the views that would show something else than they do.

    Args:
        book: The workbook as it was read.
        views: Layout key -> what the view shows.
        register: Where the links lead; what people typed on a view, which is written anew then.
    """
    finder, language = BlockFinder(book), register.language
    typed = {cell.where.sheet for cell in register.typed}
    for key, view in views.items():
        block = finder.find(BY_KEY[key])
        if block is None or KEY not in block.columns:
            continue
        rows = [_row(row, register) for row in view.rows]
        if not rows:
            rows.append({"todo": say(Phrase("view.none"), language)})
        if view.more:
            rows.append({"todo": say(Phrase.of("view.more", n=view.more), language)})
        sealed = [row | {KEY: seal_of(block.spec, row)} for row in rows]
        body = laid_out(finder, block, sealed, differs=block.sheet in typed)
        if body is not None:
            yield body


def _row(row: Mapping[str, Any], register: Register) -> dict[str, Any]:
    """Texts as a cell keeps them, the id as a link."""
    kept = {key: keepable(value[:LONGEST]) if isinstance(value, str) else value for key, value in row.items()}
    return kept | {"id": link_to(str(row["id"]), register)}
