"""README.md as a package page shows it, where links and pictures that are relative in the repository lead nowhere.

Where the project names its repository they lead there; where it names none they are plain words, and a last line says
where the pages are.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


def absolute(text: str, home: str) -> str:
    """The text with every relative link and picture below `home`, the page of the repository."""
    text = re.sub(r"(!\[[^\]]*\]\()(?![a-z]+://|#)", rf"\1{home}/raw/main/", text)
    text = re.sub(r'(<img src=")(?![a-z]+://)', rf"\1{home}/raw/main/", text)
    return re.sub(r"((?<!!)\[[^\]]*\]\()(?![a-z]+://|#)", rf"\1{home}/blob/main/", text)


def plain(text: str) -> str:
    """The text without relative links and pictures."""
    text = re.sub(
        r"^(?:\[[^\]]*\]\((?![a-z]+://)[^)]*\)|!\[[^\]]*\]\((?![a-z]+://)[^)]*\)|<img [^>]*>)\n+", "", text, flags=re.M
    )
    text = re.sub(r"((?<!!)\[([^\]]*)\]\((?![a-z]+://)[^)]*\))", r"\2", text)
    return text.rstrip("\n") + "\n\nThe pages named here come with the program: `qtemplate docs` lists them.\n"


class CustomMetadataHook(MetadataHookInterface):
    """Called by hatchling, which finds it by this name."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Puts the text in."""
        text = Path(self.root, "README.md").read_text("utf-8")
        home = metadata.get("urls", {}).get("Repository")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, home) if home else plain(text)}
