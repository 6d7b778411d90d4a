"""Requests that Azure would send again, a body that is no list, a handshake without an answer."""

import json
from collections.abc import Iterator

from local_azure.expressions.syntax import Literal, Selection, selections
from local_azure.lint.subject import Finding, Subject
from local_azure.services.logic.action import Action

_SENDING = frozenset({"ApiConnection", "Http"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})


def repeated(subject: Subject) -> Iterator[Finding]:
    """A POST with retries: where its answer got lost, a second one starts a second job."""
    for action in subject.actions:
        if action.type in _SENDING and _is_repeated(action):
            message = (
                "a POST that is sent again after a lost answer can start a second job; write "
                'retryPolicy {"type": "none"} and let the caller deliver again'
            )
            yield Finding("repeated-post", f"Action '{action.name}'", message)


def items_of_a_split_body(subject: Subject) -> Iterator[Finding]:
    """``triggerBody()?[0]`` where splitOn has made one object of the body already."""
    if "splitOn" not in subject.trigger:
        return
    for written in subject.expressions:
        split = written.where == "The trigger" and written.text == subject.trigger["splitOn"]
        if not split and any(map(_is_item_of_the_body, selections(written.expression))):
            message = (
                "under splitOn the body is one item, and no list any more; leave the index out"
            )
            yield Finding("index-under-split", written.where, message, written.text)


def unanswered_handshake(subject: Subject) -> Iterator[Finding]:
    """A Request trigger for Event Grid's events: a list of one, with `eventType` and `data`.

    Where the body is passed on as it is, the trigger's name tells: the portal's for such events.
    """
    whole = json.dumps(subject.definition)
    reads_data = any(
        _of_the_body(each)[:2] == [0, "data"]
        for written in subject.expressions
        for each in selections(written.expression)
    )
    told = any(word in whole for word in ("eventType", '"When_a_resource_event_occurs'))
    gets_events = subject.trigger.get("type") == "Request" and (reads_data or told)
    if gets_events and not any(each in whole for each in ("validationResponse", "validationUrl")):
        message = (
            "Event Grid makes no subscription without an answer to its handshake; reply to "
            "Microsoft.EventGrid.SubscriptionValidationEvent with 200 and "
            "{\"validationResponse\": \"@triggerBody()?[0]?['data']?['validationCode']\"}"
        )
        yield Finding("unanswered-handshake", "The trigger", message)


def _is_repeated(action: Action) -> bool:
    inputs = action.spec["inputs"]
    policy = inputs.get("retryPolicy")
    never = isinstance(policy, dict) and str(policy.get("type", "")).lower() == "none"
    # A token asked for twice is no second job.
    is_login = "/oauth2/" in str(inputs.get("uri", ""))
    return not never and not is_login and str(inputs["method"]).upper() not in _SAFE


def _is_item_of_the_body(selection: Selection) -> bool:
    return isinstance(next(iter(_of_the_body(selection)), None), int)


def _of_the_body(selection: Selection) -> list[object]:
    """The keys that are selected below the trigger's body; none of anything else."""
    keys = [step.key.value for step in selection.steps if isinstance(step.key, Literal)]
    path = {"triggerbody": [], "triggeroutputs": ["body"], "trigger": ["outputs", "body"]}
    before = path.get(selection.target.name.lower())
    return keys[len(before) :] if before is not None and keys[: len(before)] == before else []
