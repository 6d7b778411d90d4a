"""A PUT of a resource's whole body in its own step, beside the resource that Pulumi owns.

azure-native updates by PUT too, and one resource cannot be put twice in one `up`. An inline
template can: a resource deployment with one resource, of literal values only. It runs again when
the body changes. Deleting it deletes the deployment's record and leaves the resource as it is.
"""

from typing import Any, NamedTuple

import pulumi
from pulumi_azure_native import resources

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


class Body(NamedTuple):
    """One resource as Azure Resource Manager takes it."""

    type: str
    """Such as `Microsoft.MachineLearningServices/workspaces/computes`."""

    api_version: str
    """Version of the API that the body is written for."""

    name: pulumi.Input[str]
    """Names of the parents and the resource, joined by slashes."""

    content: dict[str, Any]
    """Everything else at the body's top: location, tags, identity, properties; may hold outputs."""

    created_at: pulumi.Input[str] = ""
    """When the resource was made: one that is made anew, under the same name, is put again."""


def put(
    name: str,
    resource_group_name: pulumi.Input[str],
    body: Body,
    opts: pulumi.ResourceOptions,
) -> resources.Deployment:
    """Puts the body, and puts it again each time it changes."""
    resource = {
        "type": body.type,
        "apiVersion": body.api_version,
        "name": body.name,
        **body.content,
    }
    return resources.Deployment(
        name,
        resource_group_name=resource_group_name,
        properties={
            "mode": resources.DeploymentMode.INCREMENTAL,
            "template": {
                "$schema": SCHEMA,
                "contentVersion": "1.0.0.0",
                "metadata": {"createdAt": body.created_at},
                "resources": [pulumi.Output.from_input(resource).apply(literal)],
            },
        },
        opts=opts,
    )


def literal(value: Any) -> Any:
    """The value as a template takes it: text in brackets would be read as an expression.

    Source: D:azure-resource-manager/templates/template-expressions (escape characters).
    """
    if isinstance(value, dict):
        return {key: literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        return f"[{value}"
    return value
