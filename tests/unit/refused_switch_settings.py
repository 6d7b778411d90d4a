"""What is refused about the examples: cases that the tests of settings run with their own."""

from typing import Any

from tests.unit.refused_event_settings import rule
from tests.unit.sample_ids import ACCOUNT
from tests.unit.sample_settings import Broken

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
REFUSED: dict[str, dict[str, list[Any]]] = {
    "workflows.handled_events_container": {"The name of a blob container has 3 to 63": ["Handled"]},
    "workspace_events.notify_by_email": {
        "one of subject_begins_with": [{**MAIL, "to": "a"}],
        "a list: it is required": [{"event_types": ["RunCompleted"]}],
        "a list": [{"recipients": "a@example.com"}, {**MAIL, "run_statuses": "Failed"}],
        ADDRESSES: [{"recipients": []}, {"recipients": ["a@example.com"] * 501}],
        "an e-mail address": [
            {"recipients": ["a@example.com; b@example.com"]},
            {"recipients": ["a@example.com\nBcc: b@example.com"]},
            {"recipients": ["nobody"]},
        ],
        "text": [{"recipients": [7]}],
        "one or more of RunCompleted": [{**MAIL, "event_types": ["RunFailed"]}],
        "statuses of runs, none for": [{**MAIL, "run_statuses": ["Broken"]}],
        "filters know no wildcards": [{**MAIL, "subject_begins_with": "*"}],
        "one of NumberIn": [{**MAIL, "advanced_filters": [{"operator": "Like", "key": "data.x"}]}],
    },
    "workspace_events.retrain_on_event": {
        "an object with account_id, container, folder: it is req": [
            {"event_types": ["RunCompleted"]}
        ],
        "a list: it is required": [{"copy_from": COPY_FROM}],
        "one or more of RunCompleted": [{**RETRAIN, "event_types": ["Drift"]}],
        "text: it is": [{**RETRAIN, "copy_from": {"account_id": ACCOUNT, "container": "exports"}}],
        "a folder of that container": [{**RETRAIN, "copy_from": {**COPY_FROM, "folder": "../up"}}],
        "https://<endpoint>.<region>": [
            {**RETRAIN, "endpoint_uri": uri}
            for uri in (
                "https://example.com/",
                "http://e.r.inference.ml.azure.com/jobs",
                "https://e.r.inference.ml.azure.com",
                "https://e.r.inference.ml.azure.com/jobs?x=1",
                "https://e.r.inference.ml.azure.com:443/jobs",
                "https://u:p@e.r.ml.azure.com/jobs",
            )
        ],
        "letters, digits and '_'": [{**RETRAIN, "input_name": "in put"}],
        "one of UriFile, UriFolder": [{**RETRAIN, "output_type": "MLTable"}],
    },
    "workspace_events.dispatch_on_model": {
        "text: it is required": [{"event_type": "x"}],
        "<owner>/<repository>": [
            {"repository": "models"},
            {"repository": "team/.."},
            {"repository": "team/a/b"},
            {"repository": "team/a?x=#"},
            {"repository": "team/a\n"},
        ],
        "1 to 100 letters": [
            {**DISPATCH, "event_type": ""},
            {**DISPATCH, "event_type": 'a"b'},
            {**DISPATCH, "event_type": "x" * 101},
        ],
        "one of subject_begins_with": [{**DISPATCH, "token": "x"}],
    },
}
"""Of each key what is told to be accepted, and the values that are refused with it."""

BROKEN: Broken = {
    "workspace_events": {
        "nothing: workspaces raise no events in the cloud usgovernment": [
            {
                "cloud": "usgovernment",
                "location": "usgovvirginia",
                "workspace_events.notify_by_email": MAIL,
            }
        ]
    },
    "data_factory.enabled": {
        "true: retrain_on_event runs a pipeline of the stack's data": [
            {"workspace_events.retrain_on_event": RETRAIN}
        ]
    },
    "event_secrets": {
        "a secret named dispatch-on-model: pulumi config set --secret": [
            {"workspace_events.dispatch_on_model": DISPATCH}
        ]
    },
    "workspace_events.rules[0].name": {
        "a name that no switch's rule has": [
            {
                "workspace_events.notify_by_email": MAIL,
                "workspace_events.rules": [rule(name="Notify-by-Email")],
            }
        ]
    },
}
