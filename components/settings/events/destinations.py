"""Where events go: the kinds of destination, the fields of each, and which of them hold secrets.

A secret is never a field: it stands in `event_secrets` under its rule's name.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from components.azure import templates
from components.settings.checks import GUID, Check, matching, resource_id
from components.settings.events.model import (
    Destination,
    ExistingWorkflow,
    PipelineRun,
    Resource,
    Webhook,
    WorkflowTemplate,
)
from components.settings.events.records import Field, Fields
from components.settings.events.records import check as check_fields
from components.settings.problems import Refusal

SENT_BY_IDENTITY = ("event_hub", "storage_queue", "service_bus_queue", "service_bus_topic")
"""Kinds that a topic's identity can deliver to (D:event-grid/managed-service-identity)."""

BATCHED = ("azure_function", "webhook")
"""Kinds whose handler may be sent several events at a time."""

WORKFLOWS = ("logic_app", "data_factory_pipeline")
"""Kinds that a Logic App handles, which answers for one event at a time."""

PROVIDED = ("event_source_id", "event_types", "claims_uri")
"""Parameters of a template that the program fills in itself: whose events, which, and where those
that are handled are noted."""

_HOST = r"[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+"
_URL = re.compile(rf"https://{_HOST}(?::[0-9]{{1,5}})?/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_SECRET_URL = re.compile(rf"{_URL.pattern}(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")
_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*"


def _url(value: str) -> list[Refusal]:
    accepted = (
        "an https URL without a query: one that holds a secret stands in event_secrets instead"
    )
    return [] if _URL.fullmatch(value) else [Refusal(accepted, found=value.partition("?")[0])]


def _inside(namespace: str, kind: str) -> Check:
    """The id of something inside of a namespace."""
    form = f"/subscriptions/<subscription id>/resourceGroups/<group>/providers/{namespace}"
    pattern = (
        rf"(?i)/subscriptions/{GUID}/resourceGroups/[\w().-]+"
        rf"/providers/{re.escape(namespace)}/{_NAME}/{kind}/{_NAME}"
    )
    return matching(pattern, f"a resource id of the form {form}/<name>/{kind}/<name>")


def container_id(value: str) -> list[Refusal]:
    """The id of a blob container."""
    containers = "blobServices/default/containers"
    return _inside("Microsoft.Storage/storageAccounts", containers)(value)


def _template(value: str) -> list[Refusal]:
    if not re.fullmatch(r"\w{1,100}", value):
        return [Refusal("the name of a template in logicapp_templates, without .json")]
    try:
        templates.load(value)
    except templates.TemplateError as error:
        return [Refusal(f"a workflow definition in logicapp_templates. {error}")]
    return []


_QUEUE = "3 to 63 lower-case letters, digits and single hyphens between them"
_FACTORY = "Microsoft.DataFactory/factories"
_WORKFLOW = "Microsoft.Logic/workflows"
_PIPELINE = r"[^<>*#.%&:\\+?/\x00-\x1f]{1,260}"

KINDS: dict[str, Fields] = {
    "logic_app": {
        "workflow_id": Field(str, resource_id(_WORKFLOW), ""),
        "trigger": Field(str, matching(r"[\w-]{1,80}", "the name of a Request trigger"), "manual"),
        "template": Field(str, _template, ""),
        "parameters": Field(dict, default={}),
    },
    "azure_function": {"url": Field(str, _url)},
    "webhook": {"url": Field(str, _url, "")},
    "event_hub": {"resource_id": Field(str, _inside("Microsoft.EventHub/namespaces", "eventhubs"))},
    "data_factory_pipeline": {
        "factory_id": Field(str, resource_id(_FACTORY), ""),
        "pipeline": Field(str, matching(_PIPELINE, "the name of a pipeline")),
        "parameters": Field(dict, default={}),
        "event_parameter": Field(str, matching(r"\w{1,260}", "the name of a parameter"), ""),
    },
    "storage_queue": {
        "resource_id": Field(str, resource_id("Microsoft.Storage/storageAccounts")),
        "queue_name": Field(str, matching("(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*", _QUEUE)),
    },
    "service_bus_queue": {
        "resource_id": Field(str, _inside("Microsoft.ServiceBus/namespaces", "queues"))
    },
    "service_bus_topic": {
        "resource_id": Field(str, _inside("Microsoft.ServiceBus/namespaces", "topics"))
    },
}


def check(value: dict[str, Any]) -> list[Refusal]:
    """A destination: its kind and the fields of that kind."""
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        found = "" if kind is None else kind
        return [Refusal(f"one of {', '.join(KINDS)}", path=".kind", found=found)]
    given = {name: each for name, each in value.items() if name != "kind"}
    refused = check_fields(given, KINDS[kind])
    return refused or (_logic_app(given) if kind == "logic_app" else [])


def _logic_app(given: dict[str, Any]) -> list[Refusal]:
    existing, template = given.get("workflow_id"), given.get("template")
    if bool(existing) == bool(template):
        return [Refusal("one of workflow_id, of a workflow that exists, and template", found=given)]
    if existing:
        accepted = "nothing: an existing workflow has parameters of its own"
        refused = Refusal(accepted, path=".parameters", found=given.get("parameters"))
        return [refused] if given.get("parameters") else []
    return _parameters(templates.load(str(template)), given.get("parameters", {}))


def _parameters(definition: templates.Definition, given: dict[str, Any]) -> list[Refusal]:
    secure = templates.secure_parameters(definition)
    if len(secure) > 1:
        accepted = f"a template with one secure parameter at most; it has {', '.join(secure)}"
        return [Refusal(accepted, path=".template")]
    if secret := [name for name in given if name in secure]:
        accepted = "nothing: a secret stands in event_secrets, under the rule's name"
        return [Refusal(accepted, path=f".parameters.{secret[0]}", found="a value in clear")]
    declared = definition.get("parameters", {})
    known = dict.fromkeys(name for name in (*PROVIDED, *secure) if name in declared)
    try:
        templates.bind(definition, {**known, **given})
    except templates.TemplateError as error:
        return [Refusal(f"the template's parameters. {error}", path=".parameters", found=given)]
    return []


def needs_secret(destination: dict[str, Any]) -> bool:
    """Whether an accepted destination is complete only with a secret."""
    kind = destination["kind"]
    if kind == "logic_app" and destination.get("template"):
        return bool(templates.secure_parameters(templates.load(destination["template"])))
    return kind == "azure_function" or (kind == "webhook" and not destination.get("url"))


def is_secret_url(value: Any) -> bool:
    """Whether a secret can be the URL of a webhook."""
    return isinstance(value, str) and _SECRET_URL.fullmatch(value) is not None


def build(destination: dict[str, Any], secret: str | None) -> Destination:
    """An accepted destination with its secret, as the program reads it."""
    kind = destination["kind"]
    if kind == "logic_app":
        return _workflow(destination, secret)
    if kind == "data_factory_pipeline":
        return PipelineRun(
            factory_id=destination.get("factory_id") or None,
            pipeline=destination["pipeline"],
            parameters=destination.get("parameters", {}),
            event_parameter=destination.get("event_parameter", ""),
        )
    if kind in BATCHED:
        return Webhook(_full_url(kind, destination.get("url", ""), secret))
    return Resource(kind, destination["resource_id"], destination.get("queue_name"))


def _workflow(destination: dict[str, Any], secret: str | None) -> Destination:
    if destination.get("template"):
        return WorkflowTemplate(destination["template"], destination.get("parameters", {}), secret)
    return ExistingWorkflow(destination["workflow_id"], destination.get("trigger", "manual"))


def _full_url(kind: str, url: str, secret: str | None) -> str:
    if kind == "webhook":
        return url or str(secret)
    # D:azure-functions/functions-bindings-http-webhook-trigger: the key may come as `code`.
    return f"{url}?code={quote(str(secret), safe='')}"
