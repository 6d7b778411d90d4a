"""PUT, PATCH and DELETE over Resource Manager's host, with bodies as clients send them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from local_azure.control_plane.resource_manager import shape
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.core.bodies import (
    ACCOUNT,
    BODY,
    DOMAIN,
    FACTORY,
    GRANT,
    GROUP,
    HERE,
    IDENTITY,
    IN,
    INSIGHTS,
    LOGS,
    READER,
    ROLE,
    STATUS,
    STORAGE,
    SUBSCRIBED,
    TOPIC,
    VAULT,
    WORKSPACE,
)
from local_azure_tests.core.rest_client import Client, code, kind_of, refusal

SHAPES = json.loads(Path(__file__).with_name("arm_shapes.json").read_text())
Made = dict[str, tuple[int, Any]]
QUEUE_SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"


@pytest.fixture(scope="module")
def made(running: Running) -> Made:
    """All resources: the statuses of their PUTs, and what a GET tells then."""
    client = Client(running)
    answers: Made = {}
    for resource_id, body in BODY.items():
        if resource_id == SUBSCRIBED:
            principal = answers[TOPIC][1]["identity"]["principalId"]
            assign = running.azure.authorization.assign
            running.call(assign, "sends", principal, QUEUE_SENDER, ACCOUNT)
        status, _ = client.send("PUT", resource_id, body)
        answers[resource_id] = (status, client.send("GET", resource_id)[1])
    return answers


@pytest.fixture
def client(running: Running, made: dict[str, Any]) -> Client:
    """The deployer, once all is made."""
    del made
    return Client(running)


@pytest.mark.parametrize(("resource_id", "status"), STATUS.items())
def test_a_put_makes_what_a_get_tells(made: Made, resource_id: str, status: int) -> None:
    told = made[resource_id][1]

    assert (made[resource_id][0], told.get("id", "").lower()[-20:]) == (
        status,
        resource_id.lower()[-20:],
    )
    assert told.get("properties", {}).get("provisioningState", "Succeeded") == "Succeeded"


@pytest.mark.parametrize("region", ["North Europe", "swedensouth", "Central US EUAP"])
def test_a_region_is_taken_by_either_name_with_restricted_access_too(
    client: Client, region: str
) -> None:
    status, told = client.send("PUT", GROUP + uuid4().hex, {"location": region})

    assert (status, told["location"]) == (201, region.replace(" ", "").lower())


@pytest.mark.parametrize("resource_id", BODY)
def test_an_answer_has_the_keys_of_azures_types_in_their_places(
    made: Made, resource_id: str
) -> None:
    told, shape = made[resource_id][1], SHAPES[kind_of(resource_id).arm_type]

    assert set(told) - {"id", "name", "type", "properties"} <= set(shape["beside"])
    assert set(told.get("properties") or {}) <= set(shape["below"])


@pytest.mark.parametrize("resource_id", BODY)
def test_what_a_get_tells_can_be_put_back(client: Client, made: Made, resource_id: str) -> None:
    told = made[resource_id][1]
    # What no answer tells is missing from one that is sent back.
    if resource_id.endswith("/secrets/pass"):
        told = {**told, "properties": {**told["properties"], **BODY[resource_id]["properties"]}}
    status, refused = client.send("PUT", resource_id, told)
    again = client.send("GET", resource_id)[1]

    assert status < 300, refused
    assert again["properties"].keys() == made[resource_id][1]["properties"].keys()


@pytest.mark.parametrize(
    "resource_id",
    [
        f"{ACCOUNT}/blobServices/default/containers/data",
        LOGS,
        f"{IN}/Microsoft.ContainerRegistry/registries/images",
        f"{IN}/Microsoft.Logic/workflows/flow",
        f"{WORKSPACE}/environments/base/versions/1",
    ],
)
def test_what_a_get_tells_makes_another_one(client: Client, made: Made, resource_id: str) -> None:
    told = {key: value for key, value in made[resource_id][1].items() if key not in {"id", "name"}}

    status, again = client.send("PUT", f"{resource_id}2", told)

    assert (status < 300, again["properties"].keys()) == (True, told["properties"].keys()), again


def test_a_topic_of_a_domain_is_made_with_a_name_alone(client: Client) -> None:
    client.send("PUT", DOMAIN, {**HERE, "properties": {}})

    assert client.send("PUT", f"{DOMAIN}/topics/models")[0] == 201
    assert client.send("PUT", FACTORY)[0] == 400


@pytest.mark.parametrize(
    ("listed", "version", "names"),
    [
        (f"{WORKSPACE}/data/never/versions", "2023-04-01", []),
        (f"{ACCOUNT}/fileServices/default/shares", "2024-01-01", ["files"]),
    ],
)
def test_what_lies_in_what_is_never_made_by_itself_is_listed(
    client: Client, listed: str, version: str, names: list[str]
) -> None:
    assert client.names(listed, version) == names


def test_a_role_definition_is_created_by_each_put(client: Client) -> None:
    """The status that its client takes."""
    role = f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions/{uuid4()}"
    body = {
        "properties": {
            "roleName": "looks",
            "assignableScopes": [GROUP],
            "permissions": [{"actions": ["Microsoft.Storage/storageAccounts/read"]}],
        }
    }

    assert [client.send("PUT", role, body)[0] for _ in range(2)] == [201, 201]


def test_a_cluster_is_deleted_not_detached(client: Client) -> None:
    cluster = f"{WORKSPACE}/computes/another"
    client.send("PUT", cluster, BODY[f"{WORKSPACE}/computes/cluster"])

    statuses = [
        client.send("DELETE", cluster, underlyingResourceAction=action)[0]
        for action in ("Detach", "Delete")
    ]
    assert statuses == [501, 200]


def test_bodies_are_written_down_for_their_owner_where_a_file_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "bodies.jsonl"
    monkeypatch.setenv("LOCAL_AZURE_BODIES", str(file))
    client.send("PUT", IDENTITY, HERE)
    client.send("GET", IDENTITY)
    monkeypatch.delenv("LOCAL_AZURE_BODIES")
    client.send("PUT", IDENTITY, HERE)

    (row,) = map(json.loads, file.read_text().splitlines())
    assert row == {
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
        "apiVersion": "2023-01-31",
        "body": HERE,
        "from": IDENTITY,
    }
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_workflows_trigger_is_told_by_itself_and_in_the_list(client: Client) -> None:
    triggers = f"{IN}/Microsoft.Logic/workflows/flow/triggers"
    status, listed = client.ask(triggers, "2019-05-01")
    told = client.ask(f"{triggers}/Manual", "2019-05-01")[1]

    assert (status, listed) == (200, {"value": [told]})
    assert (told["name"], told["properties"]["state"]) == ("manual", "Enabled")
    assert client.ask(f"{triggers}/other", "2019-05-01")[0] == 404


OF_MODELS = f"{WORKSPACE}/models/digits/versions/1"
OWN_MODEL = {"modelUri": "azureml://datastores/workspaceblobstore/paths/digits"}


@pytest.mark.parametrize(
    ("resource_id", "given", "told"),
    [
        (OF_MODELS, {**OWN_MODEL, "stage": "Production", "jobName": "train"}, True),
        (f"{WORKSPACE}/environments/base/versions/1", {"autoRebuild": "OnBaseImageUpdate"}, True),
        (f"{VAULT}/secrets/pass", {"attributes": {"enabled": False}}, False),
        (f"{VAULT}/secrets/pass", {"attributes": {"exp": 4_102_444_800}}, False),
        (INSIGHTS, {"ForceCustomerStorageForProfiler": True}, True),
        (INSIGHTS, {"ImmediatePurgeDataOn30Days": True, "HockeyAppId": "a"}, True),
        (INSIGHTS, {"IngestionMode": "ApplicationInsights"}, False),
        (LOGS, {"forceCmkForQuery": True}, True),
        (LOGS, {"sku": {"name": "CapacityReservation", "capacityReservationLevel": 100}}, True),
        (
            f"{IN}/Microsoft.ServiceBus/namespaces/the-bus/topics/t",
            {"supportOrdering": False},
            True,
        ),
        (ACCOUNT, {"enableExtendedGroups": True, "isNfsV3Enabled": False}, True),
        (ACCOUNT, {"isNfsV3Enabled": True}, False),
        (WORKSPACE, {"allowPublicAccessWhenBehindVnet": True}, True),
        (WORKSPACE, {"enableServiceSideCMKEncryption": True}, False),
        (WORKSPACE, {"provisionNetworkNow": True}, True),
        (f"{WORKSPACE}/computes/cluster", {"resourceId": IDENTITY}, False),
        (f"{WORKSPACE}/computes/cluster", {"computeLocation": "northeurope"}, False),
    ],
)
def test_what_is_given_is_told_or_refused(
    client: Client, resource_id: str, given: dict[str, Any], *, told: bool
) -> None:
    body = BODY.get(resource_id, {})
    properties = {**body.get("properties", {}), **given}
    status, _ = client.send("PUT", resource_id, {**body, "properties": properties})
    found = client.send("GET", resource_id)[1].get("properties", {})
    client.send("PUT", resource_id, body)

    assert (status < 300, shape.is_part(given, found)) == (told, told)


def test_a_model_in_another_store_is_refused_by_what_is_accepted(client: Client) -> None:
    version = f"{WORKSPACE}/models/elsewhere/versions/1"
    told = client.send("PUT", version, {"properties": {"modelUri": "azureml://x"}})

    assert "found 'azureml://x'; accepted:" in refusal(told, 400)


@pytest.mark.parametrize("verb", ["listKeys", "regenerateKey"])
def test_keys_of_what_takes_none_are_refused(client: Client, verb: str) -> None:
    topic = f"{IN}/Microsoft.EventGrid/topics/keyless"
    client.send("PUT", topic, {**HERE, "properties": {"disableLocalAuth": True}})
    codes = [
        client.ask(f"{each}/{verb}", version, "POST", {"keyName": "key1"})[1]["error"]["code"]
        for each, version in ((ACCOUNT, "2024-01-01"), (topic, "2025-02-15"))
    ]

    assert codes == ["KeyBasedAuthenticationNotPermitted"] * 2


def test_a_subscription_to_a_queue_has_no_full_url(client: Client) -> None:
    told = client.ask(f"{SUBSCRIBED}/getFullUrl", "2025-02-15", "POST")

    assert code(told) == (400, "InvalidRequestContent")


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
def test_a_condition_that_no_client_sends_by_itself_is_refused(client: Client, header: str) -> None:
    conditional = replace(client, headers={header: "*"})

    told = conditional.send("PUT", f"{FACTORY}/pipelines/wait", BODY[f"{FACTORY}/pipelines/wait"])

    assert "If-Match or If-None-Match" in refusal(told, 501)


def test_an_empty_condition_as_terraform_sends_it_says_nothing(client: Client) -> None:
    pipeline = f"{FACTORY}/pipelines/wait"
    empty = replace(client, headers={"If-Match": "", "If-None-Match": ""})

    assert empty.send("PUT", pipeline, BODY[pipeline])[0] == 200


def test_a_document_has_another_tag_after_each_put(client: Client) -> None:
    pipeline = f"{FACTORY}/pipelines/wait"
    before = client.send("GET", pipeline)[1]["etag"]
    client.send("PUT", pipeline, BODY[pipeline])

    assert client.send("GET", pipeline)[1]["etag"] != before


def test_a_key_of_a_topic_is_made_anew_and_the_other_stays(client: Client) -> None:
    topic = f"{IN}/Microsoft.EventGrid/topics/own"
    client.send("PUT", topic, HERE)
    _, before = client.ask(f"{topic}/listKeys", "2025-02-15", "POST")
    _, told = client.ask(f"{topic}/regenerateKey", "2025-02-15", "POST", {"keyName": "key2"})

    assert {key: told[key] == before[key] for key in told} == {"key1": True, "key2": False}
    assert client.ask(f"{topic}/listKeys", "2025-02-15", "POST") == (200, told)


@pytest.mark.parametrize(
    ("name", "reason", "message"),
    [
        ("inputs", "AlreadyExists", "The storage account named inputs is already taken."),
        ("no-good", "AccountNameInvalid", "no-good"),
    ],
)
def test_why_an_accounts_name_can_not_be_had_is_told(
    client: Client, name: str, reason: str, message: str
) -> None:
    path = f"{SUBSCRIPTION}/providers/Microsoft.Storage/checkNameAvailability"
    body = {"name": name, "type": "Microsoft.Storage/storageAccounts"}
    _, told = client.ask(path, "2024-01-01", "POST", body)

    assert message in told.pop("message")
    assert told == {"nameAvailable": False, "reason": reason}


def test_a_secrets_value_is_told_by_the_vaults_own_host_alone(client: Client, made: Made) -> None:
    vaults = client.running.azure.keyvault

    assert "s3cret" not in json.dumps(made[f"{VAULT}/secrets/pass"][1])
    kept = client.running.call(vaults.get, "the-vault", "pass")
    assert kept is not None
    assert kept.value == "s3cret"


@pytest.mark.parametrize(
    ("resource_id", "status"), [(ACCOUNT, 200), (FACTORY, 200), (TOPIC, 201), (GROUP, 200)]
)
def test_a_patch_replaces_the_tags(client: Client, resource_id: str, status: int) -> None:
    before = client.send("GET", resource_id)[1]

    answered, told = client.send("PATCH", resource_id, {"tags": {"new": "b"}})

    assert (answered, told["tags"], told["location"]) == (status, {"new": "b"}, "westeurope")
    assert told["properties"].keys() == before["properties"].keys()


def test_a_patch_of_an_event_subscription_changes_what_it_names(client: Client) -> None:
    status, told = client.send("PATCH", SUBSCRIBED, {"filter": {"subjectEndsWith": ".csv"}})

    assert (status, told["properties"]["filter"]["subjectEndsWith"]) == (201, ".csv")
    delivery = "deliveryWithResourceIdentity"
    assert told["properties"][delivery] == BODY[SUBSCRIBED]["properties"][delivery]


def test_a_patch_goes_as_deep_as_the_property(client: Client) -> None:
    scale = {"properties": {"scaleSettings": {"maxNodeCount": 5}}}
    cluster = f"{WORKSPACE}/computes/cluster"
    status, told = client.send(
        "PATCH", cluster, {"properties": {**scale, "computeType": "AmlCompute"}}
    )

    assert status == 200, told
    inner = told["properties"]["properties"]
    assert (inner["scaleSettings"]["maxNodeCount"], inner["vmSize"]) == (5, "STANDARD_DS3_V2")


@pytest.mark.parametrize(
    ("method", "resource_id", "body", "expected"),
    [
        ("PUT", ACCOUNT, {**STORAGE, "location": "eastus"}, (409, "InvalidResourceLocation")),
        ("PUT", ACCOUNT, {**STORAGE, "location": None}, (400, "LocationRequired")),
        ("PUT", ACCOUNT, {**STORAGE, "accessTier": "Hot"}, (400, "InvalidRequestContent")),
        ("PUT", ACCOUNT, [1], (400, "InvalidRequestContent")),
        ("PUT", ACCOUNT, None, (400, "InvalidRequestContent")),
        (
            "PUT",
            ACCOUNT,
            {**STORAGE, "properties": {"colour": "blue"}},
            (400, "InvalidRequestContent"),
        ),
        ("PUT", ACCOUNT.replace("/rg/", "/none/"), STORAGE, (404, "ResourceGroupNotFound")),
        ("PATCH", f"{ACCOUNT}x", {"tags": {}}, (404, "ResourceNotFound")),
        ("PATCH", GRANT, {"properties": {}}, (405, "MethodNotAllowed")),
        ("POST", ACCOUNT, {}, (405, "MethodNotAllowed")),
        ("DELETE", GROUP.replace("/rg", "/none"), None, (404, "ResourceGroupNotFound")),
        (
            "PUT",
            GRANT,
            {
                "properties": {
                    "roleDefinitionId": ROLE.replace(
                        READER, "b24988ac-6180-42a0-ab88-20f7382dd24c"
                    ),
                    "principalId": DEPLOYER.object_id,
                    "principalType": "ServicePrincipal",
                }
            },
            (409, "PropertyChangeNotAllowed"),
        ),
    ],
)
def test_a_refusal_has_azures_code(
    client: Client, method: str, resource_id: str, body: Any, expected: tuple[int, str]
) -> None:
    assert code(client.send(method, resource_id, body)) == expected


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_who_only_reads_changes_nothing(client: Client, method: str) -> None:
    looker = Client.somebody(client.running, READER, GROUP)

    assert code(looker.send(method, f"{IDENTITY}2", HERE)) == (403, "AuthorizationFailed")


def test_a_delete_takes_a_resource_away_once(client: Client) -> None:
    client.send("PUT", f"{IDENTITY}2", HERE)

    statuses = [client.send(method, f"{IDENTITY}2")[0] for method in ("DELETE", "GET", "DELETE")]
    assert statuses == [200, 404, 204]
