"""Workflow functions: what a Logic App's expressions ask of their run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.functions.form_data import form_field, multipart_part
from local_azure.expressions.registry import BOTH, LOGIC_APPS, TRIGGER, function

if TYPE_CHECKING:
    from local_azure.expressions.context import Context


@function("parameters(name: string)", services=LOGIC_APPS, with_context=True)
def parameters(context: Context, name: str) -> Any:
    """The parameter's value."""
    return context.parameter(name)


@function("variables(name: string)", services=BOTH, with_context=True)
def variables(context: Context, name: str) -> Any:
    """The variable's value."""
    return context.variable(name)


@function("trigger()", services=LOGIC_APPS | TRIGGER, with_context=True)
def trigger(context: Context) -> Any:
    """The trigger's whole record."""
    return context.trigger()


@function("triggerOutputs()", services=LOGIC_APPS, with_context=True)
def trigger_outputs(context: Context) -> Any:
    """The trigger's outputs, or null."""
    return _property(context.trigger(), "outputs")


@function("triggerBody()", services=LOGIC_APPS, with_context=True)
def trigger_body(context: Context) -> Any:
    """The body in the trigger's outputs, or null."""
    return _property(trigger_outputs(context), "body")


@function("actions(name: string)", services=LOGIC_APPS, with_context=True)
def actions(context: Context, name: str) -> Any:
    """The action's whole record."""
    return context.action(name)


@function("action()", services=LOGIC_APPS, with_context=True)
def action(context: Context) -> Any:
    """The record of the action whose own condition is evaluated, e.g. a webhook's."""
    return context.current_action()


@function(
    "outputs(name: string)",
    "actionOutputs(name: string)",
    services=LOGIC_APPS,
    with_context=True,
)
def outputs(context: Context, name: str) -> Any:
    """The action's outputs, or null."""
    return _property(context.action(name), "outputs")


@function("body(name: string)", "actionBody(name: string)", services=LOGIC_APPS, with_context=True)
def body(context: Context, name: str) -> Any:
    """The body in the action's outputs, or null."""
    return _property(outputs(context, name), "body")


@function("result(scope: string)", services=LOGIC_APPS, with_context=True)
def result(context: Context, scope: str) -> Any:
    """The records of the actions in a scope, a loop or a condition."""
    return context.result(scope)


@function("item()", services=BOTH, with_context=True)
def item(context: Context) -> Any:
    """The current item of the innermost loop."""
    return context.item()


@function("items(loop: string)", services=LOGIC_APPS, with_context=True)
def items(context: Context, loop: str) -> Any:
    """The current item of the named loop."""
    return context.loop_item(loop)


@function("iterationIndexes(loop: string)", services=LOGIC_APPS, with_context=True)
def iteration_indexes(context: Context, loop: str) -> Any:
    """The current iteration of the named Until loop."""
    return context.iteration_index(loop)


@function("workflow()", services=LOGIC_APPS, with_context=True)
def workflow(context: Context) -> Any:
    """The workflow and its run."""
    return context.workflow()


@function("listCallbackUrl()", services=LOGIC_APPS, with_context=True)
def list_callback_url(context: Context) -> Any:
    """The callback URL of the webhook that is being registered."""
    return context.list_callback_url()


@function("appsetting(name: string)", services=LOGIC_APPS, with_context=True)
def app_setting(context: Context, name: str) -> Any:
    """The application setting (Standard plan)."""
    return context.app_setting(name)


@function("formDataValue(action: string, key: string)", services=LOGIC_APPS, with_context=True)
def form_data_value(context: Context, action: str, key: str) -> Any:
    """The one value of a form field in an action's outputs."""
    return _one(form_field(outputs(context, action), key), key)


@function(
    "formDataMultiValues(action: string, key: string)",
    services=LOGIC_APPS,
    with_context=True,
)
def form_data_multi_values(context: Context, action: str, key: str) -> list[Any]:
    """All values of a form field in an action's outputs."""
    return form_field(outputs(context, action), key)


@function("triggerFormDataValue(key: string)", services=LOGIC_APPS, with_context=True)
def trigger_form_data_value(context: Context, key: str) -> Any:
    """The one value of a form field in the trigger's outputs."""
    return _one(form_field(trigger_outputs(context), key), key)


@function("triggerFormDataMultiValues(key: string)", services=LOGIC_APPS, with_context=True)
def trigger_form_data_multi_values(context: Context, key: str) -> list[Any]:
    """All values of a form field in the trigger's outputs."""
    return form_field(trigger_outputs(context), key)


@function(
    "multipartBody(action: string, index: integer)",
    services=LOGIC_APPS,
    with_context=True,
)
def multipart_body(context: Context, action: str, index: int) -> Any:
    """The part at that position of an action's multipart outputs."""
    return multipart_part(outputs(context, action), index)


@function("triggerMultipartBody(index: integer)", services=LOGIC_APPS, with_context=True)
def trigger_multipart_body(context: Context, index: int) -> Any:
    """The part at that position of the trigger's multipart outputs."""
    return multipart_part(trigger_outputs(context), index)


def _property(record: Any, name: str) -> Any:
    if not isinstance(record, dict):
        return None
    for key, value in record.items():
        if key.lower() == name:
            return value
    return None


def _one(values: list[Any], key: str) -> Any:
    if len(values) > 1:
        message = f"found {len(values)} values of the form field '{key}'; it returns just one."
        raise ArgumentProblem(message)
    return values[0] if values else None
