"""The examples that are a switch in the stack file: each makes one more rule, and its Logic App."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from components.settings import azure_lists
from components.settings.destinations import Destination
from components.settings.event_types import EVENT_TYPES, full_name
from components.settings.filters import EventFilter
from components.settings.ports import PortName
from components.settings.problems import Refused
from components.settings.section import Accepts, Folder, matching

_ADDRESS = r"[^\s@;<>,\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_MOST_RECIPIENTS = 500  # UNVERIFIED for the connector; Exchange Online's own limit.


def _types(given: tuple[str, ...]) -> tuple[str, ...]:
    known = {*EVENT_TYPES, *(each.full_name for each in EVENT_TYPES.values())}
    wrong = [each for each in given if each not in known]
    if wrong or not given:
        raise Refused(f"one or more of {', '.join(EVENT_TYPES)}", found=wrong or list(given))
    return tuple(dict.fromkeys(map(full_name, given)))


WorkspaceTypes = Annotated[
    tuple[str, ...], AfterValidator(_types), Field(examples=[["ModelRegistered"]])
]
"""Types of events that workspaces raise, with their full names."""


def _statuses(given: tuple[str, ...]) -> tuple[str, ...]:
    known = azure_lists.of("run_statuses")
    if wrong := [each for each in given if each not in known]:
        accepted = f"statuses of runs, none for each of them: {', '.join(known)}"
        raise Refused(accepted, found=wrong)
    return given


Address = Annotated[str, matching(_ADDRESS, "an e-mail address")]
"""Of somebody who gets e-mail."""


SCORING = r"https://[A-Za-z0-9-]+\.[a-z0-9]+\.([a-z0-9.-]+)/jobs"
"""The URI that jobs of a batch endpoint are posted to, and its suffix; with no user, port, query or
fragment."""


class Switch(EventFilter, Destination):
    """An example that is on: what makes it act, and where that leads."""

    always_made_here = True

    rule_name: ClassVar[str]


class NotifyByEmail(Switch):
    """An e-mail, sent by a Logic App that the program makes for it."""

    rule_name = "notify-by-email"

    recipients: Annotated[
        tuple[Address, ...],
        Accepts(
            f"1 to {_MOST_RECIPIENTS} e-mail addresses, each of them text",
            lambda given: 0 < len(given) <= _MOST_RECIPIENTS,
        ),
        Field(examples=[["ml-team@example.com"]]),
    ]
    """E-mail addresses."""

    event_types: WorkspaceTypes = (EVENT_TYPES["RunStatusChanged"].full_name,)
    """Which events are told."""

    run_statuses: Annotated[tuple[str, ...], AfterValidator(_statuses)] = ("Failed", "Canceled")
    """Of RunStatusChanged, the statuses that are told; empty for each."""


class RetrainOnEvent(Switch):
    """A pipeline of the stack's data factory that copies files and waits for a job on them."""

    rule_name = "retrain-on-event"

    event_types: WorkspaceTypes
    """Which events start a training; advanced_filters have to name their cause."""

    copy_from: Folder
    """account_id, container and folder of the files to train on."""

    endpoint_uri: (
        Annotated[
            str,
            matching(SCORING, "https://<endpoint>.<region>.<inference suffix of the cloud>/jobs"),
            Field(examples=["https://my-endpoint.westeurope.inference.ml.azure.com/jobs"]),
        ]
        | None
    ) = None
    """Scoring URI of the endpoint that trains; left out, the stack's own."""

    input_name: PortName = "input"
    """Name of the job's input; model deployments ignore it."""

    output_name: PortName = "score"
    """Name of the job's output; model deployments ignore it."""

    output_type: Literal["UriFile", "UriFolder"] = "UriFile"
    """UriFile, which model deployments write, or UriFolder."""


class DispatchOnModel(Switch):
    """A CI workflow of a repository, started by a repository dispatch."""

    rule_name = "dispatch-on-model"
    event_types: ClassVar[tuple[str, ...]] = (EVENT_TYPES["ModelRegistered"].full_name,)
    always_secret = True  # the token, which lets the caller write to the repository

    repository: Annotated[
        str,
        matching(
            r"(?!.*/\.{1,2}$)[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}", "<owner>/<repository>"
        ),
        Field(examples=["my-team/my-repository"]),
    ]
    """<owner>/<repository> on GitHub."""

    event_type: Annotated[
        str, matching(r"[\w .:/-]{1,100}", "1 to 100 letters, digits, spaces or any of _.:/-")
    ] = "model-registered"
    """What the CI workflow waits for."""
