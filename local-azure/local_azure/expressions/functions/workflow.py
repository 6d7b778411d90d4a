"""Workflow functions: what expressions of a Logic App or of a pipeline ask of their run."""

from typing import Any

from local_azure.expressions.context import Context
from local_azure.expressions.registry import (
    BOTH,
    DATA_FACTORY,
    LOGIC_APPS,
    TRIGGER,
    Service,
    function,
)

_ASKED = (
    ("parameters(name: string)", LOGIC_APPS),
    ("variables(name: string)", BOTH),
    ("trigger()", LOGIC_APPS | TRIGGER),
    ("actions(name: string)", LOGIC_APPS),
    ("action()", LOGIC_APPS),
    ("result(scope: string)", LOGIC_APPS),
    ("item()", BOTH),
    ("items(loop: string)", LOGIC_APPS),
    ("iterationIndexes(loop: string)", LOGIC_APPS),
    ("workflow()", LOGIC_APPS),
    ("listCallbackUrl()", LOGIC_APPS),
    ("appsetting(name: string)", LOGIC_APPS),
    ("pipeline()", DATA_FACTORY),
    ("activity(name: string)", DATA_FACTORY),
    ("dataset()", DATA_FACTORY),
    ("linkedService()", DATA_FACTORY),
)
"""Functions that are a question to the run, see ``Context.ask``."""


def _declare(signature: str, services: frozenset[Service]) -> None:
    @function(signature, services=services, with_context=True)
    def ask(context: Context, *arguments: str) -> Any:
        return context.ask(signature.partition("(")[0], *arguments)


for _each in _ASKED:
    _declare(*_each)


@function("triggerOutputs()", services=LOGIC_APPS, with_context=True)
def trigger_outputs(context: Context) -> Any:
    """The trigger's outputs, or null."""
    return _property(context.ask("trigger"), "outputs")


@function("triggerBody()", services=LOGIC_APPS, with_context=True)
def trigger_body(context: Context) -> Any:
    """The body in the trigger's outputs, or null."""
    return _property(trigger_outputs(context), "body")


@function(
    "outputs(name: string)",
    "actionOutputs(name: string)",
    services=LOGIC_APPS,
    with_context=True,
)
def outputs(context: Context, name: str) -> Any:
    """The action's outputs, or null."""
    return _property(context.ask("actions", name), "outputs")


@function("body(name: string)", "actionBody(name: string)", services=LOGIC_APPS, with_context=True)
def body(context: Context, name: str) -> Any:
    """The body in the action's outputs, or null."""
    return _property(outputs(context, name), "body")


def _property(record: Any, name: str) -> Any:
    if not isinstance(record, dict):
        return None
    for key, value in record.items():
        if key.lower() == name:
            return value
    return None
