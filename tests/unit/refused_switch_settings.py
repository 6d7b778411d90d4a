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
    ("workflows.handled_events_container", "Handled", "The name of a blob container has 3 to 63"),
    ("workspace_events.notify_by_email", {**MAIL, "to": "a"}, "one of subject_begins_with"),
    (
        "workspace_events.notify_by_email",
        {"event_types": ["RunCompleted"]},
        "a list: it is required",
    ),
    ("workspace_events.notify_by_email", {"recipients": "a@example.com"}, "a list"),
    ("workspace_events.notify_by_email", {"recipients": []}, ADDRESSES),
    (
        "workspace_events.notify_by_email",
        {"recipients": ["a@example.com; b@example.com"]},
        "an e-mail address",
    ),
    (
        "workspace_events.notify_by_email",
        {"recipients": ["a@example.com\nBcc: b@example.com"]},
        "an e-mail address",
    ),
    ("workspace_events.notify_by_email", {"recipients": ["nobody"]}, "an e-mail address"),
    ("workspace_events.notify_by_email", {"recipients": [7]}, "text"),
    ("workspace_events.notify_by_email", {"recipients": ["a@example.com"] * 501}, ADDRESSES),
    (
        "workspace_events.notify_by_email",
        {**MAIL, "event_types": ["RunFailed"]},
        "one or more of RunCompleted",
    ),
    (
        "workspace_events.notify_by_email",
        {**MAIL, "run_statuses": ["Broken"]},
        "statuses of runs, none for",
    ),
    ("workspace_events.notify_by_email", {**MAIL, "run_statuses": "Failed"}, "a list"),
    (
        "workspace_events.notify_by_email",
        {**MAIL, "subject_begins_with": "*"},
        "filters know no wildcards",
    ),
    (
        "workspace_events.notify_by_email",
        {**MAIL, "advanced_filters": [{"operator": "Like", "key": "data.x"}]},
        "one of NumberIn",
    ),
    (
        "workspace_events.retrain_on_event",
        {"event_types": ["RunCompleted"]},
        "an object with account_id, container, folder: it is req",
    ),
    ("workspace_events.retrain_on_event", {"copy_from": COPY_FROM}, "a list: it is required"),
    (
        "workspace_events.retrain_on_event",
        {**RETRAIN, "event_types": ["Drift"]},
        "one or more of RunCompleted",
    ),
    (
        "workspace_events.retrain_on_event",
        {**RETRAIN, "copy_from": {"account_id": ACCOUNT, "container": "exports"}},
        "text: it is",
    ),
    (
        "workspace_events.retrain_on_event",
        {**RETRAIN, "copy_from": {**COPY_FROM, "folder": "../up"}},
        "a folder of that container",
    ),
    (
        "workspace_events.retrain_on_event",
        {**RETRAIN, "endpoint_uri": "https://example.com/"},
        "https://<endpoint>.<region>",
    ),
    (
        "workspace_events.retrain_on_event",
        {**RETRAIN, "input_name": "in put"},
        "letters, digits and '_'",
    ),
    (
        "workspace_events.retrain_on_event",
        {**RETRAIN, "output_type": "MLTable"},
        "one of UriFile, UriFolder",
    ),
    ("workspace_events.dispatch_on_model", {"event_type": "x"}, "text: it is required"),
    ("workspace_events.dispatch_on_model", {"repository": "models"}, "<owner>/<repository>"),
    ("workspace_events.dispatch_on_model", {"repository": "team/.."}, "<owner>/<repository>"),
    ("workspace_events.dispatch_on_model", {"repository": "team/a/b"}, "<owner>/<repository>"),
    ("workspace_events.dispatch_on_model", {"repository": "team/a?x=#"}, "<owner>/<repository>"),
    ("workspace_events.dispatch_on_model", {"repository": "team/a\n"}, "<owner>/<repository>"),
    ("workspace_events.dispatch_on_model", {**DISPATCH, "event_type": ""}, "1 to 100 letters"),
    ("workspace_events.dispatch_on_model", {**DISPATCH, "event_type": 'a"b'}, "1 to 100 letters"),
    (
        "workspace_events.dispatch_on_model",
        {**DISPATCH, "event_type": "x" * 101},
        "1 to 100 letters",
    ),
    (
        "workspace_events.dispatch_on_model",
        {**DISPATCH, "token": "x"},
        "one of subject_begins_with",
    ),
]
"""Key, a value that is refused, and what is told to be accepted."""

TOKEN_LINE = "by pulumi config set --secret --path event_secrets.NAME"
BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"workspace_events.retrain_on_event": RETRAIN},
        "data_factory.enabled",
        "true: retrain_on_event runs a pipeline of the stack's data factory",
        "true",
    ),
    (
        {"workspace_events.dispatch_on_model": DISPATCH},
        "event_secrets",
        (
            "a secret named dispatch-on-model: "
            "pulumi config set --secret --path event_secrets.dispatch-on-model"
        ),
        TOKEN_LINE,
    ),
    (
        {
            "workspace_events.notify_by_email": MAIL,
            "workspace_events.rules": [rule(name="Notify-by-Email")],
        },
        "workspace_events.rules[0].name",
        "a name that no switch's rule has",
        "",
    ),
]
"""Changes, the key that is told, what is accepted, and the value in the line to add."""
