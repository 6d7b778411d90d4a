"""A second stack adopts what the first one made, works, and goes without harming it."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import CONFIRMED

pytestmark = pytest.mark.long

NOBODY: dict[str, Any] = {"publishers": [], "callers": []}


def not_begun(deployed: Deployed, settings: dict[str, Any]) -> Deployed:
    """The prod stack's file in the workspace of the dev stack, of which nothing is made."""
    other = Deployed(deployed.running, "prod")
    there = {"existing": deployed.outputs["workspace_id"]}
    other.configure({**NOBODY, "workspace": there, "monitoring": {}, **settings})
    return other


@pytest.fixture(scope="module")
def adopting(deployed: Deployed) -> Deployed:
    """The test stack's file, with what the dev stack made."""
    group = deployed.outputs["resource_group_name"]
    (topic,) = deployed.resources("Microsoft.EventGrid/systemTopics")
    second = Deployed(deployed.running, "test")
    second.configure(
        {
            **NOBODY,
            "resource_group": {"existing": group},
            "storage": {"existing": deployed.account_id, "folder": "incoming-of-test/"},
            "workspace": {"existing": deployed.outputs["workspace_id"]},
            "cluster": {"name": "test-cluster"},
            "blob_events": {
                "existing_system_topic": {"resource_group": group, "name": topic.name},
            },
        }
    )
    second.up()
    return second


def test_a_preview_tells_what_is_not_there_before_anything_is_made(deployed: Deployed) -> None:
    workspace = deployed.outputs["workspace_id"]
    hubs = f"{workspace.partition('/Microsoft.')[0]}/Microsoft.EventHub/namespaces/n/eventhubs"
    rule = {
        "name": "on-run",
        "event_types": ["RunCompleted"],
        "destination": {"kind": "event_hub", "resource_id": f"{hubs}/no"},
    }
    other = not_begun(
        deployed,
        {
            "cluster": {"existing": "batch-cluster"},
            "storage": {"existing": deployed.account_id, "container": "no-such-container"},
            "deployments": [{"name": "digits", "model": f"{workspace}/models/none/versions/1"}],
            "workspace_events": {"rules": [rule]},
        },
    )
    text = other.refused("preview")

    assert "has 3 problems. Nothing was changed." in text
    assert re.findall(r"\d\. (\S+)$", text, re.MULTILINE) == [
        "storage.container",
        "deployments[0].model",
        "workspace_events.rules[0].destination",
    ]
    assert "Traceback" not in text


def is_left_alone(stack: Deployed, folder: Path, kinds: dict[str, str]) -> bool:
    """Whether an `up` changes nothing of a state with the former types of these."""
    state = stack.succeeds("stack", "export")
    for kind, former in kinds.items():
        assert f"index:{kind}::" in state
        state = state.replace(f"index:{kind}", f"index:{former}")
    (folder / "state.json").write_text(state)
    stack.succeeds("stack", "import", "--file", str(folder / "state.json"))
    stack.changes_nothing("up")
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
    workspace = deployed.resource(deployed.outputs["workspace_id"])
    number = workspace.properties["workspaceId"]
    storage = {
        "existing": workspace.properties["storageAccount"],
        "container": f"azureml-blobstore-{number}",
        **inputs,
    }
    other = not_begun(deployed, {"storage": storage, **changes})
    text = other.refused("preview")

    assert told.format(number) in text, text
    assert "Traceback" not in text


def test_each_stack_scores_what_lands_under_its_own_prefix(
    deployed: Deployed, adopting: Deployed, digit: bytes
) -> None:
    folders = {"incoming": deployed, "incoming-of-test": adopting}

    jobs = [deployed.job_of(f"{folder}/of-each.pgm", digit) for folder in folders]

    assert [(job["status"], job["endpoint"]) for job in jobs] == [
        ("Completed", stack.outputs["endpoint_name"]) for stack in folders.values()
    ]


def test_the_first_stack_outlives_the_second(
    deployed: Deployed, adopting: Deployed, digit: bytes
) -> None:
    adopting.succeeds("destroy", *CONFIRMED)
    assert deployed.job_of("incoming/still-there.pgm", digit)["status"] == "Completed"
