"""The policy of activities that act outside of the pipeline.

Source: D:data-factory/concepts-pipelines-activities ("activity policy").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.datafactory.activities.conversion import duration

if TYPE_CHECKING:
    from local_azure.datafactory.step import Step

POLICY = frozenset({"timeout", "retry", "retryIntervalInSeconds", "secureInput", "secureOutput"})
_TIMEOUT, _LONGEST = "0.12:00:00", "7.00:00:00"


def policy_limit(step: Step) -> float:
    """The policy's time-out, in seconds; 12 hours where it has none.

    Raises:
        ActivityError: it is no time span, or above seven days.
    """
    given = step.evaluate(step.activity.get("policy", {}).get("timeout", _TIMEOUT))
    return duration(given, "A policy's timeout", _LONGEST)
