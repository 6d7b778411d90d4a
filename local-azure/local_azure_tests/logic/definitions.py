"""Small definitions for the engine's tests, and what a run of them did."""

from typing import Any

from local_azure.services.logic.execution import RunResult
from local_azure_tests.world import World, run

HOST = "service.example"
SCHEMA = (
    "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
    "workflowdefinition.json#"
)


def definition(actions: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {}}},
        "actions": actions,
        **others,
    }


def compose(inputs: Any, *after: str, on: str = "Succeeded") -> dict[str, Any]:
    return {"type": "Compose", "inputs": inputs, "runAfter": {name: [on] for name in after}}


def failing(*after: str) -> dict[str, Any]:
    return compose("@div(1, 0)", *after)


def wait(count: int = 1, unit: str = "Hour") -> dict[str, Any]:
    return {"type": "Wait", "inputs": {"interval": {"count": count, "unit": unit}}}


def response(status: object = 200, *after: str, **inputs: Any) -> dict[str, Any]:
    made = {"type": "Response", "inputs": {"statusCode": status, **inputs}}
    return {**made, "runAfter": {name: ["Succeeded"] for name in after}}


def terminate(status: str, **inputs: Any) -> dict[str, Any]:
    return {"type": "Terminate", "inputs": {"runStatus": status, **inputs}}


def scope(actions: dict[str, Any], *after: str) -> dict[str, Any]:
    return {
        "type": "Scope",
        "actions": actions,
        "runAfter": {name: ["Succeeded"] for name in after},
    }


def variable(name: str, kind: str, value: Any = None) -> dict[str, Any]:
    """The action that initialises a variable."""
    declared = {"name": name, "type": kind} | ({} if value is None else {"value": value})
    return {"type": "InitializeVariable", "inputs": {"variables": [declared]}}


def http(**inputs: Any) -> dict[str, Any]:
    return {"type": "Http", "inputs": {"method": "GET", "uri": f"https://{HOST}/", **inputs}}


def execute(actions: dict[str, Any], body: Any = None, world: World | None = None) -> RunResult:
    return run(definition(actions), {}, body, world or World({}))


def statuses(result: RunResult) -> dict[str, str]:
    return {record.name: record.status.value for _, record in result.actions}


def outputs(result: RunResult, name: str) -> Any:
    return result.action(name).outcome.outputs


def error(result: RunResult, name: str) -> dict[str, Any]:
    """The error of an action that has one."""
    found = result.action(name).outcome.error
    assert found is not None
    return found
