"""The services of the embedded Azure know the control plane, and not each other.

What one needs of another goes over HTTP, as in Azure, or is handed to it by ``azure.py``.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

from tests.unit.import_graph import crossings, graph

ROOT = Path(__file__).parents[2] / "local-azure" / "local_azure"
SERVICES = {
    *(file.parent.name for file in ROOT.glob("*/service.py")),
    *("containerregistry", "insights", "managedidentity"),
}
CONTROL_PLANE = {
    *("authorization", "control_plane", "entra", "resource_manager", "service", "tenant"),
}
GROUND = {
    *("arm_types", "certificates", "clock", "clouds", "errors", "faults", "home", "hosts"),
    *("http_client", "messages", "notices", "ports", "project", "protocol", "proxy"),
    *("state", "strict_json", "topics", "waiting", "web"),
}
LAYERS = (
    GROUND,
    {"expressions"},
    CONTROL_PLANE,
    {"runs"},
    SERVICES,
    {"azure", "catalogue"},
    {"console", "listing", "server"},
)
"""From the ground up; above stand the commands, which nothing of these knows."""
KNOW_ALL = {"console", "listing", "server"}
HEIGHTS = {part: height for height, layer in enumerate(LAYERS) for part in layer}


def test_no_module_knows_itself_by_way_of_others() -> None:
    TopologicalSorter(graph(ROOT)).prepare()


def test_what_is_below_does_not_know_what_is_above() -> None:
    upwards = [
        (one, other)
        for one, other in crossings(ROOT)
        if HEIGHTS.get(one, len(LAYERS)) < HEIGHTS.get(other, len(LAYERS))
    ]
    assert upwards == []


def test_a_service_imports_no_other_service() -> None:
    assert [pair for pair in crossings(ROOT) if {*pair} <= SERVICES] == []


def test_the_whole_is_known_to_what_shows_it_alone() -> None:
    assert {one for one, other in crossings(ROOT) if other == "azure"} == KNOW_ALL
