"""Manipulation functions for JSON objects, and what reads JSON.

JSON is read strictly: what Microsoft's engine forgives (comments, single quotes, trailing commas,
names without quotes) is refused. XML is not emulated.
"""

import json
from typing import Any

from local_azure.expressions.content import content_text, is_content
from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.functions.conversion import base64_to_string
from local_azure.expressions.json_types import type_name
from local_azure.expressions.registry import function

_NOT_IN_NAMES = "[]."


@function("json(value: string|object)")
def json_(value: Any) -> Any:
    """The value that JSON text stands for."""
    if isinstance(value, str):
        return _read(value)
    if is_content(value):
        if "application/xml" in str(value["$content-type"]).lower():
            raise ArgumentProblem("was given XML, which is not emulated.")
        return _read(_content_text(value))
    message = (
        "expects its parameter to be a string or an XML. "
        f"The provided value is of type '{type_name(value)}'."
    )
    raise ArgumentProblem(message)


@function("base64ToJson(value: string)")
def base64_to_json(value: str) -> Any:
    """The value that JSON text in base64 stands for."""
    written = base64_to_string(value)
    if not written.strip():
        message = "was invoked with a parameter that is not valid: there is no JSON in it."
        raise ArgumentProblem(message)
    return _read(written)


def _read(written: str) -> Any:
    if not written.strip():
        return None
    try:
        return json.loads(written, parse_constant=_refuse_constant)
    except ValueError as wrong:
        message = (
            f"parameter is not valid. The provided value '{written}' cannot be parsed: '{wrong}'."
        )
        raise ArgumentProblem(message) from wrong


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _content_text(value: dict[str, Any]) -> str:
    try:
        return content_text(value)
    except ValueError as wrong:
        message = f"can't read the content of type '{value['$content-type']}': {wrong}."
        raise ArgumentProblem(message) from wrong


@function("addProperty(object: object, property: string, value: any)")
def add_property(target: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The object with one more property."""
    if _existing(target, _checked(name)) is not None:
        message = (
            "expects the property to not exist in the object. "
            f"Unable to add property '{name}', it exists."
        )
        raise ArgumentProblem(message)
    return {**target, name: value}


@function("setProperty(object: object, property: string, value: any)")
def set_property(target: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The object with a property changed or added; either way it is the last one then."""
    existing = _existing(target, _checked(name))
    others = {key: each for key, each in target.items() if key != existing}
    return {**others, name if existing is None else existing: value}


@function("removeProperty(object: object, property: string)")
def remove_property(target: dict[str, Any], name: str) -> dict[str, Any]:
    """The object without a property."""
    existing = _existing(target, _checked(name))
    return {key: value for key, value in target.items() if key != existing}


def _existing(target: dict[str, Any], name: str) -> str | None:
    if name in target:
        return name
    return next((key for key in target if key.lower() == name.lower()), None)


def _checked(name: str) -> str:
    found = [character for character in _NOT_IN_NAMES if character in name]
    if found:
        message = (
            f"can't use the property name '{name}', which has the invalid characters "
            f"'{', '.join(found)}'; a name has none of '[, ], .'."
        )
        raise ArgumentProblem(message)
    return name
