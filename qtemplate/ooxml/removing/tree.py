"""A stretch of XML as elements with positions, so that some of them can be cut out and their lists follow. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from qtemplate.ooxml.markup import Tag, attribute, blank_comments, set_attribute, splice, tags, text_of


class Element(Struct):
    """One element.

    Args:
        opening: Its first tag.
        end: Where it ends.
        inner_end: Where its content ends.
        parent: None for one that no other of the stretch holds.
    """

    opening: Tag
    end: int
    inner_end: int
    parent: Element | None
    children: list[Element] = field(default_factory=list)

    @property
    def name(self) -> bytes:
        return self.opening.name


class Elements:
    """The elements of a stretch of XML, and what shall become of them.

    Args:
        xml: The stretch; closing tags of what opened before it are passed over.
    """

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.all: list[Element] = []
        self._gone: set[int] = set()
        self._changes: list[tuple[int, int, bytes]] = []
        stack: list[Element] = []
        for tag in tags(blank_comments(xml)):
            if not tag.closing:
                parent = stack[-1] if stack else None
                element = Element(tag, tag.end, tag.end, parent)
                self.all.append(element)
                if parent is not None:
                    parent.children.append(element)
                if not tag.empty:
                    stack.append(element)
            elif stack and stack[-1].name == tag.name:
                closed = stack.pop()
                closed.inner_end, closed.end = tag.start, tag.end

    def named(self, *names: bytes) -> Iterator[Element]:
        """Those of these local names, in order, without what was cut out."""
        return (element for element in self.all if element.name in names and not self.is_gone(element))

    def is_gone(self, element: Element | None) -> bool:
        """Whether it, or one that holds it, was cut out."""
        while element is not None:
            if element.opening.start in self._gone:
                return True
            element = element.parent
        return False

    def get(self, element: Element, name: bytes) -> str | None:
        return attribute(self.xml[element.opening.start : element.opening.end], name)

    def text(self, element: Element) -> str:
        return text_of(self.xml[element.opening.end : element.inner_end])

    def set(self, element: Element, name: bytes, value: str | None) -> None:
        """Another value of an attribute; once an element."""
        tag = element.opening
        self._changes.append((tag.start, tag.end, set_attribute(self.xml[tag.start : tag.end], name, value)))

    def replace_tag(self, element: Element, tag: bytes) -> None:
        """Another first tag, such as one with several other attributes."""
        self._changes.append((element.opening.start, element.opening.end, tag))

    def set_text(self, element: Element, text: bytes) -> None:
        self._changes.append((element.opening.end, element.inner_end, text))

    def cut(self, element: Element, *, lists: Iterable[bytes] = ()) -> None:
        """Take an element out; a list that holds nothing else then goes with it.

        Args:
            element: Of this stretch.
            lists: Local names of lists that may not be empty.
        """
        self._gone.add(element.opening.start)
        parent = element.parent
        if parent is not None and parent.name in lists and all(self.is_gone(child) for child in parent.children):
            self.cut(parent, lists=lists)

    def written(self, *, counted: Iterable[bytes] = ()) -> bytes:
        """The stretch as it is now.

        Args:
            counted: Local names of lists with a `count` of what they hold.
        """
        if not self._gone and not self._changes:
            return self.xml
        for element in self.named(*counted):
            left = [child for child in element.children if not self.is_gone(child)]
            if len(left) < len(element.children) and self.get(element, b"count") is not None:
                self.set(element, b"count", str(len(left)))
        cuts = [
            (element.opening.start, element.end, b"")
            for element in self.all
            if element.opening.start in self._gone and not self.is_gone(element.parent)
        ]
        kept = [each for each in self._changes if not any(start <= each[0] < end for start, end, _ in cuts)]
        return splice(self.xml, [*kept, *cuts])
