"""Templates that are deployed over Resource Manager's own interface, as azure-cli sends them."""

import json
from typing import Any

import pytest

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.core.rest_client import ARM, Client, refusal

GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
IDENTITY = f"{SUBSCRIPTION}/resourcegroups/rg/providers/{_TYPE}/made"
RESOURCE = {"type": _TYPE, "apiVersion": "2023-01-31", "name": "made", "location": "westeurope"}


@pytest.fixture(scope="module", autouse=True)
def group(running: Running) -> None:
    assert sent(running, "PUT", GROUP, {"location": "westeurope"})[0] == 201


def sent(running: Running, method: str, path: str, body: Any) -> tuple[int, Any]:
    """The answer to a body; one with a template has it under a bare name, as azure-cli does."""
    client = Client(running, headers={"content-type": "application/json"})
    data = json.dumps(body).replace(', "template":', ", template:")
    told = client.exchange(method, f"{ARM}{path}?api-version=2025-04-01", data=data)
    if "Location" in told.headers:
        told = client.exchange("GET", told.headers["Location"])
    return told.status, told.body


def deployed(
    running: Running, resource: dict[str, Any], method: str = "PUT", rest: str = ""
) -> tuple[int, Any]:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    template = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": [resource]}
    properties = {"parameters": {}, "mode": "Incremental", "template": template}
    path = f"{GROUP}/providers/Microsoft.Resources/deployments/d{rest}"
    return sent(running, method, path, {"properties": properties})


def test_a_template_is_validated_without_an_effect_and_then_deployed(running: Running) -> None:
    new, path = {**RESOURCE, "name": "validated"}, IDENTITY.replace("/made", "/validated")
    validated, told = deployed(running, new, "POST", "/validate")
    before = running.call(running.azure.resources.find, path)
    status, made = deployed(running, new, rest="-anew")

    assert (validated, told["properties"]["validatedResources"]) == (200, [{"id": path}])
    assert (before, bool(running.call(running.azure.resources.find, path))) == (None, True)
    assert (status, made["properties"]["provisioningState"]) == (201, "Accepted")


def foreseen(running: Running, **resource: Any) -> dict[str, Any]:
    """What what-if tells of one identity, and of it alone."""
    status, told = deployed(running, {**RESOURCE, **resource}, "POST", "/whatIf")
    assert (status, told["status"]) == (200, "Succeeded"), told
    (found,) = (c for c in told["properties"]["changes"] if c["changeType"] != "Ignore")
    return dict(found)


def test_what_a_template_would_make_is_foreseen_without_an_effect(running: Running) -> None:
    new = foreseen(running, name="foreseen")

    assert (new["changeType"], new["after"]["location"]) == ("Create", "westeurope")
    assert sent(running, "GET", IDENTITY.replace("made", "foreseen"), None)[0] != 200


@pytest.mark.parametrize(
    ("given", "kind", "delta"),
    [
        ({"tags": {"team": "a"}, "location": "West Europe"}, "NoChange", []),
        (
            {"tags": {"team": "b", "cost": "1"}},
            "Modify",
            [
                {"path": "tags.cost", "propertyChangeType": "Create", "before": None, "after": "1"},
                {"path": "tags.team", "propertyChangeType": "Modify", "before": "a", "after": "b"},
            ],
        ),
    ],
    ids=["nothing", "tags"],
)
def test_what_a_template_would_change_is_foreseen(
    running: Running, given: dict[str, Any], kind: str, delta: list[dict[str, Any]]
) -> None:
    deployed(running, {**RESOURCE, "tags": {"team": "a"}})

    found = foreseen(running, **given)

    assert (found["changeType"], found["delta"]) == (kind, delta)


def test_what_lies_beside_a_template_is_ignored(running: Running) -> None:
    deployed(running, RESOURCE)
    _, told = deployed(running, {**RESOURCE, "name": "other"}, "POST", "/whatIf")
    ignored = [c for c in told["properties"]["changes"] if c["changeType"] == "Ignore"]

    assert IDENTITY in {each["resourceId"] for each in ignored}


@pytest.mark.parametrize(
    ("method", "rest"), [("PUT", ""), ("POST", "/validate"), ("POST", "/whatIf")]
)
def test_an_expression_of_a_template_is_refused_by_name(
    running: Running, method: str, rest: str
) -> None:
    calculated = {**RESOURCE, "location": "[resourceGroup().location]"}
    told = deployed(running, calculated, method, rest)

    assert "location: found '[resourceGroup().location]'" in refusal(told, 400)


def test_a_type_that_lies_elsewhere_is_refused_by_name(running: Running) -> None:
    role = {**RESOURCE, "type": "Microsoft.Authorization/roleAssignments"}
    said = refusal(deployed(running, role), 400)

    assert "resources[0].type: found 'Microsoft.Authorization/roleAssignments'" in said


def test_a_text_that_looks_like_such_a_template_stays_as_it_is(running: Running) -> None:
    tags = {"note": 'say so, template: "x"'}
    _, told = sent(running, "PUT", GROUP, {"location": "westeurope", "tags": tags})

    assert told["tags"] == tags
