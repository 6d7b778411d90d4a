"""Inputs as the types that activities want, and the policy of those that act outside.

Time spans are ``D.HH:MM:SS`` or ``HH:MM:SS``. Source of the policy: D:data-factory/
concepts-pipelines-activities ("activity policy"), the limits of D:azure-resource-manager/
management/azure-subscription-service-limits, and the SDK's for retries.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

INVALID = "InvalidTemplate"
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})")
POLICY = frozenset({"timeout", "retry", "retryIntervalInSeconds", "secureInput", "secureOutput"})
_TIMEOUT, _SHORTEST, _LONGEST = "0.12:00:00", "0.00:10:00", "7.00:00:00"
_MOST_RETRIES = 1000
_INTERVALS = range(30, 86400 + 1)


def is_reference(found: Any, kind: str) -> bool:
    """Whether something is a reference of a kind: ``{"referenceName", "type"}`` at least."""
    return (
        isinstance(found, dict)
        and found.get("type") == kind
        and isinstance(found.get("referenceName"), str)
    )


def text(found: Any) -> str:
    """A text as it is, anything else as JSON."""
    return found if isinstance(found, str) else json.dumps(found)


def truth(found: Any, what: str) -> bool:
    """A boolean.

    Raises:
        ActivityError: naming what was found.
    """
    if not isinstance(found, bool):
        raise ActivityError(f"{what} must be a boolean; found {found!r}.", INVALID)
    return found


def array(found: Any, what: str) -> list[Any]:
    """An array.

    Raises:
        ActivityError: naming what was found.
    """
    if not isinstance(found, list):
        raise ActivityError(f"{what} must be an array; found {found!r}.", INVALID)
    return found


def duration(found: Any, what: str, longest: str) -> float:
    """A time span, in seconds.

    Raises:
        ActivityError: naming what was found.
    """
    try:
        span = seconds(found)
    except ValueError as error:
        raise ActivityError(f"{what}: {error}", INVALID) from None
    if not 0 < span <= seconds(longest):
        raise ActivityError(f"{what} is {longest} at most; found {found!r}.", INVALID)
    return span


def seconds(text: object) -> float:
    """How long a time span is, in seconds.

    Raises:
        ValueError: naming what was found.
    """
    match = _TIME_SPAN.fullmatch(str(text))
    if match is None:
        raise ValueError(f"A time span is written like 7.00:00:00 or 00:10:00; found {text!r}.")
    days, hours, minutes, rest = (int(each or 0) for each in match.groups())
    return float(days * 86400 + hours * 3600 + minutes * 60 + rest)


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
