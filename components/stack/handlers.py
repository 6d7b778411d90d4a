"""The workflows that handle the events of rules, each named after its rule.

A destination that a Logic App of the program's own handles is a template with values, and whatever
those values need to exist.
"""

from typing import Any, NamedTuple
from urllib.parse import quote

import pulumi
from pulumi_azure_native import authorization

from components.azure import templates
from components.azure.placement import PlacementArgs
from components.data_factory.batch_pipeline_factory import BatchPipelineFactory
from components.logic_apps.email_connection import EmailConnection
from components.logic_apps.event_claims import EventClaims
from components.logic_apps.event_handler_workflow import EventHandlerWorkflow
from components.settings.events.model import (
    Dispatch,
    Email,
    EventRule,
    PipelineRun,
    Retraining,
    WorkflowTemplate,
)
from components.settings.model import Settings
from components.stack.place import title

_API_VERSION = "2018-06-01"


class Surroundings(NamedTuple):
    """What the workflows of rules are made in."""

    settings: Settings
    place: PlacementArgs

    factory: BatchPipelineFactory | None
    """The stack's own data factory, if it has one."""

    claims: EventClaims | None
    """Where they note the events that they handle, if there are such workflows."""

    retraining: pulumi.Output[str] | None
    """Name of the factory's pipeline that trains again, if there is one."""


class _Content(NamedTuple):
    """What a workflow is made of."""

    template: str
    values: dict[str, Any]
    factory_id: pulumi.Input[str] | None = None


def handler(
    around: Surroundings, source_id: pulumi.Input[str], rule: EventRule
) -> EventHandlerWorkflow:
    """The workflow that handles a rule's events.

    Args:
        around: what it is made in.
        source_id: whose events they are: a workspace, or a domain's topic.
        rule: which events, and what is done with them.
    """
    content = _content(around, rule)
    declared = templates.load(content.template).get("parameters", {})
    claims = around.claims if "claims_uri" in declared else None
    known = {
        "event_source_id": source_id,
        "event_types": list(rule.event_types),
        "claims_uri": pulumi.Output.concat(claims.container_url, "/", rule.name) if claims else "",
    }
    return EventHandlerWorkflow(
        f"handle-{rule.name}",
        {
            **around.place,
            "template": content.template,
            "parameters": {
                **{name: value for name, value in known.items() if name in declared},
                **content.values,
            },
            "allowed_callers": list(around.settings.workflow.allowed_caller_ip_ranges),
            "starts_pipelines_of": content.factory_id,
            "claims_in": claims.container_id if claims else None,
            "role_display_name": f"{title()} {rule.name} pipeline starter",
            "existing_role_id": around.settings.workflow.existing_starter_role_id,
        },
    )


def _content(around: Surroundings, rule: EventRule) -> _Content:
    match rule.destination:
        case WorkflowTemplate(template, parameters, secret):
            secure = templates.secure_parameters(templates.load(template))
            return _Content(template, {**parameters, **dict.fromkeys(secure, secret)})
        case PipelineRun(factory_id, pipeline, parameters, event_parameter):
            values = {"pipeline_parameters": {**parameters}, "event_parameter": event_parameter}
            return _starting(around, rule, quote(pipeline), factory_id, values)
        case Retraining():
            return _starting(around, rule, around.retraining)
        case Email(recipients, run_statuses):
            return _mailing(around, rule, recipients, run_statuses)
        case Dispatch(repository, event_type, token):
            values = {"repository": repository, "event_type": event_type, "token": token}
            return _Content("send_repository_dispatch", values)
    raise ValueError(f"The rule {rule.name} needs no workflow.")


def _starting(
    around: Surroundings,
    rule: EventRule,
    pipeline: pulumi.Input[str] | None,
    factory_id: pulumi.Input[str] | None = None,
    values: dict[str, Any] | None = None,
) -> _Content:
    factory_id = factory_id or (around.factory.factory_id if around.factory else None)
    if factory_id is None or pipeline is None:
        raise ValueError(f"The rule {rule.name} has no data factory whose pipeline it could start.")
    resource_manager = f"https://{around.settings.cloud.arm_host}"
    uri = pulumi.Output.concat(
        resource_manager,
        factory_id,
        "/pipelines/",
        pipeline,
        f"/createRun?api-version={_API_VERSION}",
    )
    known = {"create_run_uri": uri, "audience": resource_manager}
    return _Content("start_pipeline_run_on_event", {**known, **(values or {})}, factory_id)


def _mailing(
    around: Surroundings, rule: EventRule, recipients: tuple[str, ...], statuses: tuple[str, ...]
) -> _Content:
    connection = EmailConnection(
        f"{rule.name}-outlook",
        {
            **around.place,
            "location": around.settings.location,
            "subscription_id": authorization.get_client_config_output().subscription_id,
            "display_name": f"{title()} e-mails",
        },
    )
    return _Content(
        "notify_by_email",
        {
            "$connections": connection.connections,
            "recipients": list(recipients),
            "run_statuses": list(statuses),
            "studio_host": around.settings.cloud.studio_host,
        },
    )
