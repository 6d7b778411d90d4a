"""Private DNS zones and their links to virtual networks; records of one's own are not emulated."""

from collections.abc import Iterator

from local_azure.control_plane import arm_types
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.network.place import InUseError, answered, network_type

_LINK = f"{arm_types.PRIVATE_ZONE}/virtualNetworkLinks"
_NETWORK = "Microsoft.Network/virtualNetworks"
_MOST_TAGS = 15
"""Other types take 50 (D:azure-resource-manager/management/tag-resources)."""


def _rules(inputs: Json) -> Iterator[Problem]:
    found = inputs.get("location", "")
    if found is not UNKNOWN and found.lower() != "global":
        yield Problem("location", f"found {found!r}, accepted: 'global'")
    tags = inputs.get("tags")
    if isinstance(tags, dict) and len(tags) > _MOST_TAGS:
        yield Problem("tags", f"found {len(tags)}, accepted: {_MOST_TAGS} at most")
    yield from not_emulated(inputs, "registrationEnabled")
    if inputs.get("resolutionPolicy") not in {None, "Default", UNKNOWN}:
        yield Problem("resolutionPolicy", "accepted: 'Default'")


def _link_rules(inputs: Json) -> Iterator[Problem]:
    yield from _rules(inputs)
    if at(inputs, "virtualNetwork") is None and inputs.get("virtualNetwork") is not UNKNOWN:
        yield Problem("virtualNetwork", "missing; a link leads to a network")


def _answer(put: Put) -> Json:
    links = len(put.control.resources.select(_LINK, under=put.id))
    return {
        **answered(put),
        "maxNumberOfRecordSets": 25000,
        "maxNumberOfVirtualNetworkLinks": 1000,
        "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        "numberOfRecordSets": 1,
        "numberOfVirtualNetworkLinks": links,
        "numberOfVirtualNetworkLinksWithRegistration": 0,
    }


def _check_unlinked(control: ControlPlane, zone: Resource, _: Principal) -> None:
    if users := [each.id for each in control.resources.select(_LINK, under=zone.id)]:
        raise InUseError("CannotDeleteResource", f"Private zone {zone.name}", users)


def _check_link(put: Put) -> None:
    network = put.linked("virtualNetwork.id", put.body["virtualNetwork"]["id"], _NETWORK)
    put.authorize_linked("Microsoft.Network/virtualNetworks/join/action", network.id)
    zone = put.path["privateZoneName"].lower()
    for other in put.control.resources.select(_LINK):
        same = other.properties["virtualNetwork"]["id"].lower() == network.id.lower()
        if same and other.id.lower() != put.id.lower() and zone == _zone(other):
            reason = f"the network has a zone '{zone}' already, by '{other.id}'"
            raise put.refuse("virtualNetwork.id", reason)


def _zone(link: Resource) -> str:
    return link.id.split("/")[8].lower()


def _link_answer(put: Put) -> Json:
    return {
        **answered(put),
        "registrationEnabled": False,
        "resolutionPolicy": "Default",
        "virtualNetwork": {"id": put.body["virtualNetwork"]["id"]},
        "virtualNetworkLinkState": "Completed",
    }


PRIVATE_ZONE = network_type(
    "privatedns:PrivateZone",
    arm_types.PRIVATE_ZONE,
    "privateZoneName",
    answer=_answer,
    rules=_rules,
    check_delete=_check_unlinked,
)
LINK = network_type(
    "privatedns:VirtualNetworkLink",
    _LINK,
    "privateZoneName virtualNetworkLinkName",
    answer=_link_answer,
    rules=_link_rules,
    check=_check_link,
    keeps=("virtualNetwork.id",),
)
