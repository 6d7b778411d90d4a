"""Credentials, linked services and datasets on the control plane.

Credentials are user-assigned identities that the factory has. Linked services are blob storage by
managed identity, and key vaults; datasets binary files on blob storage.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from local_azure.control_plane.clouds import BLOB_SUFFIXES, VAULT_SUFFIXES
from local_azure.control_plane.resource_manager.identity import USER_ASSIGNED
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.datafactory.resources.place import (
    ARM,
    document_type,
    factory_of,
    reference_problems,
)

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
_LOCATION = "AzureBlobStorageLocation"


def _credential_rules(inputs: Json) -> Iterator[Problem]:
    if "resourceId" not in inputs["properties"]:
        yield Problem("properties.resourceId", "missing; accepted: a user-assigned identity's id")


def _check_credential(put: Put) -> None:
    wanted = put.body["properties"]["resourceId"]
    identity = put.linked("properties.resourceId", wanted, USER_ASSIGNED)
    factory = put.linked("factoryName", factory_of(put.id), ARM)
    assigned = at(factory.properties, "identity.userAssignedIdentities") or {}
    if identity.id.lower() not in {each.lower() for each in assigned}:
        reason = f"the identity '{identity.name}' is not assigned to the factory '{factory.name}'"
        raise put.refuse("properties.resourceId", reason)


CREDENTIAL = document_type(
    "CredentialOperation",
    "credential",
    rules=_credential_rules,
    emulated=("ManagedIdentity",),
    check=_check_credential,
)


def _service_rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    kind = str(properties["type"])
    # Keys and signatures among them: shared keys are off in every account here.
    unheeded = sorted(set(properties) - _KEYS[kind])
    yield from not_emulated(properties, *unheeded, path="properties")
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


LINKED_SERVICE = document_type(
    "LinkedService", "linkedService", rules=_service_rules, emulated=tuple(_URL)
)


def _dataset_rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    declined = ("compression", "compressionCodec", "structure")
    yield from not_emulated(properties, *declined, path="properties")
    kind = at(properties, "location.type")
    if kind not in {None, _LOCATION}:
        yield Problem("properties.location.type", f"found {kind!r}, emulated: {_LOCATION!r}")
    elif isinstance(properties.get("location"), dict) and "container" not in properties["location"]:
        yield Problem("properties.location.container", "missing; a blob lies in a container")
    yield from reference_problems(inputs)


DATASET = document_type("Dataset", "dataset", rules=_dataset_rules, emulated=("Binary",))
TYPES = (CREDENTIAL, LINKED_SERVICE, DATASET)
