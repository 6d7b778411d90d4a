"""Resource ids of what lies in a resource group, taken apart."""

import re
from typing import NamedTuple

import pulumi


class ResourceId(NamedTuple):
    """`/subscriptions/<s>/resourceGroups/<g>/providers/<namespace>/<type>/<name>/<type>/<name>…`."""

    subscription_id: str
    resource_group: str

    names: tuple[str, ...]
    """Names of the outermost parent, of what is in it, and so on down to the resource."""


def parse(resource_id: str) -> ResourceId:
    """The parts of an id.

    Raises:
        ValueError: it is no id of something in a resource group.
    """
    parts = resource_id.split("/")
    fixed = [part.lower() for part in (parts[1:2] + parts[3:4] + parts[5:6])]
    if fixed != ["subscriptions", "resourcegroups", "providers"] or not parts[8:]:
        message = f"{resource_id!r} is no resource id; it looks like {ResourceId.__doc__}"
        raise ValueError(message)
    return ResourceId(parts[2], parts[4], tuple(parts[8::2]))


def group_of(resource_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """The resource group of an id."""
    return pulumi.Output.from_input(resource_id).apply(lambda text: parse(text).resource_group)


def account_of(container_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """The id of a container's storage account."""
    return pulumi.Output.from_input(container_id).apply(
        lambda text: re.split("/blobServices/", text, flags=re.IGNORECASE)[0]
    )


def name_of(resource_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """The name of the resource itself."""
    return pulumi.Output.from_input(resource_id).apply(lambda text: parse(text).names[-1])
