"""A second stack adopts the workspace and its system topic, of which Azure allows only one."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.tenant import SUBSCRIPTION
from tests.documented import RIGHTS
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_adoption import is_left_alone
from tests.stack.event_path.test_roles import CALLER, having, without
from tests.stack.shell import CONFIRMED
from tests.stack.workspace_events.told import Told, to_hook

pytestmark = pytest.mark.long


def _one_rule(group: str, topic: str, **changes: int) -> dict[str, Any]:
    """What the second stack says of events, at the first one's topic."""
    return {
        "existing_system_topic": {"resource_group": group, "name": topic},
        "rules": [to_hook("adopted", "RunCompleted", **changes)],
    }


@pytest.fixture(scope="module")
def adopting(told: Told) -> Deployed:
    """The test stack's file with nothing but a rule of its own, about the first stack's jobs."""
    first = told.outputs
    subscription = next(iter(first["workspace_event_subscription_ids"].values()))
    _, _, _, _, group, _, _, _, topic, *_ = subscription.split("/")
    second = Deployed(told.running, "test")
    second.configure(
        {
            "endpoint": {
                "existing": f"{first['workspace_id']}/batchEndpoints/{first['endpoint_name']}"
            },
            "workspace_events": _one_rule(group, topic),
            "blob_events": {"enabled": False},
            "deployments": [],
            "publishers": [],
            "callers": [],
        }
    )
    second.up()
    return second


def test_what_was_adopted_under_its_former_type_is_left_alone(
    adopting: Deployed, tmp_path: Path
) -> None:
    kinds = {"ExistingTopicWorkspaceEvents": "WorkspaceEvents"}

    assert is_left_alone(adopting, tmp_path, kinds)


@pytest.mark.parametrize("role", RIGHTS["workspace_events"]["roles"])
def test_who_subscribes_to_anothers_workspace_needs_a_role_at_it(
    told: Told, adopting: Deployed, role: str
) -> None:
    workspace = told.outputs["workspace_id"]
    (subscription,) = adopting.outputs["workspace_event_subscription_ids"].values()
    topic = subscription.rpartition("/eventSubscriptions/")[0]
    own = f"{SUBSCRIPTION}/resourceGroups/{adopting.outputs['resource_group_name']}"
    group, name = topic.split("/")[4], topic.rpartition("/")[2]
    adopting.configure({"workspace_events": _one_rule(group, name, delivery_attempts=len(role))})
    with ExitStack() as held:
        held.enter_context(without(adopting, CALLER, by_name()["Contributor"], SUBSCRIPTION))
        for scope in (own, topic):
            held.enter_context(having(adopting, CALLER, by_name()["Contributor"], scope))
        refused = adopting.refused("up", *CONFIRMED)
        with having(adopting, CALLER, by_name()[role], workspace):
            adopting.up()

    action = "Microsoft.EventGrid/eventSubscriptions/write"
    assert f"perform action '{action}' over scope '{workspace}'" in refused


def test_both_stacks_are_told_and_the_first_outlives_the_second(
    told: Told, adopting: Deployed, digit: bytes
) -> None:
    job = told.job_of("incoming/for-both.pgm", digit)
    told.await_event("/adopted", job["name"])
    told.await_event("/completed", job["name"])

    adopting.succeeds("destroy", *CONFIRMED)
    job = told.job_of("incoming/for-one.pgm", digit)
    told.await_event("/completed", job["name"])
    assert [e for e in told.heard("/adopted") if e["subject"].endswith(job["name"])] == []
