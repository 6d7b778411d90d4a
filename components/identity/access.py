"""Who may do what, and where: a function for each grant, with the narrowest built-in role.

Grants name their principal's type, so that Azure does not look up an identity that Entra may not
know yet, and their assignment's name is stable. Nothing here decides who gets a grant.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypedDict

import pulumi
from pulumi_azure_native import authorization
from pulumi_random import RandomUuid

from components.azure.options import also
from components.azure.resource_id import parse
from components.identity.propagation import retried


class PrincipalArgs(TypedDict):
    """Somebody, as a stack file names them."""

    object_id: str
    """Object id in Entra."""

    type: str
    """User, Group or ServicePrincipal."""


class StartingJobsArgs(TypedDict):
    """What somebody may do who starts jobs."""

    role_definition_id: pulumi.Input[str]
    """Resource id of the role that lets it invoke."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace that it may invoke in."""

    input_scope: pulumi.Input[str]
    """Resource id of the container, or the account, that its jobs read."""


class ServicePrincipalArgs(TypedDict):
    """A service principal that has its roles already."""

    tenant_id: pulumi.Input[str]
    """Its Entra tenant."""

    client_id: pulumi.Input[str]
    """Its client id."""

    client_secret: pulumi.Input[str]
    """Its client secret."""

    login_host: pulumi.Input[str]
    """Host that issues tokens in this cloud."""


class Principal(NamedTuple):
    """Who gets a grant."""

    object_id: pulumi.Input[str]
    """The object id in Entra; for an application the one of its service principal."""

    type: pulumi.Input[str] = "ServicePrincipal"
    """User, Group or ServicePrincipal; managed identities are service principals."""


def principal_of(identity: pulumi.Output[Any], otherwise: str) -> pulumi.Output[str]:
    """The object id of a resource's own identity.

    Args:
        identity: the resource's output of that name.
        otherwise: what to say of one that has none.
    """

    def told(found: Any) -> str:
        if not (found and found.principal_id):
            raise pulumi.RunError(otherwise)
        return str(found.principal_id)

    return identity.apply(told)


Grant = Callable[
    [str, Principal, pulumi.Input[str], pulumi.ResourceOptions], authorization.RoleAssignment
]
"""Gives a role: the assignment's logical name, who gets it, where (a resource id), options."""


def _built_in(role: str) -> Grant:
    """Gives a role that has the same GUID in every cloud, seen from the scope's subscription."""

    def grant(
        name: str, who: Principal, scope: pulumi.Input[str], opts: pulumi.ResourceOptions
    ) -> authorization.RoleAssignment:
        role_definition_id = pulumi.Output.from_input(scope).apply(
            lambda resource_id: (
                f"/subscriptions/{parse(resource_id).subscription_id}"
                f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
            )
        )
        return by_role(name, who, role_definition_id, scope, opts)

    return grant


# Source of the names and GUIDs: D:role-based-access-control/built-in-roles.
may_read_blobs = _built_in("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
"""Storage Blob Data Reader: reads and lists blobs of an account or a container."""

may_write_blobs = _built_in("ba92f5b4-2d11-453d-a403-e96b0029c9fe")
"""Storage Blob Data Contributor: reads, writes and deletes blobs of an account or a container."""

may_use_queues = _built_in("974c5e8b-45b9-4653-ba55-5f855dd0fb88")
"""Storage Queue Data Contributor: uses an account's queues."""

may_use_tables = _built_in("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3")
"""Storage Table Data Contributor: uses an account's tables."""

may_pull_images = _built_in("7f951dda-4ed3-4680-a7ca-43fe172d538d")
"""AcrPull: pulls images of a container registry."""

may_push_images = _built_in("8311e382-0749-4cb8-b61a-304f252e45ec")
"""AcrPush: pulls images of a container registry, and pushes them there."""

may_look_at = _built_in("acdd72a7-3385-48ef-bd42-f606fba81ae7")
"""Reader: reads a resource, none of its data."""

may_approve_connections = _built_in("b556d68e-0be0-4f35-a333-ad7ee1ce17ea")
"""Azure AI Enterprise Network Connection Approver: approves private endpoints to a resource."""

may_send_events = _built_in("d5a91429-5739-47e2-a06b-3470a27159e7")
"""EventGrid Data Sender: sends events to an Event Grid domain or topic."""

may_send_to_event_hub = _built_in("2b629674-e913-4c01-ae53-ef4638d8f975")
"""Azure Event Hubs Data Sender: sends to an event hub."""

may_send_to_service_bus = _built_in("69a216fc-b8fb-44d8-bc22-1f3c2cd27a39")
"""Azure Service Bus Data Sender: sends to a queue or a topic of Service Bus."""

may_send_queue_messages = _built_in("c6a89b2d-59bc-44d0-9896-0f6e12d7b80a")
"""Storage Queue Data Message Sender: adds messages to a storage queue."""

may_read_secrets = _built_in("4633458b-17de-408a-b874-0445c86b69e6")
"""Key Vault Secrets User: reads a secret, or all of a vault's."""


def by_role(
    name: str,
    who: Principal,
    role_definition_id: pulumi.Input[str],
    scope: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Gives a role by the id of its definition."""
    # A new name with each new content: Azure refuses to change an assignment under its old name.
    # The old one goes first: made first, content that is put back would meet itself.
    content = {"principal": who.object_id, "role": role_definition_id, "scope": scope}
    # A grant holds no data: one that is needed no more goes, whatever protects its component.
    opts = also(opts, protect=False)
    guid = RandomUuid(f"{name}-name", keepers=content, opts=opts)
    return authorization.RoleAssignment(
        name,
        role_assignment_name=guid.result,
        principal_id=who.object_id,
        principal_type=who.type,
        role_definition_id=role_definition_id,
        scope=scope,
        opts=also(opts, hooks=retried(name, _late(who, role_definition_id))),
    )


def may_start_jobs(
    name: str, who: Principal, args: StartingJobsArgs, opts: pulumi.ResourceOptions
) -> list[authorization.RoleAssignment]:
    """Lets the principal invoke batch endpoints on inputs, which a job reads as its caller.

    It may read them first: a job that may not fails, and nobody starts it again.
    """
    reads = may_read_blobs(f"{name}-reads-inputs", who, args["input_scope"], opts)
    role, workspace = args["role_definition_id"], args["workspace_id"]
    return [by_role(f"{name}-invokes", who, role, workspace, also(opts, depends_on=reads)), reads]


def _late(who: Principal, role_definition_id: pulumi.Input[str]) -> tuple[str, ...]:
    """Refusals that pass: of what this stack makes; an id that somebody wrote down is wrong."""
    made = {"PrincipalNotFound": who.object_id, "RoleDefinitionDoesNotExist": role_definition_id}
    return tuple(code for code, given in made.items() if not isinstance(given, str))
