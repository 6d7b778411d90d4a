"""What the Logic Apps here have in common: a Request trigger, and parameters from a template."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import logic

from components import templates

TRIGGER = "When_a_resource_event_occurs"
"""Never changes: each preview looks the callback URL up by it."""


def bound(
    definition: templates.Definition, values: Mapping[str, Any]
) -> dict[str, logic.WorkflowParameterArgs]:
    """Values of a definition's parameters, of which the secure ones are secrets.

    Raises:
        TemplateError: a value is missing or not declared.
    """
    return {name: _parameter(each) for name, each in templates.bind(definition, values).items()}


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


def _parameter(given: dict[str, Any]) -> logic.WorkflowParameterArgs:
    value = given["value"]
    return logic.WorkflowParameterArgs(
        type=given["type"],
        value=pulumi.Output.secret(value) if templates.is_secure(given) else value,
    )
