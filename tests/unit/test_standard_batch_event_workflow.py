"""The Logic App of the Standard plan: its site, its files, and how they get there."""

import asyncio
from typing import Any

import pulumi
import pytest
from azure.core.exceptions import ResourceNotFoundError

from components.azure.resource_manager import ResourceManager
from components.azure.templates import load
from components.logic_apps import site_connection, workflow_artifacts
from components.logic_apps.workflow_files import workflow_files
from tests.unit.azure import ACCOUNT_KEY, CLIENT_SECRET, GROUP, MANAGER
from tests.unit.engine import Deployment, bound
from tests.unit.program import run
from tests.unit.sample_settings import changed

SITE = f"{GROUP}/providers/Microsoft.Web/sites/on-blob-site"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/workflows"


def _deployed(**said: Any) -> Deployment:
    return run(changed({"workflows.plan": "standard"}, **said))


def _configured(**workflows: Any) -> Any:
    """The configuration of the site."""
    made = run(changed(workflows={"plan": "standard", **workflows}))
    return made.one("web:WebApp").inputs["siteConfig"]


def settings_of(deployed: Deployment) -> dict[str, str]:
    configured = deployed.one("web:WebApp").inputs["siteConfig"]
    return {each["name"]: each["value"] for each in configured["appSettings"]}


def test_the_site_has_the_settings_that_todays_runtime_needs() -> None:
    connection = (
        "DefaultEndpointsProtocol=https;AccountName=stonblob0a1b2c3d4e;"
        f"AccountKey={ACCOUNT_KEY};EndpointSuffix=core.windows.net"
    )
    bundle = "AzureFunctionsJobHost__extensionBundle"
    assert settings_of(_deployed()) == {
        "APP_KIND": "workflowApp",
        "FUNCTIONS_EXTENSION_VERSION": "~4",
        "FUNCTIONS_INPROC_NET8_ENABLED": "1",
        "FUNCTIONS_WORKER_RUNTIME": "dotnet",
        f"{bundle}__id": "Microsoft.Azure.Functions.ExtensionBundle.Workflows",
        f"{bundle}__version": "[1.*, 2.0.0)",
        "AzureWebJobsStorage": connection,
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING": connection,
        "WEBSITE_CONTENTSHARE": "on-blob",
        "client_secret": CLIENT_SECRET,
    }


def test_nothing_is_sent_to_it_in_clear() -> None:
    inputs = _deployed().one("web:WebApp").inputs
    configured = inputs["siteConfig"]
    assert inputs["httpsOnly"] is True
    assert (configured["ftpsState"], configured["minTlsVersion"]) == ("Disabled", "1.2")


def test_other_files_are_written_anew() -> None:
    one, other = (
        _deployed(**said).named("on-blob-deployed").inputs["keepers"]["files"]
        for said in ({}, {"blob_events": {"payload": "plain"}})
    )
    assert one != other


def test_its_secrets_are_secrets_in_the_state() -> None:
    site = _deployed().one("web:WebApp")
    names = [each["name"] for each in site.inputs["siteConfig"]["appSettings"]]
    secret = {
        name
        for index, name in enumerate(names)
        if f"siteConfig.appSettings[{index}].value" in site.secrets
    }
    assert secret == {
        "AzureWebJobsStorage",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "client_secret",
    }


def test_event_grid_may_call_it_and_else_only_who_is_named() -> None:
    configured = _configured(allowed_caller_ip_ranges=["203.0.113.0/24"])
    assert configured["ipSecurityRestrictionsDefaultAction"] == "Deny"
    allowed = {"action": "Allow", "priority": 100}
    assert configured["ipSecurityRestrictions"] == [
        {**allowed, "name": "allowed-100", "ipAddress": "AzureEventGrid", "tag": "ServiceTag"},
        {**allowed, "name": "allowed-101", "ipAddress": "203.0.113.0/24", "priority": 101},
    ]


@pytest.mark.parametrize(
    ("given", "subnets"), [({}, [None]), ({"subnet_id": SUBNET}, [SUBNET, SUBNET])]
)
def test_all_that_it_calls_goes_through_the_subnet_that_it_is_given(
    given: dict[str, str], subnets: list[str | None]
) -> None:
    made = run(changed(workflows={"plan": "standard", **given}))

    site = made.one("web:WebApp").inputs
    connections = made.all("web:WebAppSwiftVirtualNetworkConnection")
    connected = [each.inputs["subnetResourceId"] for each in connections]
    assert [site.get("virtualNetworkSubnetId"), *connected] == subnets
    assert site["outboundVnetRouting"] == {"applicationTraffic": bool(given)}
    assert "vnetRouteAllEnabled" not in site["siteConfig"]


def test_its_storage_account_is_its_own_and_has_keys() -> None:
    account = _deployed().named("on-blob-runtime")
    assert (account.parent, account.inputs["allowSharedKeyAccess"]) == ("on-blob", True)


def test_it_tells_what_the_consumption_form_tells() -> None:
    assert _deployed().exports["workflow_id"] == f"{SITE}/workflows/on-blob"


def test_by_its_own_identity_the_site_has_the_roles_and_no_secret() -> None:
    deployed = _deployed(invoker={"kind": "managed_identity"})

    grants = [each for each in deployed.all("RoleAssignment") if each.parent == "on-blob"]

    assert {each.inputs["principalId"] for each in grants} == {"site-principal"}
    assert "client_secret" not in settings_of(deployed)
    assert deployed.exports["invoker_object_id"] == "site-principal"


def test_the_files_hold_every_parameter_and_no_secret() -> None:
    definition = load("invoke_batch_endpoint")
    values = {"tenant_id": "t", "client_id": "c", "client_secret": "in clear"}
    values |= {"endpoint_uri": "u", "storage_account_id": "/account", "watched_url": "w"}

    made = workflow_files("on-blob", definition, values)

    some = {
        "client_secret": {"type": "String", "value": "@appsetting('client_secret')"},
        "marker_name": {"type": "String", "value": ""},
        "job_inputs": {"type": "Object", "value": {}},
    }
    parameters = made.files["parameters.json"]
    assert parameters.keys() == definition["parameters"].keys()
    assert {name: parameters[name] for name in some} == some
    assert made.settings == {"client_secret": "in clear"}


def test_the_definition_is_the_consumption_form_s_without_its_declarations() -> None:
    definition = load("start_pipeline_run_on_event")
    declared = definition["parameters"]
    given = {name: "x" for name, each in declared.items() if "defaultValue" not in each}

    made = workflow_files("w", definition, given)

    workflow = made.files["w/workflow.json"]
    assert workflow["kind"] == "Stateful"
    assert {**workflow["definition"], "parameters": declared} == definition


class Site:
    """Keeps what is asked of Resource Manager, and tells of a workflow what it is told to."""

    def __init__(self, *told: Any) -> None:
        self._told = list(told)
        self.asked: list[tuple[Any, ...]] = []

    def call(self, _: ResourceManager, *asked: Any) -> Any:
        self.asked.append(asked)
        if asked[0] == "POST":
            return None
        told = self._told.pop(0) if len(self._told) > 1 else self._told[0]
        if told is None:
            raise ResourceNotFoundError
        return {"properties": {"health": told}}


def _deploy(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    monkeypatch.setattr(workflow_artifacts, "call", site.call)
    monkeypatch.setattr(workflow_artifacts, "_PAUSE", 0)
    [hook] = bound(
        lambda: workflow_artifacts.deployed_before_create(
            pulumi.Output.from_input(SITE), "w", pulumi.Output.from_input({"f": {}}), MANAGER
        )
    ).before_create
    asyncio.run(hook(None))


def test_a_site_leaves_its_subnet_before_its_connection_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Site({})
    monkeypatch.setattr(site_connection, "call", site.call)
    [hook] = bound(
        lambda: site_connection.disconnected_before_create(pulumi.Output.from_input(SITE), MANAGER)
    ).before_create

    asyncio.run(hook(None))

    assert site.asked == [("DELETE", f"{SITE}/networkConfig/virtualNetwork", "2025-05-01")]


def test_the_files_are_written_and_the_workflow_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Site(None, {"state": "Unknown"}, {"state": "Healthy"})

    _deploy(monkeypatch, site)

    look = ("GET", f"{SITE}/workflows/w", "2025-05-01")
    write: tuple[Any, ...] = (
        "POST",
        f"{SITE}/deployWorkflowArtifacts",
        "2025-05-01",
        {"files": {"f": {}}},
    )
    assert site.asked == [write, look, look, look]


def test_a_workflow_that_the_site_does_not_run_fails_the_up_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Site({"state": "Unhealthy", "error": {"message": "no such setting"}})

    with pytest.raises(pulumi.RunError, match="no such setting"):
        _deploy(monkeypatch, site)


def test_the_program_makes_the_form_that_the_stack_file_asks_for() -> None:
    made = {each.rpartition(":")[2] for each in _deployed().types()}

    assert {"WebApp", "AppServicePlan"} <= made
    assert "Workflow" not in made
    event = _deployed().one("SystemTopicEventSubscription").inputs
    assert event["destination"]["endpointUrl"]
