"""A rule for events, as a stack file has it: its fields, and what goes together in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.settings.checks import between, named, one_of
from components.settings.events import destinations, filters, records
from components.settings.events.event_types import EVENT_TYPES, full_name
from components.settings.events.model import AdvancedFilter, EventRule, Resource
from components.settings.events.records import Field, Fields
from components.settings.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.settings.events.model import Destination

_LONGEST_SUBJECT = 1000  # UNVERIFIED
_LONGEST_HANDLED = 50
"""Characters of a rule's name that fit into a workflow's, of 80, with what is added to it."""
_SUBSCRIPTION = "Microsoft.EventGrid/systemTopics/eventSubscriptions"


def _workspace_types(value: list[Any]) -> list[Refusal]:
    known = {*EVENT_TYPES, *(each.full_name for each in EVENT_TYPES.values())}
    wrong = [each for each in value if not isinstance(each, str) or each not in known]
    accepted = f"one or more of {', '.join(EVENT_TYPES)}"
    return [Refusal(accepted, found=wrong or value)] if wrong or not value else []


def _any_types(value: list[Any]) -> list[Refusal]:
    fits = all(isinstance(each, str) and 0 < len(each) <= _LONGEST_SUBJECT for each in value)
    return [] if value and fits else [Refusal("one or more types of event, each of them text")]


def _subject(value: str) -> list[Refusal]:
    if "*" in value or not value.isprintable() or len(value) > _LONGEST_SUBJECT:
        accepted = f"text of at most {_LONGEST_SUBJECT} characters; filters know no wildcards"
        return [Refusal(accepted)]
    return []


_OF_EVERY_RULE = {
    "destination": Field(dict, destinations.check),
    "subject_begins_with": Field(str, _subject, ""),
    "subject_ends_with": Field(str, _subject, ""),
    "subject_case_sensitive": Field(bool, default=False),
    "advanced_filters": Field(list, filters.check, []),
    "advanced_filtering_on_arrays": Field(bool, default=False),
    "delivery_with_identity": Field(bool, default=None),
    "time_to_live_minutes": Field(int, between(1, 1440, "minutes"), 1440),
    "dead_letter_container_id": Field(str, destinations.container_id, ""),
    "schema": Field(str, one_of("event_grid", "cloud_events"), "event_grid"),
    "max_events_per_batch": Field(int, between(1, 5000), 1),
    "preferred_batch_kilobytes": Field(int, between(1, 1024, "kilobytes"), 64),
}

OF_A_WORKSPACE: Fields = {
    "name": Field(str, named(_SUBSCRIPTION)),
    "event_types": Field(list, _workspace_types),
    **_OF_EVERY_RULE,
    "delivery_attempts": Field(int, between(1, 30), 30),
}

OF_A_DOMAIN: Fields = {
    "name": Field(str, named(_SUBSCRIPTION)),
    "topic": Field(str, named("Microsoft.EventGrid/domains/topics")),
    # The document's: one type of event, three attempts.
    "event_types": Field(list, _any_types, [EVENT_TYPES["ModelRegistered"].full_name]),
    **_OF_EVERY_RULE,
    "delivery_attempts": Field(int, between(1, 30), 3),
}


def check_all(rules: list[Any], fields: Fields = OF_A_WORKSPACE) -> list[Refusal]:
    """Rules of one source."""
    refused = [
        refusal._replace(path=f"[{at}]{refusal.path}")
        for at, rule in enumerate(rules)
        for refusal in _refusals(rule, fields)
    ]
    return refused + list(_same_names(rules))


def _refusals(rule: Any, fields: Fields) -> list[Refusal]:
    refused = records.check(rule, fields)
    wrong = {refusal.path for refusal in refused}
    if not isinstance(rule, dict) or any(path.startswith(".destination") for path in wrong):
        return refused
    misfits = _misfits(records.filled(rule, fields))
    return refused + [refusal for refusal in misfits if refusal.path not in wrong]


def _misfits(rule: dict[str, Any]) -> Iterator[Refusal]:
    kind = rule["destination"]["kind"]
    if rule["delivery_with_identity"] and kind not in destinations.SENT_BY_IDENTITY:
        told = ", ".join(destinations.SENT_BY_IDENTITY)
        accepted = f"false: an identity delivers only to {told}"
        yield Refusal(accepted, path=".delivery_with_identity", found=True)
    if kind not in destinations.BATCHED and rule["max_events_per_batch"] != 1:
        accepted = f"1: only {', '.join(destinations.BATCHED)} are sent several events at a time"
        found = rule["max_events_per_batch"]
        yield Refusal(accepted, path=".max_events_per_batch", found=found)
    if _is_made_here(rule["destination"]):
        yield from _misfits_of_a_workflow(rule)


def _misfits_of_a_workflow(rule: dict[str, Any]) -> Iterator[Refusal]:
    if rule["schema"] != "event_grid":
        accepted = "event_grid: the program's own workflows read no other"
        yield Refusal(accepted, path=".schema", found=rule["schema"])
    if len(str(rule.get("name"))) > _LONGEST_HANDLED:
        accepted = f"at most {_LONGEST_HANDLED} characters: a workflow is named after the rule"
        yield Refusal(accepted, path=".name", found=rule["name"])


def _is_made_here(destination: dict[str, Any]) -> bool:
    return destination["kind"] in destinations.WORKFLOWS and not destination.get("workflow_id")


def _same_names(rules: list[Any]) -> Iterator[Refusal]:
    seen: set[str] = set()
    for at, rule in enumerate(rules):
        name = rule.get("name") if isinstance(rule, dict) else None
        if not isinstance(name, str):
            continue
        if name.lower() in seen:
            accepted = "a name of its own: dead letters and secrets are told apart by it"
            yield Refusal(accepted, path=f"[{at}].name", found=name)
        seen.add(name.lower())


def build(rule: dict[str, Any], secret: str | None, fields: Fields = OF_A_WORKSPACE) -> EventRule:
    """An accepted rule, as the program reads it."""
    return to(destinations.build(rule["destination"], secret), rule, fields)


def to(
    destination: Destination, rule: dict[str, Any], fields: Fields = OF_A_WORKSPACE
) -> EventRule:
    """An accepted rule to a destination, as the program reads it."""
    given = records.filled(rule, fields)
    with_identity = given["delivery_with_identity"]
    if with_identity is None:
        with_identity = isinstance(destination, Resource)
    return EventRule(
        name=given["name"],
        event_types=tuple(dict.fromkeys(map(full_name, given["event_types"]))),
        subject_begins_with=given["subject_begins_with"] or None,
        subject_ends_with=given["subject_ends_with"] or None,
        subject_case_sensitive=given["subject_case_sensitive"],
        advanced_filters=tuple(map(_filter, given["advanced_filters"])),
        advanced_filtering_on_arrays=given["advanced_filtering_on_arrays"],
        destination=destination,
        delivery_with_identity=with_identity,
        delivery_attempts=given["delivery_attempts"],
        time_to_live_minutes=given["time_to_live_minutes"],
        dead_letter_container_id=given["dead_letter_container_id"] or None,
        schema=given["schema"],
        max_events_per_batch=given["max_events_per_batch"],
        preferred_batch_kilobytes=given["preferred_batch_kilobytes"],
    )


def _filter(given: dict[str, Any]) -> AdvancedFilter:
    return AdvancedFilter(given["operator"], given["key"], tuple(filters.values_of(given)))
