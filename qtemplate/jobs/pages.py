"""The pages for people, and the files for a schedule, out of an installed program."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..errors import ConfigError, NotFound
from ..plan import Phrase
from ..report.answer import Answer, Section, columns
from ..resources import deploy_root, docs_root
from ..texts import make_error


def list_pages(language: str) -> Answer:
    """Every page with its title, and the folder they lie in."""
    pages = {name: _title(_file(name, language)) for name in _names()}
    lines = columns(list(pages.items()))
    told = (Phrase.of("docs.where", folder=str(docs_root())), Phrase("docs.how"))
    data = {"folder": str(docs_root()), "pages": pages}
    return Answer(data, (Section.of(Phrase("docs.pages"), lines), Section(None, told)))


def show_page(name: str, language: str) -> Answer:
    """One page as text.

    Raises:
        NotFound: There is no such page.
    """
    if name not in _names():
        raise make_error(NotFound, "docs.none", name=name, known=_names())
    file = _file(name, language)
    return Answer(
        {"page": name, "path": str(file), "text": (text := file.read_text("utf-8"))}, (Section(None, (text,)),)
    )


def copy_pages(target: Path) -> Answer:
    """Copies the pages and the files of `deploy` into a folder.

    Raises:
        ConfigError: The folder holds something.
    """
    if target.exists() and any(target.iterdir()):
        raise make_error(ConfigError, "docs.not_empty", folder=target)
    for root in (docs_root(), deploy_root()):
        shutil.copytree(root, target / root.name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return Answer({"folder": str(target)}, (Section(None, (Phrase.of("docs.copied", folder=str(target)),)),))


def _names() -> list[str]:
    return sorted(path.stem for path in docs_root().glob("*.md") if not path.stem.endswith(".zh"))


def _file(name: str, language: str) -> Path:
    """The page in that language, else in English."""
    chinese = docs_root() / f"{name}.zh.md"
    return chinese if language == "zh" and chinese.is_file() else docs_root() / f"{name}.md"


def _title(file: Path) -> str:
    """Its first heading; a link to the same page in the other language may stand above."""
    lines = file.read_text("utf-8").splitlines()
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), file.stem)
