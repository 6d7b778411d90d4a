"""A second stack adopts what the first one made, works, and goes without harming it."""

from pathlib import Path
from typing import Any

import pytest

from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import CONFIRMED, NO_CHANGES

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def adopting(deployed: Deployed) -> Deployed:
    """The test stack's file, with what the dev stack made."""
    first = deployed.outputs
    group = first["resource_group_name"]
    account = first["storage_account_name"]
    (topic,) = deployed.resources("Microsoft.EventGrid/systemTopics")
    subscription = first["workspace_id"].split("/")[2]
    second = Deployed(deployed.running, "test")
    second.configure(
        {
            "resource_group": {"existing": group},
            "storage": {
                "existing": (
                    f"/subscriptions/{subscription}/resourceGroups/{group}"
                    f"/providers/Microsoft.Storage/storageAccounts/{account}"
                ),
                "folder": "incoming-of-test/",
            },
            "workspace": {"existing": first["workspace_id"]},
            "cluster": {"name": "test-cluster"},
            "blob_events": {
                "existing_system_topic": {"resource_group": group, "name": topic.name},
            },
            "publishers": [],
            "callers": [],
        }
    )
    second.up()
    return second


def test_a_preview_tells_what_is_not_there_before_anything_is_made(deployed: Deployed) -> None:
    first = deployed.outputs
    inside = f"/subscriptions/{first['workspace_id'].split('/')[2]}/resourceGroups/"
    providers = f"{inside}{first['resource_group_name']}/providers"
    other = Deployed(deployed.running, "prod")
    other.configure(
        {
            "workspace": {"existing": first["workspace_id"]},
            "cluster": {"existing": "batch-cluster"},
            "publishers": [],
            "callers": [],
            "monitoring": {},
            "storage": {
                "existing": (
                    f"{providers}/Microsoft.Storage/storageAccounts/{first['storage_account_name']}"
                ),
                "container": "no-such-container",
            },
            "deployments": [
                {"name": "digits", "model": f"{first['workspace_id']}/models/none/versions/1"}
            ],
            "workspace_events": {
                "rules": [
                    {
                        "name": "on-run",
                        "event_types": ["RunCompleted"],
                        "destination": {
                            "kind": "event_hub",
                            "resource_id": (
                                f"{providers}/Microsoft.EventHub/namespaces/n/eventhubs/no"
                            ),
                        },
                    }
                ]
            },
        }
    )
    text = other.refused("preview")

    assert "has 3 problems. Nothing was changed." in text, text
    hub = "workspace_events.rules[0].destination"
    for key in ("storage.container", "deployments[0].model", hub):
        assert f". {key}\n" in text, text
    assert "Traceback" not in text


def is_left_alone(stack: Deployed, folder: Path, kinds: dict[str, str]) -> bool:
    """Whether an `up` changes nothing of a state with the former types of these."""
    state = stack.succeeds("stack", "export")
    for kind, former in kinds.items():
        assert f"index:{kind}::" in state
        state = state.replace(f"index:{kind}", f"index:{former}")
    (folder / "state.json").write_text(state)
    stack.succeeds("stack", "import", "--file", str(folder / "state.json"))
    stack.succeeds("up", *NO_CHANGES)
    return True


def test_what_was_adopted_under_its_former_type_is_left_alone(
    adopting: Deployed, tmp_path: Path
) -> None:
    kinds = {
        "ExistingInputStorage": "InputStorage",
        "ExistingMachineLearningWorkspace": "MachineLearningWorkspace",
        "ExistingTopicBlobCreatedSubscription": "BlobCreatedSubscription",
    }

    assert is_left_alone(adopting, tmp_path, kinds)


@pytest.mark.parametrize(
    ("inputs", "changes", "told"),
    [
        (
            {"folder": "azureml/"},
            {},
            "accepted: a folder apart from azureml-blobstore-{}/azureml/: what jobs leave in",
        ),
        (
            {},
            {"data_factory": {"output_container": "predictions"}},
            "data_factory.output_container has to be left out: the input account is the",
        ),
    ],
)
def test_a_preview_tells_in_one_sentence_what_the_adopted_workspaces_storage_rules_out(
    deployed: Deployed, inputs: dict[str, Any], changes: dict[str, Any], told: str
) -> None:
    workspace_id = deployed.outputs["workspace_id"]
    workspace = deployed.resource(workspace_id)
    number = workspace.properties["workspaceId"]
    other = Deployed(deployed.running, "prod")
    other.configure(
        {
            "workspace": {"existing": workspace_id},
            "storage": {
                "existing": workspace.properties["storageAccount"],
                "container": f"azureml-blobstore-{number}",
                **inputs,
            },
            "publishers": [],
            "callers": [],
            "monitoring": {},
            **changes,
        }
    )
    text = other.refused("preview")

    assert told.format(number) in text, text
    assert "Traceback" not in text


def test_each_stack_scores_what_lands_under_its_own_prefix(
    deployed: Deployed, adopting: Deployed, digit: bytes
) -> None:
    first = deployed.drop("incoming/of-dev.pgm", content=digit)
    second = deployed.drop("incoming-of-test/of-test.pgm", content=digit)
    (of_dev,) = deployed.await_jobs(first)
    (of_test,) = deployed.await_jobs(second)
    assert of_dev["status"] == of_test["status"] == "Completed"
    assert of_dev["endpoint"] == deployed.outputs["endpoint_name"]
    assert of_test["endpoint"] == adopting.outputs["endpoint_name"]


def test_the_first_stack_outlives_the_second(
    deployed: Deployed, adopting: Deployed, digit: bytes
) -> None:
    adopting.succeeds("destroy", *CONFIRMED)
    (job,) = deployed.await_jobs(deployed.drop("incoming/still-there.pgm", content=digit))
    assert job["status"] == "Completed"
