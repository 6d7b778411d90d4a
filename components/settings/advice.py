"""What a stack file may say and should know about: told in each preview, never refused."""

import re
from collections.abc import Callable, Iterator

from components.settings import azure_lists
from components.settings.event_rules import EventRule
from components.settings.event_types import DRIFT, EventType, of
from components.settings.settings import Settings
from components.settings.workspace import NewCluster


def advice(settings: Settings) -> Iterator[str]:
    """Sentences about what is accepted and yet worth a warning."""
    yield from _unknown("location", settings.location, "regions", azure_lists.of("regions"))
    if isinstance(settings.cluster, NewCluster):
        yield from _of_a_cluster(settings.cluster)
    rules = settings.workspace_events.all_rules
    used = {name: each for rule in rules for name in rule.event_types if (each := of(name))}
    yield from _previews(list(used.values()))
    for rule in rules:
        yield from _never_matching(rule)
        yield from _unknown_fields(rule)
        yield from _unknown_statuses(rule)


def _of_a_cluster(cluster: NewCluster) -> Iterator[str]:
    """Source: D:machine-learning/how-to-use-low-priority-batch."""
    if cluster.node_priority == "low_priority" and cluster.max_nodes == 1:
        yield (
            "cluster.node_priority: where Azure takes a low-priority node back, a job on a cluster"
            " of one node is cancelled, and nothing starts it again; with max_nodes above 1 it goes"
            " on."
        )
    sizes = tuple(f"Standard_{size}" for size in azure_lists.of("sizes"))
    yield from _unknown("cluster.vm_size", cluster.vm_size, "sizes of machine", sizes)


def _unknown(key: str, given: str, what: str, known: tuple[str, ...]) -> Iterator[str]:
    """A region or a size of machine that Azure did not have on a day."""
    if given.lower() in map(str.lower, known):
        return
    meant = azure_lists.near(given, known)
    question = f"; did you mean {meant}?" if meant else "."
    yield (
        f"{key}: {given} is none of the {what} that Azure had in May 2026"
        f" (components/settings/azure_lists.yaml){question}"
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
    begins, ends = rule.subject_begins_with, rule.subject_ends_with
    if not begins and not ends:
        return
    for each in filter(None, map(of, rule.event_types)):
        sensitive = rule.subject_case_sensitive
        if not any(
            can_match(form, begins, ends, case_sensitive=sensitive) for form in each.subjects
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
        if wrong := [value for value in each.operands if str(value).lower() not in lowered]:
            yield (
                f"workspace_events, rule {rule.name}: its filter looks for"
                f" {', '.join(map(str, wrong))}; statuses of runs are {', '.join(known)}."
            )


def can_match(form: str, begins: str, ends: str, *, case_sensitive: bool) -> bool:
    """Whether some subject of the form begins and ends so; empty filters match every subject.

    A form such as `experiments/{}/runs/{}` is compared name by name: what stands for a name in the
    form is any text without a slash, and a name of two parts (`{}:{}`) has the colon in it.
    """
    if not case_sensitive:
        form, begins, ends = form.lower(), begins.lower(), ends.lower()
    names, first, last = form.split("/"), begins.split("/"), ends.split("/")
    return _begins(names, first, str.startswith) and _begins(names[::-1], last[::-1], str.endswith)


def _begins(form: list[str], filtered: list[str], fits: Callable[[str, str], bool]) -> bool:
    *whole, part = filtered
    if len(whole) >= len(form):
        return False
    name = form[len(whole)]
    same = all(_is(each, text) for each, text in zip(form, whole, strict=False))
    return same and ("{}" in name or fits(name, part))


def _is(name: str, text: str) -> bool:
    return re.fullmatch(re.escape(name).replace(r"\{\}", "[^/]+"), text) is not None
