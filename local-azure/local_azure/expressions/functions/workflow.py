"""Workflow functions: what expressions of a Logic App or of a pipeline ask of their run.

Fields of a form and parts of a multipart body lie in outputs as the service has parsed them when
they arrived: a URL-encoded form has ``$formdata`` (a list of key and value), a multipart body
``$multipart`` (a list of headers and body). Any other body is refused.
"""

import re
from typing import Any

from local_azure.expressions.context import Context
from local_azure.expressions.errors import ArgumentProblem
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

_NAME = re.compile(r";\s*name\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)
"""The name of a part, in its ``Content-Disposition``."""


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


@function("formDataValue(action: string, key: string)", services=LOGIC_APPS, with_context=True)
def form_data_value(context: Context, action: str, key: str) -> Any:
    """The one value of a form field in an action's outputs."""
    return _one(_form_field(outputs(context, action), key), key)


@function(
    "formDataMultiValues(action: string, key: string)",
    services=LOGIC_APPS,
    with_context=True,
)
def form_data_multi_values(context: Context, action: str, key: str) -> list[Any]:
    """All values of a form field in an action's outputs."""
    return _form_field(outputs(context, action), key)


@function("triggerFormDataValue(key: string)", services=LOGIC_APPS, with_context=True)
def trigger_form_data_value(context: Context, key: str) -> Any:
    """The one value of a form field in the trigger's outputs."""
    return _one(_form_field(trigger_outputs(context), key), key)


@function("triggerFormDataMultiValues(key: string)", services=LOGIC_APPS, with_context=True)
def trigger_form_data_multi_values(context: Context, key: str) -> list[Any]:
    """All values of a form field in the trigger's outputs."""
    return _form_field(trigger_outputs(context), key)


@function(
    "multipartBody(action: string, index: integer)",
    services=LOGIC_APPS,
    with_context=True,
)
def multipart_body(context: Context, action: str, index: int) -> Any:
    """The part at that position of an action's multipart outputs."""
    return _multipart_part(outputs(context, action), index)


@function("triggerMultipartBody(index: integer)", services=LOGIC_APPS, with_context=True)
def trigger_multipart_body(context: Context, index: int) -> Any:
    """The part at that position of the trigger's multipart outputs."""
    return _multipart_part(trigger_outputs(context), index)


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


def _form_field(outputs: Any, key: str) -> list[Any]:
    """All values of the field of that name, whatever its case."""
    body = _body(outputs)
    if isinstance(body.get("$formdata"), list):
        fields = [(str(each.get("key")), each.get("value")) for each in body["$formdata"]]
        return [value for name, value in fields if name.lower() == key.lower()]
    if isinstance(body.get("$multipart"), list):
        return [each.get("body") for each in body["$multipart"] if _part_name(each) == key.lower()]
    message = (
        "failed to retrieve form data from outputs: their body is neither a parsed "
        "'multipart/form-data' nor a parsed 'application/x-www-form-urlencoded'."
    )
    raise ArgumentProblem(message)


def _multipart_part(outputs: Any, index: int) -> Any:
    """The body of the part at that position, from 0."""
    if index < 0:
        message = (
            f"expects its index to be a non-negative integer. The provided value is '{index}'."
        )
        raise ArgumentProblem(message)
    body = _body(outputs)
    if not isinstance(body.get("$multipart"), list):
        message = (
            "failed to retrieve multipart contents from outputs: the supported content type is "
            f"'multipart/*' and the provided one is '{body.get('$content-type')}'."
        )
        raise ArgumentProblem(message)
    parts = body["$multipart"]
    if index >= len(parts):
        message = (
            f"failed to retrieve multipart contents from outputs: the index '{index}' is beyond "
            f"the '{len(parts)}' parts."
        )
        raise ArgumentProblem(message)
    return parts[index].get("body")


def _body(outputs: Any) -> dict[str, Any]:
    body = outputs.get("body") if isinstance(outputs, dict) else None
    return body if isinstance(body, dict) else {}


def _part_name(part: dict[str, Any]) -> str | None:
    match = _NAME.search(part.get("headers", {}).get("Content-Disposition", ""))
    return (match.group(1) or match.group(2)).lower() if match else None
