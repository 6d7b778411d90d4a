"""Events of a workspace, and what each definition that handles them is given and calls."""

from typing import Any

from local_azure.services.logic.execution import RunResult
from local_azure.services.logic.records import Response
from local_azure_tests.world import CONNECTOR, World, answer
from tests.templates import claim_store
from tests.templates.claim_store import ClaimStore
from tests.templates.test_account_definitions import definition, replied

START, DISPATCH, MAIL = (
    "start_pipeline_run_on_event.json",
    "send_repository_dispatch.json",
    "notify_by_email.json",
)
ARM, GITHUB = "management.azure.com", "api.github.com"
TARGETS = {START: ARM, DISPATCH: GITHUB, MAIL: CONNECTOR}
"""The host that each of them calls."""
OF_A_SOURCE = list(TARGETS)

WORKSPACE = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/w"
)
PREFIX = "Microsoft.MachineLearningServices."
DRIFT, MODEL, STATUS = (
    f"{PREFIX}DatasetDriftDetected",
    f"{PREFIX}ModelRegistered",
    f"{PREFIX}RunStatusChanged",
)
RUN_URI = f"https://{ARM}/factories/f/pipelines/Train%20again/createRun?api-version=2018-06-01"
TOKEN = "ghp_a token & more"
CONNECTION = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/connections/outlook"
PARAMETERS: dict[str, Any] = {
    "event_source_id": WORKSPACE,
    "event_types": [DRIFT, MODEL, STATUS, "Team.Approved"],
    "claims_uri": claim_store.URI,
    "create_run_uri": RUN_URI,
    "repository": "team/models",
    "token": TOKEN,
    "recipients": ["a@example.com", "b@example.com"],
    "$connections": {"office365": {"connectionId": CONNECTION}},
}
STARTED = answer(200, {"runId": "run-7"})
"""What each host says when all is well."""


def event(**changes: Any) -> dict[str, Any]:
    """An event of drift, unless it is changed."""
    return {
        "id": "event-1",
        "topic": WORKSPACE,
        "subject": "datadrift/d/run/r",
        "eventType": DRIFT,
        "eventTime": "2026-06-01T12:00:00Z",
        "data": {"DataDriftName": "weekly", "DriftCoefficient": 0.4, "new in 2030": [None]},
        "dataVersion": "",
        "metadataVersion": "1",
    } | changes


def given(template: str) -> dict[str, Any]:
    """A value for each parameter of a definition that has none, and for the connection."""
    declared = definition(template)["parameters"]
    return {name: value for name, value in PARAMETERS.items() if name in declared}


def world(template: str, reaction: Any = STARTED, claims: ClaimStore | None = None) -> World:
    """The hosts that a definition calls."""
    return World({TARGETS[template]: reaction, claim_store.HOST: claims or ClaimStore()})


def deliver(
    template: str, around: World, body: Any = None, **changes: Any
) -> tuple[Response, RunResult]:
    """What comes of a delivery; changes are values of parameters."""
    sent = [event()] if body is None else body
    return replied(template, given(template) | changes, sent, around)
