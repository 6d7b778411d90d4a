"""From settings to the Logic Apps: what an event of a blob reaches, and what handles rules' events.

A destination that a Logic App of the program's own handles is a template with values, and whatever
those values need to exist.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import quote

import pulumi
from pulumi_azure_native import authorization

from components.azure import templates
from components.data_factory.batch_pipeline_factory import BatchPipelineFactoryOutputs
from components.logic_apps.batch_event_workflow import (
    BatchEventWorkflow,
    BatchEventWorkflowArgs,
    BatchEventWorkflowOutputs,
)
from components.logic_apps.email_connection import EmailConnection
from components.logic_apps.event_claims import EventClaims
from components.logic_apps.event_handler_workflow import EventHandlerWorkflow
from components.logic_apps.pipeline_start_workflow import PipelineStartWorkflow
from components.logic_apps.standard_batch_event_workflow import StandardBatchEventWorkflow
from components.machine_learning.pipeline_components.files import read_pipeline
from components.settings import Settings
from components.settings.deployments import PROJECT, ModelDeployment
from components.settings.destinations import DataFactoryPipeline, LogicApp
from components.settings.event_rules import EventRule
from components.settings.ports import EVENT_ID, IN_FILES, INPUT, NAME, PREDICTIONS, sent
from components.settings.switches import DispatchOnModel, NotifyByEmail, RetrainOnEvent
from components.settings.watched import path_of
from components.stack.stack import Stack, title

_API_VERSION = "2018-06-01"
_TYPES = {in_file: kind for kind, in_file in IN_FILES.items()}


def event_workflow(stack: Stack) -> BatchEventWorkflowOutputs | PipelineStartWorkflow:
    """What an event reaches: it starts a job, or for a marker a pipeline where there is one."""
    if stack.factory is not None and stack.settings.marker_starts_pipeline:
        return _pipeline_start_workflow(stack, stack.factory)
    settings, events = stack.settings, stack.settings.blob_events
    by_secret = settings.invoker.kind == "service_principal"
    by_identity = settings.invoker.changing or not by_secret
    args: BatchEventWorkflowArgs = {
        **stack.place,
        "service_principal": stack.service_principal if by_secret else None,
        "own_identity": stack.starting_jobs if by_identity else None,
        "endpoint_uri": stack.endpoint.scoring_uri,
        "storage_account_id": stack.inputs.account_id,
        "watched_url": _watched_url(stack),
        "audience": settings.azure.ml_audience,
        "input_name": settings.endpoint.input_name,
        "job_inputs": _job_inputs(stack),
        "job_outputs": _job_outputs(stack),
        "plain_payload": events.payload == "plain",
        "marker_name": events.marker_name,
        "allowed_callers": list(settings.workflows.allowed_caller_ip_ranges),
    }
    if settings.workflows.plan == "consumption":
        return BatchEventWorkflow("on-blob", args)
    return _standard_workflow(stack, args)


def _job_inputs(stack: Stack) -> dict[str, dict[str, pulumi.Input[str]]]:
    inputs: dict[str, dict[str, pulumi.Input[str]]] = {}
    for name, told in sent(stack.settings.blob_events.job_inputs).items():
        kind = "models" if told["JobInputType"].endswith("Model") else "data"
        inputs[name] = {**told, **({"Uri": stack.read(told["Uri"], kind)} if "Uri" in told else {})}
    return inputs


def _standard_workflow(stack: Stack, args: BatchEventWorkflowArgs) -> StandardBatchEventWorkflow:
    """The same in a Standard plan; while the invoker changes, its secret stays at hand."""
    workflows, network = stack.settings.workflows, stack.private_network
    principal = stack.service_principal if stack.settings.invoker.changing else None
    return StandardBatchEventWorkflow(
        "on-blob",
        {
            **args,
            **stack.resource_manager,
            "plan": {
                "sku": workflows.sku,
                "subnet_id": network["workflows_subnet_id"] if network else workflows.subnet_id,
                "storage_suffix": stack.settings.azure.storage_suffix,
            },
            "former_client_secret": principal and principal["client_secret"],
        },
    )


def _watched_url(stack: Stack) -> pulumi.Output[str]:
    """What the URLs of blobs that start a job begin with, as workflows compare them."""
    path = path_of(stack.settings.prefix_filter).replace(".dfs.", ".blob.")
    return pulumi.Output.concat(stack.inputs.blob_endpoint, path)


def _pipeline_start_workflow(
    stack: Stack, factory: BatchPipelineFactoryOutputs
) -> PipelineStartWorkflow:
    """What starts a pipeline's run for a folder's marker."""
    settings = stack.settings
    return PipelineStartWorkflow(
        "on-marker",
        {
            **stack.place,
            "factory_id": factory.factory_id,
            "pipeline_name": factory.pipeline_name,
            "arm_host": settings.azure.arm_host,
            "storage_account_id": stack.inputs.account_id,
            "watched_url": _watched_url(stack),
            "marker_name": settings.blob_events.marker_name or "",
            "role_display_name": f"{title()} pipeline starter",
            "existing_role_id": settings.workflows.existing_pipeline_starter_role_id,
            "allowed_callers": list(settings.workflows.allowed_caller_ip_ranges),
        },
    )


def _job_outputs(stack: Stack) -> dict[str, Any]:
    """Where the job of an event writes: every output that is known, with its type and its path.

    The event's id is in the path, which has to be new: a second job for the same event fails there
    instead of scoring twice, and the predictions are found from the event alone. Nothing else tells
    whose a model deployment's job is: whether Azure keeps its tags is open, and its name is not
    heeded.
    """
    events, datastores = stack.settings.blob_events, "azureml://datastores"
    if events.predictions_beside_inputs:
        datastore, below = stack.workspace.input_datastore, f"/paths/{INPUT}{PREDICTIONS}"
        uri = pulumi.Output.concat(datastores, "/", datastore, below)
        return {"score": {"JobOutputType": "UriFile", "Uri": uri}}
    below, folder = f"{datastores}/workspaceblobstore/paths/", f"/{EVENT_ID}/"
    named = {
        name: {
            "JobOutputType": kind,
            "Uri": pulumi.Output.concat(below, stack.endpoint.endpoint_name, folder, path),
        }
        for name, (kind, path) in _known(stack.settings).items()
    }
    return {**named, **sent(events.job_outputs)}


def event_predictions_url(stack: Stack) -> pulumi.Output[str] | None:
    """Below which jobs of events write, each in a folder that has the event's id as its name."""
    if not (stack.settings.workflow_invokes and _known(stack.settings)):
        return None
    return pulumi.Output.concat(stack.artifacts_url, "/", stack.endpoint.endpoint_name, "/")


def _known(settings: Settings) -> dict[str, tuple[str, str]]:
    """Type of each output and where it lies in the event's folder, but those the stack names.

    An endpoint that exists already has a default deployment of its own: a pipeline there would
    refuse an output that it does not declare.
    """
    events, deployment = settings.blob_events, settings.invoked
    elsewhere = events.payload == "plain" or events.predictions_beside_inputs
    if elsewhere or deployment is None:
        return {}
    if isinstance(deployment, ModelDeployment):
        # A model deployment has one output, a file; with summary_only nobody writes that.
        unnamed = not events.job_outputs and deployment.appends_rows
        return {"score": ("UriFile", deployment.output_file_name)} if unnamed else {}
    declared = read_pipeline(PROJECT / deployment.pipeline).outputs
    return {
        name: (kind, f"{name}/" if kind != "UriFile" else name)
        for name, told in declared.items()
        if (kind := _TYPES.get(str(told.get("type")), "")) and re.fullmatch(NAME, name)
        if name not in events.job_outputs
    }


def event_claims(stack: Stack) -> EventClaims:
    """Where the workflows of rules note the events that they handle."""
    inputs = stack.inputs
    return EventClaims(
        "handled-events",
        {
            "account_id": inputs.account_id,
            "account_name": inputs.account_name,
            "blob_endpoint": inputs.blob_endpoint,
            "container": stack.settings.workflows.handled_events_container,
        },
    )


class _Content(NamedTuple):
    """What a workflow is made of."""

    template: str
    values: dict[str, Any]
    factory_id: pulumi.Input[str] | None = None


def event_handler_workflow(
    stack: Stack, source_id: pulumi.Input[str], rule: EventRule
) -> EventHandlerWorkflow:
    """The workflow that handles a rule's events, of a workspace or of a domain's topic."""
    content = _content(stack, rule)
    declared = templates.load(content.template).get("parameters", {})
    claims = stack.claims if "claims_uri" in declared else None
    known = {
        "event_source_id": source_id,
        "event_types": list(rule.event_types),
        "claims_uri": pulumi.Output.concat(claims.container_url, "/", rule.name) if claims else "",
    }
    return EventHandlerWorkflow(
        f"handle-{rule.name}",
        {
            **stack.place,
            "template": content.template,
            "parameters": {
                **{name: value for name, value in known.items() if name in declared},
                **content.values,
            },
            "allowed_callers": list(stack.settings.workflows.allowed_caller_ip_ranges),
            "starts_pipelines_of": content.factory_id,
            "claims_in": claims.container_id if claims else None,
            "role_display_name": f"{title()} {rule.name} pipeline starter",
            "existing_role_id": stack.settings.workflows.existing_pipeline_starter_role_id,
        },
    )


def _content(stack: Stack, rule: EventRule) -> _Content:
    match rule.destination:
        case LogicApp() as app if app.template:
            secret = stack.settings.event_secrets.get(rule.name)
            secure = dict.fromkeys(app.secure_parameters, secret)
            return _Content(app.template, {**app.parameters, **secure})
        case DataFactoryPipeline() as run:
            values = {
                "pipeline_parameters": {**run.parameters},
                "event_parameter": run.event_parameter or "",
            }
            return _starting(stack, rule, quote(run.pipeline), run.factory_id, values)
        case RetrainOnEvent():
            again = stack.retraining
            return _starting(stack, rule, again.pipeline_name if again else None)
        case NotifyByEmail() as mail:
            return _mailing(stack, rule, mail)
        case DispatchOnModel() as dispatch:
            values = {
                "repository": dispatch.repository,
                "event_type": dispatch.event_type,
                "token": stack.settings.event_secrets[rule.name],
            }
            return _Content("send_repository_dispatch", values)
    raise ValueError(f"The rule {rule.name} needs no workflow.")


def _starting(
    stack: Stack,
    rule: EventRule,
    pipeline: pulumi.Input[str] | None,
    factory_id: pulumi.Input[str] | None = None,
    values: dict[str, Any] | None = None,
) -> _Content:
    factory_id = factory_id or (stack.factory.factory_id if stack.factory else None)
    if factory_id is None or pipeline is None:
        raise ValueError(f"The rule {rule.name} has no data factory whose pipeline it could start.")
    resource_manager = f"https://{stack.settings.azure.arm_host}"
    uri = pulumi.Output.concat(
        resource_manager,
        factory_id,
        "/pipelines/",
        pipeline,
        f"/createRun?api-version={_API_VERSION}",
    )
    known = {"create_run_uri": uri, "audience": resource_manager}
    return _Content("start_pipeline_run_on_event", {**known, **(values or {})}, factory_id)


def _mailing(stack: Stack, rule: EventRule, mail: NotifyByEmail) -> _Content:
    connection = EmailConnection(
        f"{rule.name}-outlook",
        {
            **stack.place,
            "location": stack.settings.location,
            "subscription_id": authorization.get_client_config_output().subscription_id,
            "display_name": f"{title()} e-mails",
        },
    )
    return _Content(
        "notify_by_email",
        {
            "$connections": connection.connections,
            "recipients": list(mail.recipients),
            "run_statuses": list(mail.run_statuses),
            "studio_host": stack.settings.azure.studio_host,
        },
    )
