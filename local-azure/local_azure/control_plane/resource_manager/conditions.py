"""Conditions of a request (``If-Match``, ``If-None-Match``), for types that tell an entity tag.

Source: the management SDKs send them to Data Factory; status and headers are HTTP's (RFC 9110).
"""

from local_azure.control_plane.resource_manager import sdk
from local_azure.control_plane.resource_manager.errors import (
    NotEmulatedError,
    PreconditionFailedError,
)
from local_azure.control_plane.resource_manager.requests import Asked
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource

_TAGS = ("etag", "eTag")


def holds(kind: ResourceType, found: Resource | None, asked: Asked) -> bool:
    """Whether a request is to be carried out; a GET of what is known already is not.

    Raises:
        PreconditionFailedError: a change is not to be made.
        NotEmulatedError: the type tells no entity tag.
    """
    if not set(_TAGS) & set(sdk.resource(kind.pulumi_type).outputs):
        raise NotEmulatedError(asked.path, "a condition on a type that tells no entity tag")
    if asked.if_match is not None and not _is_one_of(asked.if_match, found):
        raise PreconditionFailedError
    if asked.if_none_match is None or not _is_one_of(asked.if_none_match, found):
        return True
    if asked.method not in {"GET", "HEAD"}:
        raise PreconditionFailedError
    return False


def _is_one_of(tags: str, found: Resource | None) -> bool:
    if found is None:
        return False
    own = next((found.properties[key] for key in _TAGS if key in found.properties), None)
    named = {each.strip().strip('"') for each in tags.split(",")}
    return "*" in named or (own is not None and own.strip('"') in named)
