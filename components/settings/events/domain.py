"""An Event Grid domain, as a stack file has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.settings import checks
from components.settings.events import records, rules
from components.settings.events.model import DomainSubscription, EventDomainSettings
from components.settings.events.records import Field
from components.settings.model import Principal
from components.settings.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping


def _topics(value: list[Any]) -> list[Refusal]:
    if not value or not all(isinstance(each, str) for each in value):
        return [Refusal("one or more names of domain topics")]
    if len({each.lower() for each in value}) < len(value):
        return [Refusal("names of domain topics, each of them once")]
    return checks.each(checks.named("Microsoft.EventGrid/domains/topics"))(value)


def _subscriptions(value: list[Any]) -> list[Refusal]:
    return rules.check_all(value, rules.OF_A_DOMAIN)


_FIELDS = {
    "topics": Field(list, _topics),
    "subscriptions": Field(list, _subscriptions, []),
    "publishers": Field(list, checks.each(checks.principal), []),
    "access_keys": Field(bool, default=False),
}


def check(value: dict[str, Any]) -> list[Refusal]:
    """A domain: its topics, subscriptions to them, and who may send events."""
    refused = records.check(value, _FIELDS)
    if any(refusal.path.startswith(".topics") for refusal in refused):
        return refused
    return refused + _topics_there(records.filled(value, _FIELDS))


def _topics_there(domain: dict[str, Any]) -> list[Refusal]:
    accepted = f"a topic of the domain: {', '.join(domain['topics'])}"
    given = domain["subscriptions"]
    return [
        Refusal(accepted, path=f".subscriptions[{at}].topic", found=each["topic"])
        for at, each in enumerate(given if isinstance(given, list) else [])
        if isinstance(each, dict) and isinstance(each.get("topic"), str)
        if each["topic"] not in domain["topics"]
    ]


def build(value: dict[str, Any], secrets: Mapping[str, str]) -> EventDomainSettings:
    """An accepted domain, as the program reads it."""
    given = records.filled(value, _FIELDS)
    return EventDomainSettings(
        topics=tuple(given["topics"]),
        subscriptions=tuple(
            DomainSubscription(
                each["topic"], rules.build(each, secrets.get(each["name"]), rules.OF_A_DOMAIN)
            )
            for each in given["subscriptions"]
        ),
        publishers=tuple(Principal(**principal) for principal in given["publishers"]),
        access_keys=given["access_keys"],
    )
