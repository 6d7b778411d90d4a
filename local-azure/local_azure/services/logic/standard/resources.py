"""Plans and sites on the control plane: those of Standard Logic Apps.

Slots, certificates, hybrid connections, publishing credentials and the SCM site are not emulated.
What azure-native would send and nothing here heeds is refused by name.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.networks import integration
from local_azure.control_plane.networks.origins import SERVICE_TAGS
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, present, proxied, tracked
from local_azure.control_plane.resource_manager.errors import ResourceNotFoundError
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.logic.standard import site_storage
from local_azure.services.logic.standard.settings import settings_in

PLAN_TYPE = "Microsoft.Web/serverfarms"
SITE_TYPE = "Microsoft.Web/sites"
KIND = "functionapp,workflowapp"
_TIER, _SKUS = "WorkflowStandard", ("WS1", "WS2", "WS3")
_SUBNET = "Microsoft.Network/virtualNetworks/subnets"
_SUBNET_ID = "virtualNetworkSubnetId"
_ROUTING, _ALL = "outboundVnetRouting", "siteConfig.vnetRouteAllEnabled"
_KINDS_OF_TRAFFIC = (
    *("allTraffic", "applicationTraffic", "backupRestoreTraffic", "contentShareTraffic"),
    "imagePullTraffic",
)
_CONNECTION, _CONNECTION_TYPE = "networkConfig/virtualNetwork", f"{SITE_TYPE}/networkConfig"
_LONGEST_PREFIX = 28
_OF_PLAN = frozenset(
    ("kind", "location", "maximumElasticWorkerCount", "name", "resourceGroupName", "sku", "tags")
)
_OF_SITE = frozenset(
    (
        *("clientAffinityEnabled", "httpsOnly", "identity", "kind", "location", "name"),
        *("publicNetworkAccess", "resourceGroupName", "serverFarmId", "siteConfig", "tags"),
        *(_ROUTING, _SUBNET_ID),
    )
)
_CONFIGURED = (
    *("ftpsState", "functionsRuntimeScaleMonitoringEnabled", "http20Enabled"),
    "ipSecurityRestrictions",
    *("ipSecurityRestrictionsDefaultAction", "minTlsVersion", "netFrameworkVersion"),
    *("use32BitWorkerProcess", "vnetRouteAllEnabled"),
)
_OFF = ("hyperV", "isSpot", "isXenon", "localMySqlEnabled", "reserved", "scmSiteAlsoStopped")
"""Off may be said, and azure-native says it of most."""
_OF_RULE = ("action", "ipAddress", "name", "priority", "tag", "description")


def _only(inputs: Json, known: frozenset[str]) -> Iterator[Problem]:
    off = {key for key in _OFF if inputs.get(key) is False}
    for key in sorted(inputs.keys() - known - off):
        yield Problem(key, f"not emulated; emulated: {', '.join(sorted(known))}")


def _plan_rules(inputs: Json) -> Iterator[Problem]:
    yield from _only(inputs, _OF_PLAN)
    sku = inputs.get("sku")
    if sku is UNKNOWN:
        return
    name, tier = at(inputs, "sku.name"), at(inputs, "sku.tier")
    if name not in {*_SKUS, UNKNOWN}:
        yield Problem("sku.name", f"found {name!r}, emulated: {', '.join(_SKUS)}")
    if tier not in {_TIER, UNKNOWN}:
        yield Problem("sku.tier", f"found {tier!r}, emulated: {_TIER!r}")


def _plan_answer(put: Put) -> Json:
    sku = put.body["sku"]
    return {
        **tracked(put),
        "kind": put.body.get("kind", "elastic"),
        "sku": {**sku, "size": sku["name"], "family": "WS", "capacity": 1},
        "maximumElasticWorkerCount": put.body.get("maximumElasticWorkerCount", 1),
        "elasticScaleEnabled": True,
        "numberOfSites": len(_sites_of(put)),
        "perSiteScaling": False,
        "provisioningState": "Succeeded",
        "reserved": False,
        "resourceGroup": put.path["resourceGroupName"],
        "status": "Ready",
        "zoneRedundant": False,
    }


def _sites_of(put: Put) -> list[Any]:
    return [
        each
        for each in put.control.resources.select(SITE_TYPE)
        if str(each.body.get("serverFarmId")).lower() == put.id.lower()
    ]


def _site_rules(inputs: Json) -> Iterator[Problem]:
    yield from _only(inputs, _OF_SITE)
    if inputs.get("kind") not in {KIND, UNKNOWN}:
        yield Problem("kind", f"found {inputs.get('kind')!r}, emulated: {KIND!r}")
    if not inputs.get("serverFarmId"):
        yield Problem("serverFarmId", "missing; a Standard Logic App lies in a plan")
    routing = inputs.get(_ROUTING)
    for key, is_on in sorted(routing.items()) if isinstance(routing, dict) else ():
        if key != "applicationTraffic" and is_on is not False:
            yield Problem(f"{_ROUTING}.{key}", "not emulated; emulated: applicationTraffic")
    configured = inputs.get("siteConfig")
    if not isinstance(configured, dict):
        return
    known = frozenset((*_CONFIGURED, "appSettings"))
    for problem in _only(configured, known):
        yield Problem(f"siteConfig.{problem.path}", problem.reason)
    yield from _setting_problems(configured.get("appSettings"))
    version = configured.get("netFrameworkVersion")
    if version not in {"v6.0", "v8.0", UNKNOWN}:
        # D:azure-functions/functions-versions, of Windows.
        reason = f"found {version!r}, accepted: 'v6.0' or 'v8.0', on which the runtime ~4 runs"
        yield Problem("siteConfig.netFrameworkVersion", reason)
    rules = configured.get("ipSecurityRestrictions")
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(rule, dict):
            yield from _rule_problems(rule, f"siteConfig.ipSecurityRestrictions[{index}]")


def _setting_problems(settings: Any) -> Iterator[Problem]:
    names = [at(each, "name") for each in settings] if isinstance(settings, list) else []
    for name in sorted({str(each) for each in names if names.count(each) > 1}):
        yield Problem("siteConfig.appSettings", f"{name!r} stands there twice")


def _rule_problems(rule: Json, where: str) -> Iterator[Problem]:
    for key in sorted(rule.keys() - set(_OF_RULE)):
        yield Problem(f"{where}.{key}", "not emulated; leave it out")
    address, tag = rule.get("ipAddress"), rule.get("tag")
    if UNKNOWN in (address, tag):
        return
    if tag == "ServiceTag":
        if address not in SERVICE_TAGS:
            emulated = ", ".join(SERVICE_TAGS)
            yield Problem(f"{where}.ipAddress", f"found {address!r}, emulated: {emulated}")
    elif tag not in {None, "Default"}:
        yield Problem(f"{where}.tag", f"found {tag!r}, emulated: 'Default', 'ServiceTag'")
    else:
        yield from _range_problems(address, where)


def _range_problems(address: Any, where: str) -> Iterator[Problem]:
    try:
        ipaddress.ip_network(str(address))
    except ValueError:
        accepted = "an address range such as 203.0.113.0/24"
        yield Problem(f"{where}.ipAddress", f"found {address!r}, accepted: {accepted}")


def _check_site(put: Put) -> None:
    put.check_unique("site names")
    _check_routing(put)
    plan = put.linked("serverFarmId", put.body["serverFarmId"], PLAN_TYPE)
    if plan.properties["location"] != put.location:
        reason = f"the plan is in {plan.properties['location']!r}, the site in {put.location!r}"
        raise put.refuse("serverFarmId", reason)
    if subnet_id := put.body.get(_SUBNET_ID):
        _check_subnet(put, _SUBNET_ID, subnet_id, plan.id)
    site_storage.check_share(put.control, put.body, settings_in(put.body))


def _check_routing(put: Put) -> None:
    """What the site says stands; its configuration says it at its creation alone.

    (hashicorp/terraform-provider-azurerm#24878, CDCgov/prime-reportstream#14288)
    """
    said = at(put.body, _ALL)
    if put.before is None or _ROUTING in put.body or said is None:
        return
    if said != _routing(put.before.body)["applicationTraffic"]:
        raise put.refuse(
            _ALL,
            "There was a conflict. SiteConfig.VnetRouteAllEnabled cannot be modified. "
            "Please modify the Site.VnetRouteAllEnabled property.",
        )


def _routing(body: Json) -> Json:
    """Which traffic goes into the subnet."""
    off = dict.fromkeys(_KINDS_OF_TRAFFIC, False)
    return {**off, "applicationTraffic": bool(at(body, _ALL)), **(body.get(_ROUTING) or {})}


def _check_subnet(put: Put, path: str, subnet_id: str, plan_id: str) -> None:
    """D:app-service/overview-vnet-integration; the last sentence is of azure-cli issue 14597."""
    subnet = put.linked(path, subnet_id, _SUBNET)
    delegated = [str(each["serviceName"]) for each in subnet.properties["delegations"]]
    if PLAN_TYPE.lower() not in map(str.lower, delegated):
        raise put.refuse(path, "the subnet is not delegated to Microsoft.Web/serverFarms")
    put.authorize_linked(f"{_SUBNET}/join/action", subnet.id)
    if IPv4Network(subnet.properties["addressPrefix"]).prefixlen > _LONGEST_PREFIX:
        accepted = f"a subnet of /{_LONGEST_PREFIX} or larger"
        raise put.refuse(path, f"accepted: {accepted}")
    other = integration.occupant(put.control, subnet.id)
    if other and other.lower() != plan_id.lower():
        network = subnet.id.split("/")[-3]
        reason = f"Subnet {subnet.name} in VNET {network} is already occupied by service {other}."
        raise put.refuse(path, reason)


def _integrate(put: Put, _: Json) -> None:
    """Let the site into its subnet, and out of the one that it was in."""
    now, connection = put.body.get(_SUBNET_ID), f"{put.id}/{_CONNECTION}"
    _move(put.control, put.id, put.before, now)
    if now:
        body = {"subnetResourceId": now, "swiftSupported": True}
        told = {**body, "name": "virtualNetwork", "type": _CONNECTION_TYPE}
        made = Resource(connection, _CONNECTION_TYPE, "virtualNetwork", body, told)
        put.control.resources.put(made)
    else:
        put.control.resources.delete(connection)


def _move(control: ControlPlane, site_id: str, before: Resource | None, now: str | None) -> None:
    """From the subnet of before into this one; the plan's last site takes the plan with it."""
    sites = {each.id: each.body for each in control.resources.select(SITE_TYPE)}
    if now:
        integration.join(control, now, sites[site_id]["serverFarmId"])
    was = str(before.body.get(_SUBNET_ID) or "") if before else ""
    others = [str(body.get(_SUBNET_ID)).lower() for id_, body in sites.items() if id_ != site_id]
    if was and was.lower() not in {str(now).lower(), *others}:
        integration.leave(control, was)


def _site_of(control: ControlPlane, connection_id: str) -> Resource:
    site_id = connection_id.removesuffix(f"/{_CONNECTION}")
    if (found := control.resources.find(site_id)) is None:
        raise ResourceNotFoundError(site_id)
    return found


def _check_connection(put: Put) -> None:
    site = _site_of(put.control, put.id)
    _check_subnet(put, "subnetResourceId", put.body["subnetResourceId"], site.body["serverFarmId"])


def _connection_rules(inputs: Json) -> Iterator[Problem]:
    if not inputs.get("subnetResourceId"):
        yield Problem("subnetResourceId", "missing; a site is disconnected by a DELETE")


def _connection_answer(put: Put) -> Json:
    told = chosen(put.body, ["subnetResourceId"])
    return {**proxied(put), "name": "virtualNetwork", **told, "swiftSupported": True}


def _connect(put: Put, _: Json) -> None:
    site, subnet_id = _site_of(put.control, put.id), put.body["subnetResourceId"]
    _keep(put.control, site, {_SUBNET_ID: subnet_id})
    _move(put.control, site.id, site, subnet_id)


def _disconnect(control: ControlPlane, connection: Resource, _: Principal) -> None:
    """Take the site out; with a site that is deleted the connection goes without that."""
    site = _site_of(control, connection.id)
    with control.state.transaction():
        _keep(control, site, {})
        _move(control, site.id, site, None)


def _keep(control: ControlPlane, site: Resource, subnet: Json) -> None:
    body, told = (
        {key: value for key, value in each.items() if key != _SUBNET_ID} | subnet
        for each in (site.body, site.properties)
    )
    control.resources.put(replace(site, body=body, properties=told))


def _site_answer(put: Put) -> Json:
    told = ("httpsOnly", "clientAffinityEnabled", "publicNetworkAccess", "serverFarmId")
    configured = put.body.get("siteConfig") or {}
    host = f"{put.name.lower()}.{put.cloud.sites}"
    return {
        **tracked(put),
        "kind": put.body["kind"],
        **chosen(put.body, [*told, _SUBNET_ID]),
        "availabilityState": "Normal",
        "defaultHostName": host,
        "enabled": True,
        "enabledHostNames": [host],
        "hostNames": [host],
        "lastModifiedTimeUtc": put.now,
        _ROUTING: _routing(put.body),
        "repositorySiteName": put.name,
        "resourceGroup": put.path["resourceGroupName"],
        # Values of app settings are told by an action alone.
        "siteConfig": present({key: configured.get(key) for key in _CONFIGURED}),
        "state": "Running",
        "usageState": "Normal",
    }


PLAN = ResourceType(
    pulumi_type="azure-native:web:AppServicePlan",
    path=f"{PLAN_TYPE}/{{name}}",
    api_version="2025-05-01",
    answer=_plan_answer,
    rules=_plan_rules,
    limits={"maximumElasticWorkerCount": Limit(1, 100)},
)
SITE = ResourceType(
    pulumi_type="azure-native:web:WebApp",
    path=f"{SITE_TYPE}/{{name}}",
    api_version="2025-05-01",
    answer=_site_answer,
    rules=_site_rules,
    check=_check_site,
    commit=_integrate,
    replaces=("location",),
    form=Form(below=frozenset({"sku"})),
    write_only=("siteConfig.appSettings",),
)
CONNECTION = ResourceType(
    pulumi_type="azure-native:web:WebAppSwiftVirtualNetworkConnection",
    path=f"{SITE.path}/{_CONNECTION}",
    arm_type=_CONNECTION_TYPE,
    api_version="2025-05-01",
    answer=_connection_answer,
    rules=_connection_rules,
    check=_check_connection,
    check_delete=_disconnect,
    commit=_connect,
    autoname=None,
)
TYPES = (PLAN, SITE, CONNECTION)
