"""Orders land as JSON files; a queue has a message for each."""

import pulumi
from pulumi_azure_native import authorization, eventgrid, resources, storage

SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"  # Storage Queue Data Message Sender

group = resources.ResourceGroup("orders", location="westeurope")
account = storage.StorageAccount(
    "orders",
    resource_group_name=group.name,
    location=group.location,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    allow_shared_key_access=False,
)
container = storage.BlobContainer(
    "orders", resource_group_name=group.name, account_name=account.name
)
queue = storage.Queue("orders", resource_group_name=group.name, account_name=account.name)
topic = eventgrid.SystemTopic(
    "orders",
    resource_group_name=group.name,
    location=group.location,
    source=account.id,
    topic_type="Microsoft.Storage.StorageAccounts",
    identity={"type": "SystemAssigned"},
)
may_send = authorization.RoleAssignment(
    "topic-sends",
    scope=account.id,
    principal_id=topic.identity.apply(lambda identity: identity.principal_id),
    principal_type="ServicePrincipal",
    role_definition_id=account.id.apply(
        lambda scope: (
            f"/subscriptions/{scope.split('/')[2]}/providers/"
            f"Microsoft.Authorization/roleDefinitions/{SENDER}"
        )
    ),
)
eventgrid.SystemTopicEventSubscription(
    "orders",
    resource_group_name=group.name,
    system_topic_name=topic.name,
    filter={
        "included_event_types": ["Microsoft.Storage.BlobCreated"],
        "subject_ends_with": ".json",
    },
    delivery_with_resource_identity={
        "identity": {"type": "SystemAssigned"},
        "destination": eventgrid.StorageQueueEventSubscriptionDestinationArgs(
            endpoint_type="StorageQueue", resource_id=account.id, queue_name=queue.name
        ),
    },
    opts=pulumi.ResourceOptions(depends_on=[may_send]),
)

pulumi.export(
    "container_url", pulumi.Output.format("{0}{1}", account.primary_endpoints.blob, container.name)
)
pulumi.export("queue", pulumi.Output.format("{0}/{1}", account.name, queue.name))
