"""Between azure-native's one level and Resource Manager's bodies."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.catalogue import TYPES
from local_azure.control_plane.resource_manager import form, sdk
from local_azure.control_plane.resource_manager.errors import InvalidContentError

SHAPES = json.loads(Path(__file__).with_name("arm_shapes.json").read_text())
KINDS = {kind.arm_type: kind for kind in TYPES}
SUBSCRIPTION = "Microsoft.EventGrid/systemTopics/eventSubscriptions"
PIPELINE = "Microsoft.DataFactory/factories/pipelines"
ACCOUNT = "Microsoft.Storage/storageAccounts"
NEWER = {
    "Microsoft.ServiceBus": {
        *("geoDataReplication", "ipAddressType", "platformCapabilities", "userMetadata"),
    },
    "Microsoft.Web": {
        *("identity", "installScripts", "isCustomMode", "network", "planDefaultIdentity"),
        *("rdpEnabled", "registryAdapters", "storageMounts", "systemData"),
    },
}
"""What azure-native's versions of these have, and the newest public types don't."""
NOWHERE = {"expand", "skipValidation", "subscriptionId"}
"""Parameters of the query, and one of the path."""


@pytest.mark.parametrize("arm_type", KINDS)
def test_every_key_of_the_sdk_stands_where_azures_types_have_it(arm_type: str) -> None:
    kind, shape = KINDS[arm_type], SHAPES[arm_type]
    found = sdk.resource(kind.pulumi_type)
    newer = NEWER.get(arm_type.partition("/")[0], set())
    keys = {*found.inputs, *found.outputs} - {*kind.path_keys, *newer, *NOWHERE}
    bag: dict[str, Any] = dict.fromkeys(keys)
    told = form.body(kind.form, {**bag, **({"properties": {}} if "properties" in keys else {})})

    assert set(told) - {"properties", "name", "type", "id"} <= {*shape["beside"]}
    if "properties" not in keys:
        assert set(told["properties"]) <= {*shape["below"]}


def test_the_shapes_are_of_the_versions_that_azure_native_speaks() -> None:
    other = {each for each in KINDS if SHAPES[each]["version"] != KINDS[each].api_version}

    assert {each.partition("/")[0] for each in other} == NEWER.keys()
    assert set(SHAPES) == set(KINDS)


WEBHOOK = {"endpointType": "WebHook", "endpointUrl": "https://a.b"}
ACTIVITY = {
    "name": "Each",
    "type": "ForEach",
    "dependsOn": [],
    "items": {"value": "@x", "type": "Expression"},
    "activities": [{"name": "Wait", "type": "Wait", "waitTimeInSeconds": 1}],
}
SWITCH = {
    "name": "S",
    "type": "Switch",
    "on": {"value": "@x", "type": "Expression"},
    "cases": [{"value": "a", "activities": ACTIVITY["activities"]}],
}
WAIT = {"name": "Wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}


@pytest.mark.parametrize(
    ("arm_type", "bag", "properties"),
    [
        (ACCOUNT, {"enableHttpsTrafficOnly": True}, {"supportsHttpsTrafficOnly": True}),
        ("Microsoft.Insights/components", {"appId": "a"}, {"AppId": "a"}),
        ("Microsoft.OperationalInsights/workspaces", {"sku": 1}, {"sku": 1}),
        ("Microsoft.Authorization/roleDefinitions", {"roleType": "C"}, {"type": "C"}),
        (
            SUBSCRIPTION,
            {"destination": WEBHOOK, "filter": {"subjectBeginsWith": "a"}},
            {
                "destination": {
                    "endpointType": "WebHook",
                    "properties": {"endpointUrl": "https://a.b"},
                },
                "filter": {"subjectBeginsWith": "a"},
            },
        ),
        (
            PIPELINE,
            {"activities": [ACTIVITY, SWITCH]},
            {
                "activities": [
                    {
                        "name": "Each",
                        "type": "ForEach",
                        "dependsOn": [],
                        "typeProperties": {"items": ACTIVITY["items"], "activities": [WAIT]},
                    },
                    {
                        "name": "S",
                        "type": "Switch",
                        "typeProperties": {
                            "on": SWITCH["on"],
                            "cases": [{"value": "a", "activities": [WAIT]}],
                        },
                    },
                ]
            },
        ),
    ],
)
def test_what_is_hoisted_or_renamed_goes_back_to_its_place_and_out_again(
    arm_type: str, bag: dict[str, Any], properties: dict[str, Any]
) -> None:
    own = KINDS[arm_type].form
    told = form.body(own, bag)

    assert told == {"properties": properties}
    assert form.outputs(own, told, hoisted=True) == bag


def test_nothing_is_sent_for_properties_where_there_are_none() -> None:
    assert form.request(form.PLAIN, {"location": "here"}) == {"location": "here"}


def test_identities_are_sent_as_azure_takes_them() -> None:
    assigned = {"type": "UserAssigned", "userAssignedIdentities": ["/i"]}
    sent = form.request(form.PLAIN, {"identity": assigned, "a": 1})

    assert sent["identity"]["userAssignedIdentities"] == {"/i": {}}


def given(arm_type: str, body: dict[str, Any]) -> dict[str, Any]:
    kind = KINDS[arm_type]
    return form.inputs(kind.pulumi_type, kind.form, {}, body)


def test_what_a_client_sends_back_of_an_answer_is_no_input() -> None:
    sent = {
        "id": "/x",
        "name": "a",
        "type": ACCOUNT,
        "tags": None,
        "properties": {"provisioningState": "Succeeded", "isHnsEnabled": False},
    }

    assert given(ACCOUNT, sent) == {"isHnsEnabled": False}


def test_what_only_answers_have_inside_an_object_is_no_input_either() -> None:
    endpoint = "Microsoft.MachineLearningServices/workspaces/batchEndpoints"
    properties = {"authMode": "AADToken", "scoringUri": "https://x", "provisioningState": "S"}

    sent = given(endpoint, {"properties": properties})

    assert sent == {"properties": {"authMode": "AADToken"}}


@pytest.mark.parametrize(
    "properties",
    [
        {"colour": "blue"},
        {"colour": None},
        {"provisioningState": 1},
        {"primaryEndpoints": {"a": ""}},
    ],
    ids=["unknown", "null and unknown", "told as another type", "told with another key"],
)
def test_what_nobody_knows_stays_to_be_refused(properties: dict[str, Any]) -> None:
    assert given(ACCOUNT, {"properties": properties}) == properties


@pytest.mark.parametrize(
    ("arm_type", "assigned"),
    [(ACCOUNT, ["/i"]), ("Microsoft.DataFactory/factories", {"/i": {}})],
)
def test_identities_are_taken_as_the_sdk_has_them(arm_type: str, assigned: object) -> None:
    told = {"/i": {"clientId": "c", "principalId": "p"}, "/taken-off": None}
    sent = {"identity": {"type": "UserAssigned", "userAssignedIdentities": told}}

    assert given(arm_type, sent)["identity"]["userAssignedIdentities"] == assigned


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"accessTier": "Hot"}, "Could not find member 'accessTier'"),
        ({"properties": {"sku": {"name": "Standard_LRS"}}}, "stands beside 'properties'"),
        ({"properties": [1]}, "'properties'"),
        ({"identity": {"userAssignedIdentities": ["/i"]}}, "'identity.userAssignedIdentities'"),
        ({"identity": {"userAssignedIdentities": {"/i": {"a": 1}}}}, "Identities'"),
    ],
)
def test_a_key_in_the_wrong_place_is_refused(body: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidContentError, match=said):
        given(ACCOUNT, body)
