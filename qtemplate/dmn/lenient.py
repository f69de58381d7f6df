"""What people type into rule cells, read as the strict S-FEEL it stands for.

Pure. Bare text needs no quotes, full-width punctuation and `≥ ≤ ≠` count, real Excel numbers, dates and booleans are
literals, `包含(起火, 爆炸)` and `非(…)` are known. Whatever is neither this nor strict is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from .feel_values import WHITE_SPACE
from .likely_meaning import join_by_and
from .typed_values import LEADING_ZERO, PART_OF_DATE, excel_literal, read_number_or_date
from .unary_tests import (
    AnyValue,
    CellSyntaxError,
    Comparison,
    Contains,
    Endpoint,
    Interval,
    Literal,
    Name,
    NoneOf,
    OneOf,
    Operator,
    Test,
    UnaryTests,
    endpoints,
    parse_literal,
    parse_unary_tests,
    strict_text,
)

# One character for one, so that a bare text can be cut out of the cell as it was typed.
_HALF_WIDTH = str.maketrans(
    "，；、（）［］【】＜＞＝！－—–～〜：．？＂“”„‟「」『』　０１２３４５６７８９％",
    ',,,()[][]<>=!---~~:.?""""""""" 0123456789%',
)
_LISTING = _HALF_WIDTH | {ord(";"): ord(",")}
_ANY_WORDS = frozenset({"-", "*", "任意", "任何", "不限", "any"})
_NULL_WORDS = frozenset({"空", "为空", "空白", "空值", "(空)", "empty"})
_FILLED_WORDS = frozenset({"非空", "不为空", "不空", "not empty"})
_BOOLEAN_WORDS = {"true": True, "false": False, "真": True, "假": False}
_OPERATORS = {
    ">=": Operator.GREATER_OR_EQUAL,
    "≥": Operator.GREATER_OR_EQUAL,
    "≧": Operator.GREATER_OR_EQUAL,
    "大于等于": Operator.GREATER_OR_EQUAL,
    "不小于": Operator.GREATER_OR_EQUAL,
    "<=": Operator.LESS_OR_EQUAL,
    "≤": Operator.LESS_OR_EQUAL,
    "≦": Operator.LESS_OR_EQUAL,
    "小于等于": Operator.LESS_OR_EQUAL,
    "不大于": Operator.LESS_OR_EQUAL,
    "!=": Operator.UNEQUAL,
    "<>": Operator.UNEQUAL,
    "≠": Operator.UNEQUAL,
    "不等于": Operator.UNEQUAL,
    "==": Operator.EQUAL,
    ">": Operator.GREATER,
    "大于": Operator.GREATER,
    "<": Operator.LESS,
    "小于": Operator.LESS,
    "=": Operator.EQUAL,
    "等于": Operator.EQUAL,
}
_CALL = re.compile(r"(不包含|包含|contains|非|不是|not)\s*\((.*)\)", re.DOTALL | re.IGNORECASE)
_INTERVAL = re.compile(r"([\[(\]])(.+?)\.\.(.+)([\])\[])", re.DOTALL)
_RANGE = re.compile(r"([^~]+?)\s*(?:~|\.\.)\s*([^~]+)")
_NOT_IN_BARE_TEXT = re.compile(r'["<>=\[\]≥≤≠]|\d\s*\.\.|\.\.\s*\d')
_NAME_START = re.compile(r"[^\W\d]")


def _lost_zeros(literal: Literal) -> bool:
    """Whether a number was typed with leading zeros: then it is a batch or serial number, and text."""
    return isinstance(literal.source, str) and LEADING_ZERO.match(literal.source) is not None


def _unless_zeros(literal: Literal, typed: str) -> Literal:
    return Literal.of(typed) if _lost_zeros(literal) else literal


def half_width(text: str, *, listing: bool = False) -> str:
    """A cell in half-width punctuation; what stands between quotes stays as it is. Same length as `text`.

    Args:
        text: As typed.
        listing: A semicolon separates as a comma does, as the full-width one always did.
    """
    half = text.translate(_LISTING if listing else _HALF_WIDTH)
    result, quoted, escaped = [], False, False
    for original, changed in zip(text, half, strict=True):
        if changed == '"' and not escaped:
            quoted = not quoted
            result.append('"')
        else:
            result.append(original if quoted else changed)
        escaped = quoted and original == "\\" and not escaped
    return "".join(result)


class _Reader:
    """Reads one cell; `text` and `half` have the same length, so a span means the same in both."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = text
        self.half = half_width(text, listing=True)
        self.names = frozenset(names)

    def fail(self, start: int, end: int, expected: str = "value") -> CellSyntaxError:
        found = self.text[start:end].strip()
        return CellSyntaxError("unexpected", text=self.text, at=start + 1, found=found, expected=expected)

    def trim(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.half[start] in WHITE_SPACE:
            start += 1
        while end > start and self.half[end - 1] in WHITE_SPACE:
            end -= 1
        return start, end

    def items(self, start: int, end: int) -> list[tuple[int, int]]:
        """Spans between the commas and line breaks that stand outside quotes and brackets."""
        spans, depth, quoted, begin, position = [], 0, False, start, start
        while position < end:
            sign = self.half[position]
            if quoted and sign == "\\":
                position += 2
                continue
            if sign == '"':
                quoted = not quoted
            elif not quoted and sign in "([":
                depth += 1
            elif not quoted and sign in ")]":
                depth -= 1
            elif not quoted and depth <= 0 and sign in ",\n":
                spans.append((begin, position))
                begin = position + 1
            position += 1
        if quoted:
            raise self.fail(start, end, '"')
        spans.append((begin, end))
        trimmed = [self.trim(*span) for span in spans]
        if any(first == last for first, last in trimmed):
            raise self.fail(start, end)
        return trimmed

    def cell(self) -> UnaryTests:
        start, end = self.trim(0, len(self.half))
        whole = self.half[start:end].casefold()
        if whole in _FILLED_WORDS:
            return NoneOf((Comparison(Operator.EQUAL, Literal.of(None)),))
        call = _CALL.fullmatch(self.half, start, end)
        if call and self.closes_at_end(call.start(2) - 1, end):
            word, inner = call[1].casefold(), call.span(2)
            if word in ("非", "不是", "not"):
                return NoneOf(self.tests(*inner))
            parts = self.parts(*inner)
            return NoneOf(parts) if word == "不包含" else OneOf(parts)
        return OneOf(self.tests(start, end))

    def closes_at_end(self, opening: int, end: int) -> bool:
        """Whether the bracket at `opening` is closed by the cell's last character."""
        depth, quoted = 0, False
        for position in range(opening, end):
            sign = self.half[position]
            quoted ^= sign == '"'
            depth += 0 if quoted else {"(": 1, ")": -1}.get(sign, 0)
            if depth == 0:
                return position == end - 1
        return False

    def parts(self, start: int, end: int) -> tuple[Test, ...]:
        """The keywords of `包含(…)`; a leading `?`, as in strict cells, means the value itself."""
        spans = self.items(start, end)
        if len(spans) > 1 and self.half[slice(*spans[0])] == "?":
            spans = spans[1:]
        return tuple(Contains(self.keyword(*span)) for span in spans)

    def keyword(self, start: int, end: int) -> Endpoint:
        value = self.value(start, end)
        if isinstance(value, Literal) and not isinstance(value.value, str):
            return Literal.of(self.text[start:end])
        return value

    def tests(self, start: int, end: int) -> tuple[Test, ...]:
        found: list[Test] = []
        for span in self.items(start, end):
            found.extend(self.test(*span))
        return tuple(found)

    def test(self, start: int, end: int) -> tuple[Test, ...]:
        item = self.half[start:end]
        call = _CALL.fullmatch(item)
        if call and call[1].casefold() in ("包含", "contains"):
            return self.parts(start + call.start(2), start + call.end(2))
        interval = _INTERVAL.fullmatch(item)
        if interval:
            low = self.endpoint(start + interval.start(2), start + interval.end(2))
            high = self.endpoint(start + interval.start(3), start + interval.end(3))
            return (Interval(low, interval[1] == "[", high, interval[4] == "]"),)
        for sign, operator in _OPERATORS.items():
            if item.startswith(sign):
                rest = self.trim(start + len(sign), end)
                equality = operator in (Operator.EQUAL, Operator.UNEQUAL)
                return (Comparison(operator, self.value(*rest) if equality else self.endpoint(*rest)),)
        between = _RANGE.fullmatch(item)
        if between:
            first = self.number_or_date(*self.trim(start + between.start(1), start + between.end(1)))
            last = self.number_or_date(*self.trim(start + between.start(2), start + between.end(2)))
            if first and last:
                return (Interval(first, True, last, True),)
        return (Comparison(Operator.EQUAL, self.value(start, end)),)

    def endpoint(self, start: int, end: int) -> Endpoint:
        """An endpoint of an ordering: a bare word there is a column, since nobody compares text by size."""
        start, end = self.trim(start, end)
        value = self.value(start, end)
        if isinstance(value, Literal) and isinstance(value.value, str) and self.half[start] != '"':
            if PART_OF_DATE.fullmatch(self.half, start, end):
                found = self.text[start:end]
                raise CellSyntaxError("unsure_date", text=self.text, at=start + 1, found=found)
            if not _NAME_START.match(self.half[start]):
                raise self.fail(start, end)
            return Name(self.text[start:end])
        return value

    def number_or_date(self, start: int, end: int) -> Literal | None:
        return read_number_or_date(self.text, self.half, start, end)

    def value(self, start: int, end: int) -> Endpoint:
        if start == end:
            raise self.fail(start, end)
        item, typed = self.half[start:end], self.text[start:end]
        if typed in self.names:
            return Name(typed)
        if item.casefold() in _NULL_WORDS:
            return Literal.of(None)
        if item.casefold() in _BOOLEAN_WORDS:
            return Literal.of(_BOOLEAN_WORDS[item.casefold()], typed)
        if (literal := self.number_or_date(start, end)) is not None:
            return literal
        try:
            return _unless_zeros(parse_literal(item), typed)
        except CellSyntaxError:
            if _NOT_IN_BARE_TEXT.search(item) or item.startswith("@") or item.count("(") != item.count(")"):
                raise self.fail(start, end) from None
        return Literal.of(typed, typed)  # its source tells it from one in quotes


def read_tests(cell: Any, names: Collection[str] = (), *, strict: bool = False) -> UnaryTests:
    """The tests of an input cell.

    Args:
        cell: The cell's text, or a real Excel value.
        names: The table's input columns, which a cell may name.
        strict: Only S-FEEL; real Excel values are literals all the same.

    Raises:
        CellSyntaxError: The text is neither strict nor a known way of typing it.
    """
    if not isinstance(cell, str):
        return OneOf((Comparison(Operator.EQUAL, excel_literal(cell)),)) if cell is not None else AnyValue()
    if strict:
        return parse_unary_tests(cell, names)
    text = cell.strip(WHITE_SPACE)
    if not text or half_width(text).casefold() in _ANY_WORDS:
        return AnyValue()
    wrong: CellSyntaxError | None = None
    for spelled in dict.fromkeys((text, half_width(text), half_width(text, listing=True))):
        try:
            node = parse_unary_tests(spelled, names)
        except CellSyntaxError as error:
            wrong = error if error.code == "bad_literal" else wrong
            continue
        if all(end.name in names if isinstance(end, Name) else not _lost_zeros(end) for end in endpoints(node)):
            return node
    reader = _Reader(text, names)
    try:
        return reader.cell()
    except CellSyntaxError as error:
        meant = join_by_and(reader.half, lambda piece: read_tests(piece, names))
        if meant is not None:
            between = [test for test in meant if test is not None]
            suggestion = strict_text(OneOf(tuple(between))) if between else ""
            raise CellSyntaxError("joined", text=text, suggestion=suggestion) from error
        # a date, a time or a duration in a strict spelling, but of no day there is
        raise (wrong if wrong is not None and error.code == "unexpected" else error) from None


def read_literal(cell: Any, *, strict: bool = False) -> Literal:
    """The value of an output or default cell; an empty cell, and in lenient reading `-`, is null.

    Raises:
        CellSyntaxError: The text starts like a strict literal but is none.
    """
    if cell is None:
        return Literal.of(None)
    if not isinstance(cell, str):
        return excel_literal(cell)
    if strict:
        return parse_literal(cell)
    text = cell.strip(WHITE_SPACE)
    if text in ("", "-"):
        return Literal.of(None)
    reader = _Reader(text, ())
    if (literal := reader.number_or_date(0, len(text))) is not None:
        return literal
    if text.casefold() in _BOOLEAN_WORDS:
        return Literal.of(_BOOLEAN_WORDS[text.casefold()], text)
    try:
        return _unless_zeros(parse_literal(reader.half), text)
    except CellSyntaxError:
        if reader.half.startswith(('"', "@")):
            raise
        return Literal.of(text)


def read_values(cell: Any, *, strict: bool = False) -> tuple[Literal, ...] | None:
    """The values of an output's allowed cell, in order; None when the cell holds anything but a list of values.

    Raises:
        CellSyntaxError: The text cannot be read at all.
    """
    node = read_tests(cell, (), strict=strict)
    if isinstance(node, AnyValue):
        return ()
    values: list[Literal] = []
    for test in node.tests:
        if not isinstance(test, Comparison) or test.operator is not Operator.EQUAL or isinstance(test.endpoint, Name):
            return None
        values.append(test.endpoint)
    return None if isinstance(node, NoneOf) else tuple(values)
