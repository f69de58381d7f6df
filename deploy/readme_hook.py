"""README.md as a package page shows it: links and pictures that are relative in the repository lead there."""

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


class CustomMetadataHook(MetadataHookInterface):
    """Called by hatchling, which finds it by this name."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Puts the text in."""
        text = Path(self.root, "README.md").read_text("utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": absolute(text, metadata["urls"]["Repository"]),
        }
