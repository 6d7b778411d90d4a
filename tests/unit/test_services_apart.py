"""The services of the embedded Azure know the control plane, and not each other.

What one needs of another goes over HTTP, as in Azure, or is handed to it by ``azure.py``.
"""

from graphlib import TopologicalSorter
from pathlib import Path

from tests.unit.import_graph import crossings, graph

ROOT = Path(__file__).parents[2] / "local-azure" / "local_azure"
LAYERS = (
    {"cache", "errors", "home", "project", "waiting"},
    {"control_plane", "expressions"},
    {"runs", "tracing"},
    {"services", "pulumi"},
    {"catalogue", "lint"},
    {"azure"},
    {"gateway", "page"},
    {"commands"},
    {"command_line", "testing"},
    {"pytest_plugin"},
    {"__main__"},
)
"""From the ground up: a part knows those below it, and those beside it."""
HEIGHTS = {part: height for height, layer in enumerate(LAYERS) for part in layer}


def test_no_module_knows_itself_by_way_of_others() -> None:
    TopologicalSorter(graph(ROOT)).prepare()


def test_every_part_has_its_layer() -> None:
    parts = {each.stem for each in ROOT.iterdir() if each.suffix == ".py" or each.is_dir()}
    assert parts - {"__init__", "__pycache__"} == HEIGHTS.keys()


def test_what_is_below_does_not_know_what_is_above() -> None:
    upwards = [pair for pair in crossings(ROOT) if HEIGHTS[pair[0]] < HEIGHTS[pair[1]]]
    assert upwards == []


def test_a_service_imports_no_other_service() -> None:
    assert crossings(ROOT, "services") == set()


def test_the_providers_know_no_service() -> None:
    assert {one for one, other in crossings(ROOT) if other == "services"} == {
        *("azure", "catalogue", "command_line", "commands", "gateway", "lint", "page"),
    }
