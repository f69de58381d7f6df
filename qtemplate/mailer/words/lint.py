"""Finds faults of mail templates before the first mail is made from them.

It reads every template that a mail can reach as a syntax tree, then tries each with made-up messages. Each fault is a
`TemplateProblem` with file and line.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct, field
from msgspec.structs import replace

from ...fields import APPROVED_WORDS, FIELDS, PUBLIC
from ...plan import Message
from .contract import check_facts
from .kinds import ALL, LANGUAGES, PARTS, MailContract, Quotes
from .problems import TemplateProblem, What
from .shared_facts import COMMON
from .specimens import make_specimen
from .templates import MailTemplates

_PUBLIC = frozenset(key.value for key in PUBLIC)
_APPROVED = frozenset(key.value for key in APPROVED_WORDS)


class Reading(Struct):
    """One template as read: what it takes from a row, the names it loads, and the files it includes."""

    fields: list[tuple[str, int]] = field(default_factory=list)
    whole_row: list[int] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    own_names: set[str] = field(default_factory=set)
    unescaped: list[int] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    undeclared: set[str] = field(default_factory=set)


def lint_templates(folders: Sequence[Path], own_headers: Collection[str] = ()) -> list[TemplateProblem]:
    """Everything that is wrong with the mail templates.

    Args:
        folders: As for `MailTemplates`: overrides first.
        own_headers: The team's own columns, which templates of internal mails may use.

    Returns:
        Problems by file and line; empty when the templates can be used.
    """
    templates = MailTemplates(folders)
    environment = templates.environment
    found: dict[tuple[str, int | None, What, str], TemplateProblem] = {}
    library: dict[str, Reading | TemplateProblem] = {}
    for kind in ALL:
        for language in LANGUAGES:
            for part in PARTS:
                name = f"{kind.template}.{language}.{part}.j2"
                for problem in _check(environment, library, name, part, kind, frozenset(own_headers)):
                    found.setdefault((problem.template, problem.line, problem.what, problem.field), problem)
    for problem in _unused(folders):
        found[problem.template, None, problem.what, ""] = problem
    faulty = {problem.template for problem in found.values()}
    for problem in _tried(templates):
        if problem.template not in faulty:
            found.setdefault((problem.template, problem.line, problem.what, problem.field), problem)
    return sorted(found.values(), key=lambda p: (p.template, p.line or 0, p.what, p.field))


def find_faulty(folders: Sequence[Path], own_headers: Collection[str] = ()) -> dict[tuple[str, str], TemplateProblem]:
    """The mails that must not be made with these templates: (stem, language) -> the first thing that is wrong.

    Args:
        folders, own_headers: As for `lint_templates`.
    """
    templates = MailTemplates(folders)
    library: dict[str, Reading | TemplateProblem] = {}
    faulty: dict[tuple[str, str], TemplateProblem] = {}
    for kind in ALL:
        for language in LANGUAGES:
            for part in PARTS:
                name = f"{kind.template}.{language}.{part}.j2"
                for problem in _check(templates.environment, library, name, part, kind, frozenset(own_headers)):
                    faulty.setdefault((kind.template, language), problem)
            if (kind.template, language) not in faulty:
                for problem in _tried(templates, (kind,), (language,)):
                    faulty.setdefault((kind.template, language), problem)
    return faulty


def _check(
    environment: ImmutableSandboxedEnvironment,
    library: dict[str, Reading | TemplateProblem],
    name: str,
    part: str,
    kind: MailContract,
    own_headers: frozenset[str],
) -> Iterator[TemplateProblem]:
    reached: dict[str, Reading] = {}
    waiting, broken = [name], False
    while waiting:
        each = waiting.pop()
        if each in reached:
            continue
        if each not in library:
            library[each] = read_template(environment, each)
        read = library[each]
        if isinstance(read, TemplateProblem):
            broken = True
            yield read
            continue
        reached[each] = read
        waiting.extend(read.includes)
    for each, read in reached.items():
        yield from _fields(each, read, kind, own_headers)
        if each.endswith(".html.j2"):
            for line in read.unescaped:
                yield TemplateProblem(each, line, What.UNESCAPED)
    if name in reached:
        yield from _names(name, reached[name], kind)
    if part != "subject" and not broken:
        yield from _left_out(name, reached, kind)


def read_template(environment: ImmutableSandboxedEnvironment, name: str) -> Reading | TemplateProblem:
    """Parse one template of `make_environment`: what it uses, or why it cannot be read."""
    assert environment.loader is not None
    try:
        source, filename, _ = environment.loader.get_source(environment, name)
        if (name, source) in _READ:
            return _READ[name, source]
        tree = environment.parse(source, name, filename)
        environment.get_template(name)  # compiles it: unknown filters and tests show here, and trying it out is quick
    except TemplateNotFound as error:
        return TemplateProblem(str(error.name or name), None, What.MISSING_FILE)
    except TemplateSyntaxError as error:
        return TemplateProblem(name, error.lineno, What.SYNTAX, "", error.message or "")
    except UnicodeDecodeError as error:
        return TemplateProblem(name, None, What.SYNTAX, "", f"not UTF-8: {error.reason}")
    read = Reading(includes=[each for each in meta.find_referenced_templates(tree) if each])
    read.includes = [each for each in read.includes if each.endswith(".j2")]
    read.undeclared = meta.find_undeclared_variables(tree)
    _walk(tree, read)
    _READ[name, source] = read
    return read


_READ: dict[tuple[str, str], Reading] = {}
"""What this process has read without a fault, by name and words; nobody changes a reading."""


def _walk(node: nodes.Node, read: Reading) -> None:
    if isinstance(node, (nodes.Getattr, nodes.Getitem)) and _is_name(node.node, "row"):
        key = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        if key is None:
            read.whole_row.append(node.lineno)
        else:
            read.fields.append((key, node.lineno))
        read.names.setdefault("row", node.lineno)
        return
    if isinstance(node, nodes.Call) and _is_name(node.node, "facts"):
        keys = [_constant(arg) for arg in node.args]
        if None in keys or node.kwargs or node.dyn_args or node.dyn_kwargs:
            read.whole_row.append(node.lineno)
        read.fields += [(key, node.lineno) for key in keys if key is not None]
        return
    if isinstance(node, nodes.Name):
        if node.ctx == "load":
            read.names.setdefault(node.name, node.lineno)
            if node.name == "row":
                read.whole_row.append(node.lineno)
        else:
            read.own_names.add(node.name)
    elif isinstance(node, nodes.FromImport):
        read.own_names |= {name if isinstance(name, str) else name[1] for name in node.names}
    elif isinstance(node, nodes.Import):
        read.own_names.add(node.target)
    elif isinstance(node, nodes.Macro):
        read.own_names.add(node.name)
    elif isinstance(node, nodes.ScopedEvalContextModifier):
        read.unescaped.append(node.lineno)
    for child in node.iter_child_nodes():
        _walk(child, read)


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name


def _constant(node: nodes.Node) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def _fields(name: str, read: Reading, kind: MailContract, own_headers: frozenset[str]) -> Iterator[TemplateProblem]:
    for key, line in read.fields:
        if key not in FIELDS and (kind.outside or key not in own_headers):
            yield TemplateProblem(name, line, What.UNKNOWN_FIELD, key, _hint(key, FIELDS))
        elif kind.outside and key not in _PUBLIC:
            yield TemplateProblem(name, line, What.PRIVATE_FIELD, key)
        elif kind.outside and kind.quotes is Quotes.NEVER and key in _APPROVED:
            yield TemplateProblem(name, line, What.UNAPPROVED_FIELD, key)
    if kind.outside:
        for line in read.whole_row:
            yield TemplateProblem(name, line, What.HIDDEN_FIELD, "row")


def _names(name: str, read: Reading, kind: MailContract) -> Iterator[TemplateProblem]:
    known = {fact.name for fact in (*COMMON, *kind.facts)} | {"id", "language", "insider", "facts"}
    known |= {"row", "labels"} if kind.row else set()
    for each in sorted(read.undeclared - read.own_names - known):
        if each != "self":
            yield TemplateProblem(name, read.names.get(each), What.UNKNOWN_NAME, each, _hint(each, known))


def _left_out(name: str, reached: dict[str, Reading], kind: MailContract) -> Iterator[TemplateProblem]:
    shown = {key for read in reached.values() for key, _ in read.fields}
    loaded = {each for read in reached.values() for each in read.names}
    for content in kind.content:
        if content.value not in shown:
            yield TemplateProblem(name, None, What.NOT_SHOWN, content.value)
    for fact in kind.facts:
        if fact.required and fact.name not in loaded:
            yield TemplateProblem(name, None, What.NOT_SHOWN, fact.name)


def _hint(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f" → {near[0]}" if near else ""


def _unused(folders: Sequence[Path]) -> Iterator[TemplateProblem]:
    used = {f"{kind.template}.{language}.{part}.j2" for kind in ALL for language in LANGUAGES for part in PARTS}
    for folder in folders:
        for path in sorted((folder / "mail").glob("*.j2")):
            if path.name not in used and not path.name.startswith("_"):
                yield TemplateProblem(path.name, None, What.UNUSED_FILE)


def _tried(
    templates: MailTemplates, kinds: Sequence[MailContract] = ALL, languages: Sequence[str] = LANGUAGES
) -> Iterator[TemplateProblem]:
    for kind in kinds:
        for language in languages:
            full = make_specimen(kind.template, language)
            for message in (full, _bare(full, kind)):
                try:
                    templates.render(message)
                except TemplateProblem as problem:
                    yield problem


def _bare(message: Message, kind: MailContract) -> Message:
    """The same message with everything optional left out; an outsider's mail seen by an insider."""
    facts = dict(message.facts)
    for fact in (*COMMON, *kind.facts):
        if not fact.required:
            facts.pop(fact.name, None)
    if kind.row:
        facts["row"] = {key.value: message.facts["row"][key] for key in kind.content}
    bare = replace(message, facts=facts, to=tuple(replace(person, name="", insider=True) for person in message.to))
    assert not check_facts(bare)
    return bare
