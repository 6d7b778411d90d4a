"""`data_factory`: pipelines that start a job for a folder and wait for its end."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings.data_uris import ReadUri, WrittenFolder
from components.settings.ports import PortName
from components.settings.problems import Misfit
from components.settings.section import (
    Accepts,
    ContainerName,
    FactoryId,
    Folder,
    RoleDefinitionId,
    Section,
    between,
    matching,
    time,
)

_UNITS = {"m": ("Minute", 1), "h": ("Hour", 1), "d": ("Hour", 24)}
_SHORTEST = 5
"""Minutes (D:data-factory/how-to-create-tumbling-window-trigger)."""


def _is_long_enough(value: str) -> bool:
    found = re.fullmatch("([0-9]{1,4})[mhd]", value)
    return found is not None and int(found[1]) >= (_SHORTEST if value.endswith("m") else 1)


class Window(Section):
    """Files that were modified within the same window of time are scored by one job."""

    every: Annotated[
        str,
        Accepts(
            f"{_SHORTEST}m or longer, in minutes, hours or days: such as 15m, 1h or 1d",
            _is_long_enough,
        ),
        Field(examples=["1h"]),
    ]
    """How long a window is: minutes, from 5 on, hours or days, such as 15m, 1h or 1d."""

    start: Annotated[
        str,
        time(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
            "a time in UTC, quoted, such as '2026-12-01T00:00:00Z'",
        ),
        Field(examples=["2026-12-01T00:00:00Z"]),
    ]
    """When the first window begins, in UTC. One in the past has the windows since then scored as
    well, and so has another start or another length later."""

    delay: Annotated[
        str,
        matching("[0-9]{1,4}[mh]", "a time in minutes or hours, such as 5m or 1h"),
        Field(examples=["5m"]),
    ] = "1m"
    """How long after a window's end it is scored: as long as storage may be late with a file that
    it dates before the end."""

    max_concurrency: Annotated[int, between(1, 50, "Data Factory's limit")] = 1
    """How many windows are scored at once, where several wait."""

    retries: Annotated[int, between(0, 10)] = 0
    """How often a window whose pipeline failed is tried again by itself, 15 minutes later; each
    time is a job."""

    copy_from: Folder | None = None
    """account_id, container and folder of an account that jobs can't read; left out, the folder
    that files are dropped in. The files in it, none below it."""

    @property
    def frequency(self) -> str:
        """Data Factory's unit."""
        return _UNITS[self.every[-1]][0]

    @property
    def interval(self) -> int:
        """How many of them."""
        return int(self.every[:-1]) * _UNITS[self.every[-1]][1]

    @property
    def delay_span(self) -> str:
        """The delay as Data Factory writes it."""
        minutes = int(self.delay[:-1]) * (60 if self.delay.endswith("h") else 1)
        days, rest = divmod(minutes, 24 * 60)
        span = f"{rest // 60:02}:{rest % 60:02}:00"
        return f"{days}.{span}" if days else span


class DataFactory(Section):
    """A data factory with pipelines that start a job for a folder and wait for its end."""

    enabled: bool = True
    """Whether there is one; a section with anything in it says so. With blob_events' marker_name
    the marker starts a pipeline."""

    existing: FactoryId | None = None
    """Resource id of a data factory to use instead of a new one. It needs a system-assigned
    identity already, and must not have pipelines of the same names."""

    existing_runner_role_id: RoleDefinitionId | None = None
    """Id of a role definition that lets callers run the pipelines and follow them, instead of a
    new custom role."""

    authentication: Literal["managed_identity", "service_principal"] = "managed_identity"
    """Who invokes the endpoint for the pipelines: managed_identity, the factory's own, or
    service_principal, an application in Entra whose secret lies in a Key Vault."""

    poll_interval_seconds: Annotated[int, between(1, 86400, "seconds")] = 120
    """Seconds between two looks of a pipeline at its job; each look is several billed activity
    runs."""

    max_wait_hours: Annotated[int, between(1, 2160, "hours; 90 days are Until's longest")] = 24
    """Hours after which a pipeline no longer waits for its job, and fails."""

    input_uri: ReadUri | None = None
    """What a pipeline run reads that is given nothing else: a path of a registered datastore, a URI
    of Blob Storage or Data Lake Gen2, or azureml:<name>:<version> of a data asset (or its resource
    id); left out, the folder that files are dropped in."""

    input_type: Literal["UriFolder", "UriFile"] = "UriFolder"
    """UriFolder, or UriFile where input_uri is one file."""

    output_name: PortName = "score"
    """Name of the output that a pipeline's job writes; a model deployment takes any. The name of
    its input is the endpoint's input_name."""

    output_type: Literal["UriFile", "UriFolder"] = "UriFile"
    """UriFile, which model deployments write, or UriFolder."""

    output_folder: WrittenFolder | None = None
    """Folder of a registered datastore on blobs in which each pipeline run writes to a new path;
    left out, the folder batch/ of workspaceblobstore, or of output_container."""

    output_container: Annotated[ContainerName, Field(examples=["predictions"])] | None = None
    """Container of the input account to make, and to register as a datastore, so that pipelines
    write their predictions to the account that they read from. Where it is left out or another one
    is named later, `up` deletes the former one with its predictions, unless protect."""

    copy_before: Folder | None = None
    """account_id, container and folder of an account that jobs can't read: the factory copies the
    files of the folder, none below it, to the input container before the job."""

    copy_after: Folder | None = None
    """account_id, container and folder of an account that the factory copies the predictions to
    after the job; each run to a folder of its own."""

    window: Window | None = None
    """Files of the same window of time, scored by one job: every, start and what else
    docs/data-factory.md tells. For producers that write no marker."""

    def misfits(self) -> Iterator[Misfit]:
        """Inputs and outputs have one place each."""
        if self.window:
            because = "window copies its files itself, and leaves the predictions where jobs write"
            yield from self.unused(because, "copy_before", "copy_after")
        if self.copy_before:
            because = "with copy_before the copied folder is the input"
            yield from self.unused(because, "input_uri", "input_type")
        elif self.input_type == "UriFile" and not self.input_uri:
            accepted = (
                "UriFolder: the folder that files are dropped in is one; UriFile needs an input"
            )
            yield Misfit("input_type", accepted, "UriFolder")
        if self.output_container:
            yield from self.unused("output_container is set", "output_folder")
        elif self.copy_after:
            because = "which container it is in isn't known, and copy_after has to read it"
            yield from self.unused(because, "output_folder")
