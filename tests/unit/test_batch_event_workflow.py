"""The Logic App."""

from __future__ import annotations

import pulumi

from components.batch_event_workflow import BatchEventWorkflow, BatchEventWorkflowArgs
from components.templates import load
from tests.unit.azure import CALLBACK_URL
from tests.unit.engine import Registered, deploy


def _args(callers: list[str] | None = None) -> BatchEventWorkflowArgs:
    return {
        "resource_group_name": "rg",
        "location": "westeurope",
        "tenant_id": "tenant",
        "client_id": "client",
        "client_secret": "in clear",
        "endpoint_uri": "https://endpoint/jobs",
        "storage_account_id": "/account",
        "login_host": "login.microsoftonline.com",
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
