"""Puts the paragraphs of format=flowed together again.

Source: RFC 3676 sections 4.1 (flowed), 4.3 (signature), 4.4 (space-stuffing), 4.5 (quoting) and 4.2 (DelSp).
"""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the lines that flow into the next one.

    Args:
        text: Lines ended by "\\n".
        delete_space: Whether the blank at the end of a flowed line was added by the sender's program (DelSp=yes).

    Returns:
        One line a paragraph; quoted ones keep their marks, followed by a blank.
    """
    lines: list[str] = []
    flowing, depth = False, 0
    for line in text.split("\n"):
        rest = line.lstrip(">")
        quoted = len(line) - len(rest)
        rest = rest.removeprefix(" ")
        if flowing and quoted == depth and rest != "-- ":
            lines[-1] += rest
        else:
            lines.append(f"{'>' * quoted} {rest}" if quoted else rest)
        depth, flowing = quoted, rest.endswith(" ") and rest != "-- "
        if flowing and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
