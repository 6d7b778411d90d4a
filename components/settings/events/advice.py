"""What a stack file may say and should know about: told in each preview, never refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.settings import azure_lists
from components.settings.events import subjects
from components.settings.events.event_types import DRIFT, of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.settings.events.event_types import EventType
    from components.settings.events.model import EventRule


def advice(rules: Sequence[EventRule]) -> tuple[str, ...]:
    """Sentences about rules for a workspace's events."""
    used = {name: each for rule in rules for name in rule.event_types if (each := of(name))}
    return (
        *_previews(list(used.values())),
        *(sentence for rule in rules for sentence in _never_matching(rule)),
        *(sentence for rule in rules for sentence in _unknown_fields(rule)),
        *(sentence for rule in rules for sentence in _unknown_statuses(rule)),
    )


def _previews(used: list[EventType]) -> Iterator[str]:
    if names := ", ".join(each.name for each in used if each.preview):
        yield f"workspace_events: in Azure these events are a preview: {names}."
    if DRIFT in used:
        yield (
            f"workspace_events: {DRIFT.name} never fires any more: Azure retired data drift on"
            " 2025-09-01 (D:machine-learning/how-to-monitor-datasets). A monitoring job that fails"
            " raises RunStatusChanged."
        )


def _never_matching(rule: EventRule) -> Iterator[str]:
    begins, ends = rule.subject_begins_with or "", rule.subject_ends_with or ""
    if not begins and not ends:
        return
    for each in filter(None, map(of, rule.event_types)):
        sensitive = rule.subject_case_sensitive
        if not any(
            subjects.can_match(form, begins, ends, case_sensitive=sensitive)
            for form in each.subjects
        ):
            yield (
                f"workspace_events, rule {rule.name}: its subject filter never matches"
                f" {each.name}, whose subjects are {_told(each)}."
            )


def _told(each: EventType) -> str:
    return " or ".join(form.replace("{}", "…") for form in each.subjects)


def _unknown_fields(rule: EventRule) -> Iterator[str]:
    """Filters that look at what no sample of the rule's types has, or spells otherwise."""
    fields = [name for each in filter(None, map(of, rule.event_types)) for name in each.fields]
    for key in (each.key for each in rule.advanced_filters):
        below, _, path = key.partition(".")
        name = path.partition(".")[0]
        if below.lower() != "data" or name in fields:
            continue
        same = [field for field in fields if field.lower() == name.lower()]
        found = (
            f"as data.{same[0]}, and case may matter" if same else f"as {', '.join(fields)} only"
        )
        yield (
            f"workspace_events, rule {rule.name}: its filter looks at {key}; the documents' samples"
            f" have the data of its types {found}."
        )


def _unknown_statuses(rule: EventRule) -> Iterator[str]:
    known = azure_lists.of("run_statuses")
    for each in rule.advanced_filters:
        if each.key.lower() != "data.runstatus" or each.operator not in ("StringIn", "StringNotIn"):
            continue
        # Filters pass over the case of texts (D:event-grid/event-filtering).
        lowered = [status.lower() for status in known]
        if wrong := [value for value in each.values if str(value).lower() not in lowered]:
            yield (
                f"workspace_events, rule {rule.name}: its filter looks for"
                f" {', '.join(map(str, wrong))}; statuses of runs are {', '.join(known)}."
            )
