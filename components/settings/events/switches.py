"""The examples that are a switch in the stack file: what each takes, and the rule that it makes.

A switch makes one more rule for the workspace's events, with a Logic App that the program makes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from components.settings import azure_lists, blob_folders, payload
from components.settings.checks import Check, matching, one_of
from components.settings.events import filters, records, rules
from components.settings.events.model import Dispatch, Email, Retraining
from components.settings.events.records import Field, Fields
from components.settings.hosts import scoring_uri
from components.settings.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.settings.events.model import Destination, EventRule

    Values = Mapping[str, Any]

_ADDRESS = re.compile(r"[^\s@;<>,\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MOST_RECIPIENTS = 500  # UNVERIFIED for the connector; Exchange Online's own limit.
_WHICH_EVENTS: Fields = {
    "subject_begins_with": rules.OF_A_WORKSPACE["subject_begins_with"],
    "subject_ends_with": rules.OF_A_WORKSPACE["subject_ends_with"],
    "advanced_filters": Field(list, filters.check, []),
}


def _addresses(value: list[Any]) -> list[Refusal]:
    fits = all(isinstance(each, str) and _ADDRESS.fullmatch(each) for each in value)
    if value and fits and len(value) <= _MOST_RECIPIENTS:
        return []
    return [Refusal(f"1 to {_MOST_RECIPIENTS} e-mail addresses, each of them text")]


def _statuses(value: list[Any]) -> list[Refusal]:
    known = azure_lists.of("run_statuses")
    wrong = [each for each in value if each not in known]
    accepted = f"statuses of runs, none for each of them: {', '.join(known)}"
    return [Refusal(accepted, found=wrong)] if wrong else []


EMAIL: Fields = {
    "recipients": Field(list, _addresses),
    "event_types": Field(
        list, rules.OF_A_WORKSPACE["event_types"].check, default=["RunStatusChanged"]
    ),
    "run_statuses": Field(list, _statuses, default=["Failed", "Canceled"]),
    **_WHICH_EVENTS,
}
RETRAIN: Fields = {
    "event_types": rules.OF_A_WORKSPACE["event_types"],
    "copy_from": Field(dict, blob_folders.check),
    "endpoint_uri": Field(str, scoring_uri, ""),
    "input_name": Field(str, matching(payload.NAME, payload.NAMES), "input"),
    "output_name": Field(str, matching(payload.NAME, payload.NAMES), "score"),
    "output_type": Field(str, one_of("UriFile", "UriFolder"), "UriFile"),
    **_WHICH_EVENTS,
}
DISPATCH: Fields = {
    "repository": Field(
        str,
        matching(
            r"(?!.*/\.{1,2}$)[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}", "<owner>/<repository>"
        ),
    ),
    "event_type": Field(
        str,
        matching(r"[\w .:/-]{1,100}", "1 to 100 letters, digits, spaces or any of _.:/-"),
        "model-registered",
    ),
    **_WHICH_EVENTS,
}
FIELDS = {"notify_by_email": EMAIL, "retrain_on_event": RETRAIN, "dispatch_on_model": DISPATCH}
"""What each switch takes, by its key."""

NAMES = {key: key.replace("_", "-") for key in FIELDS}
"""The name of each switch's rule."""

SECRET = NAMES["dispatch_on_model"]
"""The rule that needs a secret: the token."""


def check(key: str) -> Check:
    """The check of a switch's value."""
    return lambda value: records.check(value, FIELDS[key])


def used(values: Values) -> list[str]:
    """The keys of the switches that are on."""
    return [key for key in FIELDS if values[key]]


def build(values: Values) -> tuple[EventRule, ...]:
    """The rules of the switches that are on."""
    return tuple(_rule(key, values) for key in used(values))


def _rule(key: str, values: Values) -> EventRule:
    given = records.filled(values[key], FIELDS[key])
    own = {name: given[name] for name in _WHICH_EVENTS if name in given}
    types = given.get("event_types", ["ModelRegistered"])
    return rules.to(
        _destination(key, given, values), {"name": NAMES[key], "event_types": types, **own}
    )


def _destination(key: str, given: Values, values: Values) -> Destination:
    if key == "notify_by_email":
        return Email(tuple(given["recipients"]), tuple(given["run_statuses"]))
    if key == "retrain_on_event":
        return Retraining(
            given["endpoint_uri"] or None,
            blob_folders.build(given["copy_from"]),
            given["input_name"],
            given["output_name"],
            given["output_type"],
        )
    token = values["event_secrets"][SECRET]
    return Dispatch(given["repository"], given["event_type"], token)
