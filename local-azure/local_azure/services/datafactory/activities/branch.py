"""A branch of activities that If Condition or Switch has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.records import ActivityError, failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_azure.services.datafactory.records import Record
    from local_azure.services.datafactory.step import Step


async def run_branch(step: Step, activities: Sequence[Mapping[str, Any]]) -> None:
    """Run the branch.

    Raises:
        ActivityError: it failed; the code is that of what failed inside.
    """
    failed = await step.inside(activities, step.inner())
    if failed:
        raise inner_failure(failed)


def inner_failure(failed: Record) -> ActivityError:
    """What a container fails with when that failed inside."""
    message = "Activity failed because an inner activity failed; "
    return ActivityError(message + failure(failed), (failed.error or {}).get("errorCode", ""))
