"""What `adopt` makes of a resource group, as Resource Manager tells it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from batch_client import adopting
from batch_client.adopted import SUBSCRIPTION as SUBSCRIPTION_TYPE
from batch_client.adopted import TOPIC as TOPIC_TYPE
from batch_client.adopted import Adopted
from batch_client.errors import ClientError
from batch_client.said_operating import Adopt
from tests.client.manager import Manager, asking

SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-00000000000a"
GROUP = f"{SUBSCRIPTION}/resourceGroups/clicked"
IN = f"{GROUP}/providers"
WORKSPACE = f"{IN}/Microsoft.MachineLearningServices/workspaces/team"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/digits"
ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/uploads"
OWN = f"{IN}/Microsoft.Storage/storageAccounts/team1"
TOPIC = f"{IN}/Microsoft.EventGrid/systemTopics/uploads-topic"
SUBSCRIBED = f"{TOPIC}/eventSubscriptions/to-logic-app"
WORKFLOW = f"{IN}/Microsoft.Logic/workflows/on-upload"
FACTORY = f"{IN}/Microsoft.DataFactory/factories/nightly"
BEGINS = "/blobServices/default/containers/data/blobs/new/"
LISTED = [WORKSPACE, OWN, ACCOUNT, WORKFLOW]
BODY = '{"properties":{"InputData":{"heart":{"JobInputType":"UriFile"}}}}'
FILTER = {"includedEventTypes": ["Microsoft.Storage.BlobCreated"], "subjectBeginsWith": BEGINS}


def definition(source: str = ACCOUNT, **chosen: Any) -> dict[str, Any]:
    """Of the documents' workflow, whose trigger subscribes itself."""
    told = {"topic": source, "filter": {**FILTER, **chosen}}
    trigger = {"type": "ApiConnectionWebhook", "inputs": {"body": {"properties": told}}}
    return {
        "parameters": {"endpoint_uri": {"type": "String"}},
        "triggers": {"When_a_resource_event_occurs": trigger},
        "actions": {"Invoke": {"inputs": {"body": f"@replace('{BODY}', 'a', 'b')"}}},
    }


ACCESS = "https://prod-75.westeurope.logic.azure.com:443/workflows/acf36de8"
CALLED = f"{ACCESS}/triggers/manual/paths/invoke"
REQUESTED = {
    "accessEndpoint": ACCESS,
    "definition": {**definition(), "triggers": {"manual": {"type": "Request"}}},
}
"""Properties of a workflow that waits for a subscription's requests."""


def subscription(name: str = "to-logic-app", url: str = CALLED, **chosen: Any) -> dict[str, Any]:
    """One of the topic's event subscriptions."""
    properties = {
        "filter": {**FILTER, **chosen},
        "eventDeliverySchema": "EventGridSchema",
        "destination": {"endpointType": "WebHook", "properties": {"endpointBaseUrl": url}},
    }
    return {"id": f"{TOPIC}/eventSubscriptions/{name}", "properties": properties}


def told_of(chosen: dict[str, Any]) -> dict[str, Any]:
    """The topic's one event subscription."""
    return {"value": [subscription(**chosen)]}


def group(*listed: str, **chosen: Any) -> dict[str, Any]:
    """What Resource Manager answers, by path."""
    kinds = {each: "/".join(each.rpartition("/providers/")[2].split("/")[:2]) for each in listed}
    first, *more = ({"id": at, "type": kind} for at, kind in kinds.items())
    return {
        "/subscriptions": {"value": [{"subscriptionId": SUBSCRIPTION.rpartition("/")[2]}]},
        f"{GROUP}/resources": {"value": [first], "nextLink": "https://more"},
        "https://more": {"value": more},
        f"{WORKSPACE}/batchEndpoints": {"value": [{"id": ENDPOINT, "location": "westeurope"}]},
        WORKFLOW: {"properties": {"definition": definition(**chosen)}},
        TOPIC: {"properties": {"source": ACCOUNT.upper()}},
        f"{TOPIC}/eventSubscriptions": told_of(chosen),
        f"{FACTORY}/pipelines": {"value": [{"name": "nightly"}]},
    }


def adopted(answers: dict[str, Any], **said: Any) -> Adopted:
    """What is adopted where Resource Manager answers so."""
    caller = asking({"cloud": said.get("cloud", "public")}, manager=Manager(answers))
    return adopting.adopt(caller, Adopt(resource_group="clicked", **said))


def test_the_documents_set_up_is_adopted_and_its_logic_app_replaced() -> None:
    found = adopted(group(*LISTED))

    assert found == Adopted(
        {
            "location": "westeurope",
            "resource_group": {"existing": "clicked"},
            "storage": {"existing": ACCOUNT, "container": "data", "folder": "new/"},
            "endpoint": {"existing": ENDPOINT, "input_name": "heart"},
        },
        [WORKFLOW],
    )


def test_a_system_topic_is_used_and_its_subscription_goes_too() -> None:
    found = adopted(group(*LISTED, TOPIC) | {WORKFLOW: {"properties": REQUESTED}})

    topic = {"resource_group": "clicked", "name": "uploads-topic"}
    assert found.settings["blob_events"] == {"existing_system_topic": topic}
    assert found.replaced == [SUBSCRIBED, WORKFLOW]


@pytest.mark.parametrize(
    ("types", "replaced"),
    [(["Microsoft.Storage.BlobDeleted"], [WORKFLOW]), (None, [SUBSCRIBED, WORKFLOW])],
    ids=["something else", "everything"],
)
def test_a_subscription_is_replaced_if_it_tells_of_new_blobs(
    types: list[str] | None, replaced: list[str]
) -> None:
    told = told_of({"includedEventTypes": types})
    found = adopted(group(*LISTED, TOPIC) | {f"{TOPIC}/eventSubscriptions": told})

    assert found.replaced == replaced


def test_the_system_topic_of_another_account_is_left_alone() -> None:
    found = adopted(
        group(*LISTED, TOPIC) | {TOPIC: {"properties": {"source": OWN}}}, account="uploads"
    )

    assert "blob_events" not in found.settings
    assert found.replaced == [WORKFLOW]


CHOSEN: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"subjectEndsWith": ".csv"}, {"extension_filter": ".csv"}, ""),
    ({"subjectEndsWith": "/_SUCCESS"}, {"marker_name": "_SUCCESS"}, ""),
    ({"subjectEndsWith": "final"}, {}, "Names that end in 'final' can't be said"),
    ({"subjectBeginsWith": ""}, {"watch_whole_account": True}, "It watches the whole account"),
    ({"subjectBeginsWith": BEGINS[:-1]}, {}, "has no slash at its end: now it has"),
]


@pytest.mark.parametrize(("chosen", "events", "note"), CHOSEN, ids=lambda each: str(each)[:40])
def test_a_filter_is_said_as_a_stack_file_says_it(
    chosen: dict[str, Any], events: dict[str, Any], note: str
) -> None:
    found = adopted(group(*LISTED, **chosen))

    assert found.settings.get("blob_events", {}) == events
    assert note in " ".join(found.notes)


@pytest.mark.parametrize(
    ("begins", "place"),
    [
        ("/blobServices/default/containers/data/", ("data", "")),
        ("/blobServices/default/containers/data/blobs/", ("data", "")),
        ("/blobServices/default/containers/data/blobs/a/b", ("data", "a/b/")),
    ],
)
def test_container_and_folder_are_those_of_the_filter(begins: str, place: tuple[str, str]) -> None:
    storage = adopted(group(*LISTED, subjectBeginsWith=begins)).settings["storage"]

    assert (storage["container"], storage["folder"]) == place


def test_a_factory_is_adopted_unless_it_has_pipelines_of_our_names() -> None:
    answers = group(*LISTED, FACTORY)
    free = adopted(answers)
    answers[f"{FACTORY}/pipelines"] = {"value": [{"name": "Run-BatchEndpoint"}]}
    taken = adopted(answers)

    assert free.settings["data_factory"] == {"existing": FACTORY}
    assert "data_factory" not in taken.settings
    assert taken.notes[0].startswith("nightly has Run-BatchEndpoint already")


def test_the_cloud_is_said_and_asked() -> None:
    assert adopted(group(*LISTED), cloud="china").settings["cloud"] == "china"
    asked = asking({"cloud": "china"}).manager
    assert asked._audience == "https://management.chinacloudapi.cn"


REFUSED: list[tuple[list[str], dict[str, Any], str]] = [
    ([ACCOUNT], {}, "There is no batch endpoint in clicked: nothing is there to adopt."),
    ([WORKSPACE, OWN, ACCOUNT], {}, "Which storage account of clicked? Say --account: team1, up"),
    ([WORKSPACE, ACCOUNT], {"account": "x"}, "--account x: found uploads in clicked."),
]


@pytest.mark.parametrize(("listed", "said", "told"), REFUSED, ids=lambda each: str(each)[:40])
def test_what_is_missing_or_not_clear_is_one_sentence(
    listed: list[str], said: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=f"^{re.escape(told)}"):
        adopted(group(*listed), **said)


def test_which_of_several_accounts_can_be_said() -> None:
    found = adopted(group(WORKSPACE, OWN, ACCOUNT), account="Uploads")

    assert found.settings["storage"] == {"existing": ACCOUNT}
    assert found.notes == ["Nobody is told of BlobCreated: say storage.container and .folder."]


def test_a_workflow_that_invokes_no_endpoint_is_left_alone() -> None:
    other = {"properties": {"definition": {**definition(), "parameters": {}}}}
    found = adopted(group(*LISTED) | {WORKFLOW: other}, account="uploads")

    assert found.settings["endpoint"] == {"existing": ENDPOINT}
    assert found.replaced == []


def test_what_is_told_of_other_folders_or_calls_no_webhook_is_left_alone() -> None:
    other = subscription("other", "https://elsewhere/", subjectBeginsWith=f"{BEGINS[:-4]}old/")
    queue = subscription("queue")
    queue["properties"]["destination"] = {"endpointType": "StorageQueue"}
    several = {"value": [queue, subscription(), other]}
    answers = group(*LISTED, TOPIC) | {WORKFLOW: {"properties": REQUESTED}}
    found = adopted(answers | {f"{TOPIC}/eventSubscriptions": several})

    assert found.replaced == [SUBSCRIBED, WORKFLOW]
    assert found.notes == [f"other watches {BEGINS[:-4]}old/*: a stack of its own."]


def owning(*told: dict[str, Any], workflow: dict[str, Any] = REQUESTED) -> Adopted:
    """What is adopted by a stack that takes over the topic, of which these are told."""
    answers = group(*LISTED, TOPIC) | {WORKFLOW: {"properties": workflow}}
    answers[f"{TOPIC}/eventSubscriptions"] = {"value": list(told)}
    return adopted(answers, own=True, account="uploads")


def test_a_topic_that_becomes_the_stacks_own_is_not_adopted_and_its_subscription_stays() -> None:
    found = owning(subscription())

    assert "blob_events" not in found.settings
    assert found.own == {TOPIC_TYPE: TOPIC, SUBSCRIPTION_TYPE: SUBSCRIBED}
    assert found.replaced == [WORKFLOW]


SELF_SUBSCRIBED = {**REQUESTED, "definition": definition()}
CLOUD_EVENTS = subscription()
CLOUD_EVENTS["properties"] |= {"eventDeliverySchema": "CloudEventSchemaV1_0"}
NOT_OWNED = [
    ([], REQUESTED, "no subscription of a system topic tells of the account's files"),
    ([subscription()], SELF_SUBSCRIBED, "to-logic-app does not call the Request trigger"),
    ([subscription(url="https://elsewhere")], REQUESTED, "to-logic-app does not call the Request"),
    ([CLOUD_EVENTS], REQUESTED, "to-logic-app sends events as CloudEventSchemaV1_0, which Azure"),
    ([subscription(), subscription("b")], REQUESTED, "uploads-topic tells others too (b)."),
]


@pytest.mark.parametrize(("told", "workflow", "why"), NOT_OWNED, ids=lambda each: str(each)[:40])
def test_a_topic_is_not_taken_over_where_that_would_break_something(
    told: list[dict[str, Any]], workflow: dict[str, Any], why: str
) -> None:
    with pytest.raises(ClientError, match=f"^--own: {re.escape(why)}"):
        owning(*told, workflow=workflow)


OTHERS_TOPIC: dict[str, Any] = {
    "type": TOPIC_TYPE,
    "name": "ml-events-topic",
    "parent": "ml-events",
}
COMPONENT: dict[str, Any] = {
    "type": "my:index:BlobCreatedSubscription",
    "name": "blob-created",
    "component": True,
}
OWN_TOPIC = {"type": TOPIC_TYPE, "name": "blob-created-topic", "parent": "blob-created"}
OWN_SUBSCRIPTION = {"type": SUBSCRIPTION_TYPE, "name": "to", "parent": "blob-created"}
OWN_GRANT = {"type": "random:index/randomUuid:RandomUuid", "name": "x", "parent": "blob-created"}
TAKING_OVER = Adopted({}, own={TOPIC_TYPE: TOPIC, SUBSCRIPTION_TYPE: SUBSCRIBED})
TO_MAKE: list[dict[str, Any]] = [OTHERS_TOPIC, COMPONENT, OWN_TOPIC, OWN_SUBSCRIPTION, OWN_GRANT]


def test_an_import_file_keeps_what_has_an_id_and_its_component(tmp_path: Path) -> None:
    file = tmp_path / "import.json"
    made = [{**each, "id": "<PLACEHOLDER>"} for each in TO_MAKE if "component" not in each]
    file.write_text(json.dumps({"resources": [COMPONENT, *made]}))
    TAKING_OVER.fill(str(file))

    assert json.loads(file.read_text())["resources"] == [
        COMPONENT,
        {**OWN_TOPIC, "id": TOPIC},
        {**OWN_SUBSCRIPTION, "id": SUBSCRIBED},
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "No such file or directory; `pulumi preview --import-file` makes it."),
        ("[]", "it is no import file; `pulumi preview --import-file` makes it."),
        (json.dumps({"resources": [COMPONENT, OWN_TOPIC]}), "found no topic and subscription that"),
        (json.dumps({"resources": TO_MAKE[2:]}), "found no topic and subscription that the stack"),
    ],
)
def test_an_import_file_of_something_else_is_refused(
    tmp_path: Path, text: str | None, told: str
) -> None:
    file = tmp_path / "import.json"
    if text is not None:
        file.write_text(text)

    with pytest.raises(ClientError, match=re.escape(f"--import-file {file}: {told}")):
        TAKING_OVER.fill(str(file))


def test_several_subscriptions_are_told() -> None:
    answers = group(*LISTED)
    several = [{"subscriptionId": each, "displayName": each.upper()} for each in ("a", "b")]
    answers["/subscriptions"] = {"value": several}

    with pytest.raises(ClientError, match=r"Say --subscription: a \(A\), b \(B\)\."):
        adopted(answers)


def test_what_is_written_is_a_stack_file() -> None:
    found = adopted(group(*LISTED, FACTORY))

    config = yaml.safe_load(found.file("scoring"))["config"]
    assert config == {f"scoring:{key}": value for key, value in found.settings.items()}
    assert json.dumps(WORKFLOW)[1:-1] in "\n".join(found.lines())
