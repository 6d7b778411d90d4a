"""``try event``: which subscriptions would get an event, and what refuses it, without sending it.

Of the embedded Azure that runs; or of rules that are not deployed: a stack's, or a file's.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local_azure import project
from local_azure.commands import stacks
from local_azure.commands.console_client import Console
from local_azure.control_plane import strict_json
from local_azure.control_plane.resource_manager import sdk, shape
from local_azure.errors import LocalAzureError, reason
from local_azure.home import Home
from local_azure.services.eventgrid.explanation import shown
from local_azure.services.eventgrid.filters import EventFilter
from local_azure.services.eventgrid.resources.subscription_rules import filter_problems, unread
from local_azure.services.eventgrid.sources import EVENT_TYPES, STORAGE, WORKSPACE
from local_azure.services.eventgrid.trial import NoEventError, Rule, events, try_event

_TYPE = "azure-native:eventgrid:SystemTopicEventSubscription"
_RAISED = {"storage": EVENT_TYPES[STORAGE], "workspace": EVENT_TYPES[WORKSPACE], "domain": ()}
"""Types that a source raises; () for any."""


def outcome(
    home: Home, file: str, rules: str | None, stack: str | None
) -> tuple[list[dict[str, Any]], Iterator[str], int]:
    """What becomes of the events of a file, lines that tell it, and 0 where some rule gets one.

    Args:
        home: the state folder, on which a server runs; unused with rules or a stack.
        file: the events, or ``-`` for the standard input.
        rules: file of filters by name, as event subscriptions have them.
        stack: name of a stack, whose file has rules.

    Raises:
        LocalAzureError: a file can't be read or holds something else; no server runs.
    """
    try:
        told = _told(home, _read(file), rules, stack)
    except NoEventError as error:
        raise LocalAzureError(f"{file}: {error}") from None
    some = any(each["gets"] for event in told for each in event["subscriptions"])
    return told, _lines(told), 0 if some else 1


def _told(home: Home, document: Any, rules: str | None, stack: str | None) -> list[dict[str, Any]]:
    if rules is None and stack is None:
        told: list[dict[str, Any]] = Console.of(home).post("/try-event", document)
        return told
    tried = _rules(rules or "") if stack is None else _rules_of(home, stack)
    return [try_event(event, tried) for event in events(document)]


def _read(file: str) -> Any:
    try:
        return strict_json.read(sys.stdin.read() if file == "-" else Path(file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LocalAzureError(f"{file}: {reason(error)}. It has to hold JSON.") from None


def _rules(file: str) -> list[Rule]:
    document = _read(file)
    accepted = 'accepted is {"<name>": {<the filter of an event subscription>}, …}'
    if not isinstance(document, dict) or not document:
        raise LocalAzureError(f"{file}: {accepted}.")
    return [_rule(file, name, body) for name, body in document.items()]


def _rules_of(home: Home, stack: str) -> list[Rule]:
    told = project.locate().rules(stack, stacks.configuration(home, stack))
    return [
        Rule(name, EventFilter.of(each["filter"]), raised=_RAISED[each["source"]])
        for name, each in told.items()
    ]


def _rule(file: str, name: str, body: Any) -> Rule:
    """A rule that is checked as strictly as one that is deployed."""
    fields = sdk.resource(_TYPE).inputs
    wanted = {"filter": body}
    found = list(shape.problems({"filter": fields["filter"]}, wanted, shape.Secrecy()))
    found = found or list(filter_problems(body, cloud_events=True))
    if found:
        message = f"{file}: {shown(name)}: {found[0].path}: {found[0].reason.rstrip('.')}."
        raise LocalAzureError(message)
    # No topic says in which form the events come in: the keys do.
    cloud_events = any(unread(body.get("advancedFilters") or [], cloud_events=False))
    return Rule(name, EventFilter.of(body, cloud_events=cloud_events))


def _lines(told: list[dict[str, Any]]) -> Iterator[str]:
    for each in told:
        event, subscriptions = each["event"], each["subscriptions"]
        yield f"{_bare(event['eventType'])} {shown(event['subject'])}"
        if not subscriptions:
            yield "  There is no event subscription."
        elif event["topic"] and not each["topic_known"] and any(o["source"] for o in subscriptions):
            yield f"  Its topic {shown(event['topic'])} is unknown here: tried as if from each."
        for subscription in subscriptions:
            yield from _verdict(subscription)


def _verdict(subscription: dict[str, Any]) -> Iterator[str]:
    source = subscription["source"].rpartition("/")[2]
    name = _bare(subscription["name"]) + (f" (events of {source})" if source else "")
    yield f"  {name}: {'gets it' if subscription['gets'] else 'does not get it'}"
    for refusal in subscription["refusals"]:
        yield f"    {refusal['part']}: {refusal['reason']}"


def _bare(text: str) -> str:
    return text if text.isprintable() else shown(text)
