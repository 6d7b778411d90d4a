"""`blob_events` and `workflows`: which blobs start a job, and the Logic Apps that are told."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings.ports import Input, Output, PortName
from components.settings.problems import Misfit
from components.settings.section import (
    ATopic,
    ContainerName,
    IpRange,
    RoleDefinitionId,
    Section,
    SubnetId,
    between,
)
from components.settings.watched import Extension, MarkerName, Prefix

_SCORES = "azureml://datastores/workspaceblobstore/paths/scores/{event_id}/"


class BlobEvents(Section):
    """Which blobs start a job, and what the job is given."""

    enabled: bool = True
    """Whether blobs start jobs by themselves: the Logic App, the system topic and its
    subscription. Without it the rest of the section is unused."""

    prefix_filter: Prefix | None = None
    """Event Grid's prefix filter instead of the one that follows from storage's container and
    folder, which it has to cover."""

    watch_whole_account: bool = False
    """Whether every blob of the account starts a job, whatever its container. Needs an
    extension_filter other than .json, or the blobs in handled_events_container would start jobs."""

    extension_filter: Extension | None = None
    """End of the names of files that start a job, such as .csv; left out, any file does."""

    marker_name: MarkerName | None = None
    """Name of a file that starts one job for the folder that it is in; left out, each file starts
    a job for itself."""

    skip_empty_blobs: bool = True
    """Whether files of zero bytes, which stubs of folders are too, start no job; a marker may be
    empty all the same."""

    renamed_blobs: bool = False
    """Whether a file that is moved to where files start jobs does so too, as writers do that rename
    what they have finished. Accounts with a hierarchical namespace, and SFTP, tell of it. Under its
    first name it has to start none: write it outside of the folder or with another extension."""

    delivery_attempts: Annotated[int, between(1, 30)] = 30
    """How often Event Grid tries to deliver an event, 1 to 30."""

    time_to_live_minutes: Annotated[int, between(1, 1440, "minutes")] = 1440
    """Minutes for which Event Grid tries to deliver an event, 1 to 1440."""

    existing_system_topic: ATopic | None = None
    """resource_group and name of the existing account's system topic, where it has one already:
    Azure allows one for each account."""

    payload: Literal["named_outputs", "plain"] = "named_outputs"
    """What the workflow sends for a job: named_outputs, inputs and outputs, whose paths have the
    event's id in them, or plain, inputs alone, as in the documentation."""

    job_inputs: Annotated[
        dict[PortName, Input],
        Field(examples=[{"score_mode": {"type": "Literal", "value": "append"}}]),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Further inputs of a job, by name: type (UriFile, UriFolder, MLTable, CustomModel, MLFlowModel
    or TritonModel) and uri, or type Literal and value, which is text. Only where the default
    deployment is a pipeline component, or with an existing endpoint."""

    job_outputs: Annotated[
        dict[PortName, Output],
        Field(examples=[{"scores": {"type": "UriFolder", "uri": _SCORES}}]),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Outputs of a job, by name: type and uri. {event_id} has to be in the uri and becomes the
    event's id, because the path must not exist yet."""

    predictions_beside_inputs: bool = False
    """Whether jobs write beside their input, to <file>_predictions.csv or, of a marker's folder, to
    <folder>_predictions.csv. Only with a model deployment that appends rows, and where such a name
    starts no job."""

    @property
    def skips_empty(self) -> bool:
        """Whether blobs of zero bytes start nothing; never where a marker does."""
        return self.skip_empty_blobs and self.marker_name is None

    @property
    def ends_with(self) -> str | None:
        """What the subject of an event that starts a job ends with; None for anything."""
        return f"/{self.marker_name}" if self.marker_name else self.extension_filter

    def misfits(self) -> Iterator[Misfit]:
        """What would not be used."""
        if self.marker_name:
            because = "with marker_name only files of that name start a job"
            yield from self.unused(because, "extension_filter")
        if self.watch_whole_account:
            yield from self.unused("watch_whole_account is true", "prefix_filter")
        if self.payload == "plain":
            because = "with payload plain it is not sent"
            yield from self.unused(because, "job_outputs", "predictions_beside_inputs")


class Workflows(Section):
    """What the Logic Apps of a stack have in common."""

    allowed_caller_ip_ranges: Annotated[
        tuple[IpRange, ...], Field(examples=[["203.0.113.0/24"]])
    ] = ()
    """Who may call the workflows' triggers, as IPv4 ranges; empty for any caller that has the URL.
    Event Grid's own ranges have to be among them, but not in a standard plan, which lets Event Grid
    in, and else only these."""

    plan: Literal["consumption", "standard"] = "consumption"
    """Plan of the Logic App that invokes the endpoint: consumption, or standard, which calls from a
    subnet, as a private workspace needs it, and costs some 180 dollars a month whether or not files
    come (docs/standard-logic-app.md). Those of rules and of a data factory's markers stay in
    consumption."""

    sku: Literal["WS1", "WS2", "WS3"] = "WS1"
    """Size of the instances of a standard plan: WS1 (1 core, 3.5 GB), WS2 (2, 7) or WS3 (4, 14)."""

    subnet_id: SubnetId | None = None
    """Resource id of the subnet that a standard plan calls the endpoint from, delegated to
    Microsoft.Web/serverFarms and used by nothing else; left out, it calls public addresses, or with
    network.private from a subnet that the stack makes."""

    existing_pipeline_starter_role_id: RoleDefinitionId | None = None
    """Id of a role definition for workflows that start pipelines, instead of a new custom role
    each."""

    handled_events_container: ContainerName = "handled-events"
    """Container of the input account in which each event that a Logic App handles for a rule has a
    blob, so that none is handled twice. It is made where such a rule is."""

    def misfits(self) -> Iterator[Misfit]:
        """What would not be used."""
        if self.plan == "consumption":
            yield from self.unused("plan is consumption", "sku", "subnet_id")
