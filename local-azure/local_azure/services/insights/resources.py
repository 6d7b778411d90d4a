"""Application Insights, Log Analytics and diagnostic settings on the control plane.

They exist and can be named; nothing is collected, and no query is answered.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from local_azure.control_plane import arm_types
from local_azure.control_plane.clock import offset
from local_azure.control_plane.resource_manager.answers import chosen, proxied, system_data, tracked
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.control_plane.tenant import TENANT_ID

_LOGS = "Microsoft.OperationalInsights/workspaces"
_COMPONENT = "Microsoft.Insights/components"
_COMPONENT_AS_TOLD = "microsoft.insights/components"
"""Recorded of its type and in its id."""
_CHOSEN: Json = {
    "features": {"enableLogAccessUsingOnlyResourcePermissions": True},
    "workspaceCapping": {"dailyQuotaGb": -1.0},
}
_LOG_MODE = "LogAnalytics"
_FEWEST_DAYS, _MOST_DAYS = 30, 730


def _logs_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs,
        "defaultDataCollectionRuleResourceId",
        "features",
        "workspaceCapping",
        chosen=_CHOSEN,
    )


def _logs_answer(put: Put) -> Json:
    tomorrow = put.control.clock.now() + timedelta(days=1)
    access = chosen(
        put.body,
        ["forceCmkForQuery", "publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"],
    )
    return {
        **tracked(put),
        "publicNetworkAccessForIngestion": "Enabled",
        "publicNetworkAccessForQuery": "Enabled",
        **access,
        "createdDate": put.kept("createdDate", lambda: put.now),
        "customerId": put.kept("customerId"),
        "etag": f'"{uuid4()}"',
        **_CHOSEN,
        "modifiedDate": put.now,
        "provisioningState": "Succeeded",
        "retentionInDays": put.body.get("retentionInDays", _FEWEST_DAYS),
        "sku": {
            "name": "PerGB2018",
            **(put.body.get("sku") or {}),
            "lastSkuUpdate": put.kept("createdDate", lambda: put.now),
        },
        "workspaceCapping": {
            **_CHOSEN["workspaceCapping"],
            "dataIngestionStatus": "RespectQuota",
            "quotaNextResetTime": f"{tomorrow:%Y-%m-%dT%H}:00:00Z",
        },
    }


LOG_ANALYTICS = ResourceType(
    pulumi_type="azure-native:operationalinsights:Workspace",
    path=f"{_LOGS}/{{workspaceName}}",
    api_version="2023-09-01",
    form=Form(below=frozenset({"sku"})),
    answer=_logs_answer,
    rules=_logs_rules,
    limits={"retentionInDays": Limit(_FEWEST_DAYS, _MOST_DAYS)},
)


def _component_rules(inputs: Json) -> Iterator[Problem]:
    if "workspaceResourceId" not in inputs:
        # Classic components without a workspace were retired in 2024.
        yield Problem("workspaceResourceId", "missing; a component keeps its data in a workspace")
    if "applicationType" not in inputs:
        yield Problem("applicationType", "missing; azure-native fills it in, Azure does not")
    yield from other_than(inputs, "ingestionMode", _LOG_MODE, word="accepted")


def _check_component(put: Put) -> None:
    put.linked("workspaceResourceId", put.body["workspaceResourceId"], _LOGS)


_CAPITALS = (
    "appId",
    "applicationId",
    "connectionString",
    "creationDate",
    "disableIpMasking",
    "disableLocalAuth",
    "forceCustomerStorageForProfiler",
    "hockeyAppId",
    "hockeyAppToken",
    "immediatePurgeDataOn30Days",
    "ingestionMode",
    "instrumentationKey",
    "laMigrationDate",
    "privateLinkScopedResources",
    "retentionInDays",
    "samplingPercentage",
    "tenantId",
    "workspaceResourceId",
)
"""What begins with a capital in Azure's interface of components, and not in azure-native's."""

_WHERE_GIVEN = (
    "disableLocalAuth",
    "forceCustomerStorageForProfiler",
    "hockeyAppId",
    "immediatePurgeDataOn30Days",
    "samplingPercentage",
    "workspaceResourceId",
)


def _component_answer(put: Put) -> Json:
    key, app = put.kept("instrumentationKey"), put.kept("appId")
    ingestion = f"https://{put.location}-0.in.applicationinsights.azure.com/"
    live = f"https://{put.location}.livediagnostics.monitor.azure.com/"
    return {
        **tracked(put),
        "type": _COMPONENT_AS_TOLD,
        **chosen(put.body, _WHERE_GIVEN),
        "appId": app,
        "applicationId": put.name,
        "applicationType": put.body.get("applicationType", "web"),
        "connectionString": (
            f"InstrumentationKey={key};IngestionEndpoint={ingestion};LiveEndpoint={live}"
        ),
        "creationDate": put.kept("creationDate", lambda: offset(put.now)),
        "etag": f'"{uuid4()}"',
        "disableIpMasking": put.body.get("disableIpMasking", False),
        "flowType": put.body.get("flowType", "Bluefield"),
        "ingestionMode": _LOG_MODE,
        "instrumentationKey": key,
        "kind": put.body["kind"],
        "provisioningState": "Succeeded",
        "publicNetworkAccessForIngestion": put.body.get(
            "publicNetworkAccessForIngestion", "Enabled"
        ),
        "publicNetworkAccessForQuery": put.body.get("publicNetworkAccessForQuery", "Enabled"),
        "requestSource": put.body.get("requestSource", "rest"),
        "retentionInDays": put.body.get("retentionInDays", 90),
        "tenantId": TENANT_ID,
    }


_COMPONENT_FORM = Form(
    renamed={
        "applicationType": "Application_Type",
        "flowType": "Flow_Type",
        "requestSource": "Request_Source",
        **{key: key[0].upper() + key[1:] for key in _CAPITALS},
    }
)

COMPONENT = ResourceType(
    pulumi_type="azure-native:applicationinsights:Component",
    arm_type=_COMPONENT,
    path=f"{_COMPONENT_AS_TOLD}/{{resourceName}}",
    api_version="2020-02-02",
    form=_COMPONENT_FORM,
    answer=_component_answer,
    rules=_component_rules,
    check=_check_component,
)


def _diagnostics_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs,
        "eventHubAuthorizationRuleId",
        "eventHubName",
        "marketplacePartnerId",
        "serviceBusRuleId",
    )
    if not (inputs.get("workspaceId") or inputs.get("storageAccountId")):
        yield Problem("workspaceId", "missing; what is collected must go somewhere")
    if not (inputs.get("logs") or inputs.get("metrics")):
        yield Problem("logs", "missing; a setting collects logs or metrics")
    for index, log in enumerate(at(inputs, "logs") or []):
        if isinstance(log, dict) and ("category" in log) == ("categoryGroup" in log):
            yield Problem(f"logs[{index}]", "accepted: either a category or a categoryGroup")


def _check_diagnostics(put: Put) -> None:
    put.linked("resourceUri", put.path["resourceUri"])
    if workspace := put.body.get("workspaceId"):
        put.linked("workspaceId", workspace, _LOGS)
        # Source: a refusal that JimGBritt/AzurePolicy#17 shows.
        put.authorize_linked(f"{_LOGS}/sharedKeys/action", workspace)
    if account := put.body.get("storageAccountId"):
        put.linked("storageAccountId", account, arm_types.STORAGE_ACCOUNT)


def _diagnostics_answer(put: Put) -> Json:
    return {
        **proxied(put),
        **chosen(put.body, ["workspaceId", "storageAccountId", "logAnalyticsDestinationType"]),
        "logs": [{**log} for log in put.body.get("logs") or []],
        "metrics": [{**metric} for metric in put.body.get("metrics") or []],
        "systemData": system_data(put),
    }


DIAGNOSTIC_SETTING = ResourceType(
    pulumi_type="azure-native:monitor:DiagnosticSetting",
    path="{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    api_version="2021-05-01-preview",
    answer=_diagnostics_answer,
    rules=_diagnostics_rules,
    limits=dict.fromkeys(
        ("logs[].retentionPolicy.days", "metrics[].retentionPolicy.days"), Limit(0)
    ),
    check=_check_diagnostics,
)
