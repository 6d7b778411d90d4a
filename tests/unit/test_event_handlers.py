"""Where the program's own rules deliver, and the workflows that it makes for them."""

from tests.unit.azure import CALLBACK_URL, GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment, Registered
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS, FACTORY, RULE, TRAIN, URL, WORKFLOW, rule
from tests.unit.sample_settings import changed

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace"
CLAIMS = "https://stinputs0a1b2c3d4e.blob.core.windows.net/handled-events/"


LOST = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/dlinputs0a1b2c3d4e"
FUNCTION = "https://f.azurewebsites.net/api/handler"
GIVEN = {
    "tenant_id": "t",
    "client_id": "c",
    "endpoint_uri": "https://e",
    "storage_account_id": "a",
    "watched_url": "https://a/",
}
OWN = {"kind": "data_factory_pipeline", "pipeline": "Train"}
INVOKE = {"kind": "logic_app", "template": "invoke_batch_endpoint", "parameters": GIVEN}
RULES = [
    rule(
        "on-model",
        subject_ends_with=":3",
        subject_case_sensitive=True,
        advanced_filtering_on_arrays=True,
        schema="cloud_events",
        max_events_per_batch=5,
        preferred_batch_kilobytes=128,
    ),
    rule("call", destination={"kind": "azure_function", "url": FUNCTION}),
    rule("to-workflow", destination={"kind": "logic_app", "workflow_id": WORKFLOW}),
    rule("retrain", destination=TRAIN),
    rule("retrain-here", destination=OWN),
    rule("invoke", destination=INVOKE),
]
SECRETS = {"on-model": URL, "call": "a/b+c==", "invoke": "TOKEN"}


def told() -> Deployment:
    """The program with a rule of each kind for the workspace's events."""
    return run(
        changed(
            workspace_events={"rules": RULES}, event_secrets=SECRETS, data_factory={"enabled": True}
        )
    )


def url_of(made: Registered) -> str:
    assert made.secrets == {"destination.endpointUrl"}
    url: str = made.inputs["destination"]["endpointUrl"]
    return url


def test_without_rules_and_a_domain_there_is_nothing_of_them() -> None:
    """What there is else, test_program holds: the types and the outputs of a new stack."""
    assert [each.name for each in run().all("SystemTopic")] == ["blob-created-topic"]


def test_a_rule_reaches_its_subscription_as_it_is() -> None:
    made = told().named("workspace-events-to-on-model")

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
                "resourceId": LOST,
                "blobContainerName": "dead-letters",
            },
        },
    }


def test_a_functions_key_becomes_part_of_its_url() -> None:
    made = told().named("workspace-events-to-call")

    assert url_of(made) == f"{FUNCTION}?code=a%2Fb%2Bc%3D%3D"


def test_an_existing_workflow_is_called_by_its_own_url() -> None:
    assert url_of(told().named("workspace-events-to-to-workflow")) == CALLBACK_URL


def test_a_pipeline_is_started_by_a_workflow_as_its_own_identity() -> None:
    workflow = told().named("handle-retrain-workflow").inputs

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
    made = told()

    assert made.named("handle-retrain-starts").inputs["scope"] == FACTORY
    before = made.everything_before("workspace-events-to-retrain")
    assert before >= {"handle-retrain-workflow", "handle-retrain-starts"}


def test_a_pipeline_of_the_stacks_own_factory_needs_no_id() -> None:
    made = told()

    given = made.named("handle-retrain-here-workflow").inputs["parameters"]
    uri = given["create_run_uri"]["value"]
    assert uri.startswith(f"https://management.azure.com{made.exports['factory_id']}/pipelines/Tr")


def test_a_template_gets_what_the_rule_says_and_its_secret_stays_one() -> None:
    workflow = told().named("handle-invoke-workflow")

    parameters = {name: each["value"] for name, each in workflow.inputs["parameters"].items()}
    assert parameters == {**GIVEN, "client_secret": "TOKEN"}
    assert workflow.secrets == {"parameters.client_secret.value"}


def test_a_domains_workflow_takes_the_events_of_its_topic() -> None:
    served = rule("retrain", topic="models", destination=TRAIN)
    domain = {"topics": ["models"], "subscriptions": [served]}
    made = run(changed(event_domain=domain))

    source = made.named("handle-retrain-workflow").inputs["parameters"]["event_source_id"]["value"]
    assert source == f"{GROUP}/providers/Microsoft.EventGrid/domains/events-domain/topics/models"


def test_an_existing_topic_of_the_workspace_is_found_by_its_group_and_name() -> None:
    topic = {"resource_group": "events", "name": "ml-topic"}
    made = run(
        changed(
            workspace={"existing": WORKSPACE},
            workspace_events={"rules": [RULE], "existing_system_topic": topic},
            event_secrets={"on-model": URL},
        )
    )

    subscribed = made.named("workspace-events-to-on-model").inputs
    assert made.named("workspace-events-topic").read_id == (
        f"{SUBSCRIPTION}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/ml-topic"
    )
    assert subscribed["resourceGroupName"] == "events"
    assert subscribed["systemTopicName"] == "ml-topic"


def test_no_secret_stands_in_what_the_program_tells() -> None:
    made = run(changed(**EVENTS))

    assert "SECRET-" not in repr((made.exports, made.outputs))
