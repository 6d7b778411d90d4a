"""JSON schemas as triggers and Parse JSON use them.

One that names no draft is read as draft 7, which has every keyword that the designer's own schemas
use. References stay within the schema: nothing is fetched.
"""

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import validator_for
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7

_DRAFT = re.compile(r"https?://json-schema\.org/(draft-0[3467]|draft/(2019-09|2020-12))/schema#?")
_LATEST = "http://json-schema.org/draft-07/schema#"

_DATA = ("enum", "const", "default", "examples")
"""Keywords whose values are data, whatever they look like."""

_TYPES = {
    type(None): "Null",
    bool: "Boolean",
    int: "Integer",
    float: "Number",
    str: "String",
    list: "Array",
    dict: "Object",
}


def schema_problems(schema: Any) -> Iterator[str]:
    """What of a schema can't be enforced."""
    if not isinstance(schema, dict):
        yield f"the schema is an object; found {schema!r}"
        return
    draft = schema.get("$schema", _LATEST)
    if not isinstance(draft, str) or not _DRAFT.fullmatch(draft):
        yield f"the schema's draft: found {draft!r}, accepted: such as {_LATEST}"
        return
    kind = _kind(schema)
    try:
        kind.check_schema(schema, format_checker=kind.FORMAT_CHECKER)
    except SchemaError as error:
        yield f"the schema at {error.json_path}: {error.message}"
        return
    resolver = REGISTRY.resolver_with_root(DRAFT7.create_resource(schema))
    for reference in sorted(set(_references(schema))):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            yield f"the schema refers to {reference!r}, which is nothing inside of it"


def mismatches(value: Any, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Why a value does not fit a schema that has no problems; nothing where it does.

    In the form of a failed Parse JSON's outputs (microsoft/coe-starter-kit#9619, OfficeDev/
    microsoft-teams-apps-requestateam#62). Only the words on types and on what is missing are
    Azure's.
    """
    try:
        for error in _kind(schema)(schema, registry=REGISTRY).iter_errors(value):
            place = "/".join(["#", *map(str, list(error.absolute_schema_path)[:-1])])
            path = error.json_path.removeprefix("$").removeprefix(".")
            yield _mismatch(_worded(error), path, place, str(error.validator))
    except RecursionError:
        yield _mismatch("The schema refers to itself without an end.")
    except (Unresolvable, re.error, ArithmeticError) as error:
        yield _mismatch(f"The schema can't be applied: {error}.")


def _mismatch(message: str, path: str = "", place: str = "#", kind: str = "none") -> dict[str, Any]:
    where: dict[str, Any] = {"lineNumber": 0, "linePosition": 0, "path": path, "schemaId": place}
    return {"message": message, **where, "errorType": kind, "childErrors": []}


def _worded(error: ValidationError) -> str:
    if error.validator == "type":
        accepted: Any = error.validator_value
        types = [accepted] if isinstance(accepted, str) else accepted
        expected = ", ".join(each.title() for each in types)
        return f"Invalid type. Expected {expected} but got {_TYPES[type(error.instance)]}."
    if error.validator == "required":
        name = error.message.removesuffix(" is a required property").strip("'\"")
        return f"Required properties are missing from object: {name}."
    return f"{error.message}."


def _kind(schema: dict[str, Any]) -> Any:
    """The class of the draft's validator; the protocol that is typed has less than it."""
    return validator_for(schema, default=Draft7Validator)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for key, each in schema.items():
            if key not in _DATA:
                yield from _references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _references(each)
