"""What goes together with a private stack, and what does not: cases of the tests of rules."""

from typing import Any

from components.settings.telling import REMOVE

GROUP = "/subscriptions/6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10/resourceGroups/hub"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints"
PROVIDERS = f"{GROUP}/providers"
WORKSPACE = f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/my-workspace"
PRIVATE: dict[str, Any] = {
    "network.private": True,
    "blob_events.marker_name": "_SUCCESS",
    "data_factory.enabled": True,
}
_PUBLIC = "nothing: without private: true the stack is public"
_OURS = "nothing: of what exists already a private stack does not shut the door"
_SPACE = '"10.100.0.0/24"'
_BECAUSE = "a Logic App of either plan can't invoke in a private stack; the data factory does"

BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    ({"network.address_space": "10.9.0.0/24"}, "network.address_space", _PUBLIC, _SPACE),
    ({"network.zone_groups": False}, "network.zone_groups", _PUBLIC, "true"),
    (
        {**PRIVATE, "network.existing_subnet": SUBNET, "network.address_space": "10.9.0.0/24"},
        "network.address_space",
        "nothing: existing_subnet has addresses already",
        _SPACE,
    ),
    (
        {**PRIVATE, "network.zone_groups": False, "network.existing_zones": GROUP},
        "network.existing_zones",
        "nothing: with zone_groups: false no zone is used",
        REMOVE,
    ),
    (
        {**PRIVATE, "storage.existing": f"{PROVIDERS}/Microsoft.Storage/storageAccounts/mine"},
        "storage.existing",
        _OURS,
        REMOVE,
    ),
    ({**PRIVATE, "workspace.existing": WORKSPACE}, "workspace.existing", _OURS, REMOVE),
    (
        {"network.private": True},
        "data_factory.enabled",
        f"true, with blob_events.marker_name: {_BECAUSE}",
        "true",
    ),
    (
        {"network.private": True, "data_factory.enabled": True},
        "blob_events.marker_name",
        f"the name of a marker file: {_BECAUSE}, and a marker starts it",
        '"_SUCCESS"',
    ),
    (
        {**PRIVATE, "data_factory.authentication": "service_principal"},
        "data_factory.authentication",
        "managed_identity: pipelines of a private stack reach no vault",
        '"managed_identity"',
    ),
]

TOGETHER: list[dict[str, Any]] = [
    PRIVATE,
    {"network.private": True, "blob_events.enabled": False},
    {**PRIVATE, "network.existing_subnet": SUBNET, "network.existing_zones": GROUP},
    {**PRIVATE, "network.existing_subnet": SUBNET, "network.zone_groups": False},
    {**PRIVATE, "network.isolation": "allow_only_approved_outbound"},
    {**PRIVATE, "network.allowed_addresses": ["203.0.113.7", "198.51.100.0/24"]},
]
