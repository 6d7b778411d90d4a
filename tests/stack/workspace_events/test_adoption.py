"""A second stack adopts the workspace and its system topic, of which Azure allows only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stack.event_path.deployed import Deployed
from tests.stack.workspace_events.told import to_hook

if TYPE_CHECKING:
    from tests.stack.workspace_events.told import Told

UNUSED = {
    "extension_filter": "",
    "event_delivery_attempts": 30,
    "event_time_to_live_minutes": 1440,
    "error_threshold": -1,
}
"""What the test stack says of jobs and blobs, at its default."""


def adopting(told: Told) -> Deployed:
    """The test stack's file with nothing but a rule of its own, about the first stack's jobs."""
    first = told.outputs
    subscription = next(iter(first["workspace_event_subscription_ids"].values()))
    _, _, _, _, group, _, _, _, topic, *_ = subscription.split("/")
    second = Deployed(told.running, "test")
    second.configure(
        {
            "existing_endpoint": {
                "workspace_id": first["workspace_id"],
                "name": first["endpoint_name"],
            },
            "existing_workspace_system_topic": {"resource_group": group, "name": topic},
            "workspace_events": [to_hook("adopted", "RunCompleted")],
            "blob_events": False,
            **UNUSED,
            "publishers": [],
            "callers": [],
        }
    )
    second.up()
    return second


def test_both_stacks_are_told_and_the_first_outlives_the_second(told: Told, digit: bytes) -> None:
    second = adopting(told)
    (job,) = told.await_jobs(told.drop("incoming/for-both.pgm", content=digit))
    told.await_event("/adopted", job["name"])
    told.await_event("/completed", job["name"])

    gone = second.pulumi("destroy", "--yes", "--skip-preview")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    (job,) = told.await_jobs(told.drop("incoming/for-one.pgm", content=digit))
    told.await_event("/completed", job["name"])
    assert [e for e in told.heard("/adopted") if e["subject"].endswith(job["name"])] == []
