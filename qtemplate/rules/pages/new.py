"""What the page offers on which anybody reports something: products and fields of problems as the sheets say. Pure."""

from __future__ import annotations

from ...choices import Category
from ...fields import Field
from ...plan.new_page import NewPage, OfferedProduct
from ..rulebook import RuleBook


def new_page(rulebook: RuleBook, team: str) -> NewPage:
    """The offer.

    Args:
        rulebook: 产品 and 数据字典 as they are.
        team: Who asks.
    """
    models: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for each in rulebook.products:
        if each.product:
            models.setdefault(each.product, []).append(each.model)
            kinds.setdefault(each.product, each.kind)
    products = tuple(
        OfferedProduct(name, kinds[name], tuple(dict.fromkeys(filter(None, those)))) for name, those in models.items()
    )
    known = {str(each) for each in Category}
    listed = rulebook.lists.get(str(Field.CATEGORY), {})
    teams = tuple((label, label, label) for label, code in listed.items() if str(code) not in known)
    return NewPage(team, products, (*((str(each), each.zh, each.en) for each in Category), *teams))
