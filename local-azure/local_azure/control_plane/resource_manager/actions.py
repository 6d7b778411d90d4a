"""POST actions of resources that a service answers out of what it alone knows, and names asked for.

The keys of storage accounts open nothing here, whatever ``allowSharedKeyAccess`` says: data is
reached with tokens.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.resource_manager import account_keys, names, versions
from local_azure.control_plane.resource_manager.errors import (
    InvalidContentError,
    NotEmulatedError,
)
from local_azure.control_plane.resource_manager.manager import ResourceManager
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType
from local_azure.control_plane.resource_manager.rest import Call, Handler, Operation

WORKFLOW = "Microsoft.Logic/workflows"
LIST_CALLBACK = f"{WORKFLOW}/triggers/listCallbackUrl/action"
_OF_WORKFLOWS = ("2019-05-01", "2016-06-01")
_WITH_KEYS = ("Microsoft.EventGrid/topics", "Microsoft.EventGrid/domains")
_ACCOUNT = "Microsoft.Storage/storageAccounts"
_TAKEN = {
    "Microsoft.Storage/storageAccounts": "The storage account named {} is already taken.",
    "Microsoft.KeyVault/vaults": (
        "The vault name '{}' is already in use. Vault names are globaly unique so it is possible "
        "that the name is already taken. If you are sure that the vault name was not taken then it "
        "is possible that a vault with the same name was recently deleted but not purged after "
        "being placed in a recoverable state. If the vault is in a recoverable state then the "
        "vault will need to be purged before reusing the name. For more information on soft delete "
        "and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740."
    ),
}
"""D:rest/api/storagerp, Check Name Availability; of vaults as recorded, its spelling too."""
_UNIQUE = (
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.ContainerRegistry/registries",
)


@dataclass(frozen=True)
class Secrets:
    """What services tell nobody but those who may list it.

    Attributes:
        callback_url: of a workflow's trigger, by the workflow's id and the trigger's name.
        access_keys: the two of a custom topic or domain, by its id.
        renew_key: makes the first (0) or the second (1) of them anew.
    """

    callback_url: Callable[[str, str], str]
    access_keys: Callable[[str], tuple[str, str]]
    renew_key: Callable[[str, int], None]


def in_version(url: str, version: str) -> str:
    """A signed URL as who asks in a version of the interface is told it: in that one (recorded)."""
    return re.sub("api-version=[^&]*", f"api-version={version}", url)


def callback(url: str) -> Json:
    """A trigger's URL in its parts, as recorded: its base has no port, though the URL has one."""
    base, _, query = url.partition("?")
    return {
        "basePath": base.replace(":443/", "/"),
        "method": "POST",
        "queries": dict(parse_qsl(query)),
        "value": url,
    }


def operations(manager: ResourceManager, secrets: Secrets) -> Iterator[Operation]:
    """The table."""

    async def list_callback(call: Call) -> Response:
        url = secrets.callback_url(call.target.id, call.path["triggerName"])
        return JSONResponse(callback(in_version(url, call.query["api-version"])))

    async def list_keys(call: Call) -> Response:
        account_keys.check_are_on(call.target)
        return JSONResponse(_keys(secrets, call.target.id))

    async def renew(call: Call) -> Response:
        account_keys.check_are_on(call.target)
        found = call.body.get("keyName") if isinstance(call.body, dict) else None
        if found not in account_keys.NAMES:
            raise InvalidContentError(
                f"keyName: found {found!r}; accepted: {', '.join(account_keys.NAMES)}."
            )
        secrets.renew_key(call.target.id, account_keys.NAMES.index(found))
        return JSONResponse(_keys(secrets, call.target.id))

    for kind in manager.kinds:
        if kind.arm_type == WORKFLOW:
            rest, part = "/listCallbackUrl", "/triggers/{triggerName}"
            yield Operation(
                "POST", kind.path, rest, LIST_CALLBACK, _OF_WORKFLOWS, list_callback, part
            )
        if kind.arm_type in _WITH_KEYS:
            yield _action(kind, "listKeys", list_keys)
            yield _action(kind, "regenerateKey", renew)
        yield from _without_secrets(kind)


def _without_secrets(kind: ResourceType) -> Iterator[Operation]:
    """What is answered out of the resource itself."""
    if kind.arm_type == _ACCOUNT:
        # Terraform asks with `$expand=kerb`: of Kerberos keys there are none.
        yield _action(kind, "listKeys", _account_keys, "listkeys", "$expand")
        yield _action(kind, "regenerateKey", _keyless, "regeneratekey")
    if kind.arm_type.endswith("/eventSubscriptions"):
        yield _action(kind, "getFullUrl", _full_url)
        yield _action(kind, "getDeliveryAttributes", _attributes)
    if kind.arm_type in _UNIQUE:
        yield _name_check(kind)


def _action(
    kind: ResourceType, verb: str, handler: Handler, right: str = "", *heeds: str
) -> Operation:
    action, spoken = kind.action(f"{right or verb}/action"), versions.accepted(kind)
    return Operation("POST", kind.path, f"/{verb}", action, spoken, handler, heeds=heeds)


async def _account_keys(call: Call) -> Response:
    return JSONResponse(account_keys.listed(call.control, call.target))


async def _keyless(call: Call) -> Response:
    account_keys.check_are_on(call.target)
    raise NotEmulatedError(call.target.id, "nothing here takes its keys")


async def _full_url(call: Call) -> Response:
    """The URL of a webhook with its query, which no other answer tells."""
    destination = call.target.body.get("destination") or {}
    if "endpointUrl" not in destination:
        raise InvalidContentError("Only a subscription that delivers to a webhook has a URL.")
    return JSONResponse({"endpointUrl": destination["endpointUrl"]})


async def _attributes(_: Call) -> Response:
    """A subscription's own headers, of which none are emulated.

    Shape: D:rest/api/eventgrid, Event Subscriptions - Get Delivery Attributes.
    """
    return JSONResponse({"value": []})


def _keys(secrets: Secrets, resource_id: str) -> dict[str, str]:
    return dict(zip(account_keys.NAMES, secrets.access_keys(resource_id), strict=True))


def _name_check(kind: ResourceType) -> Operation:
    """Whether a name that is unique in Azure is free; what says that it is not is UNVERIFIED."""

    async def check(call: Call) -> Response:
        given = call.body if isinstance(call.body, dict) else {}
        name = given.get("name")
        if not isinstance(name, str) or str(given.get("type")).lower() != kind.arm_type.lower():
            message = f"accepted: an object with a name, and the type {kind.arm_type!r}."
            raise InvalidContentError(message)
        return JSONResponse(_availability(call, kind, name))

    namespace = kind.arm_type.partition("/")[0]
    rest = f"/providers/{namespace}/checkNameAvailability"
    action, spoken = f"{namespace}/checkNameAvailability/read", versions.accepted(kind)
    return Operation("POST", "/subscriptions/{subscriptionId}", rest, action, spoken, check)


def _availability(call: Call, kind: ResourceType, name: str) -> dict[str, Any]:
    if accepted := names.accepted_instead(kind.arm_type, name):
        message = f"The name '{name}' is not valid; accepted: {accepted}."
        return {"nameAvailable": False, "reason": "AccountNameInvalid", "message": message}
    if call.control.resources.named(kind.arm_type, name):
        message = _TAKEN.get(kind.arm_type, "The name '{}' is already in use.").format(name)
        return {"nameAvailable": False, "reason": "AlreadyExists", "message": message}
    return {"nameAvailable": True}
