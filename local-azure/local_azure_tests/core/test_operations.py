"""Long-running operations: their headers as recorded of Azure, and the SDK's own poller."""

from typing import Any

import pytest
from azure.core import PipelineClient
from azure.core.pipeline.policies import HeadersPolicy, RequestIdPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.polling import LROPoller
from azure.core.rest import HttpRequest
from azure.mgmt.core.polling.arm_polling import ARMPolling

from local_azure.control_plane.resource_manager import versions
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.core.bodies import (
    ACCOUNT,
    BODY,
    CHECKED,
    GROUP,
    HERE,
    IN,
    LOGS,
    STORAGE,
    TOPIC,
    WORKSPACE,
)
from local_azure_tests.core.rest_client import ARM, Client, kind_of
from local_azure_tests.core.test_writing import made
from local_azure_tests.recorded.patterns import differences

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
SLOW_ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/slowone"
AT = f"{ARM}{SUBSCRIPTION}"
LOCATION = f"{AT}/providers/{{}}/locations/westeurope/{{}}?api-version=<word>"
GRID_STATUS = LOCATION.format("Microsoft.EventGrid", "operationsStatus/<big guid>")
ML_STATUS = LOCATION.format("Microsoft.MachineLearningServices", "computeOperationsStatus/<guid>")
LOGS_STATUS = LOCATION.format("Microsoft.OperationalInsights", "operationstatuses/<guid>")
LOGS_RESULT = f"{ARM}{SLOW_LOGS}/operationresults/<guid>?api-version=<word>"
DEPLOYMENT_STATUS = f"{ARM}{DEPLOYMENT}/operationStatuses/<word>?api-version=<word>"
FORGOTTEN = f"{AT}/operationresults/<word>?api-version=<word>"


def answered(
    status: int, monitor: str | None = None, result: str | None = None, state: str | None = None
) -> dict[str, Any]:
    """An answer with these, and nothing where nothing is said, in its headers and its body."""
    return {"status": status, "monitor": monitor, "result": result, "state": state}


RECORDED = {"...": ""}
"""What is answered first is judged by `local_azure_tests/recorded`."""
FOLLOWED: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("PUT", SLOW_ACCOUNT, STORAGE, RECORDED),
    ("PUT", OWN, HERE, RECORDED),
    ("PATCH", OWN, {"tags": {}}, answered(201, GRID_STATUS, state="Updating")),
    ("DELETE", OWN, None, RECORDED),
    ("PUT", ENDPOINT, BODY[f"{WORKSPACE}/batchEndpoints/digits"], RECORDED),
    ("DELETE", ENDPOINT, None, RECORDED),
    (
        "PUT",
        CLUSTER,
        BODY[f"{WORKSPACE}/computes/cluster"],
        answered(201, f"{ML_STATUS}&service=new", state="Creating"),
    ),
    ("PUT", BUS, BODY[f"{IN}/Microsoft.ServiceBus/namespaces/the-bus"], RECORDED),
    ("DELETE", BUS, None, RECORDED),
    (
        "PUT",
        DEPLOYMENT,
        CHECKED[f"{IN}/Microsoft.Resources/deployments/again"],
        answered(201, DEPLOYMENT_STATUS, state="Accepted"),
    ),
    ("DELETE", DEPLOYMENT, None, answered(202, result=FORGOTTEN)),
    ("DELETE", SLOW_LOGS, None, answered(202, LOGS_STATUS, LOGS_RESULT)),
]


class Sdk:
    """The management SDKs' pipeline and poller, without a service's own package."""

    def __init__(self, running: Running) -> None:
        token = running.call(running.azure.tokens.issue, DEPLOYER, ARM)
        self.waited: list[float] = []
        """What a poller would have slept, in seconds."""
        transport = RequestsTransport()
        transport.sleep = self.waited.append
        headers = HeadersPolicy({"authorization": f"Bearer {token.value}"})
        policies = [RequestIdPolicy(), headers]
        self.client: Any = PipelineClient(ARM, policies=policies, transport=transport)
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


@pytest.mark.parametrize(
    ("method", "resource_id", "body", "told"),
    FOLLOWED,
    ids=[f"{method}-{path.rpartition('/providers/')[2]}" for method, path, *_ in FOLLOWED],
)
def test_an_answer_leads_to_its_operation_and_that_to_its_end(
    sdk: Sdk, method: str, resource_id: str, body: Any, told: dict[str, Any]
) -> None:
    if resource_id == SLOW_LOGS:
        sdk.begin("PUT", SLOW_LOGS, BODY[LOGS])
    begun = sdk.begin(method, resource_id, body)
    answer = begun.http_response
    told_now = (answer.json() if answer.content else None) or {}
    found = answered(
        answer.status_code,
        answer.headers.get("Azure-AsyncOperation"),
        answer.headers.get("Location"),
        told_now.get("properties", {}).get("provisioningState"),
    )
    ended = (sdk.ended(begun) or {}).get("properties", {})

    assert dict(differences(told, found)) == {}
    assert (ended.get("provisioningState", "Succeeded"), sdk.waited) == ("Succeeded", [])


def test_an_account_that_exists_is_answered_at_once(sdk: Sdk) -> None:
    answer = sdk.begin("PUT", ACCOUNT, STORAGE).http_response

    assert (answer.status_code, answer.json()["name"]) == (200, "inputs")
    assert "Location" not in answer.headers


def test_a_workspace_is_accepted_and_then_told(sdk: Sdk) -> None:
    begun = sdk.begin("PUT", WORKSPACE, sdk._types.send("GET", WORKSPACE)[1])

    assert (begun.http_response.status_code, begun.http_response.content) == (202, b"")
    assert sdk.ended(begun)["name"] == "wsp"


def test_a_webhook_that_does_not_answer_fails_by_its_operation_as_recorded(sdk: Sdk) -> None:
    begun = sdk.begin("PUT", HOOKED, WEBHOOK).http_response
    monitor = HttpRequest("GET", begun.headers["Azure-AsyncOperation"])
    told = sdk.client._pipeline.run(monitor).http_response.json()

    assert (begun.status_code, begun.json()["properties"]["provisioningState"]) == (201, "Creating")
    # As recorded of Event Grid's, and of no other's.
    error = {"code": "ResourceOperationFailure", "details": [{"code": "Url validation", "...": ""}]}
    recorded = {"id": monitor.url, "status": "Failed", "error": {**error, "...": ""}, "...": ""}
    assert dict(differences(recorded, told)) == {}


def test_a_subscription_whose_webhook_does_not_answer_is_there_as_failed(sdk: Sdk) -> None:
    sdk.begin("PUT", HOOKED, WEBHOOK)

    assert sdk._types.ask(f"{HOOKED}/getFullUrl", "2025-02-15", "POST") == (
        200,
        {"endpointUrl": "https://nobody.example.com/"},
    )
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
