"""Azure's built-in roles, as far as the program and its users assign them.

Source: D:role-based-access-control/built-in-roles. A role that is not in this table can't be
assigned here: add it with its documented actions.
"""

from dataclasses import dataclass

_STORAGE = "Microsoft.Storage/storageAccounts"
_BLOBS = f"{_STORAGE}/blobServices/containers/blobs"
_QUEUES = f"{_STORAGE}/queueServices/queues"
_VAULTS = "Microsoft.KeyVault/vaults"
_ML = "Microsoft.MachineLearningServices/workspaces"


@dataclass(frozen=True)
class Role:
    """A role definition: control-plane actions, and data actions on what resources hold."""

    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    def told(self) -> dict[str, tuple[str, ...]]:
        """What it permits, as Resource Manager tells it."""
        return {
            "actions": self.actions,
            "notActions": self.not_actions,
            "dataActions": self.data_actions,
            "notDataActions": self.not_data_actions,
        }


_NOT_OF_CONTRIBUTORS = (
    "Microsoft.Authorization/*/Delete",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/elevateAccess/Action",
    "Microsoft.Blueprint/blueprintAssignments/write",
    "Microsoft.Blueprint/blueprintAssignments/delete",
    "Microsoft.Compute/galleries/share/action",
    "Microsoft.Purview/consents/write",
    "Microsoft.Purview/consents/delete",
    "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
    "Microsoft.Subscription/cancel/action",
    "Microsoft.Subscription/enable/action",
)

BUILT_IN: dict[str, Role] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role("Owner", ("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", ("*",), _NOT_OF_CONTRIBUTORS),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", ("*/read",)),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role(
        "User Access Administrator",
        ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
    ),
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": Role(
        "Role Based Access Control Administrator",
        (
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        ),
    ),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": Role(
        "Storage Blob Data Reader",
        (
            f"{_STORAGE}/blobServices/containers/read",
            f"{_STORAGE}/blobServices/generateUserDelegationKey/action",
        ),
        data_actions=(f"{_BLOBS}/read",),
    ),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor",
        (
            f"{_STORAGE}/blobServices/containers/delete",
            f"{_STORAGE}/blobServices/containers/read",
            f"{_STORAGE}/blobServices/containers/write",
            f"{_STORAGE}/blobServices/generateUserDelegationKey/action",
        ),
        data_actions=(
            f"{_BLOBS}/delete",
            f"{_BLOBS}/read",
            f"{_BLOBS}/write",
            f"{_BLOBS}/move/action",
            f"{_BLOBS}/add/action",
        ),
    ),
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": Role(
        "Storage Queue Data Contributor",
        (
            f"{_QUEUES}/delete",
            f"{_QUEUES}/read",
            f"{_QUEUES}/write",
        ),
        data_actions=(
            f"{_QUEUES}/messages/delete",
            f"{_QUEUES}/messages/read",
            f"{_QUEUES}/messages/write",
            f"{_QUEUES}/messages/process/action",
        ),
    ),
    "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": Role(
        "Storage Queue Data Message Sender",
        data_actions=(f"{_QUEUES}/messages/add/action",),
    ),
    "19e7f393-937e-4f77-808e-94535e297925": Role(
        "Storage Queue Data Reader",
        (f"{_QUEUES}/read",),
        data_actions=(f"{_QUEUES}/messages/read",),
    ),
    "8a0f0c08-91a1-4084-bc3d-661d67233fed": Role(
        "Storage Queue Data Message Processor",
        data_actions=(
            f"{_QUEUES}/messages/read",
            f"{_QUEUES}/messages/process/action",
        ),
    ),
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": Role(
        "Storage Table Data Contributor",
        (
            f"{_STORAGE}/tableServices/tables/read",
            f"{_STORAGE}/tableServices/tables/write",
            f"{_STORAGE}/tableServices/tables/delete",
        ),
        data_actions=(
            f"{_STORAGE}/tableServices/tables/entities/read",
            f"{_STORAGE}/tableServices/tables/entities/write",
            f"{_STORAGE}/tableServices/tables/entities/delete",
            f"{_STORAGE}/tableServices/tables/entities/add/action",
            f"{_STORAGE}/tableServices/tables/entities/update/action",
        ),
    ),
    "4633458b-17de-408a-b874-0445c86b69e6": Role(
        "Key Vault Secrets User",
        data_actions=(
            f"{_VAULTS}/secrets/getSecret/action",
            f"{_VAULTS}/secrets/readMetadata/action",
        ),
    ),
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": Role(
        "Key Vault Secrets Officer",
        data_actions=(f"{_VAULTS}/secrets/*",),
    ),
    "673868aa-7521-48a0-acc6-0f60742d39f5": Role(
        "Data Factory Contributor",
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.DataFactory/dataFactories/*",
            "Microsoft.DataFactory/factories/*",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.EventGrid/eventSubscriptions/write",
        ),
    ),
    "8311e382-0749-4cb8-b61a-304f252e45ec": Role(
        "AcrPush",
        (
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/push/write",
        ),
    ),
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": Role(
        "AcrPull", ("Microsoft.ContainerRegistry/registries/pull/read",)
    ),
    "2b629674-e913-4c01-ae53-ef4638d8f975": Role(
        "Azure Event Hubs Data Sender",
        ("Microsoft.EventHub/*/eventhubs/read",),
        data_actions=("Microsoft.EventHub/*/send/action",),
    ),
    "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39": Role(
        "Azure Service Bus Data Sender",
        (
            "Microsoft.ServiceBus/*/queues/read",
            "Microsoft.ServiceBus/*/topics/read",
            "Microsoft.ServiceBus/*/topics/subscriptions/read",
        ),
        data_actions=("Microsoft.ServiceBus/*/send/action",),
    ),
    "1e241071-0855-49ea-94dc-649edcd759de": Role(
        "EventGrid Contributor",
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.EventGrid/*",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ),
    ),
    "428e0ff0-5e57-4d9c-a221-2c70d0e0a443": Role(
        "EventGrid EventSubscription Contributor",
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.EventGrid/eventSubscriptions/*",
            "Microsoft.EventGrid/systemTopics/eventSubscriptions/*",
            "Microsoft.EventGrid/partnerTopics/eventSubscriptions/*",
            "Microsoft.EventGrid/topicTypes/eventSubscriptions/read",
            "Microsoft.EventGrid/locations/eventSubscriptions/read",
            "Microsoft.EventGrid/locations/topicTypes/eventSubscriptions/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ),
    ),
    "d5a91429-5739-47e2-a06b-3470a27159e7": Role(
        "EventGrid Data Sender",
        (
            "Microsoft.EventGrid/topics/read",
            "Microsoft.EventGrid/domains/read",
            "Microsoft.EventGrid/partnerNamespaces/read",
            "Microsoft.EventGrid/namespaces/read",
        ),
        data_actions=("Microsoft.EventGrid/events/send/action",),
    ),
    "4d97b98b-1d4f-4787-a291-c67834d212e7": Role(
        "Network Contributor",
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Network/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ),
    ),
    "b12aa53e-6015-4669-85d0-8515ebb3ae7f": Role(
        "Private DNS Zone Contributor",
        (
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.Network/privateDnsZones/*",
            "Microsoft.Network/privateDnsOperationResults/*",
            "Microsoft.Network/privateDnsOperationStatuses/*",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/join/action",
            "Microsoft.Authorization/*/read",
        ),
    ),
    "b556d68e-0be0-4f35-a333-ad7ee1ce17ea": Role(
        # Of its 88 actions those on what has private endpoints here.
        "Azure AI Enterprise Network Connection Approver",
        tuple(
            f"{target}/{action}"
            for target in ("Microsoft.ContainerRegistry/registries", _STORAGE, _VAULTS, _ML)
            for action in (
                "privateEndpointConnectionsApproval/action",
                "privateEndpointConnections/read",
                "privateEndpointConnections/write",
            )
        ),
    ),
    "f6c7c914-8db3-469d-8ca1-694a8f32e121": Role(
        "AzureML Data Scientist",
        (
            f"{_ML}/*/read",
            f"{_ML}/*/action",
            f"{_ML}/*/delete",
            f"{_ML}/*/write",
        ),
        (
            f"{_ML}/delete",
            f"{_ML}/write",
            f"{_ML}/computes/*/write",
            f"{_ML}/computes/*/delete",
            f"{_ML}/computes/listKeys/action",
            f"{_ML}/listKeys/action",
            f"{_ML}/hubs/write",
            f"{_ML}/hubs/delete",
            f"{_ML}/featurestores/write",
            f"{_ML}/featurestores/delete",
        ),
    ),
}

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
BY_NAME = {role.name: guid for guid, role in BUILT_IN.items()}
