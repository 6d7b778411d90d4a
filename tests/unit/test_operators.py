"""Who looks after a stack: a role of its own on each part that there is, and the dead letters."""

from fnmatch import filter as filter_names
from typing import Any

import pytest

from components.identity.operators import ACTIONS, READS
from tests.unit.azure import GROUP, SUBSCRIPTION
from tests.unit.program import run
from tests.unit.sample_ids import STANDARD
from tests.unit.sample_settings import CALLER, changed

WHO = {"operators": [{"object_id": CALLER, "type": "Group"}]}
PROVIDERS = f"{GROUP}/providers/Microsoft."
CONTAINERS = "blobServices/default/containers"
INPUTS = f"Storage/storageAccounts/stinputs0a1b2c3d4e/{CONTAINERS}"
LETTERS = f"Storage/storageAccounts/dlinputs0a1b2c3d4e/{CONTAINERS}"
OWN = f"Storage/storageAccounts/stml/{CONTAINERS}"
LAKE = f"{SUBSCRIPTION}/resourceGroups/data-group/providers/Microsoft.Storage/storageAccounts/data"


def scopes(fields: dict[str, Any]) -> dict[str, str]:
    """Where the operator gets a role, by what for."""
    return {
        each.name.removeprefix("operators-").removesuffix(f"-{CALLER}"): (
            each.inputs["scope"].removeprefix(PROVIDERS)
        )
        for each in run(changed(WHO | fields)).all("RoleAssignment")
        if each.name.startswith("operators-")
    }


def test_an_operator_gets_the_stack_s_role_on_each_part_and_may_remove_dead_letters() -> None:
    deployed = run(changed(WHO))
    roles = {
        each.name: each.inputs["roleDefinitionId"].rpartition("/")[2]
        for each in deployed.all("RoleAssignment")
        if each.name.startswith("operators-")
    }

    assert scopes({}) == {
        "workspace": "MachineLearningServices/workspaces/ml-workspace",
        "topic": "EventGrid/systemTopics/blob-created-topic",
        "workflow": "Logic/workflows/on-blob-workflow",
        "inputs": f"{INPUTS}/inputs",
        "predictions": f"{OWN}/azureml-blobstore-workspace-guid",
        "logs": f"{OWN}/azureml",
        "dead-letters": f"{LETTERS}/dead-letters",
    }
    contributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    assert [name for name, role in roles.items() if role == contributor] == [
        f"operators-dead-letters-{CALLER}"
    ]


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"blob_events.enabled": False}, ["workspace"]),
        ({"data_factory.enabled": True}, ["workspace", "topic", "workflow", "factory"]),
        (STANDARD, ["workspace", "topic", "site"]),
    ],
    ids=["no blob events", "a data factory", "a Standard plan"],
)
def test_the_role_allows_what_the_stack_s_parts_take_and_is_given_nowhere_else(
    fields: dict[str, Any], parts: list[str]
) -> None:
    role = run(changed(WHO | fields)).named("operators-role").inputs

    assert role["permissions"] == [
        {
            "actions": [action for part in parts for action in ACTIONS[part]],
            "notActions": [],
            "dataActions": list(READS),
        }
    ]
    assert [each for each in scopes(fields) if each in ACTIONS] == parts


def test_operators_read_the_container_that_pipelines_write_to() -> None:
    factory = {"data_factory.enabled": True, "data_factory.output_container": "predictions"}

    assert scopes(factory)["outputs"].endswith("/containers/predictions")


def test_the_role_can_be_given_in_the_group_of_what_was_adopted_too() -> None:
    role = run(changed({**WHO, "storage.existing": LAKE})).named("operators-role").inputs

    assert role["scope"] == GROUP
    assert role["assignableScopes"] == [GROUP, LAKE.partition("/providers/")[0]]


def test_a_group_that_is_named_in_another_case_is_told_once() -> None:
    name = GROUP.rpartition("/")[2]
    there = LAKE.replace("/data-group/", f"/{name.upper()}/")
    role = run(changed({**WHO, "storage.existing": there})).named("operators-role").inputs

    assert [each.lower() for each in role["assignableScopes"]] == [GROUP.lower()]


def test_without_operators_nothing_is_made_for_them() -> None:
    assert not [each.name for each in run().resources if each.name.startswith("operators")]


def test_a_role_names_no_action_at_a_site_s_host_that_azure_does_not_publish() -> None:
    host = "microsoft.web/sites/hostruntime/webhooks/api/workflows"
    # D:role-based-access-control/permissions/web-and-mobile; another one is refused
    published = [
        f"{host}/runs/read",
        f"{host}/triggers/read",
        f"{host}/triggers/listcallbackurl/action",
        f"{host}/triggers/run/action",
    ]
    named = [each.lower() for each in ACTIONS["site"] if "/hostruntime/" in each]

    assert [each for each in named if not filter_names(published, each)] == []
