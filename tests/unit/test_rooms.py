"""Which folder of components/ knows which: arrows go one way."""

from graphlib import TopologicalSorter

import pytest

from tests import PROJECT
from tests.unit.import_graph import crossings, graph

FOLDER = PROJECT / "components"
KNOWS = {
    "azure": set(),
    "network": {"azure"},
    "identity": {"azure", "network"},
    "storage": {"azure", "network"},
    "machine_learning": {"azure", "identity", "network", "storage"},
    "event_grid": {"azure", "identity"},
    "logic_apps": {"azure", "identity", "network", "storage"},
    "data_factory": {"azure", "identity", "network"},
    "monitoring": {"azure"},
    # operators of filters, what a pipeline component's file says, and the pipelines that there are
    "settings": {"azure", "event_grid", "machine_learning", "data_factory"},
}


@pytest.mark.parametrize("room", KNOWS)
def test_a_room_knows_only_those_below_it(room: str) -> None:
    assert {other for one, other in crossings(FOLDER) if one == room} == KNOWS[room]


def test_every_room_has_its_line() -> None:
    rooms = {file.parent.name for file in FOLDER.glob("*/__init__.py")}
    assert rooms == {*KNOWS, "stack"}


@pytest.mark.parametrize("package", ["components", "batch_client"])
def test_no_module_knows_itself_by_way_of_others(package: str) -> None:
    TopologicalSorter(graph(PROJECT / package)).prepare()
