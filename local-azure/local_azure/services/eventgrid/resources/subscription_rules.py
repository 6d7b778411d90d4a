"""What is wrong with an event subscription's inputs alone."""

from collections.abc import Iterator
from typing import Any

from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at, holds_unknown
from local_azure.services.eventgrid.destinations import kinds
from local_azure.services.eventgrid.errors import FilterError
from local_azure.services.eventgrid.filters import parse
from local_azure.services.eventgrid.sources import EVENT_TYPES

LIMITS = {
    "retryPolicy.maxDeliveryAttempts": Limit(1, 30),
    "retryPolicy.eventTimeToLiveInMinutes": Limit(1, 1440),
    "destination.maxEventsPerBatch": Limit(1, 5000),
    "destination.preferredBatchSizeInKilobytes": Limit(1, 1024),
}
_FILTERS = "filter.advancedFilters"
_MOST_VALUES = 25
_PLACES = {
    "destination": "destination",
    "deliveryWithResourceIdentity": "deliveryWithResourceIdentity.destination",
}
_WRONG_PLACE = {
    "destination": "delivery by the destination's keys is not emulated; give "
    "deliveryWithResourceIdentity with this destination and an identity",
    "deliveryWithResourceIdentity.destination": "no managed identity delivers to a webhook; give "
    "destination instead",
}


def problems(inputs: Json, *, cloud_events: bool = False) -> Iterator[Problem]:
    """Every problem, with its property.

    Args:
        inputs: the subscription's.
        cloud_events: whether its events may come in as CloudEvents; which they do, its topic says.
    """
    yield from not_emulated(inputs, "deadLetterDestination", "expirationTimeUtc")
    yield from _destination(inputs)
    if not holds_unknown(wanted := inputs.get("filter") or {}):
        yield from filter_problems(wanted, cloud_events=cloud_events)


def _destination(inputs: Json) -> Iterator[Problem]:
    given = [key for key in _PLACES if inputs.get(key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "neither"
        reason = f"events go somewhere; found {found}, accepted: one of {' and '.join(_PLACES)}"
        yield Problem("destination", reason)
        return
    path = _PLACES[given[0]]
    destination = at(inputs, path) or {}
    name = destination.get("endpointType", UNKNOWN)
    if name is UNKNOWN:
        return
    kind = kinds.kind(destination)
    if kind is None:
        yield Problem(f"{path}.endpointType", f"found {name!r}, emulated: {_accepted(name)}")
        return
    if kind.by_identity != (path != "destination"):
        yield Problem(path, _WRONG_PLACE[path])
    yield from not_emulated(destination, "deliveryAttributeMappings", path=path)
    for problem in kind.problems(destination):
        yield Problem(f"{path}{problem.path.removeprefix('destination')}", problem.reason)


def _accepted(kind: str) -> str:
    emulated = ", ".join(map(repr, kinds.KINDS))
    if kind == "AzureFunction":
        return f"{emulated}. A function's URL with its key is a 'WebHook'"
    return emulated


def filter_problems(wanted: Json, *, cloud_events: bool = False) -> Iterator[Problem]:
    """What Event Grid would refuse of a well-formed filter: its types, limits, keys and values.

    Args:
        wanted: the filter of one subscription.
        cloud_events: whether it may be meant for CloudEvents; then all of its keys are, or none.
    """
    yield from _type_problems(wanted.get("includedEventTypes") or [])
    filters = wanted.get("advancedFilters") or []
    values = sum(len(_values(one)) for one in filters)
    if len(filters) > _MOST_VALUES or values > _MOST_VALUES:
        reason = f"found {len(filters)} filters with {values} values, accepted: 25 of each"
        yield Problem(_FILTERS, reason)
    if not (cloud_events and not [*unread(filters, cloud_events=True)]):
        yield from unread(filters, cloud_events=False)


def _type_problems(types: list[str]) -> Iterator[Problem]:
    """Types with the prefix of a source that raises no such type."""
    for index, found in enumerate(types):
        for known in EVENT_TYPES.values():
            prefix = f"{known[0].rpartition('.')[0]}."
            if found.startswith(prefix) and found not in known:
                reason = f"found {found!r}, accepted: {', '.join(known)}"
                yield Problem(f"filter.includedEventTypes[{index}]", reason)


def unread(filters: list[Json], *, cloud_events: bool) -> Iterator[Problem]:
    """The filters that Event Grid does not take for events that come in so."""
    for index, one in enumerate(filters):
        try:
            parse(one, cloud_events=cloud_events)
        except FilterError as error:
            yield Problem(f"{_FILTERS}[{index}]", str(error))


def _values(one: Json) -> list[Any]:
    return list(one.get("values") or ([one["value"]] if "value" in one else []))
