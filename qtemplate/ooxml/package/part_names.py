"""How parts of a package are named and compared. Pure.

Source: ECMA-376 part 2 sections 6.2.2 (part names), 6.3.5 (equivalence) and 6.5.2 (relationships parts).
"""

from __future__ import annotations

import posixpath
from urllib.parse import unquote


def part_key(name: str) -> str:
    """The form in which part names are compared.

    They are equivalent when they match ignoring ASCII case. Programs differ in how they separate folders, and in
    whether a relationship or the archive writes a space as %20.
    """
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


def resolve_target(base: str, target: str) -> str:
    """The part name that a relationship of `base` leads to; never outside the package."""
    path = target.replace("\\", "/").partition("#")[0]
    joined = path if path.startswith("/") else posixpath.join("/" + posixpath.dirname(base), path)
    return posixpath.normpath(joined).lstrip("/")


def relationships_part(name: str) -> str:
    """Where the relationships of a part are kept; the package's own for the empty name."""
    folder, _, base = name.rpartition("/")
    return f"{folder}/_rels/{base}.rels".lstrip("/")
