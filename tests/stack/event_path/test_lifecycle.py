"""The dev stack through its life: up, up again, refresh, changes, a replacement, destroy."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from local_azure.commands.stacks import SOMEBODY
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_client_dead_letters import given_up
from tests.stack.shell import CONFIRMED

pytestmark = pytest.mark.long

PROJECT = "azureml-batch-events"
TOLD = {"logs": True, "workbook": True, "notify": {"emails": ["team@example.com"]}}
DEPLOYMENTS = "Microsoft.Resources/deployments"
OTHER = "0f000000-0000-4000-8000-00000000000f"


def test_neither_another_up_nor_a_refresh_changes_anything(stack: Deployed) -> None:
    stack.changes_nothing("up", "refresh")


def test_an_up_after_the_refresh_keeps_the_default_deployment(stack: Deployed) -> None:
    stack.changes_nothing("up")
    assert default_deployment(stack)


def test_a_preview_tells_a_change_and_makes_none(stack: Deployed) -> None:
    told = previewed(stack, *setting("blob_events.delivery_attempts", "7"))
    assert told == {"blob-created-subscription": "update"}
    assert attempts(stack) == 30


def test_a_changed_setting_is_updated_in_place(stack: Deployed) -> None:
    printed = stack.up(*setting("blob_events.delivery_attempts", "9"))
    assert "1 updated" in printed
    assert attempts(stack) == 9


def test_a_preview_of_one_more_publisher_tells_of_nothing_that_waits_for_the_role(
    stack: Deployed,
) -> None:
    stack.configure({"publishers": [SOMEBODY, {**SOMEBODY, "object_id": OTHER}]})
    told = previewed(stack)
    stack.configure({"publishers": [SOMEBODY]})
    assert told == {f"publishers-{OTHER}": "create", f"publishers-{OTHER}-name": "create"}


def test_what_is_made_sends_its_logs_once_they_are_asked_for(stack: Deployed) -> None:
    printed = stack.up(*setting("monitoring.logs", "true"))
    assert "+ 3 created" in printed
    made = stack.resources("Microsoft.Insights/diagnosticSettings")
    assert sorted(each.id.split("/")[-6] for each in made) == [
        "systemTopics",
        "workflows",
        "workspaces",
    ]


def test_a_dead_letter_meets_its_alert_s_condition_which_verify_tells(
    stack: Deployed, digit: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.configure({"monitoring": TOLD})
    stack.up()
    verify = Client(stack, tmp_path, capsys)
    assert alerts(verify) == "7 are on; met in the last hour: none"

    given_up(stack, "given-up.pgm", digit)
    stack.advance(timedelta(minutes=1))

    assert alerts(verify) == (
        "7 are on; met in the last hour: files-dead-letters (DeadLetteredCount 1, above 0)"
    )


def test_neither_another_up_nor_a_refresh_changes_what_tells(stack: Deployed) -> None:
    stack.changes_nothing("up", "refresh")


def test_a_change_of_the_endpoint_keeps_its_default(stack: Deployed) -> None:
    before = default_deployment(stack)
    stack.up(*setting("tags.owner", "somebody-else"))
    assert default_deployment(stack) == before


def test_a_rotated_secret_is_a_new_one_and_the_flow_goes_on(stack: Deployed, digit: bytes) -> None:
    printed = stack.up(*setting("invoker.secret_rotation", "2"))
    assert "+ 2 created" in printed
    assert "- 2 deleted" in printed
    assert stack.job_of("incoming/rotated.pgm", digit)["status"] == "Completed"


def test_what_azure_cannot_change_is_replaced_a_datastore_under_its_name(
    stack: Deployed, digit: bytes
) -> None:
    printed = stack.up(*setting("storage.container", "arrivals"))
    assert "ml-inputs created replacement" in printed
    assert stack.outputs["input_container"] == "arrivals"
    assert stack.job_of("incoming/replaced.pgm", digit)["status"] == "Completed"


def test_other_machines_are_another_cluster_under_the_same_name(
    stack: Deployed, digit: bytes
) -> None:
    printed = stack.up(*setting("cluster.vm_size", "Standard_D2_v2"))
    assert "+-1 replaced" in printed
    assert stack.job_of("incoming/on-others.pgm", digit)["status"] == "Completed"


def test_a_change_behind_pulumis_back_is_found(stack: Deployed) -> None:
    resources = stack.running.azure.resources
    (topic,) = stack.resources("Microsoft.EventGrid/systemTopics")
    stack.running.call(resources.delete, topic.id)
    done = stack.pulumi("refresh", "--preview-only", "--expect-no-changes")
    assert done.returncode == 7, done.stdout  # what the CLI ends with where there are changes
    stack.running.call(resources.put, topic)


def test_a_deployments_record_that_azure_cleared_away_is_all_that_is_made_again(
    stack: Deployed,
) -> None:
    before, (record,) = default_deployment(stack), stack.resources(DEPLOYMENTS)
    stack.running.call(stack.running.azure.resources.delete, record.id)
    stack.succeeds("refresh", *CONFIRMED)
    assert "+ 1 created" in (printed := stack.up())
    assert ("updated" in printed, "replaced" in printed) == (False, False)
    assert default_deployment(stack) == before


def test_destroy_leaves_nothing(stack: Deployed) -> None:
    stack.succeeds("destroy", *CONFIRMED)
    assert (stack.everything(), stack.state()) == ([], [])


def alerts(verify: Client) -> str:
    """What `verify` finds out of the stack's alerts, before it stops at what it was given."""
    told = verify("verify", "--timeout", "60")
    return next(str(each["found"]) for each in told["steps"] if each["part"] == "the alerts")


def setting(key: str, value: str, namespace: str = PROJECT) -> list[str]:
    """A value of the stack file, by its path, as Pulumi's command line takes it."""
    return ["--config-path", "--config", f"{namespace}:{key}={value}"]


def previewed(stack: Deployed, *changed: str) -> dict[str, str]:
    """What a preview tells to be done, by the resource that it is done to."""
    steps = json.loads(stack.succeeds("preview", "--json", *changed))["steps"]
    return {each["urn"].rpartition("::")[2]: each["op"] for each in steps if each["op"] != "same"}


def attempts(stack: Deployed) -> int:
    """Delivery attempts of the deployed subscription."""
    (subscription,) = stack.resources("Microsoft.EventGrid/systemTopics/eventSubscriptions")
    return int(subscription.body["retryPolicy"]["maxDeliveryAttempts"])


def default_deployment(stack: Deployed) -> str:
    """Name of the endpoint's default deployment, as a GET answers it."""
    (endpoint,) = stack.resources("Microsoft.MachineLearningServices/workspaces/batchEndpoints")
    name: str = endpoint.properties["properties"]["defaults"]["deploymentName"]
    return name
