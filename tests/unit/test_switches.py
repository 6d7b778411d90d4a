"""The three examples, each a switch of the stack file: from settings to what is made."""

import re
from typing import Any

import pytest
import yaml

from components.settings.advice import advice
from components.settings.event_rules import EventRule
from components.settings.event_types import full_name
from components.settings.filters import AdvancedFilter
from components.settings.problems import SettingsError
from components.settings.reading import read
from components.settings.retraining import names_its_cause
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_ids import ACCOUNT, COPY_FROM, DISPATCH, MAIL, RETRAIN
from tests.unit.sample_settings import BASE, changed
from tests.unit.test_docs import page

ML = "Microsoft.MachineLearningServices."
TOKEN = "ghp_SECRET-TOKEN"
ALL: dict[str, Any] = {
    "workspace_events": {
        "notify_by_email": MAIL,
        "retrain_on_event": RETRAIN,
        "dispatch_on_model": DISPATCH,
    },
    "data_factory": {"enabled": True},
    "event_secrets": {"dispatch-on-model": TOKEN},
}


def retraining(**changes: Any) -> dict[str, Any]:
    again = {**RETRAIN, **changes}
    return {"workspace_events": {"retrain_on_event": again}, "data_factory": {"enabled": True}}


def rules(**values: Any) -> dict[str, EventRule]:
    settings = read(BASE | values, secret=["event_secrets"] if "event_secrets" in values else [])
    return {rule.name: rule for rule in settings.event_rules}


def made(**values: Any) -> Deployment:
    """The program with what these keys say."""
    return run(changed(**values))


def parameters(deployment: Deployment, name: str) -> dict[str, Any]:
    given = deployment.named(f"handle-{name}-workflow").inputs["parameters"]
    return {key: each["value"] for key, each in given.items()}


def test_each_switch_is_a_rule_about_its_events_and_conditions() -> None:
    assert rules() == {}
    assert {
        name: (rule.event_types, [each.key for each in rule.advanced_filters])
        for name, rule in rules(**ALL).items()
    } == {
        "notify-by-email": ((f"{ML}RunStatusChanged",), []),
        "retrain-on-event": (
            (f"{ML}RunStatusChanged",),
            ["data.runStatus", "data.runTags.purpose"],
        ),
        "dispatch-on-model": ((f"{ML}ModelRegistered",), []),
    }


def test_an_email_is_sent_through_a_connection_to_outlook() -> None:
    deployment = made(**ALL)

    connection = deployment.one("web:Connection")
    assert connection.inputs["properties"]["api"] == {
        "id": "/subscriptions/s/providers/Microsoft.Web/locations/westeurope/managedApis/office365"
    }
    given = parameters(deployment, "notify-by-email")
    assert {key: given[key] for key in ("recipients", "run_statuses", "studio_host")} == {
        "recipients": ["ml-team@example.com"],
        "run_statuses": ["Failed", "Canceled"],
        "studio_host": "ml.azure.com",
    }
    assert given["$connections"]["office365"] == {
        "connectionId": f"{GROUP}/providers/Microsoft.Web/connections/{connection.name}",
        "connectionName": connection.name,
        "id": connection.inputs["properties"]["api"]["id"],
    }


def test_a_token_is_a_secret() -> None:
    deployment = made(**ALL)

    workflow = deployment.named("handle-dispatch-on-model-workflow")
    assert parameters(deployment, "dispatch-on-model")["token"] == TOKEN
    assert workflow.inputs["parameters"]["token"]["type"] == "securestring"
    assert "parameters.token.value" in workflow.secrets


def test_the_event_starts_the_pipeline_that_copies_and_trains() -> None:
    deployment = made(**ALL)

    uri = parameters(deployment, "retrain-on-event")["create_run_uri"]
    assert "/pipelines/Copy-Then-Retrain/createRun?" in uri
    assert (
        deployment.named("handle-retrain-on-event-starts").inputs["scope"]
        == (deployment.exports["factory_id"])
    )


def defaults(deployment: Deployment) -> dict[str, Any]:
    declared = deployment.named("retraining-pipeline").inputs["parameters"]
    return {name: each["defaultValue"] for name, each in declared.items()}


def test_what_is_copied_is_the_folder_and_what_trains_is_the_stacks_endpoint() -> None:
    deployment = made(**ALL)

    assert defaults(deployment) == {
        "training_source_container": "exports",
        "training_source_folder": "training/",
        "training_input_container": "inputs",
        "training_input_datastore": "batch_inputs",
        "endpoint_uri": deployment.exports["scoring_uri"],
        "endpoint_input_name": "input",
        "endpoint_output_name": "score",
        "endpoint_output_type": "UriFile",
    }


def test_another_endpoint_can_train_with_names_of_its_own() -> None:
    uri = "https://trainer.westeurope.inference.ml.azure.com/jobs"
    names = {"input_name": "labelled", "output_name": "model", "output_type": "UriFolder"}

    deployment = made(**retraining(endpoint_uri=uri, **names))

    told = defaults(deployment)
    assert {name: value for name, value in told.items() if name.startswith("endpoint_")} == {
        "endpoint_uri": uri,
        "endpoint_input_name": "labelled",
        "endpoint_output_name": "model",
        "endpoint_output_type": "UriFolder",
    }


def test_the_factory_reads_what_it_copies_and_writes_where_it_copies_to() -> None:
    deployment = made(**ALL)

    reads = deployment.named("retraining-training-source-copies").inputs
    writes = deployment.named("retraining-training-input-copies").inputs
    assert reads["scope"] == f"{ACCOUNT}/blobServices/default/containers/exports"
    assert writes["scope"].endswith("/containers/inputs")
    assert (reads["principalId"], writes["principalId"]) == ("factory-principal",) * 2


@pytest.mark.parametrize(
    ("container", "granted"),
    [("exports", set()), ("elsewhere", {"retraining-training-source-copies"})],
)
def test_no_role_is_given_twice_where_files_are_copied_for_scoring_too(
    container: str, granted: set[str]
) -> None:
    copied = {**COPY_FROM, "container": container}
    window = {"every": "1h", "start": "2026-06-01T00:00:00Z", "copy_from": copied}
    for factory in ({"copy_before": copied}, {"window": window}):
        deployment = made(**(retraining() | {"data_factory": factory}))

        given = {each.name for each in deployment.all("RoleAssignment")}
        assert {name for name in given if name.startswith("retraining-")} == granted


@pytest.mark.parametrize("name", ["notify-by-email", "retrain-on-event", "dispatch-on-model"])
def test_each_workflow_claims_its_events_in_a_folder_of_its_own(name: str) -> None:
    deployment = made(**ALL)

    assert parameters(deployment, name)["claims_uri"].endswith(f"/handled-events/{name}")
    grant = deployment.named(f"handle-{name}-claims-events").inputs
    assert (grant["principalId"], grant["scope"].partition("/blobServices/")[2]) == (
        "workflow-principal",
        "default/containers/handled-events",
    )
    assert f"handle-{name}-claims-events" in deployment.everything_before(
        f"workspace-events-to-{name}"
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("ModelDeployed", "preview: ModelDeployed"),
        ("DatasetDriftDetected", "DatasetDriftDetected never fires any more"),
    ],
)
def test_what_is_to_be_said_of_an_event_is_said_for_a_switch_as_well(event: str, told: str) -> None:
    settings = read(
        BASE | {"workspace_events": {"notify_by_email": {**MAIL, "event_types": [event]}}}
    )

    assert any(told in sentence for sentence in advice(settings))


def test_the_key_that_waited_for_drift_is_refused_by_what_stands_for_it() -> None:
    with pytest.raises(SettingsError, match=r"did you mean workspace_events\.retrain_on_event\?"):
        read(BASE | {"retrain_on_drift": {"copy_from": COPY_FROM}})


def on(field: str, *values: Any, operator: str = "StringIn") -> dict[str, Any]:
    return {"operator": operator, "key": field, "values": [*values]}


@pytest.mark.parametrize(
    ("types", "conditions", "ends"),
    [
        ("RunStatusChanged", [on("data.experimentName", "monitor")], True),
        ("RunStatusChanged", [on("Data.ExperimentName", "TRAINER")], False),
        ("RunStatusChanged", [on("data.experimentName", "monitor", "trainer")], False),
        ("RunCompleted", [on("data.experimentName", "train", operator="StringBeginsWith")], False),
        ("RunCompleted", [on("data.experimentName", "er", operator="StringEndsWith")], False),
        ("RunCompleted", [on("data.experimentName", "rain", operator="StringContains")], False),
        ("RunCompleted", [on("data.experimentName", "mon", operator="StringBeginsWith")], True),
        ("RunCompleted", [on("data.experimentName", "trainer", operator="StringNotIn")], False),
        ("RunCompleted", [on("data.runTags.purpose", "monitoring")], True),
        ("RunCompleted", [on("data.runStatus", "Failed")], False),
        ("RunCompleted", [on("subject", "experiments/", operator="StringBeginsWith")], False),
        ("ModelRegistered", [], False),
        ("ModelRegistered", [on("data.ModelName", "base")], True),
        ("ModelDeployed", [on("data.ServiceTags.stage", "prod")], True),
        ("DatasetDriftDetected", [], True),
    ],
)
def test_a_training_whose_own_events_would_start_the_next_one_is_refused(
    types: str, conditions: list[dict[str, Any]], *, ends: bool
) -> None:
    filters = [AdvancedFilter(**each) for each in conditions]

    assert names_its_cause([full_name(types)], filters, "trainer") is ends


def test_an_experiment_says_nothing_where_the_endpoint_that_trains_has_no_name_yet() -> None:
    wanted = retraining(advanced_filters=[on("data.experimentName", "monitor")])

    with pytest.raises(SettingsError, match=r"say it by endpoint_uri or endpoint\.name"):
        read(BASE | wanted)

    assert rules(**wanted, endpoint={"name": "trainer"})


def documented_snippets() -> list[dict[str, Any]]:
    """The stack files of the section on the three examples."""
    section = page("workspace-events").partition("## Three examples")[2].partition("\n## ")[0]
    texts = re.findall("```yaml\n(.*?)```", section, re.DOTALL)
    filled = [text.replace("/subscriptions/…/storageAccounts/myexports", ACCOUNT) for text in texts]
    return [
        {key.removeprefix("azureml-batch-events:"): value for key, value in each.items()}
        for each in map(yaml.safe_load, filled)
    ]


def test_the_documented_examples_are_accepted_and_are_the_three() -> None:
    secrets = {"event_secrets": {"dispatch-on-model": TOKEN}}
    found = [
        name
        for said in documented_snippets()
        for told in [secrets if "dispatch_on_model" in said["workspace_events"] else {}]
        for name in rules(**said, **told)
    ]

    assert found == ["notify-by-email", "retrain-on-event", "dispatch-on-model"]
