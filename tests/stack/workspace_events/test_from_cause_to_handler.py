"""Each of the five events, from what causes it to the handler that its rule names.

The tests run in their order: the last one changes the stack.
"""

from tests.stack.event_path.test_roles import READER, without
from tests.stack.workspace_events.conftest import RULES
from tests.stack.workspace_events.told import Told


def test_what_is_in_preview_is_told_while_it_is_set_up(told: Told) -> None:
    assert "in Azure these events are a preview: ModelRegistered, ModelDeployed." in told.printed
    assert "DatasetDriftDetected never fires any more" in told.printed


def test_a_job_that_completes_is_told_as_completed_and_not_as_failed(
    told: Told, digit: bytes
) -> None:
    job = told.job_of("incoming/seven.pgm", digit)

    event = told.await_event("/completed", job["name"])
    assert event["topic"] == told.outputs["workspace_id"]
    assert event["eventType"] == "Microsoft.MachineLearningServices.RunCompleted"
    assert [each for each in told.heard("/failed") if each["subject"].endswith(job["name"])] == []


def test_a_job_that_fails_is_told_as_failed_and_not_as_completed(told: Told, digit: bytes) -> None:
    cluster = told.outputs["compute_identity_principal_id"]
    with without(told, cluster, READER, "/containers/inputs"):
        job = told.job_of("incoming/unreadable.pgm", digit)

    event = told.await_event("/failed", job["name"])
    assert (job["status"], event["data"]["runStatus"]) == ("Failed", "Failed")
    completed = [each["subject"] for each in told.heard("/completed")]
    assert [each for each in completed if each.endswith(job["name"])] == []


def test_drift_is_told_to_its_handler(told: Told) -> None:
    azure = told.running.azure
    workspace = told.outputs["workspace_id"]

    event = told.running.call(azure.machinelearning.news.raise_drift, workspace, "weekly", 0.4)

    heard = told.await_event("/drift", event["subject"])
    assert heard["data"]["DriftCoefficient"] == 0.4


def test_a_new_model_and_its_deployment_are_told_each_to_its_handler(told: Told) -> None:
    before = [event["id"] for path in ("/models", "/deployed") for event in told.heard(path)]

    told.apply({"deployments": [{"name": "digits", "model": "samples/digits/inputs"}]})

    registered = told.await_event("/models", other_than=before)
    deployed = told.await_event("/deployed", other_than=before)
    assert registered["subject"].startswith("models/digits:")
    assert registered["data"]["ModelName"] == "digits"
    assert deployed["eventType"] == "Microsoft.MachineLearningServices.ModelDeployed"


def test_a_function_is_called_with_its_key(told: Told) -> None:
    told.await_event("/deployed")

    queries = {delivery.query for delivery in told.deliveries("/deployed")}
    assert queries == {"code=a%2Fkey%2Bof%3Dthe%3D%3Dfunction"}


def test_each_rule_has_one_subscription(told: Told) -> None:
    assert set(told.outputs["workspace_event_subscription_ids"]) == {rule["name"] for rule in RULES}
