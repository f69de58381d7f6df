"""What the cells below a header say of it: mainly a veto, now and then what a weak word lacked.

Pure. A column that repeats is no description, numbers are no names, and "dates" without dates are none. A column that
the program would fill is never sure while people's cells are in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...fields import FIELDS, Kind
from ...plan import Phrase as P
from .names import ASK, SURE, Match, Named
from .profile import Profile
from .proposal import OWN_NUMBER, is_programs
from .vocabulary import PLAIN

ASKED = 0.7
"""The most a doubted column keeps: it is asked about."""

RULED_OUT = 0.3
CHANCE = 0.2
"""A smaller share of known words may be chance: OK is a state of America, too."""

FEW = 4
"""Below this many filled cells values prove little."""

NAMES_OF_PEOPLE = frozenset(("owner", "recorder", "verifier", "assessor", "contact"))
LONG_TEXTS = frozenset(("description", "root_cause", "solution", "containment", "prevention", "reply_text"))
GRADES = frozenset(("severity", "level", "priority"))
SHORT_WORDS = frozenset(
    [
        "category",
        "channel",
        "reporter_type",
        "safety",
        "scope",
        "frequency",
        "cause_code",
        "verify_method",
        "close_type",
        "workaround",
        "reply_type",
    ]
)


CLOSED_SETS = SHORT_WORDS - {"category", "cause_code"} | {"authenticity", "confirmation", "satisfaction"}
"""Fields whose values are much the same everywhere: a column without one of them may be something else."""


def weigh(named: Named, cells: Profile, meanings: Mapping[str, Collection[str]]) -> tuple[float, tuple[P, ...]]:
    """A header's score after a look at its cells, and what was seen.

    Args:
        named: What the header names.
        cells: The profile of the column.
        meanings: Field key -> folded words that mean one of its values.
    """
    score, said = named.score, [_how(named)]
    if cells.filled:
        doubt = (
            _ruled_out(named.field, cells)
            or _bare(named, cells)
            or _strange(named.field, cells, meanings, weak=named.match is Match.WEAK)
        )
        if doubt is not None:
            score, reason = min(score, doubt[0]), doubt[1]
            said.append(reason)
        elif score < SURE and (helped := _helped(named, cells, meanings)) is not None:
            score, reason = helped
            said.append(reason)
    if is_programs(named.field) and cells.filled and score >= ASK:
        score = min(score, ASKED)
        said.append(P("adopt.why.programs"))
    return score, tuple(said)


def _how(named: Named) -> P:
    return P.of(f"adopt.why.{named.match.value}", words=named.words)


def _ruled_out(field: str, cells: Profile) -> tuple[float, P] | None:
    """Cells of quite another kind."""
    kind = FIELDS[field].kind if field in FIELDS else Kind.CODE
    dates = cells.dates + cells.serials
    if kind in (Kind.DATE, Kind.DATETIME):
        if dates < 0.3 and cells.filled >= 2:
            return RULED_OUT, P("adopt.why.no_dates")
        if dates < 0.6 and cells.filled >= 2:
            return ASKED, P("adopt.why.few_dates")
        return None
    if cells.days >= 0.7 and cells.filled >= 2:
        return RULED_OUT, P("adopt.why.are_dates")
    if kind is Kind.EMAIL and cells.mails < 0.5:
        return RULED_OUT, P("adopt.why.no_mails")
    if field == "phone" and cells.phones < 0.4:
        return RULED_OUT, P("adopt.why.no_phones")
    if field == "quantity" and cells.numbers < 0.5:
        return RULED_OUT, P("adopt.why.no_numbers")
    return None


def _bare(named: Named, cells: Profile) -> tuple[float, P] | None:
    """Numbers alone below a word that says little: a `Level` of 1 to 3 may be how grave, how urgent, or a storey."""
    if named.field in GRADES and named.score <= PLAIN and cells.numbers >= 0.7:
        return ASKED, P("adopt.why.bare_numbers")
    return None


def _strange(
    field: str, cells: Profile, meanings: Mapping[str, Collection[str]], *, weak: bool
) -> tuple[float, P] | None:
    """Cells that do not look like the field: asked about, or ruled out where nothing fits."""
    if cells.filled < 2:
        return None
    if field == OWN_NUMBER:
        return _strange_number(cells)
    if field in NAMES_OF_PEOPLE or field == "reporter":
        if cells.numbers > 0.7:
            return RULED_OUT, P("adopt.why.are_numbers")
        if cells.length > ((24 if weak else 40) if field == "reporter" else 30):
            return RULED_OUT, P("adopt.why.too_long")
        if cells.phones > 0.5:
            return ASKED, P("adopt.why.are_addresses")
    if field in LONG_TEXTS | {"title", "notes", "opinion", "first_guess"} and cells.numbers > 0.6:
        return RULED_OUT, P("adopt.why.are_numbers")
    if field in ("description", "title") and cells.filled >= 6 and cells.distinct < 0.4:
        return (0.55 if cells.distinct > 0.25 else RULED_OUT), P("adopt.why.repeats")
    if field in ("category", "cause_code") and any(cells.share(meanings[key]) >= 0.6 for key in (*GRADES, "status")):
        return ASKED, P("adopt.why.other_words")
    if field in LONG_TEXTS and cells.share(meanings["status"]) >= 0.4:
        return ASKED, P("adopt.why.other_words")
    if field == "description" and cells.length < 4:
        return ASKED, P("adopt.why.too_short")
    if field in LONG_TEXTS - {"description"} and cells.filled >= FEW and cells.length < 3:
        return ASKED, P("adopt.why.too_short")
    if field == "status":
        return _strange_status(cells, cells.share(meanings["status"]))
    if field in GRADES or field in SHORT_WORDS:
        if cells.length > 25:
            return (RULED_OUT if cells.length > 40 else 0.55), P("adopt.why.too_long")
        if cells.filled >= 10 and cells.distinct > 0.8:
            return 0.55, P("adopt.why.all_different")
    if field in CLOSED_SETS and cells.filled >= FEW and cells.share(meanings[field]) == 0.0 and cells.numbers < 0.5:
        return ASKED, P("adopt.why.unknown_values")
    if field in ("severity", "level") and cells.filled >= FEW and cells.share(meanings[field]) < 0.3:
        return ASKED, P("adopt.why.unknown_values")
    if field == "product" and cells.filled >= FEW and (cells.codes >= 0.8 or cells.length < 2):
        return ASKED, P("adopt.why.are_codes")
    if field in ("department", "product", "model", "version", "batch", "serial") and cells.length > 45:
        return ASKED, P("adopt.why.too_long")
    return None


def _strange_status(cells: Profile, known: float) -> tuple[float, P] | None:
    if known >= 0.4:
        return None
    if cells.length > 20:
        return RULED_OUT, P("adopt.why.too_long")
    if known < CHANCE:
        return ASKED, P("adopt.why.unknown_values")
    if cells.filled >= FEW and cells.distinct > 0.7 and cells.different > FEW:
        return ASKED, P("adopt.why.all_different")
    return None


def _strange_number(cells: Profile) -> tuple[float, P] | None:
    if cells.length > 30:
        return RULED_OUT, P("adopt.why.too_long")
    if cells.filled >= FEW and cells.distinct < 0.6:
        return RULED_OUT, P("adopt.why.numbers_repeat")
    if cells.distinct < 0.9 and cells.filled >= FEW:
        return ASKED, P("adopt.why.numbers_repeat")
    if cells.ids < 0.5:
        return ASKED, P("adopt.why.no_numbers")
    return None


def _helped(named: Named, cells: Profile, meanings: Mapping[str, Collection[str]]) -> tuple[float, P] | None:
    """What makes a weak word enough: cells that are unmistakable."""
    if cells.filled < FEW or named.match is Match.PART:
        return None
    if named.field == "email" and cells.mails > 0.8:
        return 0.9, P("adopt.why.mails")
    if named.field == "phone" and cells.phones > 0.8:
        return 0.86, P("adopt.why.phones")
    if named.field == "status" and cells.share(meanings["status"]) >= 0.8 and cells.different <= 8:
        return 0.83, P("adopt.why.known_values")
    if named.field == "attachments" and cells.links > 0.6:
        return 0.83, P("adopt.why.links")
    return None
