"""The Logic Apps that blobs reach: one starts a job, the other a pipeline for a marker."""

from typing import Any
from unittest import mock

import pulumi
import pytest

from components.azure.templates import load
from components.logic_apps.batch_event_workflow import content
from tests.unit.azure import CALLBACK_URL, CLIENT_SECRET, GROUP, TENANT
from tests.unit.engine import Deployment, Registered
from tests.unit.program import run, run_anew
from tests.unit.sample_settings import changed

INPUTS = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stinputs0a1b2c3d4e"
FACTORY = f"{GROUP}/providers/Microsoft.DataFactory/factories/pipelines-factory"
CALLED = {
    "endpoint_uri": "https://scoring0a1b2c3d4e.westeurope.inference.ml.azure.com/jobs",
    "storage_account_id": INPUTS,
    "watched_url": "https://stinputs0a1b2c3d4e.blob.core.windows.net/inputs/incoming/",
    "audience": "https://ml.azure.com",
    "input_name": "mnistinput",
}
MARKED = {"blob_events": {"marker_name": "_DONE", "extension_filter": None}}
CALLERS = {"workflows": {"allowed_caller_ip_ranges": ["10.0.0.0/8"]}}
PIPELINE = {**MARKED, **CALLERS, "data_factory": {"enabled": True}}


def _workflow(**said: Any) -> Registered:
    return run(changed(said)).one("logic:Workflow")


def _of_markers() -> Registered:
    return _workflow(invoker={"kind": "managed_identity"}, **MARKED, **CALLERS)


def test_the_template_is_deployed_as_it_lies() -> None:
    assert _workflow().inputs["definition"] == load("invoke_batch_endpoint")


def test_every_parameter_gets_the_type_that_the_template_declares() -> None:
    host = "login.microsoftonline.com"
    clear = {**CALLED, "tenant_id": TENANT, "client_id": "app-client-id", "login_host": host}

    parameters = {**_workflow().inputs["parameters"]}
    assert parameters.pop("job_outputs")["type"] == "object"
    assert parameters.pop("client_secret") == {"type": "securestring", "value": CLIENT_SECRET}
    assert parameters == {name: {"type": "string", "value": clear[name]} for name in clear}


def test_any_address_may_call_the_trigger_unless_ranges_are_given() -> None:
    assert "accessControl" not in _workflow().inputs
    assert _of_markers().inputs["accessControl"] == {
        "triggers": {"allowedCallerIpAddresses": [{"addressRange": "10.0.0.0/8"}]}
    }


def test_the_workflow_is_on() -> None:
    assert _workflow().inputs["state"] == "Enabled"


def test_addresses_that_azure_gives_it_are_no_drift() -> None:
    assert _workflow().ignore_changes == ("endpointsConfiguration",)


def _with_own_identity() -> Deployment:
    return run(changed({"invoker.kind": "managed_identity"}))


def test_by_its_own_identity_it_has_no_secret_and_asks_no_login_host() -> None:
    workflow = _with_own_identity().one("logic:Workflow")
    assert workflow.inputs["definition"] == load("invoke_batch_endpoint_by_managed_identity")
    assert workflow.inputs["identity"] == {"type": "SystemAssigned"}
    told = (set(workflow.inputs["parameters"]), [*workflow.secrets])
    assert told == ({*CALLED, "job_outputs"}, [])


def test_its_own_identity_gets_exactly_the_roles_that_a_caller_needs() -> None:
    grants = {
        grant.name: grant.inputs["scope"].removeprefix(f"{GROUP}/providers/Microsoft.")
        for grant in _with_own_identity().all("RoleAssignment")
        if grant.inputs["principalId"] == "workflow-principal"
    }
    assert grants == {
        "on-blob-invokes": "MachineLearningServices/workspaces/ml-workspace",
        "on-blob-reads-inputs": (
            "Storage/storageAccounts/stinputs0a1b2c3d4e/blobServices/default/containers/inputs"
        ),
    }


def test_the_marker_is_a_parameter() -> None:
    parameters = _of_markers().inputs["parameters"]
    assert parameters["marker_name"] == {"type": "string", "value": "_DONE"}


def test_somebody_has_to_invoke() -> None:
    nobody: Any = {"service_principal": None, "own_identity": None}

    with pytest.raises(ValueError, match="Give service_principal or own_identity"):
        content(nobody)


def test_beside_a_service_principal_its_identity_is_ready_and_does_not_invoke() -> None:
    workflow = _workflow(invoker={"changing": True}).inputs
    assert workflow["definition"] == load("invoke_batch_endpoint")
    assert workflow["identity"] == {"type": "SystemAssigned"}


def test_what_starts_a_pipeline_is_its_template_with_the_clouds_host() -> None:
    workflow = _workflow(**PIPELINE).inputs
    assert workflow["definition"] == load("start_pipeline_run")
    assert {name: each["value"] for name, each in workflow["parameters"].items()} == {
        "factory_id": FACTORY,
        "pipeline_name": "Score-Folder",
        "arm_uri": "https://management.azure.com",
        "audience": "https://management.azure.com",
        "storage_account_id": INPUTS,
        "watched_url": CALLED["watched_url"],
        "marker_name": "_DONE",
    }
    assert workflow["accessControl"]["triggers"]["allowedCallerIpAddresses"] == [
        {"addressRange": "10.0.0.0/8"}
    ]


def test_its_identity_may_start_runs_of_the_factory_and_nothing_else() -> None:
    deployed = run(changed(PIPELINE))
    role = deployed.named("on-marker-starter-role").inputs
    grant = deployed.named("on-marker-starts").inputs
    start = ["Microsoft.DataFactory/factories/pipelines/createrun/action"]
    assert {key: role[key] for key in ("roleName", "assignableScopes", "permissions")} == {
        "roleName": "azureml-batch-events-dev pipeline starter 0a1b2c3d4e",
        "assignableScopes": [GROUP],
        "permissions": [{"actions": start, "notActions": [], "dataActions": []}],
    }
    assert (grant["principalId"], grant["scope"]) == ("workflow-principal", FACTORY)


@pytest.mark.parametrize("form", [{}, PIPELINE, {"workflows": {"plan": "standard"}}])
def test_the_callback_url_is_a_secret_wherever_it_goes(form: dict[str, Any]) -> None:
    def told(_: object, url: pulumi.Output[str]) -> Any:
        pulumi.export("url", url)
        return mock.Mock(subscription_id="s")

    with mock.patch("components.stack.event_grid.blob_created_subscription", told):
        deployed = run_anew(changed(form))
    assert deployed.exports["url"] == CALLBACK_URL
    assert deployed.secret_exports == {"url"}
