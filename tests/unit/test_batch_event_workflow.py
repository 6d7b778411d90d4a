"""The Logic App."""

from typing import Any

import pulumi
import pytest

from components.azure.templates import load
from components.identity.access import ServicePrincipalArgs
from components.logic_apps.batch_event_workflow import BatchEventWorkflow, BatchEventWorkflowArgs
from tests.unit.azure import CALLBACK_URL, GROUP
from tests.unit.engine import Deployment, Registered, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
PRINCIPAL: ServicePrincipalArgs = {
    "tenant_id": "tenant",
    "client_id": "client",
    "client_secret": "in clear",
    "login_host": "login.microsoftonline.com",
}


def _args(callers: list[str] | None = None) -> BatchEventWorkflowArgs:
    return {
        "resource_group_name": "rg",
        "location": "westeurope",
        "service_principal": PRINCIPAL,
        "endpoint_uri": "https://endpoint/jobs",
        "storage_account_id": "/account",
        "watched_url": "https://inputs/images/",
        "audience": "https://ml.azure.com",
        "input_name": "mnistinput",
        "allowed_callers": callers,
    }


def _workflow(callers: list[str] | None = None) -> Registered:
    deployed = deploy(lambda: BatchEventWorkflow("on-blob", _args(callers)))
    return deployed.one("logic:Workflow")


def test_the_template_is_deployed_as_it_lies() -> None:
    assert _workflow().inputs["definition"] == load("invoke_batch_endpoint")


def test_every_parameter_gets_the_type_that_the_template_declares() -> None:
    assert _workflow().inputs["parameters"] == {
        "tenant_id": {"type": "string", "value": "tenant"},
        "client_id": {"type": "string", "value": "client"},
        "client_secret": {"type": "securestring", "value": "in clear"},
        "endpoint_uri": {"type": "string", "value": "https://endpoint/jobs"},
        "storage_account_id": {"type": "string", "value": "/account"},
        "watched_url": {"type": "string", "value": "https://inputs/images/"},
        "login_host": {"type": "string", "value": "login.microsoftonline.com"},
        "audience": {"type": "string", "value": "https://ml.azure.com"},
        "input_name": {"type": "string", "value": "mnistinput"},
    }


def test_a_secret_that_came_in_clear_is_a_secret_from_here_on() -> None:
    assert _workflow().secrets == {"parameters.client_secret.value"}


def test_the_callback_url_is_a_secret_wherever_it_goes() -> None:
    def program() -> None:
        pulumi.export("url", BatchEventWorkflow("on-blob", _args()).callback_url)

    deployed = deploy(program)
    assert deployed.exports == {"url": CALLBACK_URL}
    assert deployed.secret_exports == {"url"}


def test_any_address_may_call_the_trigger_unless_ranges_are_given() -> None:
    assert "accessControl" not in _workflow().inputs
    assert "accessControl" not in _workflow([]).inputs
    assert _workflow(["10.0.0.0/8"]).inputs["accessControl"] == {
        "triggers": {"allowedCallerIpAddresses": [{"addressRange": "10.0.0.0/8"}]}
    }


def test_the_workflow_is_on() -> None:
    assert _workflow().inputs["state"] == "Enabled"


def _with_own_identity(**changes: Any) -> Deployment:
    args = _args() | {
        "service_principal": None,
        "own_identity": {
            "role_definition_id": "/role",
            "workspace_id": WORKSPACE,
            "input_scope": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs",
        },
    }
    return deploy(lambda: BatchEventWorkflow("on-blob", args | changes))  # type: ignore[arg-type]


def test_by_its_own_identity_it_has_no_secret_and_asks_no_login_host() -> None:
    workflow = _with_own_identity().one("logic:Workflow")
    assert workflow.inputs["identity"] == {"type": "SystemAssigned"}
    assert workflow.inputs["definition"] == load("invoke_batch_endpoint_by_managed_identity")
    assert set(workflow.inputs["parameters"]) == {
        "endpoint_uri",
        "storage_account_id",
        "watched_url",
        "audience",
        "input_name",
    }
    assert workflow.secrets == set()


def test_its_own_identity_gets_exactly_the_roles_that_a_caller_needs() -> None:
    grants = {
        grant.name: (grant.inputs["principalId"], grant.inputs["scope"])
        for grant in _with_own_identity().all("RoleAssignment")
    }
    assert grants == {
        "on-blob-invokes": ("workflow-principal", WORKSPACE),
        "on-blob-reads-inputs": (
            "workflow-principal",
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs",
        ),
    }


def test_further_inputs_and_the_marker_are_parameters() -> None:
    given = {"mode": {"JobInputType": "Literal", "Value": "append"}}
    deployed = _with_own_identity(job_inputs=given, marker_name="_SUCCESS")
    parameters = deployed.one("logic:Workflow").inputs["parameters"]
    assert parameters["job_inputs"] == {"type": "object", "value": given}
    assert parameters["marker_name"] == {"type": "string", "value": "_SUCCESS"}
    assert "job_outputs" not in parameters


def test_somebody_has_to_invoke() -> None:
    with pytest.raises(ValueError, match="Give service_principal or own_identity"):
        _with_own_identity(own_identity=None)


def test_beside_a_service_principal_its_identity_is_ready_and_does_not_invoke() -> None:
    deployed = _with_own_identity(service_principal=PRINCIPAL)
    workflow = deployed.one("logic:Workflow").inputs
    assert workflow["definition"] == load("invoke_batch_endpoint")
    assert workflow["identity"] == {"type": "SystemAssigned"}
    assert len(deployed.all("RoleAssignment")) == 2
