"""The Request trigger: from a request to the outputs of the runs that it starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from local_azure.expressions.context import Context, named
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import LOGIC_APPS, Service
from local_azure.expressions.template import evaluate
from local_azure.runs.content import decode, header
from local_azure.services.logic.conditions import holds
from local_azure.services.logic.definition import Definition
from local_azure.services.logic.errors import (
    InvalidContentError,
    MethodNotAllowedError,
    SchemaMismatchError,
    SplitError,
)
from local_azure.services.logic.schema import mismatches

_SIGNATURE = frozenset({"api-version", "sp", "sv", "sig"})


@dataclass(frozen=True)
class TriggerRequest:
    """A request at a trigger's callback URL."""

    method: str
    headers: Mapping[str, str]
    queries: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _Sight(Context):
    services: ClassVar[frozenset[Service]] = LOGIC_APPS

    outputs: dict[str, Any]
    parameters: Mapping[str, Any]
    time: datetime

    def now(self) -> datetime:
        return self.time

    def trigger(self) -> Any:
        return {"outputs": self.outputs}

    def parameter(self, name: str) -> Any:
        return named(self.parameters, name, "parameters", "parameter")


def fire(
    definition: Definition,
    parameters: Mapping[str, Any],
    request: TriggerRequest,
    now: datetime,
) -> list[dict[str, Any]]:
    """The trigger outputs of each run that a request starts; none when a condition says no.

    Raises:
        TriggerError: when the request is not one for this trigger.
    """
    trigger = definition.trigger
    outputs = _outputs(trigger, request)
    _enforce_schema(definition, outputs.get("body"))
    sight = _Sight(outputs, parameters, now)
    try:
        if not all(holds(each["expression"], sight) for each in trigger.get("conditions", [])):
            return []
        if "splitOn" not in trigger:
            return [outputs]
        items = evaluate(trigger["splitOn"], sight)
    except ExpressionError as error:
        raise SplitError(str(error)) from error
    if not isinstance(items, list):
        message = f"splitOn '{trigger['splitOn']}' gives no array; found {type(items).__name__}."
        raise SplitError(message)
    return [{**outputs, "body": item} for item in items]


def _outputs(trigger: Mapping[str, Any], request: TriggerRequest) -> dict[str, Any]:
    expected = (trigger.get("inputs") or {}).get("method", "POST").upper()
    if request.method != expected:
        raise MethodNotAllowedError(request.method, expected)
    try:
        body = decode(request.body, header(request.headers, "content-type"))
    except ValueError as error:
        raise InvalidContentError(str(error)) from error
    # Azure leaves the caller's credentials out as well.
    headers = {k: v for k, v in request.headers.items() if k.lower() != "authorization"}
    outputs: dict[str, Any] = {"headers": headers}
    if queries := {k: v for k, v in request.queries.items() if k not in _SIGNATURE}:
        outputs["queries"] = queries
    if body is not None:
        outputs["body"] = body
    return outputs


def _enforce_schema(definition: Definition, body: Any) -> None:
    # Without this option Azure uses the schema for the designer only.
    if definition.trigger.get("operationOptions") != "EnableSchemaValidation":
        return
    schema = (definition.trigger.get("inputs") or {}).get("schema") or {}
    if why := list(mismatches(body, schema)):
        raise SchemaMismatchError(
            definition.trigger_name, " ".join(each["message"] for each in why)
        )
