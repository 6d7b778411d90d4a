"""The policy of activities that act outside of the pipeline.

Source: D:data-factory/concepts-pipelines-activities ("activity policy"), the limits of
D:azure-resource-manager/management/azure-subscription-service-limits, and the SDK's for retries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.conversion import duration, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.services.datafactory.step import Step

POLICY = frozenset({"timeout", "retry", "retryIntervalInSeconds", "secureInput", "secureOutput"})
_TIMEOUT, _SHORTEST, _LONGEST = "0.12:00:00", "0.00:10:00", "7.00:00:00"
_MOST_RETRIES = 1000
_INTERVALS = range(30, 86400 + 1)


def policy_limit(step: Step) -> float:
    """The policy's time-out, in seconds; 12 hours where it has none.

    Raises:
        ActivityError: it is no time span, or above seven days.
    """
    given = step.evaluate(step.activity.get("policy", {}).get("timeout", _TIMEOUT))
    return duration(given, "A policy's timeout", _LONGEST)


def policy_problems(policy: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the values of a policy; expressions are looked at when it runs."""
    retry = policy.get("retry", 0)
    if not _is_count(retry) or not 0 <= retry <= _MOST_RETRIES:
        yield f"policy.retry is 0 to {_MOST_RETRIES}; found {retry!r}"
    interval = policy.get("retryIntervalInSeconds", _INTERVALS[0])
    if not _is_count(interval) or interval not in _INTERVALS:
        yield f"policy.retryIntervalInSeconds is {_INTERVALS[0]} to 86400; found {interval!r}"
    for key in ("secureInput", "secureOutput"):
        if not isinstance(policy.get(key, False), bool):
            yield f"policy.{key} is true or false; found {policy[key]!r}"
    timeout = policy.get("timeout", _TIMEOUT)
    if not isinstance(timeout, dict) and not _is_limit(timeout):
        yield f"policy.timeout is a time span of {_SHORTEST} to {_LONGEST}; found {timeout!r}"


def _is_count(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool)


def _is_limit(found: Any) -> bool:
    try:
        return seconds(_SHORTEST) <= seconds(found) <= seconds(_LONGEST)
    except ValueError:
        return str(found).startswith("@")
