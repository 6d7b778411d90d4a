"""`network`: whether all of a stack lies behind private endpoints."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import islice
from typing import Annotated, Literal

from pydantic import Field

from components.settings.problems import Misfit
from components.settings.section import GUID, Accepts, Section, SubnetId, matching

_HUB = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-hub"
_NETWORKS = "providers/Microsoft.Network/virtualNetworks"
_SMALLEST = 30
"""Storage takes no range of one or two addresses (D:storage/common/storage-network-security)."""
_NOT_PUBLIC = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),  # what storage says that it refuses
    *("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"),
)
"""Addresses that nobody has on the internet (RFC 1918, 6890): nobody comes from there."""
_ENDPOINTS = 27
"""Length of the prefix of the endpoints' subnet: 27 addresses of it can be used."""
_WORKFLOWS = 26
"""Of a Standard plan's subnet, as is advised (D:app-service/overview-vnet-integration)."""

_MODES = {
    "allow_internet_outbound": "AllowInternetOutbound",
    "allow_only_approved_outbound": "AllowOnlyApprovedOutbound",
}


def _is_public(value: str) -> bool:
    told = IPv4Network(value)
    small = "/" in value and told.prefixlen > _SMALLEST
    return not (small or any(told.overlaps(IPv4Network(each)) for each in _NOT_PUBLIC))


def _is_space(value: str) -> bool:
    told = IPv4Network(value)
    taken = told.overlaps(IPv4Network("172.17.0.0/16"))  # Docker's, on each node
    return told.prefixlen <= _ENDPOINTS and told.is_private and not taken


_PublicRange = Annotated[
    str,
    Accepts("a public IPv4 address, or a range of four or more, such as 203.0.113.7", _is_public),
]
_Space = Annotated[
    str,
    Accepts(
        "a private IPv4 range of 32 addresses or more in CIDR notation: 10.100.0.0/24", _is_space
    ),
]


class Network(Section):
    """Whether all of a stack lies behind private endpoints."""

    private: bool = False
    """Whether accounts, vault, registry, workspace, endpoint and data factory are reached by
    private endpoints alone. Folders are then scored by the data factory, in a network of its own,
    or files by a Logic App of workflows.plan standard. To be chosen before the first up
    (docs/private-network.md)."""

    isolation: Literal["allow_internet_outbound", "allow_only_approved_outbound"] = (
        "allow_internet_outbound"
    )
    """What jobs reach: allow_internet_outbound, or allow_only_approved_outbound, which are the
    workspace's own parts and the inputs. Azure changes it never again."""

    allowed_addresses: Annotated[tuple[_PublicRange, ...], Field(examples=[["203.0.113.7"]])] = ()
    """Public addresses, or ranges of four or more, that reach the data of the storage accounts none
    the less: of whoever runs up or drops files from outside of the network. Machines of Azure in
    the accounts' own region come in by none."""

    address_space: _Space = "10.100.0.0/24"
    """Addresses of the virtual network that the stack makes; its first 32 are for the endpoints,
    its second 64 for workflows.plan standard, which takes 128 or more."""

    existing_subnet: (
        Annotated[SubnetId, Field(examples=[f"{_HUB}/{_NETWORKS}/my-network/subnets/mine"])] | None
    ) = None
    """Resource id of a subnet for the private endpoints, of a virtual network in the stack's
    region; left out, the stack makes both."""

    existing_zones: (
        Annotated[
            str,
            matching(
                rf"(?i)/subscriptions/{GUID}/resourceGroups/[\w().-]*[\w()-]",
                "the id of a group: /subscriptions/<subscription id>/resourceGroups/<name>",
            ),
            Field(examples=[_HUB]),
        ]
        | None
    ) = None
    """Id of the resource group that all of the private DNS zones are in, as in a hub; left out, the
    stack makes them, and links them to the network."""

    zone_groups: bool = True
    """Whether the stack puts its endpoints into the zones; false where Azure Policy does."""

    @property
    def isolation_mode(self) -> str:
        """The isolation as Azure calls it."""
        return _MODES[self.isolation]

    @property
    def network_id(self) -> str | None:
        """Resource id of the existing network."""
        return self.existing_subnet and self.existing_subnet.rsplit("/", 2)[0]

    @property
    def endpoints_prefix(self) -> str:
        """The first addresses of the space, for the endpoints."""
        space = IPv4Network(self.address_space)
        return str(next(space.subnets(new_prefix=_ENDPOINTS)))

    @property
    def workflows_prefix(self) -> str | None:
        """The second 64, for a Standard plan; None where the space has no more than 64."""
        space = IPv4Network(self.address_space)
        if space.prefixlen >= _WORKFLOWS:
            return None
        return str(list(islice(space.subnets(new_prefix=_WORKFLOWS), 2))[1])

    def misfits(self) -> Iterator[Misfit]:
        """Nothing is said that nothing heeds."""
        if not self.private:
            names = [each for each in type(self).model_fields if each != "private"]
            yield from self.unused("without private: true the stack is public", *names)
            return
        if self.existing_subnet:
            yield from self.unused("existing_subnet has addresses already", "address_space")
        if not self.zone_groups:
            yield from self.unused("with zone_groups: false no zone is used", "existing_zones")
