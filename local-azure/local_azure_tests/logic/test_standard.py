"""Standard Logic Apps: sites made over REST, their files, their host and who may call it."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.networks import origins
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.core.rest_client import Answer, Client, refusal
from local_azure_tests.logic.conftest import Cloud
from local_azure_tests.logic.definitions import definition, http, response

GROUP = f"{SUBSCRIPTION}/resourceGroups/standard"
WEB, VERSION = f"{GROUP}/providers/Microsoft.Web", "2025-05-01"
RUNTIME = "hostruntime/runtime/webhooks/workflow/api/management/workflows"
DEPLOY = "deployWorkflowArtifacts"
BUNDLE = "AzureFunctionsJobHost__extensionBundle"
SETTINGS = {
    "APP_KIND": "workflowApp",
    "FUNCTIONS_EXTENSION_VERSION": "~4",
    "FUNCTIONS_WORKER_RUNTIME": "dotnet",
    f"{BUNDLE}__id": "Microsoft.Azure.Functions.ExtensionBundle.Workflows",
    f"{BUNDLE}__version": "[1.*, 2.0.0)",
    "WEBSITE_CONTENTSHARE": "files",
    "secret": "hunter2",
}
ALLOWS = {"action": "Allow", "priority": 1}
FROM_EVENT_GRID = {"ipAddress": "AzureEventGrid", "tag": "ServiceTag", **ALLOWS}
REFUSES = {"ipAddress": "203.0.113.0/24", "action": "Deny", "priority": 2}
REPLY = {"Reply": response(200, body="@parameters('said')")}


def files(said: Any = "@appsetting('secret')", **changes: Any) -> dict[str, Any]:
    """Artifacts of one workflow, which replies with its parameter."""
    return {
        "connections.json": {},
        "parameters.json": {"said": {"type": "String", "value": said}},
        "w/workflow.json": {"definition": definition(REPLY), "kind": "Stateful"},
        **changes,
    }


def declaring(parameters: Any) -> dict[str, Any]:
    """The workflow's file with parameters of its own."""
    declares = {**definition(REPLY), "parameters": parameters}
    return {"w/workflow.json": {"definition": declares, "kind": "Stateful"}}


class Site:
    """A site of a group that is there, and who looks after it."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self._cloud, self.client, self.id = cloud, Client(cloud), f"{WEB}/sites/{name}"
        self.put_all()

    def put_all(self, **settings: str | None) -> None:
        """Group, account, plan and site, with a site's settings changed."""
        here = {"location": "westeurope"}
        self.ask("PUT", GROUP, "2025-04-01", here)
        account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/ofthesite"
        about = {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        keyed = {"properties": {"allowSharedKeyAccess": True}}
        self.ask("PUT", account, "2024-01-01", here | about | keyed)
        key = self.ask("POST", f"{account}/listKeys", "2024-01-01")["keys"][0]["value"]
        sku = {"sku": {"name": "WS1", "tier": "WorkflowStandard"}, "kind": "elastic"}
        self.ask("PUT", f"{WEB}/serverfarms/plan", VERSION, here | sku)
        text = f"AccountName=ofthesite;AccountKey={key};EndpointSuffix=core.windows.net"
        keys = ("AzureWebJobsStorage", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING")
        self.settings = {**SETTINGS, **dict.fromkeys(keys, text)}
        self.put({**self.settings, **settings})

    def put(
        self, settings: Mapping[str, str | None], of_site: Any = None, **changes: Any
    ) -> tuple[int, Any]:
        """The site alone."""
        given = [{"name": k, "value": v} for k, v in settings.items() if v is not None]
        configured = {
            "appSettings": given,
            "netFrameworkVersion": "v8.0",
            "ipSecurityRestrictions": [FROM_EVENT_GRID],
            "ipSecurityRestrictionsDefaultAction": "Deny",
            **changes,
        }
        given_to_site = {"serverFarmId": f"{WEB}/serverfarms/plan", **(of_site or {})}
        body = {
            "kind": "functionapp,workflowapp",
            "location": "westeurope",
            "properties": {**given_to_site, "siteConfig": configured},
        }
        return self.client.ask(self.id, VERSION, "PUT", body)

    def ask(self, method: str, path: str, version: str = VERSION, body: Any = None) -> Any:
        """What a call that has to succeed answers."""
        status, told = self.client.ask(path, version, method, body)
        assert status < 300, told
        return told

    def write(self, artifacts: dict[str, Any]) -> tuple[int, Any]:
        """Write files."""
        return self.client.ask(f"{self.id}/{DEPLOY}", VERSION, "POST", {"files": artifacts})

    def url(self) -> str:
        """The callback URL."""
        path = f"{self.id}/{RUNTIME}/w/triggers/manual/listCallbackUrl"
        told = self.ask("POST", path, "2018-11-01")
        return str(told["value"])

    def deliver(self, url: str = "") -> Answer:
        """What a call of Event Grid's is answered."""
        url = url or self.url()
        with origins.calling(origins.EVENT_GRID):
            return self._cloud.post(url, [])


@pytest.fixture
def site(cloud: Cloud) -> Site:
    made = Site(cloud, "standard-site")
    assert made.write(files()) == (200, None)
    return made


def test_a_delivery_runs_the_workflow_with_the_site_s_settings(site: Site) -> None:
    url = site.url()

    replied = site.deliver(url)

    assert (replied.status, replied.body) == (200, "hunter2")
    assert url.startswith(
        "https://standard-site.azurewebsites.net:443/api/w/triggers/manual/invoke?api-version=2022"
    )


def test_its_host_tells_of_the_run_by_way_of_resource_manager(site: Site) -> None:
    run = site.deliver().headers["x-ms-workflow-run-id"]
    runs = f"{site.id}/{RUNTIME}/w/runs"

    told = site.ask("GET", runs, "2018-11-01")["value"][0]
    actions = site.ask("GET", f"{runs}/{run}/actions", "2018-11-01")["value"]

    assert (told["name"], told["properties"]["status"]) == (run, "Succeeded")
    assert [each["name"] for each in actions] == ["Reply"]


def test_a_link_to_a_run_s_outputs_is_read_alone_and_by_who_is_let_in(
    cloud: Cloud, site: Site
) -> None:
    site.deliver()
    [run, *_] = site.ask("GET", f"{site.id}/{RUNTIME}/w/runs", "2018-11-01")["value"]

    link = run["properties"]["trigger"]["outputsLink"]["uri"]
    with origins.calling(origins.CLIENT):
        read = cloud.post(link, method="GET").status

    assert "standard-site.azurewebsites.net:443/runtime/webhooks/workflow/scaleUnits/" in link
    assert (site.deliver(link).status, read) == (501, 403)


@pytest.mark.parametrize(
    ("rules", "default", "status"),
    [
        ([FROM_EVENT_GRID], "Deny", 403),
        ([FROM_EVENT_GRID], None, 403),
        ([{"ipAddress": "203.0.113.0/24", **ALLOWS}], "Deny", 200),
        ([{"ipAddress": "198.51.100.0/24", **ALLOWS}], "Deny", 403),
        ([REFUSES], "Allow", 403),
        ([REFUSES, {**REFUSES, **ALLOWS}], "Deny", 200),
        ([], "Allow", 200),
    ],
)
def test_who_is_not_event_grid_is_let_in_by_its_address_alone(
    cloud: Cloud, site: Site, rules: list[dict[str, Any]], default: str | None, status: int
) -> None:
    changes: dict[str, Any] = {"ipSecurityRestrictions": rules}
    site.put(site.settings, **changes, ipSecurityRestrictionsDefaultAction=default)

    url = site.url()
    with origins.calling(origins.CLIENT):
        assert cloud.post(url, []).status == status


def test_nobody_inside_of_a_network_has_an_address_that_is_let_in(cloud: Cloud, site: Site) -> None:
    url = site.url()
    site.put(site.settings, ipSecurityRestrictions=[{**REFUSES, "action": "Allow"}])

    with origins.inside(NETWORK):
        assert cloud.post(url, []).status == 403


def test_a_site_that_is_not_public_lets_nobody_in(site: Site) -> None:
    url = site.url()
    site.put(site.settings, of_site={"publicNetworkAccess": "Disabled"})

    assert site.deliver(url).status == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_KIND", None),
        ("FUNCTIONS_EXTENSION_VERSION", "~3"),
        ("FUNCTIONS_WORKER_RUNTIME", "python"),
        ("WEBSITE_CONTENTSHARE", None),
        ("AzureWebJobsStorage", "AccountName=nowhere"),
        ("AzureWebJobsStorage", "AccountName=ofthesite;AccountKey=wrong"),
    ],
)
def test_a_host_without_what_it_needs_does_not_run(
    site: Site, name: str, value: str | None
) -> None:
    url = site.url()
    site.put({**site.settings, name: value})

    said = refusal(site.write(files()), 503)

    assert site.deliver(url).status == 503
    assert said.startswith("Function host is not running.")
    assert name in said


def test_a_workflow_tells_its_file_as_it_was_written(site: Site) -> None:
    told = site.ask("GET", f"{site.id}/workflows/w")["properties"]["files"]

    assert told["workflow.json"] == files()["w/workflow.json"]


def test_a_setting_that_is_not_there_makes_the_workflow_unhealthy(site: Site) -> None:
    url = site.url()
    site.write(files("@appsetting('other')"))

    health = site.ask("GET", f"{site.id}/workflows/w")["properties"]["health"]

    assert health["state"] == "Unhealthy"
    assert health["error"]["message"] == "The app setting 'other' is missing."
    assert site.deliver(url).status == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"w/workflow.json": {"definition": {}, "kind": "Stateful"}}, "The definition has no"),
        ({"w/workflow.json": {"definition": {}, "kind": "Stateless"}}, "Stateless"),
        (declaring([]), "parameters is an object"),
        (declaring({"a": {"type": "SecureObject"}}), "secure types"),
        ({"parameters.json": {"said": {"type": "SecureString", "value": ""}}}, "secure types"),
        ({"parameters.json": {"said": {"type": "String"}}}, "no value"),
        ({"parameters.json": {}}, "said"),
        ({"connections.json": {"managedApiConnections": {}}}, "connections.json"),
        ({"host.json": {}}, "host.json"),
    ],
)
def test_files_that_can_t_run_are_refused(site: Site, changes: dict[str, Any], says: str) -> None:
    assert says in refusal(site.write(files(**changes)), 400, 501)


def test_a_parameter_may_be_called_secure(site: Site) -> None:
    changed = files(**declaring({"secureMode": {"type": "Bool", "defaultValue": True}}))

    assert site.write(changed)[0] == 200


def test_a_workflow_goes_with_its_file(site: Site) -> None:
    site.ask("POST", f"{site.id}/{DEPLOY}", body={"filesToDelete": ["w/workflow.json"]})

    assert site.ask("GET", f"{site.id}/workflows")["value"] == []


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"filesToDelete": ["parameters.json"]}, 501, "Deleting 'parameters.json'"),
        ({"filesToDelete": "w/workflow.json"}, 400, "filesToDelete is a list of paths"),
        ({"appSettings": {"a": "b"}}, 501, "write them with the site"),
        ({"folders": {}}, 400, "'folders' is no part"),
    ],
)
def test_artifacts_of_another_kind_are_refused(
    site: Site, body: dict[str, Any], status: int, says: str
) -> None:
    assert says in refusal(site.client.ask(f"{site.id}/{DEPLOY}", VERSION, "POST", body), status)


def test_a_workflow_is_no_resource_to_put(site: Site) -> None:
    status, told = site.client.ask(f"{site.id}/workflows/w", VERSION, "PUT", {})

    assert (status, told["error"]["code"]) == (405, "MethodNotAllowed")


def test_settings_are_told_by_an_action_alone(cloud: Cloud, site: Site) -> None:
    reader = Client.somebody(cloud, by_name()["Reader"], GROUP)
    listed = f"{site.id}/config/appsettings/list"

    status, told = reader.ask(site.id, VERSION)
    refused, _ = reader.ask(listed, VERSION, "POST")

    assert (status, refused) == (200, 403)
    assert "hunter2" not in str(told)
    assert site.ask("POST", listed)["properties"]["secret"] == "hunter2"


def test_a_site_goes_with_its_workflows(site: Site) -> None:
    url = site.url()

    site.ask("DELETE", site.id)

    assert site.deliver(url).status == 404
    site.put_all()
    assert site.ask("GET", f"{site.id}/workflows")["value"] == []


def test_the_name_of_a_site_is_nobody_else_s(site: Site) -> None:
    site.ask("PUT", f"{GROUP}2", "2025-04-01", {"location": "westeurope"})
    site.id = site.id.replace(GROUP, f"{GROUP}2")

    status, told = site.put(site.settings)

    assert (status, told["error"]["code"]) == (409, "NameNotAvailable")


NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/near"
DELEGATED = [{"name": "sites", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}]


def in_network(site: Site, delegations: list[Any]) -> tuple[int, Any]:
    """What making a site is answered that calls from a subnet with these delegations."""
    spaces = {"addressSpace": {"addressPrefixes": ["10.0.0.0/24"]}}
    network = {"location": "westeurope", "properties": spaces}
    site.ask("PUT", NETWORK, "2024-05-01", network)
    properties = {"addressPrefix": "10.0.0.64/26", "delegations": delegations}
    subnet = f"{NETWORK}/subnets/workflows"
    site.ask("PUT", subnet, "2024-05-01", {"properties": properties})
    return site.put(site.settings, of_site={"virtualNetworkSubnetId": subnet})


def test_a_subnet_that_is_not_delegated_is_refused(site: Site) -> None:
    assert "not delegated to Microsoft.Web/serverFarms" in refusal(in_network(site, []), 400)


def test_a_workflow_calls_from_its_site_s_network(cloud: Cloud, site: Site) -> None:
    called: list[str] = []

    async def note(scope: Any, receive: Any, send: Any) -> None:
        called.append(origins.caller().network)
        await PlainTextResponse("seen")(scope, receive, send)

    cloud.call(cloud.azure.hosts.register, ["where.example"], note)
    call = {"Call": http(uri="https://where.example/"), "Reply": response(200, "Call")}
    site.write(files(**{"w/workflow.json": {"definition": definition(call), "kind": "Stateful"}}))
    status, _ = in_network(site, DELEGATED)

    replied = site.deliver()

    assert (status, replied.status, called) == (200, 200, [NETWORK])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"netFrameworkVersion": "v4.6"}, "on which the runtime ~4 runs"),
        ({"linuxFxVersion": "x"}, "not emulated"),
        ({"ipSecurityRestrictions": [{"ipAddress": "Storage", "tag": "ServiceTag"}]}, "emulated"),
        ({"ipSecurityRestrictions": [{"ipAddress": "nowhere"}]}, "an address range"),
    ],
)
def test_what_a_site_can_t_have_here_is_refused_by_name(
    site: Site, changes: dict[str, Any], says: str
) -> None:
    assert says in refusal(site.put(site.settings, **changes), 400)
