"""Connections of Logic Apps, as the engine asks for them."""

from typing import Any

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Engine, refused
from local_azure_tests.providers.event_path import EventPath

CONNECTION = "azure-native:web:Connection"
APIS = f"{SUBSCRIPTION}/providers/Microsoft.Web/locations/westeurope/managedApis"
OUTLOOK = {"api": {"id": f"{APIS}/office365"}, "displayName": "E-mails"}


def inputs(path: EventPath, name: str, **changes: Any) -> dict[str, Any]:
    """A connection to Office 365 Outlook, with changes of its properties."""
    place = {**path.in_group, "connectionName": name, "location": "westeurope"}
    return {**place, "properties": OUTLOOK | changes}


def test_a_connection_tells_its_connector(native: Engine, path: EventPath) -> None:
    made = native.create(CONNECTION, inputs(path, "outlook"))

    assert made.id.endswith("/providers/Microsoft.Web/connections/outlook")
    assert made.outputs["properties"]["api"]["name"] == "office365"


def test_a_second_up_changes_nothing(native: Engine, path: EventPath) -> None:
    wanted = inputs(path, "same")
    created = native.create(CONNECTION, wanted)

    assert native.is_settled(created, wanted)


def test_a_connection_tells_that_somebody_has_authorised_it_and_no_later_put_takes_it_back(
    native: Engine, path: EventPath, running: Running
) -> None:
    created = native.create(CONNECTION, inputs(path, "theirs"))
    before = created.outputs["properties"]["statuses"]

    running.call(running.azure.connectors.authorise, "theirs")
    read_before = inputs(path, "theirs", displayName="Other", statuses=before)
    renamed = native.update(created, read_before)

    assert before[0]["error"]["message"] == "This connection is not authenticated."
    told = renamed.outputs["properties"]
    assert told["statuses"] == [{"status": "Connected"}]
    assert told["createdTime"] == created.outputs["properties"]["createdTime"]


def test_a_connector_of_another_region_is_refused(native: Engine, path: EventPath) -> None:
    api = {"id": f"{APIS.replace('westeurope', 'northeurope')}/office365"}

    with refused("found the region 'northeurope', accepted: 'westeurope'"):
        native.create(CONNECTION, inputs(path, "wrong", api=api))
