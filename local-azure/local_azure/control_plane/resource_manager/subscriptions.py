"""What Resource Manager tells above resource groups: tenant, subscription, regions, providers.

Sources of the shapes: learn.microsoft.com, "Subscriptions - List", "Tenants - List",
"Subscriptions - List Locations", "Providers - List". Regions have no zones and pairs.
"""

from collections.abc import Collection
from typing import Any

from starlette.responses import JSONResponse, Response

from local_azure.control_plane import clouds
from local_azure.control_plane.resource_manager import regions, versions
from local_azure.control_plane.resource_manager.errors import InvalidResourceNamespaceError
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType, region
from local_azure.control_plane.resource_manager.rest import Call, Handler, Operation
from local_azure.control_plane.tenant import SUBSCRIPTION, SUBSCRIPTION_ID, TENANT_ID

_VERSIONS = ("2022-12-01", "2022-09-01", "2021-01-01", "2020-01-01", "2019-11-01", "2016-06-01")
_PROVIDER_VERSIONS = ("2025-04-01", "2024-11-01", "2024-03-01", "2022-09-01", "2021-04-01")
_AT = "/subscriptions/{subscriptionId}"
_READ = "Microsoft.Resources/subscriptions"
_SPELT = {"Microsoft.Insights": "microsoft.insights"}
"""Providers that are told in another case than their types (recorded)."""


def operations(types: Collection[ResourceType]) -> list[Operation]:
    """What stands above the resource groups; the types tell what the providers offer."""

    async def providers(call: Call) -> Response:
        found = [_provider(call, each, types) for each in _namespaces(types)]
        return JSONResponse({"value": found})

    async def provider(call: Call) -> Response:
        asked = call.path["namespace"]
        for each in _namespaces(types):
            if each.lower() == asked.lower():
                return JSONResponse(_provider(call, each, types))
        raise InvalidResourceNamespaceError(asked)

    return [
        _get("", "/tenants", "", _tenants),
        _get("", "/subscriptions", "", _subscriptions),
        _get(_AT, "", f"{_READ}/read", _one),
        _get(_AT, "/locations", f"{_READ}/locations/read", _locations),
        _get("", "/providers", "", providers, _PROVIDER_VERSIONS),
        _get("", "/providers/{namespace}", "", provider, _PROVIDER_VERSIONS),
        _get(_AT, "/providers", f"{_READ}/providers/read", providers, _PROVIDER_VERSIONS),
        _get(
            _AT, "/providers/{namespace}", f"{_READ}/providers/read", provider, _PROVIDER_VERSIONS
        ),
        Operation(
            "POST",
            _AT,
            "/providers/{namespace}/register",
            f"{_READ}/providers/register/action",
            _PROVIDER_VERSIONS,
            provider,
        ),
    ]


def _get(
    scope: str, rest: str, action: str, handler: Handler, spoken: tuple[str, ...] = _VERSIONS
) -> Operation:
    return Operation("GET", scope, rest, action, spoken, handler)


async def _tenants(_: Call) -> Response:
    domain = f"{TENANT_ID[:8]}.onmicrosoft.com"
    told = {
        "id": f"/tenants/{TENANT_ID}",
        "tenantId": TENANT_ID,
        "displayName": "The embedded Azure",
        "domains": [domain],
        "defaultDomain": domain,
        "tenantCategory": "Home",
        "tenantType": "AAD",
    }
    return JSONResponse({"value": [told]})


async def _subscriptions(call: Call) -> Response:
    """Those in which the caller has some role, if only on one resource."""
    seen = call.control.authorization.has_role(call.caller.object_id)
    found = [_subscription()] if seen else []
    return JSONResponse({"value": found, "count": {"type": "Total", "value": len(found)}})


async def _one(_: Call) -> Response:
    return JSONResponse(_subscription())


def _subscription() -> Json:
    return {
        "id": SUBSCRIPTION,
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": SUBSCRIPTION_ID,
        "tenantId": TENANT_ID,
        "displayName": "The embedded Azure",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


async def _locations(call: Call) -> Response:
    found = [
        {
            "id": f"{SUBSCRIPTION}/locations/{region(name)}",
            "name": region(name),
            "type": "Region",
            "displayName": name,
            "regionalDisplayName": name,
            "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
        }
        for name in _regions(call)
    ]
    return JSONResponse({"value": found})


def _regions(call: Call) -> list[str]:
    return regions.told(clouds.of(call.host, "arm_host"))


def _namespaces(types: Collection[ResourceType]) -> list[str]:
    return sorted({each.arm_type.partition("/")[0] for each in types})


def _provider(call: Call, namespace: str, types: Collection[ResourceType]) -> Json:
    everywhere = _regions(call)
    return {
        "id": f"{SUBSCRIPTION}/providers/{_SPELT.get(namespace, namespace)}",
        "namespace": _SPELT.get(namespace, namespace),
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "Registered",
        "resourceTypes": [_type(each, everywhere) for each in types if _is_of(each, namespace)],
    }


def _is_of(kind: ResourceType, namespace: str) -> bool:
    return kind.arm_type.startswith(f"{namespace}/")


def _type(kind: ResourceType, everywhere: list[str]) -> dict[str, Any]:
    return {
        "resourceType": kind.arm_type.partition("/")[2],
        "locations": everywhere,
        "apiVersions": list(versions.accepted(kind)),
    }
