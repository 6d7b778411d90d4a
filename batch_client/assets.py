"""Registered data: its name as people write it, made into the id and the type that a job is given.

REST takes an asset's resource id alone (D:machine-learning/
how-to-access-data-batch-endpoints-jobs); names and labels are the clients'. The latest version is
the one that was created last, as azure-ai-ml 1.35.2 has it. Tables (MLTable) are no batch input.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from batch_client.answers import NotThereError
from batch_client.caller import Caller
from batch_client.errors import UsageError
from batch_client.invocation import ASSET_TYPES, FILE, FOLDER, Port
from batch_client.rights import Need, needing
from batch_client.run_history import ML_VERSION
from batch_client.uris import ASSET_ID, NAMED_ASSET

_MAY_READ = "AzureML Data Scientist"
"""``…/workspaces/data/versions/read``, which the role of this program does not have."""


def registered(caller: Caller, uri: str, kind: str | None = None) -> Port:
    """What a job is given of a data asset, whose type and version are looked up where unsaid.

    Args:
        caller: who looks it up.
        uri: ``azureml:<name>``, with ``:<version>`` or ``@latest``; or a version's resource id.
        kind: its type, where somebody said it.

    Raises:
        UsageError: no such asset or version, or one that no batch endpoint reads.
        ClientError: it can't be read; a missing role is named.
    """
    place, version = _parts(caller.environment.need("workspace_id"), uri)
    if not version:
        version, found = _latest(caller, place, uri)
    elif kind:
        return Port(kind, f"{place}/versions/{version}")
    else:
        one = f"{place}/versions/{quote(version, safe='')}"
        with _looked_up(caller, uri):
            told = caller.manager.get(one, ML_VERSION)
        found = str(told["properties"].get("dataType"))
    if ASSET_TYPES.get(found) not in {kind or FILE, kind or FOLDER}:
        accepted = kind or " and ".join(ASSET_TYPES)
        raise UsageError(f"{uri} is of type {found}; accepted: {accepted}.")
    return Port(ASSET_TYPES[found], f"{place}/versions/{version}")


def _parts(workspace: str, uri: str) -> tuple[str, str]:
    """The id of an asset, and the version; empty where the latest is meant."""
    by_id, named = ASSET_ID.fullmatch(uri), NAMED_ASSET.fullmatch(uri)
    if by_id and by_id["kind"].lower() == "data":
        return by_id["asset"], by_id["version"]
    if named and named["label"] in {None, "latest"}:
        return f"{workspace}/data/{named['name']}", named["version"] or ""
    message = f"{uri!r} is no data asset; accepted: azureml:<name>, azureml:<name>:<version>."
    raise UsageError(message)


def _latest(caller: Caller, place: str, uri: str) -> tuple[str, str]:
    """The version that was created last, and its type."""
    with _looked_up(caller, uri):
        versions = list(caller.manager.listed(f"{place}/versions", ML_VERSION))
    if not versions:
        raise UsageError(f"There is no data asset {uri!r} in {place.partition('/data/')[0]}.")
    last = max(versions, key=_created)
    return str(last["name"]), str(last["properties"].get("dataType"))


def _created(version: dict[str, Any]) -> str:
    return str((version.get("systemData") or {}).get("createdAt") or "")


@contextmanager
def _looked_up(caller: Caller, uri: str) -> Iterator[None]:
    """What is asked inside is about an asset that there has to be."""
    workspace = caller.environment.need("workspace_id")
    try:
        with needing(Need("look the data asset up", _MAY_READ, f"the workspace {workspace}")):
            yield
    except NotThereError:
        raise UsageError(f"There is no data asset {uri!r} in {workspace}.") from None
