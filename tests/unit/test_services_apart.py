"""The services of the embedded Azure know the control plane, and not each other.

What one needs of another goes over HTTP, as in Azure, or is handed to it by ``azure.py``.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2] / "local-azure" / "local_azure"
SERVICES = {
    *(file.parent.name for file in ROOT.glob("*/service.py")),
    *("containerregistry", "insights", "managedidentity"),
}
CONTROL_PLANE = {
    *("authorization", "control_plane", "entra", "resource_manager", "service", "tenant"),
}
KNOW_ALL = {"console", "listing", "server"}
STILL = {("providers", "eventgrid"), ("providers", "logic")}
"""Services that import another one all the same: may only become fewer."""


def crossings() -> Iterator[tuple[str, str]]:
    """Each import of a part of the embedded Azure by another: the first parts of their paths."""
    for file in ROOT.rglob("*.py"):
        importer = file.relative_to(ROOT).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (module := node.module or ""):
                package, _, inside = module.partition(".")
                names = [inside] if inside else [each.name for each in node.names]
                if package == "local_azure":
                    yield from ((importer, name.partition(".")[0]) for name in names)


def test_a_service_imports_no_other_service() -> None:
    found = {(one, other) for one, other in crossings() if one != other and other in SERVICES}
    assert {each for each in found if each[0] in SERVICES | CONTROL_PLANE} == STILL


def test_the_whole_is_known_to_what_shows_it_alone() -> None:
    assert {one for one, other in crossings() if other == "azure"} == KNOW_ALL


def test_parts_do_not_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for pair in crossings():
        one, other = ("control plane" if each in CONTROL_PLANE else each for each in pair)
        graph.setdefault(one, set()).update({other} - {one})
    TopologicalSorter(graph).prepare()
