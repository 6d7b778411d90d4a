"""Workbooks: pages of queries and charts, which exist and show nothing here."""

import json
from collections.abc import Iterator
from uuid import uuid4

from local_azure.control_plane.resource_manager.answers import chosen, system_data, tracked
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "identity", "storageUri")
    yield from other_than(inputs, "kind", "shared", word="accepted")
    content = inputs.get("serializedData")
    if isinstance(content, str) and not _has_items(content):
        yield Problem("serializedData", "accepted: a JSON object with a list of items")


def _has_items(content: str) -> bool:
    """Azure takes any text, and opens no other."""
    try:
        read = json.loads(content)
    except ValueError:
        return False
    return isinstance(read, dict) and isinstance(read.get("items"), list)


def _check(put: Put) -> None:
    source = put.body.get("sourceId")
    if source is not None and source.lower() != "azure monitor":
        put.linked("sourceId", source)


def _answer(put: Put) -> Json:
    told = ("displayName", "serializedData", "version", "category", "sourceId", "description")
    return {
        **tracked(put),
        **chosen(put.body, told),
        "kind": "shared",
        "etag": f'"{uuid4()}"',
        "revision": str(uuid4().hex),
        "timeModified": put.now,
        "userId": put.caller.object_id,
        "systemData": system_data(put),
    }


WORKBOOK = ResourceType(
    pulumi_type="azure-native:applicationinsights:Workbook",
    path="Microsoft.Insights/workbooks/{resourceName}",
    api_version="2023-06-01",
    answer=_answer,
    rules=_rules,
    check=_check,
    autoname="uuid",
)
