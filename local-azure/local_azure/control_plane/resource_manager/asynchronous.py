"""How each method of a type is answered: statuses, and where its operation is followed.

Data alone, as public recordings have it; where a status is not recorded, the SDK's client takes no
other one. What is not in the table is answered with 201 or 200 and is done.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

_PROVIDERS = "/subscriptions/{subscription}/providers"
_EVENT_GRID = f"{_PROVIDERS}/Microsoft.EventGrid/locations/{{location}}"
_ML = f"{_PROVIDERS}/Microsoft.MachineLearningServices/locations/{{location}}"
_LOGS = "Microsoft.OperationalInsights"
_HALF_AN_HOUR = (("x-ms-async-operation-timeout", "PT30M"),)


@dataclass(frozen=True)
class Way:
    """How a method of a type is answered.

    Attributes:
        made: status where the resource is new.
        done: status otherwise.
        making: ``provisioningState`` that the answer tells of a new one; empty for the end's own.
        changing: the same of one that exists.
        meanwhile: what properties are in such an answer, those that are there at all.
        monitor: path of ``Azure-AsyncOperation``, with its query; empty where there is none.
        result: the same of ``Location``; ``{resource}`` and ``{parent}`` are ids,
            ``{told_id}`` is the one that the answer tells.
        retry_after: seconds, as recorded; None where there was no such header.
        empty: whether the answer has no body.
        null: whether its body is null, where there is nothing to tell.
        keys: what a monitor tells, beside an error.
        told_as_url: whether a monitor's ``id`` is its whole URL.
        under_way: the status that it tells until the end.
        returns_it: whether the result is the resource, at the end.
        beside: further headers.
    """

    made: int = 201
    done: int = 200
    making: str = ""
    changing: str = ""
    meanwhile: tuple[tuple[str, str | None], ...] = ()
    monitor: str = ""
    result: str = ""
    retry_after: int | None = None
    empty: bool = False
    null: bool = False
    keys: tuple[str, ...] = ("id", "name", "status")
    told_as_url: bool = False
    under_way: str = "InProgress"
    returns_it: bool = False
    beside: tuple[tuple[str, str], ...] = ()

    def state(self, *, is_new: bool) -> str:
        """What an answer tells as ``provisioningState``, if that is not the end's own."""
        return self.making if is_new else self.changing

    @property
    def is_followed(self) -> bool:
        """Whether a client has to ask for the end."""
        return bool(self.monitor) or self.result not in {"", "{told_id}", "{resource}?{query}"}


AT_ONCE = Way()
_WITH_200 = Way(made=200)
_EVENTS = Way(
    done=201,
    making="Creating",
    changing="Updating",
    monitor=f"{_EVENT_GRID}/operationsStatus/{{GUID}}?{{query}}",
    told_as_url=True,
    retry_after=10,
)
_ACTIVATING = (("status", "Activating"),)
_AT_ITSELF = Way(result="{resource}?{query}")


def _endpoint(prefix: str, making: str, location: str) -> Way:
    return Way(
        making=making,
        changing="Updating",
        meanwhile=(("scoringUri", None),),
        monitor=f"{_ML}/mfeOperationsStatus/{prefix}:{{workspace}}:{{guid}}?{{query}}",
        result=f"{{{location}}}?{{query}}",
        under_way="Updating",
        beside=_HALF_AN_HOUR,
    )


def _endpoint_deleted(prefix: str) -> Way:
    name = f"{prefix}:{{workspace}}:{{guid}}?{{query}}"
    return Way(
        done=202,
        null=True,
        monitor=f"{_ML}/mfeOperationsStatus/{name}",
        result=f"{_ML}/mfeOperationResults/{name}",
        beside=_HALF_AN_HOUR,
    )


WAYS: tuple[tuple[str, Way], ...] = (
    # eventgrid.jsonl, eventgrid.transcribed2.jsonl (2018 to 2024): one that exists is 201 as well.
    (r"PUT Microsoft\.EventGrid/.+", replace(_EVENTS, meanwhile=(("endpoint", None),))),
    (r"PATCH Microsoft\.EventGrid/.+", _EVENTS),
    (
        r"DELETE Microsoft\.EventGrid/.+",
        Way(
            done=202,
            monitor=f"{_EVENT_GRID}/operationsStatus/{{GUID}}?{{query}}",
            told_as_url=True,
            result=f"{_EVENT_GRID}/operationResults/{{GUID}}?{{query}}",
        ),
    ),
    # machinelearning.transcribed.jsonl, machinelearning.transcribed2.jsonl: a deployment is
    # `Updating` from the first, and its Location names the endpoint. The rest is UNVERIFIED for
    # one that exists, and for a deployment that is deleted.
    (r"PUT .+/batchEndpoints", _endpoint("bebes", "Creating", "resource")),
    (r"PUT .+/batchEndpoints/deployments", _endpoint("bdbes", "Updating", "parent")),
    (r"DELETE .+/batchEndpoints", _endpoint_deleted("bebes")),
    (r"DELETE .+/batchEndpoints/deployments", _endpoint_deleted("bdbes")),
    # A cassette of cloud-custodian's (machine-learning-job-cancel, 2026-08-25).
    (
        r"POST .+/workspaces/jobs/cancel",
        Way(
            done=202,
            null=True,
            result=f"{_ML}/mfeOperationResults/jc:{{workspace}}:{{name}}?{{query}}",
            beside=(("x-ms-async-operation-timeout", "PT1H"),),
        ),
    ),
    (
        r"PUT .+/workspaces/computes",
        Way(
            making="Creating",
            changing="Updating",
            monitor=f"{_ML}/computeOperationsStatus/{{guid}}?{{query}}&service=new",
        ),
    ),
    # Of a workspace the monitor is recorded; azure-ai-ml 1.35.2 takes 200 and 202 of its PUT.
    (
        r"PUT Microsoft\.MachineLearningServices/workspaces",
        Way(
            made=202,
            done=202,
            monitor=f"{_ML}/workspaceOperationsStatus/{{guid}}?{{query}}&type=async",
            result=f"{_ML}/workspaceOperationsStatus/{{guid}}?{{query}}&type=location",
            empty=True,
            keys=("status",),
            returns_it=True,
        ),
    ),
    (r"PUT .+/workspaces/models/versions", _WITH_200),
    # One that is there already is 201 as well.
    (r"PUT .+/workspaces/environments/versions", Way(done=201, result="{resource}?{query}")),
    (r"PUT Microsoft\.MachineLearningServices/workspaces/.+", _AT_ITSELF),
    # storage.jsonl, storage.transcribed2.jsonl
    (
        r"PUT Microsoft\.Storage/storageAccounts",
        Way(
            made=202,
            result=f"{_PROVIDERS}/Microsoft.Storage/locations/{{location}}/asyncoperations/{{guid}}"
            "?monitor=true&{query}",
            retry_after=17,
            empty=True,
            returns_it=True,
            beside=(("content-type", "text/plain; charset=utf-8"),),
        ),
    ),
    (r"PUT Microsoft\.Storage/storageAccounts/(managementPolicies|blobServices)", _WITH_200),
    # managedidentity.jsonl: a path without a host
    (r"PUT Microsoft\.ManagedIdentity/userAssignedIdentities", Way(result="{told_id}")),
    # messaging.jsonl, of 2017-04-01; of event hubs the DELETE is UNVERIFIED
    (
        r"PUT Microsoft\.(ServiceBus|EventHub)/namespaces",
        Way(made=200, making="Created", meanwhile=_ACTIVATING),
    ),
    (
        r"PATCH Microsoft\.(ServiceBus|EventHub)/namespaces",
        Way(changing="Updating", meanwhile=_ACTIVATING),
    ),
    (
        r"DELETE Microsoft\.(ServiceBus|EventHub)/namespaces",
        Way(done=202, result="{resource}/operationresults/{name}?{query}"),
    ),
    (r"PUT Microsoft\.(ServiceBus|EventHub)/.+", _WITH_200),
    # keyvault.jsonl: followed by the resource's own state
    (r"PUT Microsoft\.KeyVault/vaults", Way(made=200, making="RegisteringDns")),
    (r"PUT Microsoft\.KeyVault/.+", _WITH_200),
    # insights.jsonl, of 2025-07-01
    (
        rf"DELETE {_LOGS}/workspaces",
        Way(
            done=202,
            monitor=f"{_PROVIDERS}/{_LOGS}/locations/{{location}}/operationstatuses/{{guid}}"
            "?{query}",
            result="{resource}/operationresults/{guid}?{query}",
            retry_after=0,
            keys=("id", "name", "status", "startTime", "endTime", "properties"),
        ),
    ),
    (r"PUT Microsoft\.(ContainerRegistry|DataFactory)/.+", _WITH_200),
    (r"PUT Microsoft\.Insights/components", _WITH_200),
    # azure-mgmt-monitor 7.0.0 takes no other status of it
    (r"PUT Microsoft\.Insights/metricAlerts", _WITH_200),
    # azure-mgmt-authorization 4.0.0 takes no other status of it
    (r"PUT Microsoft\.Authorization/roleDefinitions", Way(done=201)),
    # deployments.jsonl, deployments.transcribed2.jsonl
    (
        r"PUT Microsoft\.Resources/deployments",
        Way(
            making="Accepted",
            changing="Accepted",
            monitor="{resource}/operationStatuses/{guid}?{query}",
            keys=("status",),
            under_way="Running",
        ),
    ),
    (
        r"POST Microsoft\.Resources/deployments/whatIf",
        Way(
            done=202,
            made=202,
            result="/subscriptions/{subscription}/operationresults/{guid}?{query}",
            empty=True,
            returns_it=True,
        ),
    ),
    (
        r"DELETE Microsoft\.Resources/deployments",
        Way(done=202, result="/subscriptions/{subscription}/operationresults/{guid}?{query}"),
    ),
    (
        r"DELETE Microsoft\.Resources/resourceGroups",
        Way(
            done=202,
            result="/subscriptions/{subscription}/operationresults/{guid}?{query}",
            retry_after=15,
        ),
    ),
)
"""The first that matches holds."""


@cache
def of(method: str, arm_type: str) -> Way:
    """How a method of a type is answered."""
    asked = f"{method} {arm_type}"
    found = (way for pattern, way in WAYS if re.fullmatch(pattern, asked, re.IGNORECASE))
    return next(found, AT_ONCE)
