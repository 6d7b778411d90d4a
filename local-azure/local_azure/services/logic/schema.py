"""JSON schemas as triggers and Parse JSON use them.

One that names no draft is read as draft 7, which has every keyword that the designer's own schemas
use. References stay within the schema: nothing is fetched.
"""

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7

_DRAFT = re.compile(r"https?://json-schema\.org/(draft-0[3467]|draft/(2019-09|2020-12))/schema#?")
_LATEST = "http://json-schema.org/draft-07/schema#"

_DATA = ("enum", "const", "default", "examples")
"""Keywords whose values are data, whatever they look like."""


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


def mismatches(value: Any, schema: dict[str, Any]) -> Iterator[str]:
    """Why a value does not fit a schema that has no problems; nothing where it does."""
    try:
        for error in _kind(schema)(schema, registry=REGISTRY).iter_errors(value):
            yield f"{error.message} (at {error.json_path})"
    except RecursionError:
        yield "The schema refers to itself without an end."
    except (Unresolvable, re.error, ArithmeticError) as error:
        yield f"The schema can't be applied: {error}."


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
