"""The three examples, from cause to effect, by the real engine and clients."""

from typing import Any

import pytest

from tests.stack.event_path.deployed import until
from tests.stack.event_path.test_roles import READER, without
from tests.stack.worked_examples import trainer
from tests.stack.worked_examples.conftest import RECIPIENTS, TOKEN, Examples

WORKFLOWS = "*.logic.azure.com"


def test_no_event_is_lost_while_nobody_has_authorised_the_connection(examples: Examples) -> None:
    examples.running.call(examples.running.azure.resources.put, examples.connection)
    event = examples.monitored()
    until(lambda: examples.delivery(event, "notify-by-email").get("outcome"), "an attempt")
    before = examples.mails_about(event)

    examples.authorise()
    examples.until_later(lambda: examples.mails_about(event), "the e-mail")

    assert before == []
    assert len(examples.mails_about(event)) == 1


def test_a_monitoring_job_that_fails_has_an_endpoint_train_on_the_files(
    examples: Examples,
) -> None:
    before = [each["event"] for each in examples.failures_of(trainer.MONITOR)]
    monitoring = examples.run(
        "Score-Folder",
        endpoint_uri=trainer.URI.format(trainer.MONITOR),
        endpoint_input_uri="azureml://datastores/batch_inputs/paths/incoming/",
        endpoint_input_name="files",
        endpoint_output_name="trained",
    )
    ends = [examples.ended(monitoring).status]
    failures = [each["event"] for each in examples.failures_of(trainer.MONITOR)]
    (event,) = [each for each in failures if each not in before]

    (run,) = until(lambda: examples.retrained_for(event), "the pipeline's run")

    ends.append(examples.ended(run).status)
    copied = f"azureml://datastores/batch_inputs/paths/copied/{run}/"
    ends += [job["status"] for job in examples.jobs_for([copied])]
    (called,) = [each for each in examples.runs() if each.invoked_by.pipeline_run_id == run]
    trained = examples.workspace_blob(f"batch/{called.run_id}/predictions.csv")
    assert ends == ["Failed", "Succeeded", "Completed"]
    assert examples.read(trained) == "digit-3.pgm\ndigit-7.pgm\n"


@pytest.mark.long
def test_a_training_that_fails_starts_no_other(examples: Examples) -> None:
    cluster = examples.outputs["compute_identity_principal_id"]
    with without(examples, cluster, READER, "/containers/inputs"):
        event = examples.monitored()
        (run,) = until(lambda: examples.retrained_for(event), "the pipeline's run")
        assert examples.ended(run).status == "Failed"

    (failure,) = examples.failures_of(trainer.TRAINER)
    told = [each["subscription"].rpartition("/")[2] for each in failure["deliveries"]]
    assert told == ["notify-by-email"]


def test_a_failed_run_is_mailed_with_its_status_and_a_link_and_a_completed_one_is_not(
    examples: Examples, digit: bytes
) -> None:
    cluster = examples.outputs["compute_identity_principal_id"]
    good = examples.job_of("incoming/good.pgm", digit)
    with without(examples, cluster, READER, "/containers/inputs"):
        bad = examples.job_of("incoming/bad.pgm", digit)

    def about(job: str) -> list[dict[str, Any]]:
        return [mail for mail in examples.mails() if f"/runs/{job}?wsid=" in mail["Body"]]

    until(lambda: about(bad["name"]), "the e-mail")
    workspace = examples.outputs["workspace_id"]
    (mail,) = about(bad["name"])
    kind = "Microsoft.MachineLearningServices.RunStatusChanged"
    assert (mail["To"], mail["Subject"]) == (RECIPIENTS, f"{kind} Failed: {workspace}")
    wsid = workspace.replace("/providers/Microsoft.MachineLearningServices", "")
    page = f"https://ml.azure.com/runs/{bad['name']}?wsid={wsid.replace('Groups', 'groups')}"
    assert f'<a href="{page}">' in mail["Body"]
    assert about(good["name"]) == []


@pytest.mark.long
def test_events_that_are_delivered_twice_are_handled_once(examples: Examples) -> None:
    examples.disturb(WORKFLOWS, drop="answer", times=2)
    event = examples.monitored()
    rules = ("notify-by-email", "retrain-on-event")

    def delivered_twice() -> bool:
        return all(
            examples.delivery(event, rule).get("state") == "delivered"
            and examples.delivery(event, rule)["attempts"] == 2
            for rule in rules
        )

    examples.until_later(delivered_twice, "a second delivery of each")

    assert len(examples.mails_about(event)) == 1
    assert len(examples.retrained_for(event)) == 1


@pytest.mark.long
def test_events_that_overtake_each_other_are_handled_once_each(examples: Examples) -> None:
    examples.disturb(WORKFLOWS, delay=20, times=2)
    first = examples.monitored()
    until(lambda: not examples.disturbed, "the first event's deliveries")
    second = examples.monitored()
    until(lambda: examples.mails_about(second), "the second event's e-mail")
    early = examples.mails_about(first)

    examples.until_later(
        lambda: examples.mails_about(first) and examples.retrained_for(first),
        "the first event",
    )

    handled = [
        (len(examples.mails_about(event)), len(examples.retrained_for(event)))
        for event in (first, second)
    ]
    assert (early, handled) == ([], [(1, 1), (1, 1)])


@pytest.mark.long
def test_a_claim_that_a_broken_run_left_is_taken_over_by_one_delivery(
    examples: Examples,
) -> None:
    event = examples.monitored()
    until(lambda: examples.claim(event) == "done", "the end of the handling")
    examples.put_claim(event, {"state": "started", "since": "2020-01-01T00:00:00Z"})

    answers = [examples.deliver_again(event) for _ in range(2)]

    assert answers == [200, 200]
    assert examples.claim(event) == "done"
    assert len(examples.mails_about(event)) == 2


def test_a_registered_model_starts_one_ci_workflow_though_the_first_try_fails(
    examples: Examples,
) -> None:
    examples.disturb("api.github.com", status=500)

    examples.register("of-another-team")
    examples.until_later(lambda: examples.dispatches_of("of-another-team"), "its dispatch")

    (asked,) = examples.dispatches_of("of-another-team")
    assert asked["repository"] == "my-team/models"
    assert {**asked["client_payload"], "event_id": "…", "event_time": "…"} == {
        "event_id": "…",
        "event_time": "…",
        "event_type": "Microsoft.MachineLearningServices.ModelRegistered",
        "workspace": examples.outputs["workspace_id"],
        "model_name": "digits",
        "model_version": "of-another-team",
        "model_tags": {},
        "model_properties": {},
    }


def test_the_token_is_nowhere_in_clear(examples: Examples) -> None:
    state, history = examples.succeeds("stack", "export"), str(examples.history())

    assert TOKEN not in state + examples.printed + history


@pytest.mark.long
def test_the_token_is_in_no_preview(examples: Examples) -> None:
    assert TOKEN not in examples.succeeds("preview", "--diff", "--show-sames")


@pytest.mark.long
def test_neither_another_up_nor_a_refresh_changes_anything(examples: Examples) -> None:
    examples.changes_nothing("up", "refresh")
