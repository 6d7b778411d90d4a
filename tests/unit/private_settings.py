"""What goes together with a private stack, and what does not: cases of the tests of rules."""

from typing import Any

from tests.unit.sample_settings import Broken

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
_BECAUSE = "in a private stack the data factory invokes, or a Logic App of workflows.plan standard"
_BESIDE = (
    "another subnet of the network of network.existing_subnet, delegated to"
    " Microsoft.Web/serverFarms"
)
NETWORK = SUBNET.removesuffix("/subnets/endpoints")
STANDARD: dict[str, Any] = {"network.private": True, "workflows.plan": "standard"}
_GIVEN = {**STANDARD, "network.existing_subnet": SUBNET}


def _tags(count: int) -> dict[str, str]:
    return {f"tag{number}": "told" for number in range(count)}


BROKEN: Broken = {
    "network.address_space": {
        _PUBLIC: [{"network.address_space": "10.9.0.0/24"}],
        "nothing: existing_subnet has addresses already": [
            {**PRIVATE, "network.existing_subnet": SUBNET, "network.address_space": "10.9.0.0/24"}
        ],
        "128 addresses or more: the second 64 are for workflows.plan standard": [
            {**STANDARD, "network.address_space": "10.9.0.0/26"}
        ],
    },
    "network.zone_groups": {_PUBLIC: [{"network.zone_groups": False}]},
    "network.existing_zones": {
        "nothing: with zone_groups: false no zone is used": [
            {**PRIVATE, "network.zone_groups": False, "network.existing_zones": GROUP}
        ]
    },
    "storage.existing": {
        _OURS: [
            {**PRIVATE, "storage.existing": f"{PROVIDERS}/Microsoft.Storage/storageAccounts/mine"}
        ]
    },
    "workspace.existing": {_OURS: [{**PRIVATE, "workspace.existing": WORKSPACE}]},
    "endpoint.existing": {
        _OURS: [
            {**PRIVATE, "endpoint.existing": f"{WORKSPACE}/batchEndpoints/mine", "deployments": []}
        ]
    },
    "data_factory.existing": {
        _OURS: [
            {
                **PRIVATE,
                "data_factory.existing": f"{PROVIDERS}/Microsoft.DataFactory/factories/mine",
            }
        ]
    },
    "data_factory.enabled": {
        f"true, with blob_events.marker_name: {_BECAUSE}": [{"network.private": True}]
    },
    "blob_events.marker_name": {
        f"the name of a marker file, which starts a pipeline: {_BECAUSE}": [
            {"network.private": True, "data_factory.enabled": True}
        ]
    },
    "data_factory.authentication": {
        "managed_identity: pipelines of a private stack reach no vault": [
            {**PRIVATE, "data_factory.authentication": "service_principal"}
        ]
    },
    "hardening.locks": {
        "false: a lock may keep Azure ML from managing the network of a private stack": [
            {**PRIVATE, "protect": True, "hardening.enabled": True}
        ]
    },
    "storage.hierarchical_namespace": {
        "false: a private stack has no endpoint for Data Lake Storage's host": [
            {**PRIVATE, "storage.hierarchical_namespace": True}
        ]
    },
    "workflows.subnet_id": {
        "nothing: the stack makes it in its own network": [
            {**STANDARD, "workflows.subnet_id": f"{NETWORK}/subnets/workflows"}
        ],
        _BESIDE: [
            _GIVEN,
            {**_GIVEN, "workflows.subnet_id": SUBNET},
            {**_GIVEN, "workflows.subnet_id": f"{NETWORK}2/subnets/workflows"},
        ],
    },
    "workflows.plan": {
        "consumption: no Logic App invokes the endpoint": [
            {**PRIVATE, "workflows.plan": "standard"}
        ]
    },
    "tags": {
        "up to 12 tags: the stack's private DNS zones take no more": [
            {**PRIVATE, "tags": _tags(13)}
        ]
    },
}

TOGETHER: list[dict[str, Any]] = [
    PRIVATE,
    {"network.private": True, "blob_events.enabled": False},
    {**PRIVATE, "network.existing_zones": GROUP, "tags": _tags(13)},
    {**PRIVATE, "network.zone_groups": False, "tags": _tags(13)},
    {**PRIVATE, "tags": _tags(12)},
    {**PRIVATE, "network.existing_subnet": SUBNET, "network.existing_zones": GROUP},
    {**PRIVATE, "network.existing_subnet": SUBNET, "network.zone_groups": False},
    {**PRIVATE, "hardening.enabled": True, "hardening.locks": False},
    {**PRIVATE, "network.isolation": "allow_only_approved_outbound"},
    {**PRIVATE, "network.allowed_addresses": ["203.0.113.7", "198.51.100.0/24"]},
    STANDARD,
    {**STANDARD, "data_factory.enabled": True, "network.address_space": "10.9.0.0/25"},
    {**STANDARD, "blob_events.marker_name": "_SUCCESS"},
    {**_GIVEN, "workflows.subnet_id": f"{NETWORK}/subnets/workflows"},
]
