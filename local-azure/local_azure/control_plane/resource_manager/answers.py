"""Parts that many answers have in common."""

from collections.abc import Iterable, Mapping
from typing import Any

from local_azure.control_plane.clock import offset
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager import identity
from local_azure.control_plane.resource_manager.resource_type import Json, Put

_NO_TAGS: Json = {}


def proxied(put: Put) -> Json:
    """What every answer says: name, type, and the API version that azure-native used."""
    return {
        "name": put.name,
        "type": put.type.arm_type,
        "azureApiVersion": put.type.api_version,
    }


def tracked(put: Put, untagged: Json | None = _NO_TAGS) -> Json:
    """What resources with a region say on top: location, tags, identity.

    Args:
        put: the PUT.
        untagged: what is told where there are no tags; Event Grid and Logic Apps tell nothing.
    """
    told = {
        "location": put.location,
        "tags": put.body.get("tags") or untagged,
        "identity": identity.answer(put),
    }
    return {**proxied(put), **present(told)}


def system_data(put: Put) -> Json:
    """Who made the resource and who changed it last."""
    made = put.kept("systemData", lambda: _by("created", put.caller, put.now))
    return {**made, **_by("lastModified", put.caller, put.now)}


def with_offset(told: Mapping[str, str]) -> Json:
    """System data whose times end with ``+00:00``, as some services were recorded to tell it."""
    return {key: offset(each) if key.endswith("At") else each for key, each in told.items()}


def chosen(body: Mapping[str, Any], keys: Iterable[str]) -> Json:
    """Those of the keys that the body has a value for."""
    return {key: body[key] for key in keys if body.get(key) is not None}


def without_version(told: Mapping[str, Any]) -> Json:
    """A resource as another one tells it: azure-native's version of it stands there alone."""
    return {key: value for key, value in told.items() if key != "azureApiVersion"}


def present(values: Mapping[str, Any]) -> Json:
    """A mapping without what is None."""
    return {key: value for key, value in values.items() if value is not None}


def _by(what: str, who: Principal, when: str) -> Json:
    kind = "User" if who.kind == "User" else "Application"
    return {f"{what}By": who.client_id or who.object_id, f"{what}ByType": kind, f"{what}At": when}
