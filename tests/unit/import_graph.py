"""Which module imports which; what annotations alone import counts, for it is known as well."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_IMPORT = re.compile(
    r"^[ \t]*(from [\w.]+ import (?:\([^)]*\)|.+)|import [\w.]+(?: as \w+)?(?:  # .*)?)$",
    re.MULTILINE,
)
"""A statement at a line's beginning, in a text that holds a program as well."""


@cache
def imported(file: Path) -> frozenset[str]:
    """Full names of what a file imports: ``a.b`` is that of ``from a import b``."""
    return frozenset(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    # to parse the whole file takes seven times as long
    statements = _IMPORT.findall(file.read_text(encoding="utf-8"))
    for node in ast.parse("\n".join(statements)).body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def graph(package: Path) -> dict[str, set[str]]:
    """The modules of a package, each with those that it imports."""
    files = {
        ".".join(file.relative_to(package.parent).with_suffix("").parts): file
        for file in package.rglob("*.py")
    }
    files = {name.removesuffix(".__init__"): file for name, file in files.items()}
    found = {
        name: {each if each in files else each.rpartition(".")[0] for each in imported(file)}
        for name, file in files.items()
    }
    return {name: (others & files.keys()) - {name} for name, others in found.items()}


def crossings(package: Path, folder: str = "") -> set[tuple[str, str]]:
    """Each import of a part of a package, or of a folder in it, by another of its parts."""
    inside = f"{package.name}.{folder}.".replace("..", ".")
    pairs = {
        (_part(one, inside), _part(other, inside))
        for one, others in graph(package).items()
        for other in others
        if one.startswith(inside) and other.startswith(inside)
    }
    return {(one, other) for one, other in pairs if one != other}


def _part(module: str, inside: str) -> str:
    return module.removeprefix(inside).partition(".")[0]
