"""A private stack in somebody else's network, with their zones: what `up` is to be allowed there.

The tests run in their order, on one stack: what an `up` that was stopped has made stays.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain

import pytest

from components.network.zones import zones_of
from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.services.network.private_zone import PRIVATE_ZONE
from local_azure.services.network.virtual_network import SUBNET, VIRTUAL_NETWORK
from tests.documented import RIGHTS
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_roles import CALLER, having, without
from tests.stack.private_network.test_private_network import OUTSIDE
from tests.stack.shell import CONFIRMED

pytestmark = pytest.mark.long

NETWORKS, ZONES = RIGHTS["hub"]["roles"]
OWN = f"{SUBSCRIPTION}/resourceGroups/own"
HUB = f"{SUBSCRIPTION}/resourceGroups/hub"
NETWORK = f"{HUB}/providers/Microsoft.Network/virtualNetworks/theirs"
ENDPOINTS = f"{NETWORK}/subnets/endpoints"


class Spoke(Deployed):
    """A stack in a group of its own, beside a hub."""

    def make_hub(self) -> None:
        """Network, subnet and zones in a group of somebody else's."""
        for group in ("hub", "own"):
            self.put(RESOURCE_GROUP, resourceGroupName=group, location="westeurope")
        network = {"resourceGroupName": "hub", "virtualNetworkName": "theirs"}
        space = {"addressPrefixes": ["10.9.0.0/24"]}
        self.put(VIRTUAL_NETWORK, **network, addressSpace=space, location="westeurope")
        self.put(SUBNET, **network, subnetName="endpoints", addressPrefix="10.9.0.0/27")
        for zone in set(chain(*zones_of("public", "core.windows.net").values())):
            self.put(PRIVATE_ZONE, resourceGroupName="hub", privateZoneName=zone, location="global")


@pytest.fixture(scope="module")
def spoke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoke]:
    """Of which nothing exists yet; its deployer has the rights of `up` at its own group alone."""
    with on_its_own(tmp_path_factory.mktemp("azure"), Spoke) as stack, ExitStack() as held:
        stack.make_hub()
        for role in RIGHTS["up"]["roles"]:
            held.enter_context(without(stack, CALLER, by_name()[role], SUBSCRIPTION))
            assign = stack.running.azure.authorization.assign
            stack.running.call(assign, role, CALLER, by_name()[role], OWN)
        stack.configure(
            {
                "resource_group": {"existing": "own"},
                "network": {
                    "private": True,
                    "allowed_addresses": [OUTSIDE],
                    "existing_subnet": ENDPOINTS,
                    "existing_zones": HUB,
                },
                "blob_events": {"marker_name": "_SUCCESS"},
                "data_factory": {"poll_interval_seconds": 1},
            }
        )
        yield stack


def test_without_a_role_at_the_hub_up_stops_and_names_what_it_lacks(spoke: Spoke) -> None:
    with having(spoke, CALLER, by_name()[ZONES], HUB):
        told = spoke.refused("up", *CONFIRMED)

    assert "'Microsoft.Network/virtualNetworks/subnets/join/action'" in told
    assert f"'{ENDPOINTS}'" in told


def test_without_a_role_at_the_zones_up_stops_and_names_what_it_lacks(spoke: Spoke) -> None:
    with having(spoke, CALLER, by_name()[NETWORKS], NETWORK):
        told = spoke.refused("up", *CONFIRMED)

    assert "'Microsoft.Network/privateDnsZones/join/action'" in told
    assert "/privateDnsZones/privatelink." in told


def test_with_both_the_stack_comes_up(spoke: Spoke) -> None:
    with (
        having(spoke, CALLER, by_name()[NETWORKS], NETWORK),
        having(spoke, CALLER, by_name()[ZONES], HUB),
    ):
        spoke.up()


def test_refresh_and_destroy_take_nothing_at_the_hub_but_custom_roles_at_the_subscription(
    spoke: Spoke,
) -> None:
    read = spoke.refused("refresh", *CONFIRMED)
    told = spoke.refused("destroy", *CONFIRMED)
    with having(spoke, CALLER, by_name()["User Access Administrator"], SUBSCRIPTION):
        spoke.succeeds("destroy", *CONFIRMED)

    assert "'Microsoft.Authorization/roleDefinitions/read' over scope" in read
    assert "'Microsoft.Authorization/roleDefinitions/delete' over scope" in told
