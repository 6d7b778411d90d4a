"""Custom roles: control-plane actions under a name that is unique in the tenant.

Whoever makes one needs `Microsoft.Authorization/roleDefinitions/write`, which Role Based Access
Control Administrator does not have; so each can be given by id instead.
"""

from collections.abc import Sequence

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


def custom_role(
    name: str,
    resource_id: pulumi.Input[str],
    display_name: pulumi.Input[str],
    description: str,
    actions: Sequence[str],
    opts: pulumi.ResourceOptions,
) -> authorization.RoleDefinition:
    """A role that can be given anywhere in the resource group of a resource.

    Args:
        name: logical name that the parts' names begin with.
        resource_id: the resource; Azure takes no single one as a place where a role can be given.
        display_name: start of the role's name; a random end makes it unique.
        description: what the role lets somebody do.
        actions: all that it allows, on the control plane.
        opts: options of each part.
    """
    group = pulumi.Output.from_input(resource_id).apply(
        lambda path: path[: path.index("/providers/")]
    )
    end = RandomString(f"{name}-name", length=6, special=False, upper=False, opts=opts)
    return authorization.RoleDefinition(
        f"{name}-role",
        role_definition_id=RandomUuid(f"{name}-guid", opts=opts).result,
        role_name=pulumi.Output.concat(display_name, " ", end.result),
        description=description,
        role_type="CustomRole",
        scope=group,
        assignable_scopes=[group],
        permissions=[{"actions": list(actions), "not_actions": [], "data_actions": []}],
        opts=opts,
    )


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
            factory_id,
            display_name,
            "Starts runs of a data factory's pipelines",
            PIPELINE_START_ACTIONS,
            opts,
        ).id
    )
    return access.by_role(f"{name}-starts", who, role_id, factory_id, opts)
