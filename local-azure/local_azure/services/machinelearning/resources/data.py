"""Data assets: a name, and versions that each name a file or a folder, for ever the same.

Recorded: a version's answer (2023-04-01-preview), in which a short datastore URI comes back long.
The service makes the container with the first version, and it tells the last one, the most recently
created (azure-ai-ml 1.35.2). Tables (MLTable) are declined: no batch endpoint scores them.
"""

from collections.abc import Iterator
from dataclasses import replace

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.resources.assets import container, version
from local_azure.services.machinelearning.resources.place import (
    ARM,
    made,
    workspace,
)
from local_azure.services.machinelearning.uris import DATA_TYPES, DATA_VERSION, long_form

_CONTAINERS = f"{ARM}/data"
_TOLD = ("dataType", "dataUri", "description", "properties", "tags", "isAnonymous", "isArchived")


def _container_rules(inputs: Json) -> Iterator[Problem]:
    yield from _type_problems(at(inputs, "properties") or {})


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = at(inputs, "properties") or {}
    yield from _type_problems(properties)
    if not properties.get("dataUri"):
        yield Problem("properties.dataUri", "missing; it is what the version consists of")


def _type_problems(properties: Json) -> Iterator[Problem]:
    found = properties.get("dataType")
    if isinstance(found, str | None) and found not in DATA_TYPES:
        told = "missing" if found is None else f"found {found!r}"
        why = "; tables (mltable) are not emulated" if found == "mltable" else ""
        accepted = " and ".join(map(repr, DATA_TYPES))
        yield Problem("properties.dataType", f"{told}; accepted: {accepted}{why}")


def _container_answer(put: Put) -> Json:
    given = chosen(put.body["properties"], ("dataType", "description", "properties", "tags"))
    told = {"isArchived": put.body["properties"].get("isArchived", False), **given}
    numbers = _numbers(put.control.resources, put.id)
    return {**proxied(put), "properties": told | numbers, "systemData": made(put)}


def _answer(put: Put) -> Json:
    given = chosen(put.body["properties"], _TOLD)
    told = {
        "isAnonymous": False,
        "isArchived": False,
        "properties": {},
        "tags": {},
        **given,
        "dataUri": long_form(given["dataUri"], workspace(put)),
    }
    return {**proxied(put), "properties": told, "systemData": made(put)}


def _commit(put: Put, answer: Json) -> None:
    resources, place = put.control.resources, put.id.rpartition("/versions/")[0]
    found = resources.find(place) or _container(put, answer, place)
    _renumber(resources, found)


def _container(put: Put, answer: Json, place: str) -> Resource:
    """The container that comes with a version."""
    kind = {"dataType": answer["properties"]["dataType"]}
    name, told = put.path["name"], {"isArchived": False, "properties": {}, "tags": {}, **kind}
    beside = {"name": name, "type": _CONTAINERS, "systemData": answer["systemData"]}
    return Resource(place, _CONTAINERS, name, {"properties": kind}, {**beside, "properties": told})


def _forget(control: ControlPlane, version: Resource) -> None:
    """The container stays, and tells the version before."""
    if found := control.resources.find(version.id.rpartition("/versions/")[0]):
        _renumber(control.resources, found, gone=version.id)


def _renumber(resources: Resources, found: Resource, gone: str = "") -> None:
    told = found.properties["properties"] | _numbers(resources, found.id, gone)
    resources.put(replace(found, properties={**found.properties, "properties": told}))


def _numbers(resources: Resources, place: str, gone: str = "") -> Json:
    """The version that was created last, and the number after it."""
    kept = [each.name for each in resources.select(DATA_VERSION, place) if each.id != gone]
    last = kept[-1] if kept else None
    following = int(last or 0) + 1 if (last or "0").isdecimal() else None
    return {"latestVersion": last, "nextVersion": following and str(following)}


TYPES = (
    container("data", "DataContainer", rules=_container_rules, answer=_container_answer),
    version(
        "data",
        "DataVersion",
        "dataUri",
        ("dataType",),
        answer=_answer,
        rules=_rules,
        commit=_commit,
        forget=_forget,
    ),
)
