"""Drift between two data sets, asked for by a person: no monitor of data sets is emulated.

In Azure it takes the SDK v1, and newer documentation does not name it any more
(D:machine-learning/how-to-use-event-grid).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from local_azure.errors import LocalAzureError

if TYPE_CHECKING:
    from datetime import datetime

    from local_azure.control_plane.resource_manager.store import Resource, Resources

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_PERIOD = timedelta(days=1)


class DriftError(LocalAzureError):
    """A drift that can't be raised."""


class TopicMissingError(DriftError):
    """A workspace whose events go nowhere."""

    def __init__(self, workspace: str) -> None:
        super().__init__(
            f"The workspace '{workspace}' has no system topic, so nobody hears of its events: "
            "deploy one on it first."
        )


@dataclass(frozen=True)
class Drift:
    """What a monitor has found.

    Attributes:
        id: of the monitor.
        monitor: its name.
        run: id of the run that found it.
        base_dataset: id of the data that the model was trained on.
        target_dataset: id of the data that it serves.
        coefficient: how far the two are apart, 0 to 1.
        begins: start of the time series that was looked at.
        ends: its end.
    """

    id: str
    monitor: str
    run: str
    base_dataset: str
    target_dataset: str
    coefficient: float
    begins: datetime
    ends: datetime


def found(workspace: Resource, monitor: str, coefficient: float, now: datetime) -> Drift:
    """The drift that a monitor finds in the data of the last day; its ids follow from its name."""
    path = f"{workspace.id.lower()}/datadrifts/{monitor}"
    ids = [str(uuid5(NAMESPACE_URL, f"{path}{part}")) for part in ("", "/base", "/target")]
    ends = now.replace(microsecond=0)
    run = f"{ids[0]}_{int(now.timestamp() * 1000)}"
    return Drift(ids[0], monitor, run, ids[1], ids[2], coefficient, ends - _PERIOD, ends)


def workspace_of(name: str, resources: Resources) -> Resource:
    """The workspace of a name, or of a resource id.

    Raises:
        DriftError: there is none, or the name is not unique.
    """
    by_id = resources.find(name)
    if by_id is not None and by_id.type == _WORKSPACE:
        return by_id
    known = resources.select(_WORKSPACE)
    matching = [each for each in known if each.name.lower() == name.lower()]
    if len(matching) == 1:
        return matching[0]
    if matching:
        message = f"There are several workspaces '{name}'; give one's resource id: "
        raise DriftError(message + ", ".join(each.id for each in matching) + ".")
    names = ", ".join(f"'{each.name}'" for each in known) or "none exists"
    message = f"There is no workspace {name!r}; accepted: {names}."
    raise DriftError(message)
