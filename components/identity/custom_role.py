"""Custom roles: actions under a name that is unique in the tenant.

Whoever makes one needs `Microsoft.Authorization/roleDefinitions/write`, which Role Based Access
Control Administrator does not have; so each can be given by id instead.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pulumi
from pulumi_azure_native import authorization
from pulumi_random import RandomString, RandomUuid

from components.identity import access

PIPELINE_START_ACTIONS = ("Microsoft.DataFactory/factories/pipelines/createrun/action",)
"""Starts runs of pipelines (D:role-based-access-control/permissions/analytics). That no right to
read the pipeline is needed as well is UNVERIFIED: an answer of 2024 says so of a role that may
cancel runs besides (StackOverflow 78038273)."""

PIPELINE_RUN_ACTIONS = (
    *PIPELINE_START_ACTIONS,
    "Microsoft.DataFactory/factories/pipelineruns/read",
    "Microsoft.DataFactory/factories/pipelineruns/queryactivityruns/action",
)
"""Starts runs, reads each by its id, and asks for its activities (the same page)."""


class CustomRole(NamedTuple):
    """What a role is called, and what it lets somebody do."""

    display_name: pulumi.Input[str]
    """Start of its name; a random end makes it unique."""

    description: str
    """What it is for."""

    actions: Sequence[str]
    """All that it allows on the control plane."""

    data_actions: Sequence[str] = ()
    """All that it allows with what resources hold."""


def custom_role(
    name: str,
    resource_ids: Sequence[pulumi.Input[str]],
    role: CustomRole,
    opts: pulumi.ResourceOptions,
) -> authorization.RoleDefinition:
    """A role that can be given anywhere in the resource groups of some resources.

    Args:
        name: logical name that the parts' names begin with.
        resource_ids: the resources, the first of which stays the same; Azure takes no single one
            as a place where a role can be given.
        role: what it is.
        opts: options of each part.
    """
    groups = pulumi.Output.all(*resource_ids).apply(_groups)
    end = RandomString(f"{name}-name", length=6, special=False, upper=False, opts=opts)
    permissions = authorization.PermissionArgs(
        actions=[*role.actions], not_actions=[], data_actions=[*role.data_actions]
    )
    return authorization.RoleDefinition(
        f"{name}-role",
        role_definition_id=RandomUuid(f"{name}-guid", opts=opts).result,
        role_name=pulumi.Output.concat(role.display_name, " ", end.result),
        description=role.description,
        role_type="CustomRole",
        # of the first alone: another scope is another role
        scope=pulumi.Output.all(resource_ids[0]).apply(lambda paths: _groups(paths)[0]),
        assignable_scopes=groups,
        permissions=[permissions],
        opts=opts,
    )


def _groups(resource_ids: Iterable[str]) -> list[str]:
    """The paths of their groups, once each, in whatever case."""
    found = [path[: path.index("/providers/")] for path in resource_ids]
    return list({group.lower(): group for group in found}.values())


def may_start_pipelines(
    name: str,
    who: access.Principal,
    factory_id: pulumi.Input[str],
    existing_role_id: pulumi.Input[str] | None,
    display_name: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Lets the principal start a factory's pipelines, by a role of its own or one that exists.

    Args:
        name: logical name that the parts' names begin with.
        who: gets the role.
        factory_id: resource id of the data factory.
        existing_role_id: id of a role definition, instead of a new one.
        display_name: start of the new role's name.
        opts: options of each part.
    """
    role_id = (
        existing_role_id
        or custom_role(
            f"{name}-starter",
            [factory_id],
            CustomRole(
                display_name, "Starts runs of a data factory's pipelines", PIPELINE_START_ACTIONS
            ),
            opts,
        ).id
    )
    return access.by_role(f"{name}-starts", who, role_id, factory_id, opts)
