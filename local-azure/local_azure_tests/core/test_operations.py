"""Long-running operations: their headers as recorded of Azure, and the SDK's own poller."""

import re
from typing import Any, NamedTuple

import pytest
from azure.core import PipelineClient
from azure.core.pipeline.policies import HeadersPolicy, RequestIdPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.polling import LROPoller
from azure.core.rest import HttpRequest
from azure.mgmt.core.polling.arm_polling import ARMPolling

from local_azure.control_plane.resource_manager import versions
from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.conftest import Running
from local_azure_tests.core.bodies import (
    ACCOUNT,
    BODY,
    CHECKED,
    GROUP,
    HERE,
    IDENTITY,
    IN,
    LOGS,
    STORAGE,
    TOPIC,
    WORKSPACE,
)
from local_azure_tests.core.rest_client import Client, kind_of
from local_azure_tests.core.test_writing import made

__all__ = ["made"]

pytestmark = pytest.mark.usefixtures("client_environment", "made")

ENDPOINT = f"{WORKSPACE}/batchEndpoints/slow"
CLUSTER = f"{WORKSPACE}/computes/another"
OWN = f"{IN}/Microsoft.EventGrid/topics/slow"
BUS = f"{IN}/Microsoft.ServiceBus/namespaces/slow-bus"
DEPLOYMENT = f"{GROUP}/providers/Microsoft.Resources/deployments/slow"
SLOW_LOGS = LOGS.replace("logs", "slow-logs")
HOOKED = f"{TOPIC}/eventSubscriptions/to-nobody"
WEBHOOK: dict[str, Any] = {
    "properties": {
        "destination": {
            "endpointType": "WebHook",
            "properties": {"endpointUrl": "https://nobody.example.com/"},
        },
        "filter": {"includedEventTypes": ["Microsoft.Storage.BlobCreated"]},
    }
}
GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
UPPER = GUID.replace("a-f", "A-F")
AT = r"https://management\.azure\.com/subscriptions/[0-9a-f-]+"
GRID = rf"{AT}/providers/Microsoft\.EventGrid/locations/westeurope"
ML = rf"{AT}/providers/Microsoft\.MachineLearningServices/locations/westeurope"
VERSION = r"\?api-version=[\w-]+"


class Looked(NamedTuple):
    """A request, and what its answer must have."""

    method: str
    resource_id: str
    body: Any
    status: int
    monitor: str = ""
    result: str = ""
    state: str = ""

    def __str__(self) -> str:
        return f"{self.method}-{self.resource_id.rpartition('/providers/')[2]}-{self.state}"


GRID_STATUS = rf"{GRID}/operationsStatus/{UPPER}{VERSION}"
BEBES = rf"bebes:{GUID}:{GUID}{VERSION}"
SLOW_ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/slowone"
SLOW_IDENTITY = IDENTITY.replace("runner", "slow")
LOOKED = [
    Looked(
        "PUT",
        SLOW_ACCOUNT,
        STORAGE,
        202,
        result=rf"{AT}/providers/Microsoft\.Storage/locations/westeurope/asyncoperations/{GUID}"
        r"\?monitor=true&api-version=[\w-]+",
    ),
    Looked("PUT", OWN, HERE, 201, GRID_STATUS, state="Creating"),
    Looked("PUT", OWN, HERE, 201, GRID_STATUS, state="Updating"),
    Looked("PATCH", OWN, {"tags": {}}, 201, GRID_STATUS, state="Updating"),
    Looked("DELETE", OWN, None, 202, GRID_STATUS, rf"{GRID}/operationResults/{UPPER}{VERSION}"),
    Looked(
        "PUT",
        ENDPOINT,
        BODY[f"{WORKSPACE}/batchEndpoints/digits"],
        201,
        rf"{ML}/mfeOperationsStatus/{BEBES}",
        rf"https://management\.azure\.com{ENDPOINT}{VERSION}",
        "Creating",
    ),
    Looked(
        "DELETE",
        ENDPOINT,
        None,
        202,
        rf"{ML}/mfeOperationsStatus/{BEBES}",
        rf"{ML}/mfeOperationResults/{BEBES}",
    ),
    Looked(
        "PUT",
        CLUSTER,
        BODY[f"{WORKSPACE}/computes/cluster"],
        201,
        rf"{ML}/computeOperationsStatus/{GUID}{VERSION}&service=new",
        state="Creating",
    ),
    Looked("PUT", BUS, BODY[f"{IN}/Microsoft.ServiceBus/namespaces/the-bus"], 200, state="Created"),
    Looked("DELETE", BUS, None, 202, result=rf".+{BUS}/operationresults/slow-bus{VERSION}"),
    Looked("PUT", SLOW_IDENTITY, HERE, 201, result=SLOW_IDENTITY),
    Looked(
        "PUT",
        DEPLOYMENT,
        CHECKED[f"{IN}/Microsoft.Resources/deployments/again"],
        201,
        rf".+{DEPLOYMENT}/operationStatuses/\w.+{VERSION}",
        state="Accepted",
    ),
    Looked("DELETE", DEPLOYMENT, None, 202, result=rf"{AT}/operationresults/.+{VERSION}"),
    Looked(
        "DELETE",
        SLOW_LOGS,
        None,
        202,
        rf"{AT}/providers/Microsoft\.OperationalInsights/locations/westeurope/operationstatuses"
        rf"/{GUID}{VERSION}",
        rf".+/workspaces/slow-logs/operationresults/{GUID}{VERSION}",
    ),
]


class Sdk:
    """The management SDKs' pipeline and poller, without a service's own package."""

    def __init__(self, running: Running) -> None:
        token = running.call(running.azure.tokens.issue, DEPLOYER, "https://management.azure.com")
        self.waited: list[float] = []
        """What a poller would have slept, in seconds."""
        transport = RequestsTransport()
        transport.sleep = self.waited.append
        headers = HeadersPolicy({"authorization": f"Bearer {token.value}"})
        arm = "https://management.azure.com"
        policies = [RequestIdPolicy(), headers]
        self.client: Any = PipelineClient(arm, policies=policies, transport=transport)
        self._types = Client(running)

    def begin(self, method: str, resource_id: str, body: Any) -> Any:
        version = versions.accepted(kind_of(resource_id))[0]
        request = HttpRequest(method, resource_id, json=body, params={"api-version": version})
        request.url = self.client.format_url(request.url)
        return self.client._pipeline.run(request)

    def ended(self, begun: Any) -> Any:
        def read(response: Any) -> Any:
            answer = response.http_response
            return answer.json() if answer.content else None

        return LROPoller(self.client, begun, read, ARMPolling(timeout=30)).result()


@pytest.fixture
def sdk(running: Running) -> Sdk:
    return Sdk(running)


@pytest.mark.parametrize("looked", LOOKED, ids=str)
def test_an_answer_leads_to_its_operation_as_recorded(sdk: Sdk, looked: Looked) -> None:
    if looked.resource_id == SLOW_LOGS:
        sdk.begin("PUT", SLOW_LOGS, BODY[LOGS])
    begun = sdk.begin(looked.method, looked.resource_id, looked.body)
    answer = begun.http_response
    told = (answer.json() if answer.content else None) or {}

    assert answer.status_code == looked.status, told
    for pattern, header in ((looked.monitor, "Azure-AsyncOperation"), (looked.result, "Location")):
        assert re.fullmatch(f"(?i){pattern}", answer.headers.get(header, ""))
    assert told.get("properties", {}).get("provisioningState", "") == looked.state
    # An identity is made at once, and its Location is none that a poller can follow.
    ended = None if looked.resource_id == SLOW_IDENTITY else sdk.ended(begun)
    assert (ended or {}).get("properties", {}).get("provisioningState") in {None, "Succeeded"}
    assert sdk.waited == []


def test_a_topic_has_no_endpoint_before_it_is_there(sdk: Sdk) -> None:
    begun = sdk.begin("PUT", OWN, HERE)

    assert begun.http_response.json()["properties"]["endpoint"] is None
    assert sdk.ended(begun)["properties"]["endpoint"].startswith("https://slow.")


def test_an_account_that_exists_is_answered_at_once(sdk: Sdk) -> None:
    answer = sdk.begin("PUT", ACCOUNT, STORAGE).http_response

    assert (answer.status_code, answer.json()["name"]) == (200, "inputs")
    assert "Location" not in answer.headers


def test_a_workspace_is_accepted_and_then_told(sdk: Sdk) -> None:
    begun = sdk.begin("PUT", WORKSPACE, sdk._types.send("GET", WORKSPACE)[1])

    assert (begun.http_response.status_code, begun.http_response.content) == (202, b"")
    assert sdk.ended(begun)["name"] == "wsp"


def test_a_webhook_that_does_not_answer_is_accepted_and_fails_by_the_operation(sdk: Sdk) -> None:
    begun = sdk.begin("PUT", HOOKED, WEBHOOK)
    monitor = HttpRequest("GET", begun.http_response.headers["Azure-AsyncOperation"])
    told = sdk.client._pipeline.run(monitor).http_response.json()

    assert (begun.http_response.status_code, told["status"]) == (201, "Failed")
    assert begun.http_response.json()["properties"]["provisioningState"] == "Creating"
    # As recorded of Event Grid's, and of no other's.
    assert told["id"] == monitor.url
    assert told["error"]["code"] == "ResourceOperationFailure"
    assert told["error"]["details"][0]["code"] == "Url validation"
    full = sdk._types.ask(f"{HOOKED}/getFullUrl", "2025-02-15", "POST")[1]
    assert full == {"endpointUrl": "https://nobody.example.com/"}
    assert sdk._types.ask(HOOKED, "2025-02-15")[1]["properties"]["provisioningState"] == "Failed"


def test_no_headers_of_a_subscriptions_own_are_told(sdk: Sdk) -> None:
    sdk.begin("PUT", f"{HOOKED}-plain", WEBHOOK)
    told = sdk._types.ask(f"{HOOKED}-plain/getDeliveryAttributes", "2025-02-15", "POST")

    assert told == (200, {"value": []})


def test_an_operation_is_asked_for_and_nothing_else(sdk: Sdk) -> None:
    begun = sdk.begin("PUT", OWN, HERE)
    path = begun.http_response.headers["Azure-AsyncOperation"].partition("azure.com")[2]
    path, _, query = path.partition("?api-version=")

    assert sdk._types.ask(path, query, "DELETE")[0] == 405
    assert sdk._types.ask(path[:-1] + "x", query)[0] == 501
