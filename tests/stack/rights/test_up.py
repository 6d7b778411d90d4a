"""`up` with the documented rights and without each of them, and who looks at the stack afterwards.

Those before `standing` run on a stack that is not up: what an `up` that was stopped has made stays.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.identity.batch_endpoint_invoker_role import DOCUMENTED
from components.identity.custom_role import PIPELINE_RUN_ACTIONS, PIPELINE_START_ACTIONS
from components.identity.operators import ACTIONS, READS
from local_azure.control_plane.authorization.resources import ROLE_DEFINITION
from local_azure.control_plane.authorization.roles import Role, by_name
from local_azure.control_plane.tenant import SUBSCRIPTION
from tests.documented import RIGHTS
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_roles import CALLER, having, names_all, without
from tests.stack.shell import CONFIRMED

pytestmark = pytest.mark.long

BLOBS = "Storage Blob Data Contributor"
GRANTING = "User Access Administrator"
GIVING = "Role Based Access Control Administrator"
GIVEN = {"runs", "invokes", "starts", "operates"}
CALLBACK = "1157ca11-0000-4000-8000-00000000ba0c"
STOPPED_AT = {
    "Contributor": f"/write' over scope '{SUBSCRIPTION}/resourceGroups/",
    GRANTING: "perform action 'Microsoft.Authorization/role",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack, of which nothing exists yet."""
    role = Role("Callback", tuple(RIGHTS["preview"]["actions"]))
    with on_its_own(tmp_path_factory.mktemp("azure")) as made:
        azure = made.running.azure
        made.running.call(azure.authorization.define_role, CALLBACK, role)
        yield made


@pytest.mark.parametrize("permission", RIGHTS["up"]["graph"])
def test_without_a_permission_in_the_directory_up_stops(stack: Deployed, permission: str) -> None:
    held = stack.running.azure.graph_permissions
    stack.running.call(held.revoke, CALLER, permission)
    try:
        told = stack.refused("up", *CONFIRMED)
    finally:
        stack.running.call(held.grant, CALLER, permission)

    assert "Insufficient privileges to complete the operation." in told


@pytest.mark.parametrize("role", RIGHTS["up"]["roles"])
def test_without_a_role_up_stops_and_names_who_lacks_which_action_where(
    stack: Deployed, role: str
) -> None:
    with without(stack, CALLER, by_name()[role], SUBSCRIPTION):
        told = stack.refused("up", *CONFIRMED)

    assert f"with object id '{CALLER}' does not have authorization to perform action" in told
    assert STOPPED_AT[role] in told


def test_who_may_only_give_roles_is_stopped_at_a_custom_one(stack: Deployed) -> None:
    with _only_giving_roles(stack):
        told = stack.refused("up", *CONFIRMED)

    assert "'Microsoft.Authorization/roleDefinitions/write' over scope" in told


@pytest.fixture(scope="module")
def standing(stack: Deployed) -> Deployed:
    """The stack, once whoever may only give roles has brought it up: each is given by id."""
    operating = [action for actions in ACTIONS.values() for action in actions]
    stack.configure(
        {
            "blob_events": {"marker_name": "_SUCCESS"},
            "data_factory": {
                "poll_interval_seconds": 1,
                "existing_runner_role_id": _role(stack, "runs", PIPELINE_RUN_ACTIONS),
            },
            "existing_operator_role_id": _role(stack, "operates", operating, READS),
            "invoker": {"existing_role_id": _role(stack, "invokes", DOCUMENTED)},
            "workflows": {
                "existing_pipeline_starter_role_id": _role(stack, "starts", PIPELINE_START_ACTIONS)
            },
        }
    )
    with _only_giving_roles(stack):
        stack.up()
    return stack


def test_with_each_role_given_by_id_none_is_made(standing: Deployed) -> None:
    made = standing.resources(ROLE_DEFINITION.arm_type)

    assert {each.properties["roleName"] for each in made} == GIVEN


def test_who_previews_needs_the_callback_url_beside_reading(standing: Deployed) -> None:
    reading = ("Reader", _group(standing))
    with standing.signed_in([reading, (CALLBACK, reading[1])]):
        standing.succeeds("preview")
    with standing.signed_in([reading]) as who:
        told = standing.refused("preview")

    names_all(told, who, *RIGHTS["preview"]["actions"], standing.outputs["workflow_id"])


def _group(stack: Deployed) -> str:
    return "/".join(stack.outputs["workspace_id"].split("/")[:5])


@contextmanager
def _only_giving_roles(stack: Deployed) -> Iterator[None]:
    with (
        without(stack, CALLER, by_name()[GRANTING], SUBSCRIPTION),
        having(stack, CALLER, by_name()[GIVING], SUBSCRIPTION),
    ):
        yield


def _role(stack: Deployed, name: str, actions: Sequence[str], data: Sequence[str] = ()) -> str:
    """A custom role that somebody with the right to has made; its id."""
    inputs = {
        "scope": SUBSCRIPTION,
        "roleDefinitionId": f"00000000-0000-4000-8000-{len(name):012}",
        "roleName": name,
        "assignableScopes": [SUBSCRIPTION],
        "permissions": [{"actions": [*actions], "dataActions": [*data]}],
    }
    return stack.put(ROLE_DEFINITION, **inputs)


def _verifying(stack: Deployed) -> list[tuple[str, str]]:
    """What docs/callers.md says that `verify` needs, where pipelines run."""
    of_callers = stack.rights["callers"]
    return [
        ("Reader", _group(stack)),
        *(of_callers[each] for each in ("drop", "read-predictions", "run")),
    ]


@pytest.fixture
def client(standing: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    return Client(standing, tmp_path, capsys)


def test_verify_needs_what_the_docs_say(standing: Deployed, client: Client) -> None:
    with standing.signed_in(_verifying(standing)):
        assert client.verify()


@pytest.mark.parametrize(
    ("missing", "needed"),
    [
        (0, "Reader on /subscriptions/"),
        (1, f"{BLOBS} on the container https://"),
        (2, "Storage Blob Data Reader on the container https://"),
        (3, "the role '<project>-<stack> pipeline runner …' of this program"),
    ],
)
def test_without_one_of_its_roles_verify_stops_and_names_it(
    standing: Deployed, client: Client, missing: int, needed: str
) -> None:
    grants = _verifying(standing)
    del grants[missing]
    with standing.signed_in(grants):
        told = client("verify", "--timeout", "60")

    assert f"Needed: {needed}" in told["error"]
