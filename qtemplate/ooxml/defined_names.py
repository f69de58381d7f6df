"""What the defined names of a workbook stand for, written anew. Pure.

Source: ECMA-376 part 1 section 18.2.5 (definedName).
"""

from __future__ import annotations

from collections.abc import Callable

from qtemplate.ooxml.markup import attribute, blank_comments, escape, splice, tags, text_of


def rewrite_names(xml: bytes, rewrite: Callable[[str, str], str]) -> bytes:
    """The workbook part with every defined name standing for what `rewrite` says; the same bytes if it says the same.

    Args:
        xml: The workbook part.
        rewrite: Gets the name, such as `_xlnm.Print_Area`, and its formula without `=`; gives the formula it has now.
    """
    changes = []
    opened = None
    for tag in tags(blank_comments(xml)):
        if tag.name != b"definedName":
            continue
        if not tag.closing:
            opened = None if tag.empty else tag
        elif opened is not None:
            old = text_of(xml[opened.end : tag.start])
            new = rewrite(attribute(xml[opened.start : opened.end], b"name") or "", old)
            if new != old:
                changes.append((opened.end, tag.start, escape(new)))
            opened = None
    return splice(xml, changes)
