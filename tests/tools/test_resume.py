"""What resuming makes of a state, as plain data, and the ids that it tells."""

import ast
from importlib import import_module
from typing import Any
from unittest import mock

import pulumi
import pytest

from batch_client.answers import RefusedError
from batch_client.errors import ClientError
from local_azure.catalogue import TYPES
from tests import PROJECT
from tools.resume import arm_ids, state
from tools.resume.directory import PASSWORD, Directory, Secret
from tools.resume.resuming import lines
from tools.resume.stack import Stack

URN = "urn:pulumi:dev::p::azure-native:storage:BlobContainer::"
GUID = "50b50000-0000-4000-8000-0000000050b5"
AUTOMATIC = {"__createBeforeDelete": True}


def made_by_components() -> set[str]:
    """Every type of azure-native that a component makes, by Pulumi's name."""
    found = set()
    for file in (PROJECT / "components").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add((node.value.id, node.attr))
    return {f"azure-native:{module}:{name}" for module, name in found if is_resource(module, name)}


def is_resource(module: str, name: str) -> bool:
    try:
        sdk = import_module(f"pulumi_azure_native.{module}")
    except ImportError:
        return False
    made = getattr(sdk, name, None)
    return isinstance(made, type) and issubclass(made, pulumi.CustomResource)


def test_the_id_of_everything_that_a_component_makes_is_known() -> None:
    assert made_by_components() - set(arm_ids.PATHS) == set()
    assert "azure-native:storage:StorageAccount" in made_by_components()


@pytest.mark.parametrize(
    "kind",
    [each for each in TYPES if each.pulumi_type in arm_ids.PATHS],
    ids=lambda kind: str(kind.pulumi_type),
)
def test_ids_are_those_of_the_embedded_azure(kind: Any) -> None:
    inputs = {key: f"/{key}" if key in ("scope", "resourceUri") else key for key in kind.path_keys}
    told = arm_ids.arm_id(kind.pulumi_type, inputs, GUID)
    assert told == kind.told_id(kind.split(inputs)[0])


@pytest.mark.parametrize(
    ("kind", "inputs", "subscription"),
    [
        ("azure-native:other:Thing", {"resourceGroupName": "group"}, GUID),
        ("azure-native:resources:ResourceGroup", {}, GUID),
        ("azure-native:resources:ResourceGroup", {"resourceGroupName": "group"}, ""),
    ],
    ids=["unknown type", "no name", "no subscription"],
)
def test_an_id_that_can_not_be_told_is_not_made_up(
    kind: str, inputs: dict[str, Any], subscription: str
) -> None:
    assert arm_ids.arm_id(kind, inputs, subscription) is None


def resource(name: str, resource_id: str = "", **more: Any) -> dict[str, Any]:
    told = {"urn": URN + name, "type": "azure-native:storage:BlobContainer", **more}
    return {**told, "id": resource_id} if resource_id else told


def after(resources: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    deployment = {
        "resources": resources,
        "pending_operations": [{"type": "creating", "resource": new}],
    }
    told = state.taken_over(deployment, [(new, "/new")])
    assert told["pending_operations"] == []
    return [
        {key: each[key] for key in ("urn", "id", "delete") if key in each}
        for each in told["resources"]
    ]


def test_what_is_taken_over_stands_behind_what_it_depends_on_and_before_what_comes_later() -> None:
    parent, other = resource("parent", "/parent"), resource("other", "/other")

    told = after([parent, other], resource("new", dependencies=[URN + "parent"]))

    assert [each["id"] for each in told] == ["/parent", "/new", "/other"]


@pytest.mark.parametrize(
    ("old", "inputs", "expected"),
    [
        ({}, {}, [("/new", False), ("/old", True)]),
        ({}, AUTOMATIC, [("/new", True), ("/old", False)]),
        ({"pendingReplacement": True}, {}, [("/new", False)]),
        ({"id": "/NEW"}, {}, [("/NEW", False)]),
        ({"delete": True}, {}, [("/new", False), ("/old", True)]),
    ],
    ids=[
        "a replacement under a name of the program's own",
        "a name that was made up: either a replacement, or left by an earlier up",
        "a replacement whose old one is gone",
        "the state knows it already",
        "the old one is to be deleted anyway",
    ],
)
def test_one_name_in_the_program_has_one_resource_that_stays(
    old: dict[str, Any], inputs: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    before = {**resource("container", "/old"), **old}

    told = after([before], resource("container", inputs=inputs))

    assert sorted((each["id"], bool(each.get("delete"))) for each in told) == sorted(expected)


def test_an_application_may_be_there_twice_and_the_new_one_goes() -> None:
    kind = "azuread:index/application:Application"

    told = after([resource("app", "/old", type=kind)], resource("app", type=kind))

    assert [each["id"] for each in told if each.get("delete")] == ["/new"]


def test_of_two_with_one_id_the_one_that_stays_is_found() -> None:
    going, staying = resource("old", "/a", delete=True), resource("new", "/A")

    assert state.find({"resources": [going, staying]}, "/a") == staying


def test_what_was_taken_over_has_the_inputs_that_it_was_created_with() -> None:
    pending = resource("new", inputs={"containerName": "new"})
    refreshed = [resource("new", "/New", inputs={"containerName": "new", "default": 1})]
    refreshed.append(resource("other", "/other", inputs={"default": 1}))

    told = state.with_inputs({"resources": refreshed}, [(pending, "/new")])

    assert [each["inputs"] for each in told["resources"]] == [
        {"containerName": "new"},
        {"default": 1},
    ]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([], ""),
        ([{"type": "pulumi:providers:azure-native", "inputs": {"subscriptionId": "s"}}], "s"),
        (
            [
                {
                    "type": "azure-native:storage:StorageAccount",
                    "inputs": {"resourceGroupName": "g"},
                    "id": f"/subscriptions/{GUID}/resourceGroups/g/providers/…",
                }
            ],
            GUID,
        ),
    ],
    ids=["nothing yet", "configured", "what was created"],
)
def test_the_subscription_is_the_one_that_the_stack_creates_in(
    resources: list[dict[str, Any]], expected: str
) -> None:
    assert state.subscription_of({"resources": resources}) == expected


class Kept(Stack):
    """A stack whose state lies in memory, and whose refresh finds everything there."""

    def __init__(self, deployment: dict[str, Any]) -> None:
        super().__init__("dev")
        self.deployment = deployment

    def export(self) -> dict[str, Any]:
        return {"version": 3, "deployment": self.deployment}

    def replace(self, state: dict[str, Any]) -> None:
        self.deployment = state["deployment"]

    def refresh(self) -> None:
        pass


def creating(new: dict[str, Any]) -> Kept:
    """A stack that was killed while it created this."""
    return Kept({"pending_operations": [{"type": "creating", "resource": new}]})


@pytest.mark.parametrize(
    ("errors", "outputs", "kept"),
    [
        (["Url validation"], {}, ["Url validation"]),
        (None, {"provisioningState": "Failed"}, ["its provisioningState is Failed"]),
        (None, {"provisioningState": "Succeeded"}, None),
    ],
    ids=["as the state said", "as Azure says", "it is well"],
)
def test_what_failed_halfway_is_tried_again_by_the_next_up_although_a_refresh_forgets_it(
    errors: list[str] | None, outputs: dict[str, Any], kept: list[str] | None
) -> None:
    class Forgetful(Kept):
        def refresh(self) -> None:
            self.deployment = {"resources": [resource("it", "/it", outputs=outputs)]}

    stack = Forgetful({"resources": [resource("it", "/it", initErrors=errors)]})

    list(lines(stack))

    assert stack.deployment["resources"][0].get("initErrors") == kept


def test_what_can_not_be_looked_up_is_told_with_what_to_do() -> None:
    urn = "urn:pulumi:dev::p::azure-native:other:Thing::thing"
    stack = creating({"urn": urn, "type": "azure-native:other:Thing", "custom": True, "inputs": {}})

    told, *_ = lines(stack)

    assert told == (
        "look at      azure-native:other:Thing thing: nobody here can tell its id in Azure. "
        f"Look whether it is there, and delete it if so: the next up makes it ({urn})"
    )
    assert stack.deployment["pending_operations"] == []


def test_a_client_secret_that_was_begun_is_made_by_the_next_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = {"urn": "u::t::secret", "type": PASSWORD, "custom": True, "inputs": {}}
    monkeypatch.setattr(Directory, "orphans", lambda _: [])

    _, told, _ = lines(creating(new))

    assert told == f"cleared      {PASSWORD} secret: the next up makes it"


def test_what_can_not_be_looked_up_is_told_before_the_state_forgets_it() -> None:
    stack = creating({"urn": "u::t::thing", "type": "azure-native:other:Thing", "custom": True})

    assert next(lines(stack)).startswith("look at      azure-native:other:Thing thing: ")
    assert stack.deployment["pending_operations"] != []


def test_a_state_that_somebody_writes_meanwhile_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = creating({"urn": "u::random:R::name", "type": "random:R", "custom": True})
    written = {"version": 3, "deployment": {"resources": [resource("theirs", "/theirs")]}}
    exports = iter([stack.export(), written])
    monkeypatch.setattr(stack, "export", lambda: next(exports))
    monkeypatch.setattr(stack, "replace", pytest.fail)

    with pytest.raises(ClientError, match="Somebody is working on the stack"):
        list(lines(stack))


def test_a_client_secret_that_somebody_else_has_to_take_away_is_told_by_its_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusal = RefusedError(mock.Mock(status_code=403, headers={}, text=lambda: "{}"))
    monkeypatch.setattr(Directory, "orphans", lambda _: [Secret("app", "key", "rotation 1")])
    monkeypatch.setattr(Directory, "remove", mock.Mock(side_effect=refusal))

    _, told, end = lines(Kept({}))

    assert told.startswith("look at      client secret 'rotation 1' of application app: ")
    assert told.endswith("az ad app credential delete --id app --key-id key")
    assert end.startswith("Nothing is pending.")


def test_what_an_earlier_up_left_is_told_and_goes_with_the_next_one() -> None:
    kind = "azure-native:storage:StorageAccount"
    path = "/subscriptions/{}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/{}"
    inputs = {"resourceGroupName": "g", "accountName": "first", **AUTOMATIC}
    both = {"urn": f"urn:pulumi:dev::p::{kind}::a", "type": kind, "custom": True}
    live = {**both, "id": path.format(GUID, "second"), "inputs": {"resourceGroupName": "g"}}
    stack = creating({**both, "inputs": inputs})
    stack.deployment["resources"] = [live]

    _, told, _ = lines(stack)

    left = path.format(GUID, "first")
    assert told == f"left over    {kind} a: the next up deletes it ({left})"
