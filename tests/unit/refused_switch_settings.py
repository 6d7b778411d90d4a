"""What is refused about the examples: cases that the tests of settings run with their own."""

from __future__ import annotations

from typing import Any

from tests.unit.refused_event_settings import ACCOUNT, rule

COPY_FROM = {"account_id": ACCOUNT, "container": "exports", "folder": "training"}
MAIL = {"recipients": ["ml-team@example.com"]}
FAILED = {"operator": "StringIn", "key": "data.runStatus", "values": ["Failed"]}
MONITOR = {"operator": "StringIn", "key": "data.runTags.purpose", "values": ["monitoring"]}
RETRAIN = {
    "event_types": ["RunStatusChanged"],
    "advanced_filters": [FAILED, MONITOR],
    "copy_from": COPY_FROM,
}
DISPATCH = {"repository": "my-team/models"}

ADDRESSES = "1 to 500 e-mail addresses, each of them text"
REFUSED: list[tuple[str, Any, str]] = [
    ("handled_events_container", "Handled", "The name of a blob container has 3 to 63"),
    ("notify_by_email", {**MAIL, "to": "a"}, "an object with recipients; it may have"),
    ("notify_by_email", {"event_types": ["RunCompleted"]}, "a list: it is required"),
    ("notify_by_email", {"recipients": "a@example.com"}, "a list"),
    ("notify_by_email", {"recipients": []}, ADDRESSES),
    ("notify_by_email", {"recipients": ["a@example.com; b@example.com"]}, ADDRESSES),
    ("notify_by_email", {"recipients": ["a@example.com\nBcc: b@example.com"]}, ADDRESSES),
    ("notify_by_email", {"recipients": ["nobody"]}, ADDRESSES),
    ("notify_by_email", {"recipients": [7]}, ADDRESSES),
    ("notify_by_email", {"recipients": ["a@example.com"] * 501}, ADDRESSES),
    ("notify_by_email", {**MAIL, "event_types": ["RunFailed"]}, "one or more of RunCompleted"),
    ("notify_by_email", {**MAIL, "run_statuses": ["Broken"]}, "statuses of runs, none for"),
    ("notify_by_email", {**MAIL, "run_statuses": "Failed"}, "a list"),
    ("notify_by_email", {**MAIL, "subject_begins_with": "*"}, "filters know no wildcards"),
    (
        "notify_by_email",
        {**MAIL, "advanced_filters": [{"operator": "Like", "key": "data.x"}]},
        "one of NumberIn",
    ),
    ("retrain_on_event", {"event_types": ["RunCompleted"]}, "an object: it is required"),
    ("retrain_on_event", {"copy_from": COPY_FROM}, "a list: it is required"),
    ("retrain_on_event", {**RETRAIN, "event_types": ["Drift"]}, "one or more of RunCompleted"),
    ("retrain_on_event", {**RETRAIN, "copy_from": {"container": "c"}}, "an object with account_id"),
    (
        "retrain_on_event",
        {**RETRAIN, "copy_from": {**COPY_FROM, "folder": "../up"}},
        "a folder of that container",
    ),
    (
        "retrain_on_event",
        {**RETRAIN, "endpoint_uri": "https://example.com/"},
        "https://<endpoint>.<region>",
    ),
    ("retrain_on_event", {**RETRAIN, "input_name": "in put"}, "letters, digits and '_'"),
    ("retrain_on_event", {**RETRAIN, "output_type": "MLTable"}, "one of UriFile, UriFolder"),
    ("dispatch_on_model", {"event_type": "x"}, "text: it is required"),
    ("dispatch_on_model", {"repository": "models"}, "<owner>/<repository>"),
    ("dispatch_on_model", {"repository": "team/.."}, "<owner>/<repository>"),
    ("dispatch_on_model", {"repository": "team/a/b"}, "<owner>/<repository>"),
    ("dispatch_on_model", {"repository": "team/a?x=#"}, "<owner>/<repository>"),
    ("dispatch_on_model", {"repository": "team/a\n"}, "<owner>/<repository>"),
    ("dispatch_on_model", {**DISPATCH, "event_type": ""}, "1 to 100 letters"),
    ("dispatch_on_model", {**DISPATCH, "event_type": 'a"b'}, "1 to 100 letters"),
    ("dispatch_on_model", {**DISPATCH, "event_type": "x" * 101}, "1 to 100 letters"),
    ("dispatch_on_model", {**DISPATCH, "token": "x"}, "an object with repository; it may have"),
]
"""Key, a value that is refused, and what is told to be accepted."""

TOKEN_LINE = "by pulumi config set --secret --path event_secrets.NAME"
BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"retrain_on_event": RETRAIN},
        "data_factory",
        "true: retrain_on_event runs a pipeline of the stack's data factory",
        "true",
    ),
    (
        {"dispatch_on_model": DISPATCH},
        "event_secrets",
        (
            "a secret named dispatch-on-model: "
            "pulumi config set --secret --path event_secrets.dispatch-on-model"
        ),
        TOKEN_LINE,
    ),
    (
        {"notify_by_email": MAIL, "workspace_events": [rule(name="Notify-by-Email")]},
        "workspace_events",
        "names that no switch's rule has; Notify-by-Email is one",
        "",
    ),
]
"""Changes, the key that is told, what is accepted, and the value in the line to add."""
