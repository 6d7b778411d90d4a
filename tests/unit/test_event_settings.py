"""Rules for events as a stack file has them: what is read, what is advised, what stays secret."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_azure_native import eventgrid

from components.event_grid.operators import OPERATORS
from components.settings import SettingsError, read
from components.settings.events import subjects
from components.settings.events.model import (
    AdvancedFilter,
    EventRule,
    ExistingWorkflow,
    PipelineRun,
    Resource,
    Webhook,
    WorkflowTemplate,
)
from tests.unit.refused_event_settings import (
    ACCOUNT,
    FACTORY,
    FUNCTION,
    GUID,
    HUB,
    IN_US_GOVERNMENT,
    PIPELINE,
    TO_HUB,
    WORKFLOW,
    domain,
    filtered,
    rule,
    to,
)

BASE = {"location": "westeurope", "publishers": [{"object_id": GUID, "type": "User"}]}
ML = "Microsoft.MachineLearningServices."
EXPERIMENT = "experiments/{}/runs/{}"


def the_rule(rules: list[dict[str, Any]], secrets: dict[str, str] | None = None) -> EventRule:
    """The only rule of a stack file."""
    given = BASE | {"workspace_events": rules, "event_secrets": secrets or {}}
    (only,) = read(given, secret=["event_secrets"] if secrets else []).workspace_events.rules
    return only


def advice(**changes: Any) -> tuple[str, ...]:
    return read(BASE | {"workspace_events": [rule(**changes)]}).advice


def test_a_rule_says_only_what_differs_from_event_grids_own_defaults() -> None:
    assert the_rule([rule()]) == EventRule(
        name="on-model",
        event_types=(f"{ML}ModelRegistered",),
        subject_begins_with=None,
        subject_ends_with=None,
        subject_case_sensitive=False,
        advanced_filters=(),
        advanced_filtering_on_arrays=False,
        destination=Resource("event_hub", HUB, None),
        delivery_with_identity=True,
        delivery_attempts=30,
        time_to_live_minutes=1440,
        dead_letter_container_id=None,
        schema="event_grid",
        max_events_per_batch=1,
        preferred_batch_kilobytes=64,
    )


def test_short_and_full_names_of_types_are_the_same() -> None:
    given = ["RunCompleted", f"{ML}RunStatusChanged", f"{ML}RunCompleted"]

    told = the_rule([rule(event_types=given)]).event_types

    assert told == (f"{ML}RunCompleted", f"{ML}RunStatusChanged")


@pytest.mark.parametrize(
    ("destination", "read_as"),
    [
        (TO_HUB, Resource("event_hub", HUB, None)),
        (
            {"kind": "storage_queue", "resource_id": ACCOUNT, "queue_name": "ml-events"},
            Resource("storage_queue", ACCOUNT, "ml-events"),
        ),
        ({"kind": "webhook", "url": "https://h.example.com:8443/a"}, Webhook("https://h.example.com:8443/a")),
        ({"kind": "logic_app", "workflow_id": WORKFLOW}, ExistingWorkflow(WORKFLOW, "manual")),
        (
            {"kind": "logic_app", "workflow_id": WORKFLOW, "trigger": "On_event"},
            ExistingWorkflow(WORKFLOW, "On_event"),
        ),
        (PIPELINE, PipelineRun(FACTORY, "Train", {}, "")),
        (
            PIPELINE | {"parameters": {"epochs": 3}, "event_parameter": "event"},
            PipelineRun(FACTORY, "Train", {"epochs": 3}, "event"),
        ),
    ],
)  # fmt: skip
def test_each_kind_of_destination_is_read(destination: dict[str, Any], read_as: object) -> None:
    assert the_rule([rule(destination=destination)]).destination == read_as


@pytest.mark.parametrize("kind", ["queues", "topics"])
def test_service_bus_is_reached_by_the_topics_identity_unless_told_otherwise(kind: str) -> None:
    resource_id = HUB.replace("EventHub", "ServiceBus").replace("eventhubs", kind)
    destination = {"kind": f"service_bus_{kind[:-1]}", "resource_id": resource_id}

    assert the_rule([rule(destination=destination)]).delivery_with_identity
    assert not the_rule(
        [rule(destination=destination, delivery_with_identity=False)]
    ).delivery_with_identity


def test_a_functions_key_becomes_part_of_its_url() -> None:
    told = the_rule([rule(destination=FUNCTION)], {"on-model": "a/b+c=="})

    assert told.destination == Webhook(
        "https://f.azurewebsites.net/api/handler?code=a%2Fb%2Bc%3D%3D"
    )


def test_a_webhook_with_a_secret_is_a_secret_as_a_whole() -> None:
    told = the_rule(to(kind="webhook"), {"on-model": "https://h.example.com/a?code=x"})

    assert told.destination == Webhook("https://h.example.com/a?code=x")


def test_a_secret_is_the_value_of_a_templates_secure_parameter() -> None:
    parameters = {
        "tenant_id": "t",
        "client_id": "c",
        "endpoint_uri": "https://e.westeurope.inference.ml.azure.com/jobs",
        "storage_account_id": ACCOUNT,
        "watched_url": "https://inputs.blob.core.windows.net/images/",
    }
    destination = {
        "kind": "logic_app",
        "template": "invoke_batch_endpoint",
        "parameters": parameters,
    }

    told = the_rule([rule(destination=destination)], {"on-model": "hunter2"})

    assert told.destination == WorkflowTemplate("invoke_batch_endpoint", parameters, "hunter2")


def test_the_operators_are_those_of_the_sdk() -> None:
    ends = "AdvancedFilterArgs"

    assert set(OPERATORS) == {
        name.removesuffix(ends) for name in dir(eventgrid) if name.endswith(ends)
    }


@pytest.mark.parametrize(
    ("operator", "fields", "values"),
    [
        ("NumberIn", {"values": [1, 2.5]}, (1, 2.5)),
        ("NumberNotIn", {"values": [-1]}, (-1,)),
        ("NumberLessThan", {"value": 0}, (0,)),
        ("NumberGreaterThan", {"value": 1e9}, (1e9,)),
        ("NumberLessThanOrEquals", {"value": 3}, (3,)),
        ("NumberGreaterThanOrEquals", {"value": 3}, (3,)),
        ("NumberInRange", {"values": [[0, 1], [5, 5]]}, ([0, 1], [5, 5])),
        ("NumberNotInRange", {"values": [[0.5, 1]]}, ([0.5, 1],)),
        ("BoolEquals", {"value": False}, (False,)),
        ("StringIn", {"values": ["a", "ä 'b' \"c\""]}, ("a", "ä 'b' \"c\"")),
        ("StringNotIn", {"values": ["x" * 512]}, ("x" * 512,)),
        ("StringBeginsWith", {"values": ["a"]}, ("a",)),
        ("StringEndsWith", {"values": ["a"]}, ("a",)),
        ("StringContains", {"values": ["a"] * 25}, ("a",) * 25),
        ("StringNotBeginsWith", {"values": ["a"]}, ("a",)),
        ("StringNotEndsWith", {"values": ["a"]}, ("a",)),
        ("StringNotContains", {"values": ["a"]}, ("a",)),
        ("IsNullOrUndefined", {}, ()),
        ("IsNotNull", {}, ()),
    ],
)
def test_every_operator_takes_its_own_kind_of_value(
    operator: str, fields: dict[str, Any], values: tuple[Any, ...]
) -> None:
    told = the_rule(filtered(operator, **fields)).advanced_filters

    assert told == (AdvancedFilter(operator, "data.x", values),)


@pytest.mark.parametrize("key", ["Subject", "eventtype", "ID", "data.ModelTags.key1", "Data.a b"])
def test_a_filter_looks_at_a_field_of_the_event_or_below_its_data(key: str) -> None:
    assert the_rule(filtered("IsNotNull", key=key)).advanced_filters[0].key == key


def test_a_domain_has_the_defaults_of_the_document_on_it() -> None:
    subscription = rule(name="on-domain", topic="models", event_types=..., destination=FUNCTION)
    given = {
        "event_domain": domain(subscriptions=[subscription]),
        "event_secrets": {"on-domain": "k"},
    }

    told = read(BASE | given, secret=["event_secrets"]).event_domain

    assert told is not None
    (served,) = told.subscriptions
    assert (served.topic, served.rule.event_types) == ("models", (f"{ML}ModelRegistered",))
    assert (served.rule.delivery_attempts, served.rule.time_to_live_minutes) == (3, 1440)
    assert (served.rule.max_events_per_batch, served.rule.preferred_batch_kilobytes) == (1, 64)
    assert served.rule.schema == "event_grid"
    assert not told.access_keys


def test_a_domain_carries_events_of_the_teams_own() -> None:
    subscription = rule(topic="models", event_types=["Team.ModelApproved"])
    told = read(BASE | {"event_domain": domain(subscriptions=[subscription])}).event_domain

    assert told is not None
    assert told.subscriptions[0].rule.event_types == ("Team.ModelApproved",)


def test_workspace_events_are_refused_in_a_cloud_that_has_none() -> None:
    environments = {
        "azure-native:environment": "usgovernment",
        "azuread:environment": "usgovernmentl4",
    }
    with pytest.raises(SettingsError) as caught:
        read(BASE | IN_US_GOVERNMENT, environments=environments)

    (problem,) = caught.value.problems
    assert problem.key == "workspace_events"
    assert problem.accepted == (
        "nothing: workspaces raise no events in the cloud usgovernment, only in public and china"
        " (D:machine-learning/reference-machine-learning-cloud-parity, of 2022)"
    )


@pytest.mark.parametrize(
    ("form", "begins", "ends", "can"),
    [
        ("models/{}:{}", "", "", True),
        ("models/{}:{}", "models/mymodelname", "", True),
        ("models/{}:{}", "mod", "", True),
        ("models/{}:{}", "Models/", "", True),
        ("models/{}:{}", "model/", "", False),
        ("models/{}:{}", "/models/", "", False),
        ("models/{}:{}", "models/a:1/", "", False),
        ("models/{}:{}", "", ":3", True),
        ("models/{}:{}", "", "models/a:3", True),
        ("models/{}:{}", "", "models/a", False),
        ("models/{}:{}", "", "els/a:3", True),
        ("models/{}:{}", "", "x/models/a:3", False),
        (EXPERIMENT, "experiments/b1d7966c/runs/", "", True),
        (EXPERIMENT, "experiments//runs/", "", False),
        (EXPERIMENT, "experiments/b1d7966c/jobs", "", False),
        (EXPERIMENT, "experiments/b1d7966c/ru", "_dbaa94", True),
        (EXPERIMENT, "", "runs/x", True),
        (EXPERIMENT, "", "/x", True),
        (EXPERIMENT, "", "jobs/x", False),
        (EXPERIMENT, "", "runs/", False),
        ("endpoints/{}", "endpoints/my_sklearn_aks", "", True),
        ("endpoints/{}", "endpoints/a", ".csv", True),
    ],
)
def test_a_subject_filter_is_compared_with_the_form_of_the_subjects(
    form: str, begins: str, ends: str, *, can: bool
) -> None:
    assert subjects.can_match(form, begins, ends, case_sensitive=False) is can


def test_case_matters_only_where_it_is_to() -> None:
    assert not subjects.can_match("models/{}:{}", "Models/", "", case_sensitive=True)


def test_a_rule_that_can_never_match_is_told() -> None:
    told = advice(event_types=["RunCompleted"], subject_begins_with="models/mymodelname")

    (sentence,) = told
    assert sentence == (
        "workspace_events, rule on-model: its subject filter never matches RunCompleted,"
        " whose subjects are experiments/…/runs/…."
    )


def test_types_in_preview_are_told_once() -> None:
    rules = [rule(), rule(name="again", event_types=["ModelDeployed", "ModelRegistered"])]

    assert read(BASE | {"workspace_events": rules}).advice == (
        "workspace_events: in Azure these events are a preview: ModelRegistered, ModelDeployed.",
    )


def on_field(key: str) -> tuple[str, ...]:
    """The advice about a filter of finished runs."""
    condition = {"operator": "IsNotNull", "key": key}
    return advice(event_types=["RunCompleted"], advanced_filters=[condition])


def test_a_filter_on_a_field_that_no_sample_has_is_told() -> None:
    (sentence,) = on_field("data.runStatus")
    assert sentence == (
        "workspace_events, rule on-model: its filter looks at data.runStatus; the documents'"
        " samples have the data of its types as experimentId, experimentName, runId, runType,"
        " runTags, runProperties only."
    )


def test_a_filter_that_spells_a_field_otherwise_than_the_samples_is_told() -> None:
    (sentence,) = on_field("data.RunTags.team")
    assert sentence.endswith("the data of its types as data.runTags, and case may matter.")


@pytest.mark.parametrize("key", ["data.runType", "Data.runTags.team", "subject"])
def test_a_filter_on_a_documented_field_needs_no_advice(key: str) -> None:
    assert on_field(key) == ()


def test_rules_for_finished_runs_need_no_advice() -> None:
    assert advice(event_types=["RunCompleted", "RunStatusChanged"]) == ()


WEBHOOK = to(kind="webhook")
CODE = "https://h.example.com/?code=hunter2"


@pytest.mark.parametrize(
    ("changes", "secret"),
    [
        ({"workspace_events": WEBHOOK, "event_secrets": {"on-model": "hunter2"}}, True),
        ({"workspace_events": WEBHOOK, "event_secrets": {"on-model": "x://hunter2"}}, True),
        ({"workspace_events": [rule()], "event_secrets": {"on-model": "hunter2"}}, True),
        ({"event_secrets": {"on-model": ["hunter2"]}}, True),
        ({"event_secrets": "hunter2"}, True),
        ({"event_secrets": {"on-model": "hunter2"}}, False),
        ({"workspace_events": to(kind="azure_function", url=CODE)}, False),
        ({"workspace_events": to(kind="webhook", key="hunter2")}, False),
    ],
)
def test_a_secret_is_never_told(changes: dict[str, Any], *, secret: bool) -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | changes, secret=["event_secrets"] if secret else [])

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("secrets", "found"),
    [({}, "no secrets"), ({"other": "hunter2"}, "secrets named other (not shown)")],
)
def test_a_missing_secret_is_told_beside_the_names_of_those_that_there_are(
    secrets: dict[str, str], found: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(
            BASE | {"workspace_events": WEBHOOK, "event_secrets": secrets},
            secret=["event_secrets"] if secrets else [],
        )

    assert caught.value.problems[0].found == found


def test_a_secret_inside_of_a_rule_is_refused_with_its_place() -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {"workspace_events": to(kind="webhook", url="x")}, secret=["workspace_events"])

    (problem,) = caught.value.problems
    assert problem.found == "a secret (not shown)"
    assert problem.accepted.endswith("(secrets of rules for events stand in event_secrets)")
