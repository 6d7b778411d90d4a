"""Where events go: the kinds of destination, and which of them need a secret.

A secret is never a field: it stands in `event_secrets` under its rule's name.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import AfterValidator, Discriminator

from components.azure import templates
from components.settings.problems import Misfit, Refused
from components.settings.section import FACTORY, STORAGE, Section, matching, resource_id

PROVIDED = ("event_source_id", "event_types", "claims_uri")
"""Parameters of a template that the program fills in itself: whose events, which, and where those
that are handled are noted."""

_HOST = r"[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+"
_URL = rf"https://{_HOST}(?::[0-9]{{1,5}})?/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*"
_SECRET_URL = rf"{_URL}(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"


def _url(value: str) -> str:
    if not re.fullmatch(_URL, value):
        accepted = (
            "an https URL without a query: one that holds a secret stands in event_secrets instead"
        )
        raise Refused(accepted, found=value.partition("?")[0])
    return value


def _template(value: str) -> str:
    if not re.fullmatch(r"\w{1,100}", value):
        raise Refused("the name of a template in logicapp_templates, without .json")
    try:
        definition = templates.load(value)
    except templates.TemplateError as error:
        raise Refused(f"a workflow definition in logicapp_templates. {error}") from None
    if templates.TRIGGER not in definition.get("triggers", {}):
        accepted = (
            "a workflow definition, without the `definition` that a portal's code view has around "
            f"it, whose Request trigger is called {templates.TRIGGER}"
        )
        raise Refused(accepted)
    if not any(each in str(definition) for each in ("validationResponse", "validationUrl")):
        # else an `up` of a quarter of an hour: a new webhook's refused handshake is tried again
        raise Refused(
            "a workflow definition that answers Event Grid's handshake with a validationResponse, "
            "or calls its validationUrl (docs/workspace-events.md, A template of your own)"
        )
    secure = templates.secure_parameters(definition)
    if len(secure) > 1:
        raise Refused(f"a template with one secure parameter at most; it has {', '.join(secure)}")
    return value


class Destination(Section):
    """Where events go."""

    always_secret: ClassVar[bool] = False
    always_made_here: ClassVar[bool] = False

    @property
    def needs_secret(self) -> bool:
        """Whether it is complete only with a secret."""
        return self.always_secret

    @property
    def made_here(self) -> bool:
        """Whether a Logic App of the program's own handles the events."""
        return self.always_made_here


class LogicApp(Destination):
    """A Consumption Logic App: one that exists, or one that is made from a template."""

    kind: Literal["logic_app"]
    """Kind of the destination."""

    workflow_id: Annotated[str, resource_id("Microsoft.Logic/workflows")] | None = None
    """Resource id of a workflow that exists."""

    trigger: Annotated[str, matching(r"[\w-]{1,80}", "the name of a Request trigger")] = "manual"
    """Name of the existing workflow's Request trigger."""

    template: Annotated[str, AfterValidator(_template)] | None = None
    """Name in `logicapp_templates/`, without .json."""

    parameters: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it
    """Values of the template's parameters, beside those that the program knows."""

    @property
    def needs_secret(self) -> bool:
        """Where the template has a secure parameter."""
        return bool(self.secure_parameters)

    @property
    def made_here(self) -> bool:
        """From a template."""
        return self.template is not None

    @property
    def secure_parameters(self) -> list[str]:
        """The template's, of which a secret is the value."""
        return templates.secure_parameters(templates.load(self.template)) if self.template else []

    def misfits(self) -> Iterator[Misfit]:
        """One that exists or a template, whose parameters have values."""
        if bool(self.workflow_id) == bool(self.template):
            accepted = "one of workflow_id, of a workflow that exists, and template"
            yield Misfit("", accepted, found="both" if self.template else "neither")
        elif self.template:
            yield from self._unbound(templates.load(self.template))
        elif self.parameters:
            yield Misfit(
                "parameters", "nothing: an existing workflow has parameters of its own", {}
            )

    def _unbound(self, definition: templates.Definition) -> Iterator[Misfit]:
        secure = self.secure_parameters
        if secret := [name for name in self.parameters if name in secure]:
            accepted = "nothing: a secret stands in event_secrets, under the rule's name"
            yield Misfit(f"parameters.{secret[0]}", accepted, found="a value in clear")
            return
        declared = definition.get("parameters", {})
        known = dict.fromkeys(name for name in (*PROVIDED, *secure) if name in declared)
        try:
            templates.bind(definition, {**known, **self.parameters})
        except templates.TemplateError as error:
            found = f"{', '.join(self.parameters) or 'none'} (values not shown)"
            yield Misfit("parameters", f"the template's parameters. {error}", found=found)


class AzureFunction(Destination):
    """An Azure Function, whose key is a secret."""

    always_secret = True

    kind: Literal["azure_function"]
    """Kind of the destination."""

    url: Annotated[str, AfterValidator(_url)]
    """The function's URL, without its key."""

    def full_url(self, secret: str) -> str:
        """D:azure-functions/functions-bindings-http-webhook-trigger: the key may come as `code`."""
        return f"{self.url}?code={quote(secret, safe='')}"


class Webhook(Destination):
    """An https URL, which is a secret where it stands in event_secrets."""

    kind: Literal["webhook"]
    """Kind of the destination."""

    url: Annotated[str, AfterValidator(_url)] | None = None
    """Where it holds no secret."""

    @property
    def needs_secret(self) -> bool:
        """The URL, unless it is here."""
        return self.url is None

    def full_url(self, secret: str) -> str:
        """The one that is here, or the secret one."""
        return self.url or secret


class EventHub(Destination):
    """An event hub."""

    kind: Literal["event_hub"]
    """Kind of the destination."""

    resource_id: Annotated[str, resource_id("Microsoft.EventHub/namespaces/eventhubs")]
    """Resource id of the event hub."""


class StorageQueue(Destination):
    """A queue of a storage account."""

    kind: Literal["storage_queue"]
    """Kind of the destination."""

    resource_id: Annotated[str, resource_id(STORAGE)]
    """Resource id of the storage account."""

    queue_name: Annotated[
        str,
        matching(
            "(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*",
            "3 to 63 lower-case letters, digits and single hyphens between them",
        ),
    ]
    """Name of the queue."""


class ServiceBusQueue(Destination):
    """A queue of Service Bus."""

    kind: Literal["service_bus_queue"]
    """Kind of the destination."""

    resource_id: Annotated[str, resource_id("Microsoft.ServiceBus/namespaces/queues")]
    """Resource id of the queue."""


class ServiceBusTopic(Destination):
    """A topic of Service Bus."""

    kind: Literal["service_bus_topic"]
    """Kind of the destination."""

    resource_id: Annotated[str, resource_id("Microsoft.ServiceBus/namespaces/topics")]
    """Resource id of the topic."""


class DataFactoryPipeline(Destination):
    """A pipeline of Data Factory, started by a Logic App that the program makes for the rule."""

    always_made_here = True

    kind: Literal["data_factory_pipeline"]
    """Kind of the destination."""

    factory_id: Annotated[str, resource_id(FACTORY)] | None = None
    """Resource id of the factory; left out, the stack's own."""

    pipeline: Annotated[
        str, matching(r"[^<>*#.%&:\\+?/\x00-\x1f]{1,260}", "the name of a pipeline")
    ]
    """Name of the pipeline."""

    parameters: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it
    """Values of the pipeline's parameters."""

    event_parameter: Annotated[str, matching(r"\w{1,260}", "the name of a parameter")] | None = None
    """Name of the parameter that gets the event."""


SENT_BY_IDENTITY = (EventHub, StorageQueue, ServiceBusQueue, ServiceBusTopic)
"""Kinds that a topic's identity can deliver to (D:event-grid/managed-service-identity)."""

AnyDestination = Annotated[
    LogicApp
    | AzureFunction
    | Webhook
    | EventHub
    | DataFactoryPipeline
    | StorageQueue
    | ServiceBusQueue
    | ServiceBusTopic,
    Discriminator("kind"),
]


def is_secret_url(value: str) -> bool:
    """Whether a secret can be the URL of a webhook."""
    return re.fullmatch(_SECRET_URL, value) is not None
