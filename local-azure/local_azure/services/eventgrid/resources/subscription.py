"""Event subscriptions on the control plane, wherever they lie.

A subscription is made only once its destination is ready (a webhook has answered the validation
handshake), and the identity that delivers has its role there, and at the account of dead letters.
Azure finds that out after it has accepted the PUT: one whose destination refuses stays ``Failed``.
"""

from collections.abc import Iterator
from functools import partial

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.answers import chosen, present, proxied
from local_azure.control_plane.resource_manager.errors import (
    ConflictError,
    ControlPlaneError,
    ManagedIdentityAuthorizationError,
    NotEmulatedError,
)
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.eventgrid import identity, place, schemas, sources
from local_azure.services.eventgrid.destinations import kinds
from local_azure.services.eventgrid.place import Place
from local_azure.services.eventgrid.resources.form import FORM
from local_azure.services.eventgrid.resources.subscription_rules import LIMITS, problems, unread
from local_azure.services.eventgrid.resources.system_topic import PATH as SYSTEM_TOPIC_PATH
from local_azure.services.eventgrid.resources.topics import (
    DOMAIN_PATH,
    TOPIC_PATH,
    forget_domain_topic,
    make_domain_topic,
)
from local_azure.services.eventgrid.validations import Validations


class DeliverySchemaStaysError(ControlPlaneError):
    """A subscription that is to deliver in another schema (MicrosoftDocs/azure-docs#17010)."""

    code = "InvalidRequest"
    said = (
        "The new event delivery schema value {found} cannot be different from the already "
        "existing event delivery schema value {kept}."
    )


# Of what is refused, too: its values may be secret.
_WRITE_ONLY = (
    "destination.endpointUrl",
    "destination.deliveryAttributeMappings",
    "deliveryWithResourceIdentity.destination.deliveryAttributeMappings",
)
_WRITE = f"{place.EXTENSION}/write"
_WRITE_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"


def _check(put: Put) -> None:
    where = _place(put)
    # Source: D:event-grid/security-authorization, "Permissions for event subscriptions".
    put.control.authorize(put.caller, _WRITE, where.source)
    _check_twin(put)
    _check_event_types(put, where)
    _check_schema(put, where)
    _check_filters(put, where)
    destination = _destination(put)
    kinds.known(destination).check(put, destination)
    if handler := put.control.resources.find(destination.get("resourceId", "")):
        # Source: the same section, for a handler that is no webhook.
        put.authorize_linked(f"{handler.type}/write", handler.id)
    # Each is there; whether it may write is found out by the operation.
    list(_writers(put, where))


def _place(put: Put) -> Place:
    found = place.place(put.control.resources, put.id)
    if found is None:
        parent = put.linked("scope", place.parent_id(put.id))
        raise put.refuse("scope", f"events of a {parent.type} are not emulated")
    return found


def _check_twin(put: Put) -> None:
    """The same subscription under the other form of its id is the same one in Azure."""
    parent = place.parent_id(put.id)
    for form in ("eventSubscriptions", "providers/Microsoft.EventGrid/eventSubscriptions"):
        twin = f"{parent}/{form}/{put.name}"
        if twin.lower() != put.id.lower() and put.control.resources.find(twin):
            raise ConflictError(f"{put}: it exists already as '{twin}'.")


def _check_event_types(put: Put, where: Place) -> None:
    source = put.control.resources.find(where.source)
    lake = source is not None and source.properties.get("isHnsEnabled") is True
    raised = sources.RAISED | (sources.OF_DIRECTORIES if lake else frozenset())
    for index, found in enumerate(at(put.body, "filter.includedEventTypes") or []):
        if not where.event_types or found in raised.intersection(where.event_types):
            continue
        path = f"filter.includedEventTypes[{index}]"
        if found in where.event_types:
            raise NotEmulatedError(str(put), f"{path}: {found} is not raised here")
        raise put.refuse(path, f"found {found!r}, accepted: {', '.join(where.event_types)}")


def _check_schema(put: Put, where: Place) -> None:
    found, accepted = _delivery_schema(put), schemas.DELIVERED_AS[where.schema]
    if found not in accepted:
        reason = f"found {found!r}, accepted for events of {where.schema}: {', '.join(accepted)}"
        raise put.refuse("eventDeliverySchema", reason)
    kept = put.before.properties["eventDeliverySchema"] if put.before else found
    if found != kept:
        raise DeliverySchemaStaysError(found, kept)


def _check_filters(put: Put, where: Place) -> None:
    """The names of fields are those of the form in which the events come in."""
    cloud_events = where.schema == schemas.CLOUD_EVENTS
    for problem in unread(at(put.body, "filter.advancedFilters") or [], cloud_events=cloud_events):
        raise put.refuse(*problem)


def _writers(put: Put, where: Place) -> Iterator[tuple[Principal, str, str]]:
    """Who writes events or dead letters, the action that it takes, and at which resource."""
    if "deliveryWithResourceIdentity" in put.body:
        destination = _destination(put)
        principal = identity.chosen(put, "deliveryWithResourceIdentity", where.owner)
        action = kinds.known(destination).send_action
        yield principal, action, destination["resourceId"]
    if dead := put.body.get("deadLetterWithResourceIdentity"):
        yield _dead_letter_writer(put, where, dead)


def _dead_letter_writer(put: Put, where: Place, dead: Json) -> tuple[Principal, str, str]:
    path = "deadLetterWithResourceIdentity"
    principal = identity.chosen(put, path, where.owner)
    destination = dead["deadLetterDestination"]
    account = put.linked(f"{path}.resourceId", destination["resourceId"], sources.STORAGE)
    container = f"{account.id}/blobServices/default/containers/{destination['blobContainerName']}"
    put.linked(f"{path}.blobContainerName", container)
    return principal, _WRITE_BLOB, account.id


def _check_role(put: Put, where: Place, who: Principal, action: str, scope: str) -> None:
    """The identity's role is looked for at the destination's ``resourceId``.

    That is the account where the destination is in one: with the role on the queue alone Event
    Grid refused three times, with the role on the account not once (a public report of 2026-09).
    For dead letters the same is UNVERIFIED.
    """
    try:
        put.control.authorization.authorize(who, action, scope, data=True)
    except AuthorizationFailedError as cause:
        _, _, subscription, _, group, *_ = where.source.split("/")
        told = f"{subscription}:{group}:{where.source.rpartition('/')[2]}:{put.name}"
        raise ManagedIdentityAuthorizationError(told, cause) from None


def _answer(put: Put) -> Json:
    given, where = put.body, _place(put)
    destination = _destination(put)
    told: Json = {"destination": kinds.known(destination).told(destination)}
    if by_identity := given.get("deliveryWithResourceIdentity"):
        told = {"deliveryWithResourceIdentity": {**by_identity, **told}, "destination": None}
    retry = {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440}
    dead = given.get("deadLetterWithResourceIdentity")
    return {
        **proxied(put),
        **chosen(given, ["labels"]),
        **present({"deadLetterWithResourceIdentity": dead and {**dead}}),
        **told,
        "eventDeliverySchema": _delivery_schema(put),
        "filter": _filter(given.get("filter") or {}, where),
        "provisioningState": "Succeeded",
        "retryPolicy": {**retry, **(given.get("retryPolicy") or {})},
        "topic": _in_small_letters(where.source),
    }


def _in_small_letters(source: str) -> str:
    """A source's id as subscriptions tell it: provider and type in small letters (recorded)."""
    scope, _, path = source.rpartition("/providers/")
    provider, kind, name = path.split("/", 2)
    return f"{scope}/providers/{provider.lower()}/{kind.lower()}/{name}"


def _filter(given: Json, where: Place) -> Json:
    default = [each for each in where.event_types if each in sources.RAISED]
    types = {"includedEventTypes": default} if default else {}
    # What is off is not told (recorded).
    said = {key: value for key, value in given.items() if value is not False}
    return {"subjectBeginsWith": "", "subjectEndsWith": "", **types, **said}


def _delivery_schema(put: Put) -> str:
    return str(put.body.get("eventDeliverySchema") or schemas.EVENT_GRID)


def _destination(put: Put) -> Json:
    """Where events go, whoever delivers them."""
    by_identity = put.body.get("deliveryWithResourceIdentity")
    destination: Json = by_identity["destination"] if by_identity else put.body["destination"]
    return destination


async def prepare(validations: Validations, put: Put) -> None:
    """Find out whether everybody concerned agrees: identities, and the destination.

    Raises:
        OperationFailedError: somebody does not.
    """
    where = _place(put)
    for writer in _writers(put, where):
        _check_role(put, where, *writer)
    await kinds.known(_destination(put)).prepare(put, where, validations)


def _kind(name: str, parent: str) -> ResourceType:
    """The subscriptions below a parent with this path."""
    return ResourceType(
        pulumi_type=f"azure-native:eventgrid:{name}",
        path=f"{parent}/eventSubscriptions/{{eventSubscriptionName}}",
        api_version="2025-02-15",
        answer=_answer,
        limits=LIMITS,
        rules=partial(problems, cloud_events=parent != SYSTEM_TOPIC_PATH),
        check=_check,
        form=FORM,
        write_only=_WRITE_ONLY,
        implies=place.comes_with_subscription,
        commit=make_domain_topic,
        forget=forget_domain_topic,
    )


SUBSCRIPTIONS = (
    _kind("EventSubscription", "{scope}/providers/Microsoft.EventGrid"),
    _kind("SystemTopicEventSubscription", SYSTEM_TOPIC_PATH),
    _kind("TopicEventSubscription", TOPIC_PATH),
    _kind("DomainEventSubscription", DOMAIN_PATH),
    _kind("DomainTopicEventSubscription", f"{DOMAIN_PATH}/topics/{{topicName}}"),
)
