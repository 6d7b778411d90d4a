"""Linked services on the control plane: blob storage by managed identity, and key vaults."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local_azure.control_plane.clouds import BLOB_SUFFIXES, VAULT_SUFFIXES
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.services.datafactory.resources.place import document_type, reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.control_plane.resource_manager.resource_type import Json

_BLOBS, _VAULT = "AzureBlobStorage", "AzureKeyVault"
_URL = {_BLOBS: "serviceEndpoint", _VAULT: "baseUrl"}
_SUFFIXES = {_BLOBS: BLOB_SUFFIXES, _VAULT: VAULT_SUFFIXES}
_COMMON = frozenset(
    {
        *("type", "description", "annotations", "connectVia", "credential", "parameters"),
        "version",
    }
)
_KEYS = {_BLOBS: _COMMON | {"serviceEndpoint", "accountKind"}, _VAULT: _COMMON | {"baseUrl"}}


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict) or properties.get("type") is UNKNOWN:
        return
    kind = str(properties["type"])
    if kind not in _URL:
        yield Problem("properties.type", f"found {kind!r}, emulated: {', '.join(sorted(_URL))}")
        return
    # Keys and signatures among them: shared keys are off in every account here.
    unheeded = sorted(set(properties) - _KEYS[kind])
    for problem in not_emulated(properties, *unheeded):
        yield Problem(f"properties.{problem.path}", problem.reason)
    yield from _url_problems(properties, _URL[kind], _SUFFIXES[kind])
    yield from reference_problems(inputs)


def _url_problems(properties: Json, key: str, suffixes: tuple[str, ...]) -> Iterator[Problem]:
    path, found = f"properties.{key}", properties.get(key)
    accepted = " or ".join(f"'https://<name>.{suffix}'" for suffix in suffixes)
    if found is None:
        yield Problem(path, f"missing; accepted: {accepted}")
    elif found is not UNKNOWN and not _is_expression(found) and not _is_host_of(found, suffixes):
        yield Problem(path, f"found {found!r}, accepted: {accepted}")


def _is_expression(found: object) -> bool:
    """Whether a run will tell what it is, from the linked service's parameters."""
    return isinstance(found, dict) or "@" in str(found)


def _is_host_of(found: object, suffixes: tuple[str, ...]) -> bool:
    if not isinstance(found, str):
        return False
    try:
        url = urlsplit(found)
    except ValueError:
        return False
    name, _, suffix = url.netloc.lower().partition(".")
    bare = url.path in {"", "/"} and not url.query and not url.fragment
    return url.scheme == "https" and bool(name) and suffix in suffixes and bare


LINKED_SERVICE = document_type("LinkedService", "linkedService", rules=_rules)
