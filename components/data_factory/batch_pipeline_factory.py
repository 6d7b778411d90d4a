"""The data factory whose pipelines start a batch job for a folder and wait for its end.

The factory has a system-assigned identity from its creation on: it can't be changed later (S001).
Of Data Factory's triggers windows alone have one: docs/decisions/no-data-factory-trigger.md.

Annotations name the SDK's Data Factory in quotes: it loads when it is first touched, and takes a
third of a second, which a stack without a factory need not spend.
"""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import datafactory

from components.azure.component import Component, Options
from components.azure.diagnostics import FACTORY, send_logs
from components.azure.options import also
from components.azure.ordering import after
from components.azure.placement import PlacementArgs, placed
from components.azure.resource_id import group_of
from components.data_factory.copying import CopyingArgs, copying
from components.data_factory.documents import FactoryPlace, pipeline
from components.data_factory.managed_network import FactoryNetworkArgs, within_network
from components.data_factory.pipeline_principal import PipelinePrincipalArgs, signing_in
from components.identity import access
from components.network.private_endpoints import private_endpoints, public_access


class WaitingArgs(TypedDict):
    """How its pipelines wait for a job, and which data the job has."""

    poll_interval_seconds: int
    """Between two looks at a job's status."""

    max_wait_hours: int
    """After which a job is no longer waited for."""

    input_type: pulumi.Input[str]
    """UriFolder or UriFile."""

    output_name: NotRequired[str]
    """Name of the job's output; model deployments take any."""

    output_type: NotRequired[str]
    """UriFile, the default, or UriFolder."""


class BatchPipelineFactoryArgs(PlacementArgs, WaitingArgs, access.StartingJobsArgs):
    """Arguments of BatchPipelineFactory."""

    service_principal: NotRequired[PipelinePrincipalArgs | None]
    """Who invokes the endpoint instead of its identity."""

    identity_may_invoke: NotRequired[bool]
    """Whether its identity may invoke beside a service principal."""

    identity_invokes: NotRequired[bool]
    """Whether it does; the secret of the service principal is kept then, and not used."""

    endpoint_uri: pulumi.Input[str]
    """Scoring URI of the batch endpoint."""

    audience: pulumi.Input[str]
    """Audience of batch endpoints in this cloud."""

    input_uri: pulumi.Input[str]
    """What a run reads that names nothing else."""

    input_name: NotRequired[str]
    """Name of the job's input; model deployments take any."""

    output_folder: pulumi.Input[str]
    """URI, with a slash at its end, of the folder in which each run writes to a new path."""

    copying: NotRequired[CopyingArgs | None]
    """What is copied before and after the job."""

    network: NotRequired[FactoryNetworkArgs | None]
    """Of a private stack, the network that its activities run in."""


class ExistingBatchPipelineFactoryArgs(BatchPipelineFactoryArgs):
    """Arguments of ExistingBatchPipelineFactory; the placement is that of a vault."""

    factory_id: str
    """Resource id of the factory."""


OF_CLOUD = ("audience", "login_uri", "vault_audience")
"""Parameters of Run-BatchEndpoint in which clouds differ."""

_NO_IDENTITY = (
    "The data factory has no system-assigned identity, which invokes the endpoint, reads secrets "
    "and copies files. A factory gets one when it is created; adopt another one."
)


class BatchPipelineFactoryOutputs:
    """What both forms tell."""

    factory_id: pulumi.Output[str]
    """Resource id of the factory."""

    factory_name: pulumi.Output[str]
    """Name of the factory. What is put into it and calls from a private network has to wait for
    `pipeline_name` too; a program in another language gets both once all of this is made."""

    principal_id: pulumi.Output[str]
    """Object id of the factory's identity."""

    pipeline_name: pulumi.Output[str]
    """The pipeline to run, known once it may do what it does."""

    def _tell(self, factory: "datafactory.Factory", pipeline_name: pulumi.Output[str]) -> None:
        self.factory_id = factory.id
        self.factory_name = factory.name
        self.principal_id = access.principal_of(factory.identity, _NO_IDENTITY)
        self.pipeline_name = pipeline_name


class BatchPipelineFactory(BatchPipelineFactoryOutputs, Component):
    """Data factory, its grants, Run-BatchEndpoint, and the pipelines that call it."""

    def __init__(self, name: str, args: BatchPipelineFactoryArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        factory = _create(name, args, self.child)
        self._tell(factory, _pipelines(name, factory, args, self, goes_with=factory))
        self.register_outputs({"factory_id": self.factory_id})


class ExistingBatchPipelineFactory(BatchPipelineFactoryOutputs, Component):
    """A data factory that exists already, which gets the pipelines and the grants."""

    formerly = "BatchPipelineFactory"

    def __init__(
        self, name: str, args: ExistingBatchPipelineFactoryArgs, opts: Options = None
    ) -> None:
        super().__init__(name, opts)
        factory = datafactory.Factory.get(f"{name}-factory", args["factory_id"], self.child)
        self._tell(factory, _pipelines(name, factory, args, self))
        self.register_outputs({"factory_id": self.factory_id})


def _pipelines(
    name: str,
    factory: "datafactory.Factory",
    args: BatchPipelineFactoryArgs,
    parent: pulumi.Resource,
    goes_with: pulumi.Resource | None = None,
) -> pulumi.Output[str]:
    """Makes them, and what they need; the outermost one's name, once it may do what it does."""
    child = pulumi.ResourceOptions(parent=parent)
    place = FactoryPlace(group_of(factory.id), factory.name, goes_with)
    if within := args.get("network"):
        place = within_network(name, within, place, child)
    who = access.Principal(access.principal_of(factory.identity, _NO_IDENTITY))
    principal = args.get("service_principal")
    by_identity = not principal or args.get("identity_invokes", False)
    granted = by_identity or args.get("identity_may_invoke", False)
    grants = access.may_start_jobs(name, who, args, child) if granted else []
    values = _values(args)
    if principal:
        kept = signing_in(name, principal, who, args, child)
        values |= {} if by_identity else kept
    # whoever runs it by hand gives the rest, but never which cloud this is
    of_cloud = {key: values[key] for key in OF_CLOUD if key in values}
    template = "Run-BatchEndpoint-MI" if by_identity else "Run-BatchEndpoint-SP"
    run = pipeline(f"{name}-run", template, of_cloud, place, child)
    # it starts what a live stack had: not before whoever invokes now may
    score = pipeline(
        f"{name}-score",
        "Score-Folder" if by_identity else "Score-Folder-SP",
        values,
        place,
        also(child, depends_on=[run, *grants]),
    )
    copies = args.get("copying")
    outermost = copying(name, copies, place, who, score, child) if copies else score.name
    return after(outermost, *grants)


def _create(
    name: str, args: BatchPipelineFactoryArgs, opts: pulumi.ResourceOptions
) -> "datafactory.Factory":
    factory = datafactory.Factory(
        f"{name}-factory",
        **placed(args),
        identity={"type": "SystemAssigned"},
        public_network_access=public_access(args),
        opts=opts,
    )
    private_endpoints(f"{name}-factory", factory.id, ["dataFactory"], args, opts)
    send_logs(f"{name}-factory", factory.id, FACTORY, args.get("log_workspace_id"), opts)
    return factory


def _values(args: BatchPipelineFactoryArgs) -> dict[str, pulumi.Input[str] | int]:
    days, hours = divmod(int(args["max_wait_hours"]), 24)
    return {
        "endpoint_uri": args["endpoint_uri"],
        "poll_interval": args["poll_interval_seconds"],
        "endpoint_input_uri": args["input_uri"],
        "endpoint_input_type": args["input_type"],
        "endpoint_input_name": args.get("input_name", "input"),
        "endpoint_output_name": args.get("output_name", "score"),
        "endpoint_output_type": args.get("output_type", "UriFile"),
        "output_folder": args["output_folder"],
        "audience": args["audience"],
        "max_wait": f"{days}.{hours:02}:00:00",
    }
