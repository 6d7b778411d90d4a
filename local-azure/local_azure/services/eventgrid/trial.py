"""Which rules would let an event through, without publishing it; and events of somewhere else.

A rule is an event subscription as far as its filter goes, deployed or not. An event of somewhere
else, recorded or a dead letter, becomes one of a source here: it says where it is from by its
topic, and a blob's by the host of its URL.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_azure.errors import LocalAzureError
from local_azure.services.eventgrid.explanation import Refusal, explain, shown
from local_azure.services.eventgrid.filters import EventFilter
from local_azure.services.eventgrid.schemas import as_filtered, is_cloud_event
from local_azure.services.eventgrid.sources import EVENT_TYPES

_SHAPE = (
    "accepted is an event of Event Grid (eventType, subject, data) or CloudEvents 1.0 "
    "(specversion, type, source, data), or an array of them"
)
_LATER = "it came, or got the filter that would take the event, after the event"


class NoEventError(LocalAzureError):
    """What was to be tried is no event."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}; {_SHAPE}.")


@dataclass(frozen=True)
class Rule:
    """What is tried.

    Attributes:
        name: of the subscription.
        filter: which events it wants.
        source: resource id of what raises its events; empty where that is not known yet.
        raised: the types of events that the source raises; empty for any.
    """

    name: str
    filter: EventFilter
    source: str = ""
    raised: tuple[str, ...] = ()


def events(document: Any) -> list[dict[str, Any]]:
    """The events of a file: by Event Grid's names, whichever of the two forms they have.

    Raises:
        NoEventError: something in it is no event.
    """
    found = document if isinstance(document, list) else [document]
    if not found:
        raise NoEventError("There is no event in it")
    return [_event(each) for each in found]


def try_event(event: Mapping[str, Any], rules: Sequence[Rule]) -> dict[str, Any]:
    """What each rule does with an event.

    Args:
        event: by Event Grid's names.
        rules: all that there are.

    Returns:
        ``event``, ``topic_known``, and in ``subscriptions`` for each rule ``name``, ``source``,
        ``gets`` and ``refusals``.
    """
    known = any(_is_from(event["topic"], rule.source) for rule in rules)
    verdicts = []
    for rule in rules:
        refusals = _foreign(rule, event, known=known) or explain(rule.filter, event)
        told = {"name": rule.name, "source": rule.source, "gets": not refusals}
        verdicts.append({**told, "refusals": [vars(each) for each in refusals]})
    shortened = {key: event.get(key) for key in ("id", "eventType", "subject", "topic")}
    return {"event": shortened, "topic_known": known, "subscriptions": verdicts}


def reasons(wanted: EventFilter, event: Mapping[str, Any]) -> list[str]:
    """Why a subscription to an event's source did not get it, as far as its filter of now tells."""
    return [each.reason for each in explain(wanted, as_filtered(event))] or [_LATER]


def _foreign(rule: Rule, event: Mapping[str, Any], *, known: bool) -> list[Refusal]:
    """Whether the event comes from somewhere else; what a made-up topic raises is told by type."""
    topic, kind = event["topic"], event["eventType"]
    if known and not _is_from(topic, rule.source):
        reason = f"topic is {shown(topic)}; the subscription is to {shown(rule.source)}"
        return [Refusal("topic", "", "topic", topic, (rule.source,), reason)]
    if rule.raised and kind not in rule.raised:
        reason = f"eventType is {shown(kind)}, which its source never raises"
        return [Refusal("topic", "", "eventType", kind, rule.raised, reason)]
    return []


def _event(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise NoEventError(f"found {shown(given)}")
    for key in ("type", "source") if is_cloud_event(given) else ("eventType", "subject"):
        if not isinstance(given.get(key), str):
            raise NoEventError(f"{key}: found {shown(given[key]) if key in given else 'nothing'}")
    event = as_filtered(given)
    return {**event, **{key: _text(event, key) for key in ("topic", "subject")}}


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    return value if isinstance(value, str) else ""


def _is_from(topic: str, source: str) -> bool:
    """Whether a topic is a source; publishers to a domain give its topic's name alone."""
    one, other = topic.strip("/").lower(), source.strip("/").lower()
    in_domain = "/microsoft.eventgrid/domains/" in other
    return bool(one) and (one == other or (in_domain and other.endswith(f"/topics/{one}")))


_ENDED = frozenset(
    (
        "deadletterreason",
        "deliveryattempts",
        "lastdeliveryoutcome",
        "publishtime",
        "lastdeliveryattempttime",
    )
)
"""What a dead letter has beside its event, in lower case."""


_URLS = ("url", "sourceUrl", "destinationUrl")
_HOST = re.compile(r"^https://[^./]+(?=\.(?:blob|dfs)\.)")


def moved(event: Mapping[str, Any], source: str) -> dict[str, Any] | None:
    """An event as if the source had raised it, with its own id; None where it never would.

    A topic of a domain is one by its name.

    Args:
        event: by Event Grid's names, of another subscription's account, workspace or domain.
        source: resource id of what raises events here.
    """
    name = source.rpartition("/")[2]
    raised = next((types for of, types in EVENT_TYPES.items() if f"/{of}/" in source), None)
    if raised is None:
        if str(event.get("topic")).rpartition("/")[2].lower() != name.lower():
            return None
    elif event.get("eventType") not in raised:
        return None
    kept = {key: value for key, value in event.items() if key.lower() not in _ENDED}
    data = kept.get("data")
    if raised and isinstance(data, dict):
        urls = {key: data[key] for key in _URLS if isinstance(data.get(key), str)}
        kept["data"] = {**data, **{key: _HOST.sub(f"https://{name}", urls[key]) for key in urls}}
    return {**kept, "topic": source}
