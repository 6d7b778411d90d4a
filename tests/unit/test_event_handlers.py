"""Where the program's own rules deliver, and the workflows that it makes for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.settings.events.model import (
    DomainSubscription,
    EventDomainSettings,
    EventRule,
    ExistingWorkflow,
    PipelineRun,
    WorkflowTemplate,
    WorkspaceEventSettings,
)
from components.settings.model import SystemTopic
from tests.unit.azure import CALLBACK_URL, GROUP, SUBSCRIPTION
from tests.unit.program import run
from tests.unit.sample_event_settings import DOMAIN, EVENTS, FACTORY, RULE, URL, WORKFLOW, rule
from tests.unit.sample_settings import FACTORY as OWN_FACTORY
from tests.unit.sample_settings import changed

if TYPE_CHECKING:
    from tests.unit.engine import Deployment, Registered

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace"
CLAIMS = "https://stinputs0a1b2c3d4e.blob.core.windows.net/handled-events/"
TRAIN = PipelineRun(FACTORY, "Train again", {"epochs": 3}, "event")


def told(*rules: EventRule) -> Deployment:
    """The program with these rules for the workspace's events."""
    return run(changed(workspace_events=WorkspaceEventSettings(rules, None)))


def url_of(made: Registered) -> str:
    assert made.secrets == {"destination.endpointUrl"}
    url: str = made.inputs["destination"]["endpointUrl"]
    return url


def test_without_rules_and_a_domain_there_is_nothing_of_them() -> None:
    made = run()

    assert [each.name for each in made.all("SystemTopic")] == ["blob-created-topic"]
    assert made.all("eventgrid:Domain") == []
    assert "event_subscription_id" not in made.exports


def test_a_rule_reaches_its_subscription_as_it_is() -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/lost"
    everything = rule(
        "on-model",
        subject_ends_with=":3",
        subject_case_sensitive=True,
        advanced_filtering_on_arrays=True,
        dead_letter_container_id=f"{account}/blobServices/default/containers/models",
        schema="cloud_events",
        max_events_per_batch=5,
        preferred_batch_kilobytes=128,
    )
    made = told(everything).named("workspace-events-to-on-model")

    assert url_of(made) == URL
    assert made.inputs == {
        "eventSubscriptionName": "on-model",
        "resourceGroupName": "rg",
        "systemTopicName": "workspace-events-topic",
        "destination": {
            "endpointType": "WebHook",
            "endpointUrl": URL,
            "maxEventsPerBatch": 5,
            "preferredBatchSizeInKilobytes": 128,
            "minimumTlsVersionAllowed": "1.2",
        },
        "filter": {
            "includedEventTypes": ["Microsoft.MachineLearningServices.ModelRegistered"],
            "subjectBeginsWith": "models/mymodelname",
            "subjectEndsWith": ":3",
            "isSubjectCaseSensitive": True,
            "enableAdvancedFilteringOnArrays": True,
            "advancedFilters": [
                {"operatorType": "StringIn", "key": "data.ModelTags.key1", "values": ["value1"]}
            ],
        },
        "retryPolicy": {"maxDeliveryAttempts": 3, "eventTimeToLiveInMinutes": 60},
        "eventDeliverySchema": "CloudEventSchemaV1_0",
        "deadLetterWithResourceIdentity": {
            "identity": {"type": "SystemAssigned"},
            "deadLetterDestination": {
                "endpointType": "StorageBlob",
                "resourceId": account,
                "blobContainerName": "models",
            },
        },
    }


def test_the_topic_is_beside_the_workspace_and_its_dead_letters_have_an_account() -> None:
    made = told(RULE)

    topic = made.named("workspace-events-topic").inputs
    scope = made.named("workspace-events-writes-dead-letters").inputs["scope"]
    assert (topic["source"], topic["location"]) == (WORKSPACE, "westeurope")
    assert scope.endswith("/storageAccounts/dlinputs0a1b2c3d4e")


def test_an_existing_workflow_is_called_by_its_own_url() -> None:
    made = told(rule("to-workflow", destination=ExistingWorkflow(WORKFLOW, "manual")))

    assert url_of(made.named("workspace-events-to-to-workflow")) == CALLBACK_URL


def test_a_pipeline_is_started_by_a_workflow_as_its_own_identity() -> None:
    made = told(rule("retrain", destination=TRAIN))

    workflow = made.named("handle-retrain-workflow").inputs
    assert workflow["identity"] == {"type": "SystemAssigned"}
    assert {name: each["value"] for name, each in workflow["parameters"].items()} == {
        "event_source_id": WORKSPACE,
        "event_types": ["Microsoft.MachineLearningServices.ModelRegistered"],
        "create_run_uri": (
            f"https://management.azure.com{FACTORY}/pipelines/Train%20again/createRun"
            "?api-version=2018-06-01"
        ),
        "audience": "https://management.azure.com",
        "pipeline_parameters": {"epochs": 3},
        "event_parameter": "event",
        "claims_uri": CLAIMS + "retrain",
    }


def test_events_reach_a_pipeline_only_when_its_workflow_has_its_role() -> None:
    made = told(rule("retrain", destination=TRAIN))

    assert made.named("handle-retrain-starts").inputs["scope"] == FACTORY
    assert made.named("handle-retrain-starter-role").inputs["permissions"] == [
        {
            "actions": ["Microsoft.DataFactory/factories/pipelines/createrun/action"],
            "notActions": [],
            "dataActions": [],
        }
    ]
    before = made.everything_before("workspace-events-to-retrain")
    assert before >= {"handle-retrain-workflow", "handle-retrain-starts"}


def test_a_pipeline_of_the_stacks_own_factory_needs_no_id() -> None:
    own = PipelineRun(None, "Train", {}, "")
    made = run(
        changed(
            factory=OWN_FACTORY,
            workspace_events=WorkspaceEventSettings((rule("retrain", destination=own),), None),
        )
    )

    uri = made.named("handle-retrain-workflow").inputs["parameters"]["create_run_uri"]["value"]
    assert uri.startswith(f"https://management.azure.com{made.exports['factory_id']}/pipelines/Tr")


def test_a_template_gets_what_the_rule_says_and_its_secret_stays_one() -> None:
    given = {
        "tenant_id": "t",
        "client_id": "c",
        "endpoint_uri": "https://e",
        "storage_account_id": "a",
        "watched_url": "https://a/",
    }
    wanted = WorkflowTemplate("invoke_batch_endpoint", given, "TOKEN")
    workflow = told(rule("call", destination=wanted)).named("handle-call-workflow")

    parameters = {name: each["value"] for name, each in workflow.inputs["parameters"].items()}
    assert parameters == {**given, "client_secret": "TOKEN"}
    assert workflow.secrets == {"parameters.client_secret.value"}


def test_a_template_that_asks_is_told_whose_events_it_gets() -> None:
    wanted = WorkflowTemplate("start_pipeline_run_on_event", {"create_run_uri": "https://r"}, None)
    workflow = told(rule("call", destination=wanted)).named("handle-call-workflow")

    parameters = {name: each["value"] for name, each in workflow.inputs["parameters"].items()}
    assert parameters["event_source_id"] == WORKSPACE
    assert parameters["event_types"] == ["Microsoft.MachineLearningServices.ModelRegistered"]


def test_a_domains_workflow_takes_the_events_of_its_topic() -> None:
    served = DomainSubscription("models", rule("retrain", destination=TRAIN))
    domain = EventDomainSettings(("models",), (served,), (), access_keys=False)
    made = run(changed(event_domain=domain))

    source = made.named("handle-retrain-workflow").inputs["parameters"]["event_source_id"]["value"]
    assert source == f"{GROUP}/providers/Microsoft.EventGrid/domains/events-domain/topics/models"


def test_a_domain_tells_its_endpoint_and_its_subscriptions() -> None:
    exports = run(changed(event_domain=DOMAIN)).exports

    topic = f"{GROUP}/providers/Microsoft.EventGrid/domains/events-domain/topics/models"
    subscription = f"{topic}/eventSubscriptions/on-domain-model"
    assert exports["event_grid_topic_endpoint"] == (
        "https://events-domain.westeurope-1.eventgrid.azure.net/api/events"
    )
    assert exports["event_subscription_id"] == subscription
    assert exports["domain_event_subscription_ids"] == {"on-domain-model": subscription}


def test_a_domain_without_subscriptions_makes_none() -> None:
    made = run(changed(event_domain=EventDomainSettings(("models",), (), (), access_keys=False)))

    assert made.all("DomainSubscriptions") == []
    assert "event_subscription_id" not in made.exports


def test_an_existing_topic_of_the_workspace_is_found_by_its_group_and_name() -> None:
    made = run(
        changed(
            existing_workspace_id=WORKSPACE,
            workspace_events=WorkspaceEventSettings((RULE,), SystemTopic("events", "ml-topic")),
        )
    )

    assert made.named("workspace-events-topic").read_id == (
        f"{SUBSCRIPTION}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/ml-topic"
    )


@pytest.mark.parametrize("secret", ["SECRET-KEY", "SECRET-SIGNATURE"])
def test_no_secret_stands_in_what_the_program_tells(secret: str) -> None:
    made = run(changed(**EVENTS))

    assert secret not in repr((made.exports, made.outputs))
