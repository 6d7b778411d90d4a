"""Resources, role assignments and workflow runs as Resource Manager tells them over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure.services.logic.resources import WORKFLOW
from local_azure_tests.conftest import known
from local_azure_tests.core.rest_client import Client, refusal
from local_azure_tests.logic.conftest import Cloud, cloud
from local_azure_tests.logic.definitions import definition

__all__ = ["cloud"]

Run = dict[str, Any]
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/digits"
RUNS = "2016-06-01"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
LOOKER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "looker")
STRANGER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "stranger")
SECRET_REPLY = {"type": "Response", "inputs": {"statusCode": 200, "body": "@triggerBody()"}}


@pytest.fixture(scope="module")
def azure(cloud: Cloud) -> Cloud:
    """An endpoint in a workspace, and somebody who may read all."""
    for who in (LOOKER, STRANGER):
        cloud.call(cloud.azure.directory.add, who)
    cloud.call(cloud.azure.authorization.assign, "reads", LOOKER.object_id, READER, GROUP)
    told = {"location": "westeurope", "properties": {"defaults": {"deploymentName": "blue"}}}
    for resource_id, properties in ((GROUP, {}), (ENDPOINT, told), (WORKSPACE, {})):
        cloud.call(known, cloud.azure, resource_id, {}, properties)
    return cloud


@pytest.fixture(scope="module")
def replied(azure: Cloud) -> Run:
    """A run that replied what it got, begun with a tracking id of the client's own."""
    workflow = azure.put_workflow("shown", definition({"Reply": SECRET_REPLY}))
    tracked = {"x-ms-client-tracking-id": "mine"}
    azure.post(azure.url(workflow), [{"id": "e-1"}], **tracked)
    azure.history(workflow)
    [run] = get(azure, f"{workflow}/runs")[1]["value"]
    return dict(run)


@pytest.fixture(scope="module")
def three_runs(azure: Cloud) -> Callable[..., tuple[int, Any]]:
    """Lists runs of the minutes 1 to 3 after noon, the second of which failed, by a query."""
    wrong = {"If": {"type": "Compose", "inputs": "@div(6, sub(triggerBody(), 2))"}}
    workflow = azure.put_workflow("thrice", definition(wrong))
    until = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for number in (1, 2, 3):
        until += timedelta(minutes=1)
        azure.call(azure.azure.clock.advance, until - azure.azure.clock.now())
        azure.post(azure.url(workflow), number)
        azure.history(workflow)
    return partial(get, azure, f"{workflow}/runs")


def get(
    cloud: Cloud, path: str, version: str = RUNS, who: Principal = LOOKER, **query: str
) -> tuple[int, Any]:
    return Client(cloud, who).ask(path, version, **query)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("principalId eq '{stranger}'", [GROUP, ENDPOINT, WORKSPACE]),
        ("assignedTo('{stranger}')", [GROUP, ENDPOINT, WORKSPACE]),
        ("atScope()", [GROUP, WORKSPACE]),
    ],
)
def test_the_assignments_of_a_resource_are_those_above_it_too_and_those_below_where_not_left_out(
    azure: Cloud, asked: str, expected: list[str]
) -> None:
    for scope, name in ((GROUP, "above"), (ENDPOINT, "below"), (WORKSPACE, "here")):
        given = {"principalId": STRANGER.object_id, "roleDefinitionId": "r", "scope": scope}
        assignment = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
        azure.call(known, azure.azure, assignment, {}, given)
    path = f"{WORKSPACE}/providers/Microsoft.Authorization/roleAssignments"

    wanted = asked.format(stranger=STRANGER.object_id)
    _, told = get(azure, path, "2022-04-01", filter=wanted)

    assert [each["properties"]["scope"] for each in told["value"]] == expected


def test_what_ones_roles_allow_on_a_resource_is_told_role_by_role(azure: Cloud) -> None:
    writer, scope = "ba92f5b4-2d11-453d-a403-e96b0029c9fe", f"{WORKSPACE}/containers"
    azure.call(azure.azure.authorization.assign, "writes", LOOKER.object_id, writer, scope)
    path = "/providers/Microsoft.Authorization/permissions"

    _, above = get(azure, WORKSPACE + path, "2022-04-01")
    refused, _ = get(azure, WORKSPACE + path, "2022-04-01", STRANGER)

    nothing: dict[str, list[str]] = {"notActions": [], "dataActions": [], "notDataActions": []}
    assert above == {"value": [{"actions": ["*/read"], **nothing}]}
    assert refused == 403


def test_a_run_leads_to_what_started_it_and_to_what_it_replied(azure: Cloud, replied: Run) -> None:
    [reply] = get(azure, f"{replied['id']}/actions")[1]["value"]

    links = [
        each["outputsLink"]["uri"]
        for each in (replied["properties"]["trigger"], reply["properties"])
    ]
    told = [azure.post(each, method="GET").body["body"] for each in links]
    assert (replied["properties"]["status"], told) == ("Succeeded", [[{"id": "e-1"}]] * 2)


def test_a_run_names_the_version_that_it_began_with(azure: Cloud) -> None:
    about = {"resourceGroupName": "rg", "workflowName": "former", "location": "westeurope"}
    for name in ("First", "Second"):
        reply = definition({name: SECRET_REPLY})
        workflow = azure.put(WORKFLOW, **about, definition=reply).id
        azure.post(azure.url(workflow), 1)
    azure.history(workflow)

    _, runs = get(azure, f"{workflow}/runs")
    named = [each["properties"]["workflow"]["id"] for each in runs["value"]]
    ran = [get(azure, each)[1]["properties"]["definition"]["actions"] for each in named]
    listed = get(azure, f"{workflow}/versions")[1]["value"]
    azure.run(azure.azure.manager.delete(workflow, DEPLOYER))
    azure.put(WORKFLOW, **about, definition=reply)

    assert [[*each] for each in ran] == [["Second"], ["First"]]
    assert [each["id"] for each in listed] == named
    assert [get(azure, each)[0] for each in named] == [404, 404]


def test_a_run_and_its_actions_are_told_with_the_clients_own_tracking_id(
    azure: Cloud, replied: Run
) -> None:
    [action] = get(azure, f"{replied['id']}/actions")[1]["value"]

    told = [replied["properties"], replied["properties"]["trigger"], action["properties"]]
    assert [each["correlation"]["clientTrackingId"] for each in told] == ["mine"] * 3


@pytest.mark.parametrize(
    ("asked", "bodies"),
    [
        ("", [3, 2, 1]),
        (" startTime ge 2026-06-01T12:02:00Z", [3, 2]),
        ("startTime ge 2026-06-01T12:01:30Z and startTime le 2026-06-01T12:02:30Z", [2]),
        ("status eq 'Succeeded'", [3, 1]),
        ("status eq 'Failed' and startTime le 2026-06-01T12:02:00Z", [2]),
    ],
    ids=["none", "since", "between", "status", "both"],
)
def test_the_runs_of_a_time_and_of_a_status_are_listed(
    asked: str, bodies: list[int], three_runs: Callable[..., tuple[int, Any]], azure: Cloud
) -> None:
    _, told = three_runs(**({"filter": asked} if asked else {}))

    links = [each["properties"]["trigger"]["outputsLink"]["uri"] for each in told["value"]]
    assert [azure.post(each, method="GET").body["body"] for each in links] == bodies


def test_a_page_of_runs_leads_to_the_next_one(three_runs: Callable[..., tuple[int, Any]]) -> None:
    _, first = three_runs(top="2")
    _, second = three_runs(top="2", skiptoken=first["nextLink"][-1])

    assert (len(first["value"]), len(second["value"]), "nextLink" in second) == (2, 1, False)


def test_a_page_of_a_run_s_actions_leads_to_the_next_one(azure: Cloud) -> None:
    many = {f"Compose{number}": {"type": "Compose", "inputs": number} for number in range(31)}
    workflow = azure.put_workflow("many", definition(many))
    azure.post(azure.url(workflow), 1)
    (run,) = azure.history(workflow)
    path = f"{workflow}/runs/{run['run']}/actions"

    _, first = get(azure, path)
    _, second = get(azure, path, skiptoken=first["nextLink"].rpartition("=")[2])

    assert (len(first["value"]), len(second["value"]), "nextLink" in second) == (30, 1, False)


def test_another_filter_of_runs_is_refused_by_name(
    three_runs: Callable[..., tuple[int, Any]],
) -> None:
    told = three_runs(filter="clientTrackingId eq 'mine'")

    assert "clientTrackingId eq 'mine'" in refusal(told, 501)


def test_another_option_of_a_list_is_refused_by_name(azure: Cloud, replied: Run) -> None:
    told = get(azure, f"{replied['id']}/actions", filter="status eq 'Failed'")

    assert "'$filter'" in refusal(told, 501)


def test_a_link_to_another_run_needs_its_own_signature(azure: Cloud, replied: Run) -> None:
    link = replied["properties"]["trigger"]["outputsLink"]["uri"]

    assert azure.post(link.replace(replied["name"], "another"), method="GET").status == 401


def test_a_role_of_an_older_state_is_found_where_it_was_made(azure: Cloud) -> None:
    role = f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions/{uuid4()}"
    azure.call(known, azure.azure, role, {}, {"roleName": "of before"})

    status, told = get(azure, role, "2022-04-01")

    assert (status, told["id"]) == (200, role)
