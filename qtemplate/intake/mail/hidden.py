"""Which text of an HTML mail is to be seen: the few properties of CSS by which senders hide words from readers.

Hidden words are preheaders mostly, and now and then words meant for programs only. Not looked at: media queries (they
are for other screens), scripts, positions by layout.

Source: CSS 2.1 sections 9.2.4 (display), 11.2 (visibility), 15.7 (font-size), 14 (colours).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

Colour = tuple[int, int, int]
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[a-z0-9]*(?:[.#][\w-]+)?", re.I)
_NOTHING = re.compile(r"[+-]?(?:0*\.?0*[01]?|0+\.\d+|1\.0+)(?:px|pt)?|0*\.?0+\s*(?:r?em|%|ex|cm|mm|in)")
_ZERO = re.compile(r"0*\.?0+[a-z%]*")
_CLIPPED = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)")
_CUT = re.compile(
    r"(?:inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%.*|circle\(\s*0(?:px|%)?\b.*|polygon\(\s*0 0(?:\s*,\s*0 0)*\s*)\)"
)
_SHRUNK = re.compile(r".*\bscale[xy]?\(\s*0*\.?0+\s*[,)].*")
_FAR = re.compile(r"-\d{4,}(?:px|pt)?|-\d{3,}em")
_NAMED: dict[str, Colour] = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250)}
_WORTH_READING = re.compile(
    r"display|visib|font|colo|background|opacity|height|width|indent|left|top|hide|space|clip|transform", re.I
)
_TELLING = frozenset({"hidden", "color", "bgcolor", "background"})


class Look(Struct, frozen=True):
    """How the text of an element looks, as far as it can be hidden by it.

    Args:
        removed: It and all it holds are not to be seen.
        invisible, tiny: It is not to be seen, what it holds may say otherwise.
        colour, ground: Of text and background; None if unknown.
        kept_blanks: Blanks and line ends count, as in `pre`.
    """

    removed: bool = False
    invisible: bool = False
    tiny: bool = False
    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)
    kept_blanks: bool = False

    @property
    def hidden(self) -> bool:
        """Whether the text right in it is not to be seen."""
        if self.removed or self.invisible or self.tiny:
            return True
        if self.colour is None or self.ground is None:
            return False
        return all(abs(one - other) <= 10 for one, other in zip(self.colour, self.ground, strict=True))


def read_sheet(text: str) -> dict[str, str]:
    """Read a style sheet: declarations by the simple selectors that are understood (`p`, `.a`, `#a`, `p.a`)."""
    sheet: dict[str, str] = {}
    for selectors, declarations in _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", text))):
        if _WORTH_READING.search(declarations):
            for selector in selectors.split(","):
                if _SELECTOR.fullmatch(selector.strip()):
                    name = selector.strip()
                    sheet[name] = f"{sheet.get(name, '')};{declarations}"
    return sheet


def look_at(parent: Look, tag: str, attributes: Mapping[str, str], sheet: Mapping[str, str]) -> Look:
    """How an element looks inside its parent."""
    style = attributes.get("style", "")
    look = parent
    if tag in ("pre", "textarea") or not _TELLING.isdisjoint(attributes):
        look = _look_by_attributes(parent, tag, attributes)
    if sheet:
        names = [tag, f"#{attributes.get('id', '')}"]
        for each in attributes.get("class", "").split()[:20]:
            names += [f".{each}", f"{tag}.{each}"]
        style = ";".join([*(sheet[name] for name in names if name in sheet), style])
    return _look_by_style(look, style) if style else look


def _look_by_attributes(look: Look, tag: str, attributes: Mapping[str, str]) -> Look:
    if tag in ("pre", "textarea"):
        look = replace(look, kept_blanks=True)
    if "hidden" in attributes:
        look = replace(look, removed=True)
    if tag == "font" and "color" in attributes:
        look = replace(look, colour=_colour(attributes["color"]))
    if "background" in attributes:
        return replace(look, ground=None)
    if "bgcolor" in attributes:
        look = replace(look, ground=_colour(attributes["bgcolor"]))
    return look


@lru_cache(4096)
def _look_by_style(look: Look, text: str) -> Look:
    """Kept, because the cells of a table have the same style a hundred times."""
    if not _WORTH_READING.search(text):
        return look
    style = _declarations(text)
    changed: dict[str, bool | Colour | None] = {}
    if _removes(style):
        changed["removed"] = True
    if visibility := style.get("visibility"):
        changed["invisible"] = visibility in ("hidden", "collapse")
    size = style.get("font-size") or style.get("font", "").partition("/")[0].rpartition(" ")[2]
    if size and not (look.tiny and size.endswith(("em", "%"))):
        changed["tiny"] = _NOTHING.fullmatch(size) is not None
    if "color" in style:
        changed["colour"] = _colour(style["color"])
        if style["color"].replace(" ", "") in ("transparent", "rgba(0,0,0,0)"):
            changed["invisible"] = True
    if ground := style.get("background-color") or style.get("background"):
        changed["ground"] = None if "url(" in ground else _ground(ground, look.ground)
    if "background-image" in style:
        changed["ground"] = None
    if space := style.get("white-space"):
        changed["kept_blanks"] = space.startswith(("pre", "break-spaces"))
    return replace(look, **changed) if changed else look


def _removes(style: Mapping[str, str]) -> bool:
    """Whether an element is taken out of sight with all it holds."""
    if style.get("display") == "none" or style.get("mso-hide") == "all" or _ZERO.fullmatch(style.get("opacity", "1")):
        return True
    if style.get("overflow") == "hidden":
        sizes = (style.get(name, "") for name in ("max-height", "height", "max-width", "width"))
        if any(_ZERO.fullmatch(size) for size in sizes if size):
            return True
    lifted = style.get("position") in ("absolute", "fixed")
    if (lifted and _CLIPPED.fullmatch(style.get("clip", ""))) or _CUT.fullmatch(style.get("clip-path", "")):
        return True
    if _SHRUNK.fullmatch(style.get("transform", "")):
        return True
    away = (style.get(name, "") for name in ("text-indent", "left", "top", "margin-left"))
    return any(_FAR.fullmatch(place) for place in away if place)


def _declarations(style: str) -> Mapping[str, str]:
    found = {}
    for each in style.lower().split(";"):
        name, colon, value = each.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def _ground(text: str, below: Colour | None) -> Colour | None:
    """A background; nothing and `transparent` show what lies below."""
    for word in re.split(r"\s+(?![^(]*\))", text):
        if word in ("transparent", "none", "inherit", "initial"):
            return below
        if (colour := _colour(word)) is not None:
            return colour
    return None


@lru_cache(512)
def _colour(text: str) -> Colour | None:
    text = text.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    if found := re.fullmatch(r"#?([0-9a-f]{6})(?:[0-9a-f]{2})?", text):
        return int(found[1][:2], 16), int(found[1][2:4], 16), int(found[1][4:], 16)
    if found := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?", text):
        return int(found[1] * 2, 16), int(found[2] * 2, 16), int(found[3] * 2, 16)
    if found := re.fullmatch(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\b.*\)", text):
        return int(found[1]), int(found[2]), int(found[3])
    return None
