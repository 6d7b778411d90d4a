"""What the Logic Apps here have in common: a Request trigger, and parameters from a template."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi
from pulumi_azure_native import logic, web

from components.azure import templates
from components.azure.diagnostics import WORKFLOW, send_logs
from components.azure.options import also
from components.azure.placement import PlacementArgs, placed
from components.identity import access

_ADDRESSES = ["endpointsConfiguration"]
"""Azure fills in its own addresses, which change at times (MicrosoftDocs/azure-docs#124157)."""


class Content(NamedTuple):
    """What a workflow does."""

    template: str
    """Name of its template."""

    values: Mapping[str, Any]
    """Values of the parameters that the template declares."""


def bound(
    definition: templates.Definition, values: Mapping[str, Any]
) -> "dict[str, logic.WorkflowParameterArgs]":
    """Values of a definition's parameters, of which the secure ones are secrets.

    Raises:
        TemplateError: a value is missing or not declared.
    """
    return {name: _parameter(each) for name, each in templates.bind(definition, values).items()}


def workflow(
    name: str,
    place: PlacementArgs,
    content: Content,
    allowed_callers: list[str] | None,
    opts: pulumi.ResourceOptions,
    *,
    own_identity: bool,
) -> "logic.Workflow":
    """A Consumption Logic App that is on.

    Args:
        name: logical name.
        place: where it goes.
        content: what it does.
        allowed_callers: address ranges that may call its trigger; without them every address.
        opts: its options.
        own_identity: whether it gets a system-assigned identity.
    """
    definition = templates.load(content.template)
    made = logic.Workflow(
        name,
        **placed(place),
        state="Enabled",
        identity={"type": "SystemAssigned"} if own_identity else None,
        definition=definition,
        parameters=bound(definition, content.values),
        access_control=_access_control(allowed_callers),
        opts=also(opts, ignore_changes=_ADDRESSES),
    )
    send_logs(name, made.id, WORKFLOW, place.get("log_workspace_id"), opts)
    return made


def callback_url(
    resource_group_name: pulumi.Input[str],
    workflow_name: pulumi.Input[str],
    trigger: str,
    parent: pulumi.Resource | None = None,
) -> pulumi.Output[str]:
    """The URL that calls a workflow, with its signature: a secret."""
    answer = logic.list_workflow_trigger_callback_url_output(
        resource_group_name=resource_group_name,
        workflow_name=workflow_name,
        trigger_name=trigger,
        opts=pulumi.InvokeOutputOptions(parent=parent),
    )
    return pulumi.Output.secret(answer.value)


def principal_of(made: "logic.Workflow | web.WebApp") -> pulumi.Output[str]:
    """The object id of the identity that a workflow, or its site, was made with."""
    told = "Azure made the workflow without the identity that was asked for."
    return access.principal_of(made.identity, told)


def _parameter(given: dict[str, Any]) -> "logic.WorkflowParameterArgs":
    value = given["value"]
    return logic.WorkflowParameterArgs(
        type=given["type"],
        value=pulumi.Output.secret(value) if templates.is_secure(given) else value,
    )


def _access_control(
    ranges: list[str] | None,
) -> "logic.FlowAccessControlConfigurationArgs | None":
    if not ranges:
        return None
    return logic.FlowAccessControlConfigurationArgs(
        triggers=logic.FlowAccessControlConfigurationPolicyArgs(
            allowed_caller_ip_addresses=[
                logic.IpAddressRangeArgs(address_range=text) for text in ranges
            ]
        )
    )
