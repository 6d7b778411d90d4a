"""Action groups: who is told of an alert. Limits without a source are UNVERIFIED."""

import re
from collections.abc import Iterator

from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, missing, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_RECEIVERS = (
    *("armRole", "automationRunbook", "azureAppPush", "azureFunction", "eventHub", "incident"),
    *("itsm", "logicApp", "sms", "voice"),
)


def is_global(inputs: Json) -> Iterator[Problem]:
    """Alerts and those they tell are of no region."""
    location = inputs.get("location")
    if location not in {"global", "Global", UNKNOWN}:
        yield Problem("location", f"found {location!r}, accepted: 'global'")


def _group_rules(inputs: Json) -> Iterator[Problem]:
    yield from is_global(inputs)
    yield from missing(inputs, "enabled", why="the SDK alone has a default")
    yield from not_emulated(inputs, *(f"{each}Receivers" for each in _RECEIVERS), "identity")
    names = []
    for kind in ("emailReceivers", "webhookReceivers"):
        for index, each in enumerate(at(inputs, kind) or []):
            if isinstance(each, dict):
                names.append(each.get("name"))
                yield from _receiver_problems(each, f"{kind}[{index}]")
    if len(set(names)) < len(names):
        yield Problem("emailReceivers", "accepted: a name of its own for each receiver")


def _receiver_problems(each: Json, where: str) -> Iterator[Problem]:
    address, url = each.get("emailAddress"), each.get("serviceUri")
    if isinstance(address, str) and not _ADDRESS.fullmatch(address):
        yield Problem(f"{where}.emailAddress", f"found {address!r}, accepted: an e-mail address")
    if isinstance(url, str) and not url.startswith("https://"):
        # What it is may be a secret.
        yield Problem(f"{where}.serviceUri", "accepted: an https URL")
    declined = ("useAadAuth", "objectId", "identifierUri", "tenantId", "managedIdentity")
    yield from not_emulated(each, *declined, path=where)


def _group_answer(put: Put) -> Json:
    emails = put.body.get("emailReceivers") or []
    return {
        **tracked(put),
        "location": "Global",
        "type": "Microsoft.Insights/ActionGroups",
        **chosen(put.body, ["groupShortName", "enabled"]),
        "emailReceivers": [{**each, "status": "Enabled"} for each in emails],
        "webhookReceivers": put.body.get("webhookReceivers") or [],
        **{f"{each}Receivers": [] for each in _RECEIVERS},
    }


ACTION_GROUP = ResourceType(
    pulumi_type="azure-native:monitor:ActionGroup",
    path="microsoft.insights/actionGroups/{actionGroupName}",
    arm_type="Microsoft.Insights/actionGroups",
    api_version="2024-10-01-preview",
    answer=_group_answer,
    rules=_group_rules,
    limits={"groupShortName": Limit(1, 12)},
)
