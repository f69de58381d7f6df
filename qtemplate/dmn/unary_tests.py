"""S-FEEL unary tests: the text of a rule cell parsed once into frozen, typed nodes, and printed back strictly.

Pure. What a node means for values is in `cell_truths`; what people type instead of strict text is in `lenient`.

Source: OMG DMN 1.3, 9.1 (S-FEEL grammar: simple unary tests, intervals, simple literals); lists and `=`/`!=` from
10.3.1.2 (FEEL grammar rules 7, 56), `contains` from 10.3.4.3.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NoReturn

from msgspec import Struct

from .feel_values import READERS, WHITE_SPACE, Kind, UnreadableValue, kind_of, read_text, spell


class Operator(StrEnum):
    """How a value is compared with an endpoint."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `kind` is part of it, so that `1`, `1.0` and `true` are never mistaken for each other.

    Attributes:
        value: Canonical Python value, None for `null`.
        kind: Kind of the value, None for `null`.
        source: What the cell held: the digits as typed, or a real Excel value; no part of equality. A text field wants
            `2.10` and not 2.1, and a date that Excel made of `1-3` must be told from one that was written as text.
    """

    value: Any
    kind: Kind | None
    source: Any = field(default=None, compare=False)

    @classmethod
    def of(cls, value: Any, source: Any = None) -> Literal:
        return cls(value, kind_of(value), source)


class Name(Struct, frozen=True):
    """Another column of the same row."""

    name: str


Endpoint = Literal | Name


class AnyValue(Struct, frozen=True):
    """`-`: matches whatever the value is, also null."""


class Comparison(Struct, frozen=True):
    """The value compared with an endpoint; a bare endpoint is a comparison by `=`."""

    operator: Operator
    endpoint: Endpoint


class Interval(Struct, frozen=True):
    """The value between two endpoints; `…_closed` says whether the endpoint itself belongs."""

    low: Endpoint
    low_closed: bool
    high: Endpoint
    high_closed: bool


class Contains(Struct, frozen=True):
    """The value, a string, contains another string."""

    part: Endpoint


class OneOf(Struct, frozen=True):
    """At least one of the tests holds."""

    tests: tuple[Comparison | Interval | Contains, ...]


class NoneOf(Struct, frozen=True):
    """`not(…)`: none of the tests holds."""

    tests: tuple[Comparison | Interval | Contains, ...]


Test = Comparison | Interval | Contains
UnaryTests = AnyValue | OneOf | NoneOf


class CellSyntaxError(ValueError):
    """A cell's text is no unary test or literal.

    Args:
        code: Which problem, a key of `table_texts`.
        facts: What its sentence needs: `text` (the cell), `at` (1-based position), `found` and the like.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = tuple(facts.items())


class _Token(Struct, frozen=True):
    kind: str  # literal | name | word | sign
    value: Any
    start: int
    end: int


_WORD_CHARACTER = re.compile(r"\w")
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*")
      | (?P<call>(?:date\s+and\s+time|date|time|duration)\s*\(\s*"(?P<called>[^"]*)"\s*\))
      | (?P<at>@\s*"(?P<spelled>[^"]*)")
      | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?!\w)
      | (?P<sign><=|>=|!=|\.\.|[<>=\[\](),?-])
      | (?P<name>[^\W\d]\w*(?:(?:[ ]+|[./'’+*-])\w+)*)""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def _read_number(digits: str, text: str, at: int) -> int | float:
    number = int(digits) if digits.isdigit() else float(digits)
    if number == float("inf"):
        raise CellSyntaxError("bad_literal", text=text, at=at, found=digits)
    return number


def _known_name(text: str, start: int, names: tuple[str, ...]) -> str | None:
    """The longest known column name that stands at `start` and ends there as a word (10.3.1.4: names in scope win)."""
    for name in names:
        end = start + len(name)
        if not text.startswith(name, start):
            continue
        if _WORD_CHARACTER.match(text, end) or text[end:].lstrip().startswith("("):  # a longer word, or a call
            continue
        return name
    return None


def _tokens(text: str, names: tuple[str, ...]) -> Iterator[_Token]:
    position = 0
    while True:
        while position < len(text) and text[position] in WHITE_SPACE:
            position += 1
        if position >= len(text):
            return
        start = position
        if name := _known_name(text, start, names):
            position = start + len(name)
            yield _Token("name", name, start, position)
            continue
        match = _TOKEN.match(text, start)
        if match is None:
            raise CellSyntaxError("bad_character", text=text, at=start + 1, found=text[start : start + 8])
        position = match.end()
        yield _token(match, text)


def _token(match: re.Match[str], text: str) -> _Token:
    start, end = match.span()
    if match["string"] is not None:
        return _Token("literal", Literal.of(read_text(match["string"])), start, end)
    if match["number"] is not None:
        digits = match["number"]
        return _Token("literal", Literal.of(_read_number(digits, text, start + 1), digits), start, end)
    if match["sign"] is not None:
        return _Token("sign", match["sign"], start, end)
    if match["name"] is not None:
        word = match["name"]
        if word in _CONSTANTS:
            return _Token("literal", Literal.of(_CONSTANTS[word]), start, end)
        return _Token("word" if word in ("not", "contains") else "name", word, start, end)
    function = "@" if match["at"] is not None else " ".join(match["call"].split("(")[0].split())
    spelled = match["spelled"] if match["at"] is not None else match["called"]
    try:
        return _Token("literal", Literal.of(READERS[function](spelled)), start, end)
    except UnreadableValue as error:
        raise CellSyntaxError("bad_literal", text=text, at=start + 1, found=match[0]) from error


_OPERATORS = {operator.value: operator for operator in Operator}


class _Parser:
    """Recursive descent over the tokens of one cell."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = text
        in_scope = [name for name in names if not _is_test(name)]
        self.tokens = list(_tokens(text, tuple(sorted(in_scope, key=len, reverse=True))))
        self.next = 0

    def fail(self, expected: str) -> NoReturn:
        if self.next < len(self.tokens):
            token = self.tokens[self.next]
            found, at = self.text[token.start : token.end], token.start + 1
        else:
            found, at = "", len(self.text) + 1
        raise CellSyntaxError("unexpected", text=self.text, at=at, found=found, expected=expected)

    def sees(self, *signs: str) -> bool:
        return (
            self.next < len(self.tokens)
            and self.tokens[self.next].kind in ("sign", "word")
            and self.tokens[self.next].value in signs
        )

    def take(self, *signs: str) -> str:
        if not self.sees(*signs):
            self.fail(" ".join(signs))
        self.next += 1
        return str(self.tokens[self.next - 1].value)

    def endpoint(self) -> Endpoint:
        negative = self.sees("-")
        if negative:
            self.take("-")
        if self.next >= len(self.tokens) or self.tokens[self.next].kind not in ("literal", "name"):
            self.fail("value")
        token = self.tokens[self.next]
        literal: Literal | None = token.value if token.kind == "literal" else None
        if negative and (literal is None or literal.kind is not Kind.NUMBER):
            self.fail("number")
        self.next += 1
        if literal is None:
            return Name(token.value)
        return Literal.of(-literal.value, f"-{literal.source}") if negative else literal

    def test(self) -> tuple[Test, ...]:
        """One positive test; a bracketed list of tests counts as each of its members."""
        if self.sees("[", "(", "]"):
            return self.bracketed()
        if self.sees("contains"):
            for sign in ("contains", "(", "?", ","):
                self.take(sign)
            part = self.endpoint()
            self.take(")")
            return (Contains(part),)
        operator = _OPERATORS[self.take(*_OPERATORS)] if self.sees(*_OPERATORS) else Operator.EQUAL
        return (Comparison(operator, self.endpoint()),)

    def bracketed(self) -> tuple[Test, ...]:
        opening = self.take("[", "(", "]")
        start = self.next
        if not self.sees("[", "(", "]", "contains", *_OPERATORS):
            low = self.endpoint()
            if self.sees(".."):
                self.take("..")
                high = self.endpoint()
                closing = self.take("]", ")", "[")
                return (Interval(low, opening == "[", high, closing == "]"),)
            self.next = start
        if opening == "]":
            self.fail("..")
        tests = self.tests()
        self.take("]" if opening == "[" else ")")
        return tests

    def tests(self) -> tuple[Test, ...]:
        found = list(self.test())
        while self.sees(","):
            self.take(",")
            found.extend(self.test())
        return tuple(found)

    def cell(self) -> UnaryTests:
        if self.sees("not"):
            self.take("not")
            self.take("(")
            tests = self.tests()
            self.take(")")
            return NoneOf(tests)
        return OneOf(self.tests())

    def end(self) -> None:
        if self.next < len(self.tokens):
            self.fail("end")


def parse_unary_tests(text: str, names: Collection[str] = ()) -> UnaryTests:
    """The tests a strict cell spells.

    Args:
        text: The cell's text; empty or `-` matches everything.
        names: Columns that may stand as endpoints. A name wins over a keyword of the language unless a bracket
            follows, so a column may be called `date`. A word that is neither counts as a name, too; whether there is
            such a column is only known when the cell is evaluated.

    Raises:
        CellSyntaxError: The text is no unary test; its facts say where and what was expected.
    """
    if text.strip(WHITE_SPACE) in ("", "-"):
        return AnyValue()
    parser = _Parser(text, names)
    node = parser.cell()
    parser.end()
    return node


@lru_cache(1024)
def _is_test(name: str) -> bool:
    """Whether a column's name is a test, such as `5`, `<5` or `true`; in a cell it then means the test."""
    try:
        return all(isinstance(end, Literal) for end in endpoints(parse_unary_tests(name)))
    except CellSyntaxError:
        return False


def parse_literal(text: str) -> Literal:
    """The one literal a strict output or default cell spells; an empty cell is null.

    Raises:
        CellSyntaxError: The text is no literal.
    """
    if not text.strip(WHITE_SPACE):
        return Literal.of(None)
    parser = _Parser(text, ())
    endpoint = parser.endpoint()
    if isinstance(endpoint, Name):
        parser.next = 0
        parser.fail("literal")
    parser.end()
    return endpoint


def _endpoint_text(endpoint: Endpoint) -> str:
    return endpoint.name if isinstance(endpoint, Name) else spell(endpoint.value)


def _test_text(test: Test) -> str:
    if isinstance(test, Comparison):
        sign = "" if test.operator is Operator.EQUAL else test.operator.value
        return f"{sign}{_endpoint_text(test.endpoint)}"
    if isinstance(test, Contains):
        return f"contains(?, {_endpoint_text(test.part)})"
    low, high = "[" if test.low_closed else "(", "]" if test.high_closed else ")"
    return f"{low}{_endpoint_text(test.low)}..{_endpoint_text(test.high)}{high}"


def strict_text(node: UnaryTests | Literal) -> str:
    """The strict S-FEEL text of a cell; parsing it again gives an equal node (sources aside)."""
    if isinstance(node, AnyValue):
        return "-"
    if isinstance(node, Literal):
        return spell(node.value)
    body = ", ".join(map(_test_text, node.tests))
    return f"not({body})" if isinstance(node, NoneOf) else body


def endpoints(node: UnaryTests) -> Iterable[Endpoint]:
    """Every endpoint of a cell, in the order written."""
    return () if isinstance(node, AnyValue) else _endpoints(node.tests)  # most cells are `-`


def _endpoints(tests: Iterable[Test]) -> Iterator[Endpoint]:
    for test in tests:
        if isinstance(test, Comparison):
            yield test.endpoint
        elif isinstance(test, Contains):
            yield test.part
        else:
            yield test.low
            yield test.high
