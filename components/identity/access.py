"""Who may do what, and where: one function per grant, each with the narrowest built-in role.

Grants name their principal's type, so that Azure does not look up an identity that Entra may not
know yet, and their assignment's name is stable. Nothing here decides who gets a grant.
"""

from typing import NamedTuple

import pulumi
from pulumi_azure_native import authorization
from pulumi_random import RandomUuid

from components.azure.resource_id import parse
from components.identity.propagation import retried

# Built-in roles, the same GUIDs in every cloud (D:role-based-access-control/built-in-roles).
ACR_PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec"
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
EVENT_GRID_DATA_SENDER = "d5a91429-5739-47e2-a06b-3470a27159e7"
EVENT_HUBS_DATA_SENDER = "2b629674-e913-4c01-ae53-ef4638d8f975"
SERVICE_BUS_DATA_SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
STORAGE_BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
STORAGE_BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
STORAGE_QUEUE_DATA_CONTRIBUTOR = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"
STORAGE_QUEUE_DATA_MESSAGE_SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"
STORAGE_TABLE_DATA_CONTRIBUTOR = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"


class Principal(NamedTuple):
    """Who gets a grant."""

    object_id: pulumi.Input[str]
    """The object id in Entra; for an application the one of its service principal."""

    type: pulumi.Input[str] = "ServicePrincipal"
    """User, Group or ServicePrincipal; managed identities are service principals."""


def may_read_blobs(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal read and list blobs of an account or a container."""
    return _assign(name, who, _built_in(STORAGE_BLOB_DATA_READER, scope), scope, opts)


def may_write_blobs(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal read, write and delete blobs of an account or a container."""
    return _assign(name, who, _built_in(STORAGE_BLOB_DATA_CONTRIBUTOR, scope), scope, opts)


def may_use_queues(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal use an account's queues."""
    return _assign(name, who, _built_in(STORAGE_QUEUE_DATA_CONTRIBUTOR, scope), scope, opts)


def may_use_tables(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal use an account's tables."""
    return _assign(name, who, _built_in(STORAGE_TABLE_DATA_CONTRIBUTOR, scope), scope, opts)


def may_pull_images(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal pull images of a container registry."""
    return _assign(name, who, _built_in(ACR_PULL, scope), scope, opts)


def may_push_images(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal pull images of a container registry, and push them there."""
    return _assign(name, who, _built_in(ACR_PUSH, scope), scope, opts)


def may_look_at(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal read a resource, none of its data."""
    return _assign(name, who, _built_in(READER, scope), scope, opts)


def may_send_events(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal send events to an Event Grid domain or topic."""
    return _assign(name, who, _built_in(EVENT_GRID_DATA_SENDER, scope), scope, opts)


def may_send_to_event_hub(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal send to an event hub."""
    return _assign(name, who, _built_in(EVENT_HUBS_DATA_SENDER, scope), scope, opts)


def may_send_to_service_bus(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal send to a queue or a topic of Service Bus."""
    return _assign(name, who, _built_in(SERVICE_BUS_DATA_SENDER, scope), scope, opts)


def may_send_queue_messages(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal add messages to a storage queue."""
    return _assign(name, who, _built_in(STORAGE_QUEUE_DATA_MESSAGE_SENDER, scope), scope, opts)


def may_read_secrets(
    name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Lets the principal read a secret, or all of a vault's."""
    return _assign(name, who, _built_in(KEY_VAULT_SECRETS_USER, scope), scope, opts)


def may_invoke_batch_endpoints(
    name: str,
    who: Principal,
    role_definition_id: pulumi.Input[str],
    workspace_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Lets the principal start and follow batch jobs in a workspace, by the custom role."""
    return _assign(name, who, role_definition_id, workspace_id, opts)


def may_start_pipelines(
    name: str,
    who: Principal,
    role_definition_id: pulumi.Input[str],
    factory_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Lets the principal start runs of a data factory's pipelines, by a custom role."""
    return _assign(name, who, role_definition_id, factory_id, opts)


def may_run_pipelines(
    name: str,
    who: Principal,
    role_definition_id: pulumi.Input[str],
    factory_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Lets the principal start and follow runs of a factory's pipelines, by a custom role."""
    return _assign(name, who, role_definition_id, factory_id, opts)


def may_start_jobs(
    name: str,
    who: Principal,
    role_definition_id: pulumi.Input[str],
    workspace_id: pulumi.Input[str],
    input_scope: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> list[authorization.RoleAssignment]:
    """Lets the principal invoke batch endpoints on inputs, which a job reads as its caller."""
    return [
        may_invoke_batch_endpoints(f"{name}-invokes", who, role_definition_id, workspace_id, opts),
        may_read_blobs(f"{name}-reads-inputs", who, input_scope, opts),
    ]


def _built_in(role: str, scope: pulumi.Input[str]) -> pulumi.Output[str]:
    """The full id that the provider wants: a built-in role seen from the scope's subscription."""
    return pulumi.Output.from_input(scope).apply(
        lambda resource_id: (
            f"/subscriptions/{parse(resource_id).subscription_id}"
            f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
        )
    )


def _assign(
    name: str,
    who: Principal,
    role_definition_id: pulumi.Input[str],
    scope: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    # A new name with each new content: Azure refuses to change an assignment under its old name.
    # The old one goes first: made first, content that is put back would meet itself.
    content = {"principal": who.object_id, "role": role_definition_id, "scope": scope}
    # A grant holds no data: one that is needed no more goes, whatever protects its component.
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=False))
    guid = RandomUuid(f"{name}-name", keepers=content, opts=opts)
    return authorization.RoleAssignment(
        name,
        role_assignment_name=guid.result,
        principal_id=who.object_id,
        principal_type=who.type,
        role_definition_id=role_definition_id,
        scope=scope,
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(hooks=retried(name, _late(who, role_definition_id)))
        ),
    )


def _late(who: Principal, role_definition_id: pulumi.Input[str]) -> tuple[str, ...]:
    """Refusals that pass: of what this stack makes; an id that somebody wrote down is wrong."""
    made = {"PrincipalNotFound": who.object_id, "RoleDefinitionDoesNotExist": role_definition_id}
    return tuple(code for code, given in made.items() if not isinstance(given, str))
