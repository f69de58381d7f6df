"""Who works at the sample company, what it sells, who writes in. Data and lookups; no row is made here."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qtemplate.choices import Role
from qtemplate.sheets.layout import word
from qtemplate.sheets.standard.default_faults import FAULTS
from qtemplate.sheets.standard.default_tables import DEPARTMENTS

Pair = tuple[str, str]

KEEPER, LEAD, SERVICE, COORDINATOR, VERIFIER = "lin", "zhou", "tang", "du", "jiang"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the sample company."""

    key: str
    name: Pair
    department: str
    role: Role
    skills: Pair = ("", "")
    capacity: int | None = 10
    deputy: str = ""
    away: tuple[dt.date, dt.date] | None = None
    active: bool = True
    mail: bool = True


MEMBERS = (
    Member("lin", ("林静", "Helen Park"), "quality", Role.KEEPER, capacity=None, deputy="jiang"),
    Member("zhou", ("周敏", "Maria Keller"), "quality", Role.QUALITY_LEAD, capacity=None, deputy="he"),
    Member("he", ("何军", "Peter Novak"), "quality", Role.HEAD, capacity=4, deputy="jiang"),
    Member("jiang", ("蒋欣", "Sofia Lind"), "quality", Role.MEMBER, ("包装、检验", "packaging, inspection")),
    Member("wang", ("王磊", "Daniel Hughes"), "rd", Role.HEAD, capacity=4, deputy="chen"),
    Member("chen", ("陈晨", "Priya Nair"), "rd", Role.MEMBER, ("应用、服务器", "app, server"), 8),
    Member("li", ("李想", "Tom Becker"), "rd", Role.MEMBER, ("固件、连接", "firmware, connectivity"), 6),
    Member("zhao", ("赵刚", "Robert Svensson"), "production", Role.HEAD, capacity=4, deputy="sun"),
    Member("sun", ("孙浩", "Anna Costa"), "production", Role.MEMBER, ("装配、焊接", "assembly, welding"), 12),
    Member(
        "wu", ("吴迪", "James Miller"), "production", Role.MEMBER, ("电池、电气", "battery, electrics"), 10,
        deputy="sun", away=(dt.date(2026, 7, 10), dt.date(2026, 7, 24)),
    ),
    Member("hou", ("侯勇", "Karl Berg"), "production", Role.MEMBER, ("注塑、结构", "moulding, mechanics"), 15),
    Member("shao", ("邵琳", "Elena Popa"), "production", Role.MEMBER, ("电子、检测", "electronics, testing"), 15),
    Member("qian", ("钱程", "Olga Petrova"), "production", Role.MEMBER, active=False),
    Member("zheng", ("郑洁", "Lucy Grant"), "design", Role.HEAD, capacity=4, deputy="feng"),
    Member("feng", ("冯雪", "Marco Rossi"), "design", Role.MEMBER, ("结构", "mechanics"), 6),
    Member("xu", ("徐立", "Ian Wood"), "design", Role.MEMBER, ("工业设计", "industrial design"), 6, mail=False),
    Member("gu", ("顾芳", "Grace Lee"), "service", Role.HEAD, capacity=4, deputy="tang"),
    Member("tang", ("唐宁", "Emma Stone-Reed"), "service", Role.SERVICE, capacity=20, deputy="gu"),
    Member("du", ("杜鹃", "Nina Haas"), "service", Role.COORDINATOR, capacity=8, deputy="tang"),
)  # fmt: skip
_BY_KEY = {member.key: member for member in MEMBERS}
OWNERS = {
    "rd": ("chen", "li"), "production": ("sun", "wu", "hou", "shao"), "design": ("feng", "xu"), "quality": ("jiang", "he"),
    "service": ("tang", "du"),
}  # fmt: skip
"""Who works on what is transferred to a department."""

HEADS = {member.department: member.key for member in MEMBERS if member.role is Role.HEAD}


@dataclass(frozen=True, slots=True)
class SampleProduct:
    """A product with its models; `batch` is made of year, month and week by `str.format`."""

    key: str
    name: Pair
    models: tuple[str, ...]
    kind: str
    pattern: str
    batch: str
    serial: str


PRODUCTS = (
    SampleProduct("cooker", ("智能电饭煲", "Smart rice cooker"), ("RC-30", "RC-50"), "hardware", r"RC\d{6}",
                  "RC26{month:02d}{day:02d}", "RC{number:010d}"),
    SampleProduct("vacuum", ("无线吸尘器", "Cordless vacuum"), ("V8", "V8 Pro"), "hardware", r"\d{6}",
                  "0{month}26{day:02d}", "00{number:016d}"),
    SampleProduct("lock", ("智能门锁", "Smart lock"), ("L1", "L2S"), "hardware", r"L\d{2}W\d{2}", "L26W{week:02d}",
                  "SN{number:08d}"),
    SampleProduct("purifier", ("空气净化器", "Air purifier"), ("AP-200", "AP-400"), "hardware", r"AP\d{6}",
                  "AP26{month:02d}{day:02d}", "AP{number:09d}"),
    SampleProduct("ebike", ("电动自行车", "E-bike"), ("E-City 20", "E-City 26"), "hardware", r"EB-\d{4}-\d{2}",
                  "EB-2026-{month:02d}", "EB{number:08d}"),
    SampleProduct("app", ("智家应用", "HomeLink app"), ("Android", "iOS"), "software", "", "", ""),
)  # fmt: skip
_PRODUCT_BY_KEY = {product.key: product for product in PRODUCTS}

_TOLD: dict[str, Any] = tomllib.loads((Path(__file__).parent / "stories.toml").read_text(encoding="utf-8"))
DEALERS: tuple[Pair, ...] = (
    ("城东家电商行", "Eastside Appliances"), ("绿行车业", "Green Ride Cycles"), ("安居五金", "Homefit Hardware"),
)  # fmt: skip
REGIONS: tuple[Pair, ...] = (
    ("华东", "East"), ("华南", "South"), ("华北", "North"), ("西南", "Southwest"), ("海外", "Overseas"),
)  # fmt: skip


def side(language: str) -> int:
    """Position of a language in a pair."""
    return 0 if language == "zh" else 1


def person(key: str, language: str) -> str:
    """Name of a member."""
    return _BY_KEY[key].name[side(language)]


def department(code: str, language: str) -> str:
    """Name of a department."""
    return DEPARTMENTS[code][side(language)]


def product(key: str) -> SampleProduct:
    return _PRODUCT_BY_KEY[key]


def reporter(number: int, language: str) -> str:
    """Name of the `number`-th reporter; they come back after forty."""
    names: list[str] = _TOLD["reporters"][language]
    return names[number % len(names)]


def fault(name: str, language: str) -> str:
    """A fault of the default dictionary, named in Chinese, in the words of `language`."""
    return next(pair for pair, _ in FAULTS if pair[0] == name)[side(language)]


def stories() -> list[dict[str, Any]]:
    """The complaints of stories.toml."""
    return list(_TOLD["story"])


def people_rows(language: str) -> list[dict[str, Any]]:
    """Rows of the sheet People."""
    rows = []
    for member in MEMBERS:
        head = HEADS[member.department]
        manager = "zhou" if member.key == head else head
        rows.append(
            {
                "name": member.name[side(language)],
                "mail": f"{member.key}@example.com" if member.mail else None,
                "department": department(member.department, language),
                "role": member.role.label(language),
                "manager": None if member.key == "zhou" else person(manager, language),
                "deputy": person(member.deputy, language) if member.deputy else None,
                "skills": member.skills[side(language)] or None,
                "capacity": member.capacity,
                "away_from": member.away[0] if member.away else None,
                "away_to": member.away[1] if member.away else None,
                "active": word("yes" if member.active else "no", language),
            }
        )
    return rows


def product_rows(language: str) -> list[dict[str, Any]]:
    """Rows of the sheet Products, models of a product together."""
    return [
        {
            "product": each.name[side(language)],
            "model": model,
            "kind": word(each.kind, language),
            "batch_pattern": each.pattern or None,
        }
        for each in PRODUCTS
        for model in each.models
    ]
