"""Between the one level that azure-native gives a resource and Resource Manager's own body.

azure-native hoists what lies below ``properties`` and renames a few keys; the SDK's types have its
names, Azure's public types the others. Pure functions; how a type differs is written with the type.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_azure.control_plane.resource_manager import sdk, shape
from local_azure.control_plane.resource_manager.errors import InvalidContentError
from local_azure.control_plane.resource_manager.unknown import at

Json = dict[str, Any]

_BESIDE = frozenset(
    (
        *("location", "tags", "identity", "kind", "sku", "etag", "eTag", "managedBy", "plan"),
        *("extendedLocation", "systemData", "zones"),
    )
)
_OF_AN_IDENTITY = {"clientId": str, "principalId": str}
_TOLD = frozenset(("id", "name", "type"))
"""What clients send back, and the path says."""


def _as_it_is(properties: Json) -> Json:
    return properties


@dataclass(frozen=True)
class Form:
    """What is particular about one type.

    Attributes:
        renamed: azure-native's name of a property, where Azure has another.
        below: keys that stand below ``properties``, though most types have them beside it.
        parameters: inputs that are parameters of the query, ``true`` or ``false``.
        deleted_with: the parameter that a DELETE may have, and its one value: ``key=value``.
        nested: ``properties`` with what azure-native hoists inside it put back.
        hoisted: the inverse.
        required: whether ``properties`` must be there.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    below: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()
    deleted_with: str = ""
    nested: Callable[[Json], Json] = _as_it_is
    hoisted: Callable[[Json], Json] = _as_it_is
    required: bool = False


PLAIN = Form()
_OF_AN_ITEM = frozenset(("id", "name", "type", "etag", "location", "tags"))


def of_items(*keys: str) -> Form:
    """The form of a type whose lists under these keys have items with ``properties`` of their own.

    azure-native hoists those as well.
    """

    def nested(properties: Json) -> Json:
        return _each_item(properties, keys, _below)

    def hoisted(properties: Json) -> Json:
        return _each_item(properties, keys, _above)

    return Form(nested=nested, hoisted=hoisted)


def _each_item(properties: Json, keys: Iterable[str], change: Callable[[Json], Json]) -> Json:
    found = {key: properties[key] for key in keys if isinstance(properties.get(key), list)}
    changed = {
        key: [change(each) if isinstance(each, dict) else each for each in items]
        for key, items in found.items()
    }
    return {**properties, **changed}


def _below(item: Json) -> Json:
    beside = {key: value for key, value in item.items() if key in _OF_AN_ITEM}
    return {**beside, "properties": {k: v for k, v in item.items() if k not in beside}}


def _above(item: Json) -> Json:
    beside = {key: value for key, value in item.items() if key != "properties"}
    inner = item.get("properties") or {}
    return {**inner, **beside} if isinstance(inner, dict) else item


def request(form: Form, bag: Json) -> Json:
    """The body of the PUT that azure-native makes of its inputs."""
    sent = body(form, bag)
    if "properties" not in bag and not sent["properties"]:
        # Some types have no property that can be given, and take no empty object for them.
        del sent["properties"]
    assigned = at(sent, "identity.userAssignedIdentities")
    if isinstance(assigned, list):
        mapping: Json = {each: {} for each in assigned}
        sent["identity"] = {**sent["identity"], "userAssignedIdentities": mapping}
    return sent


def body(form: Form, bag: Json) -> Json:
    """A resource as Resource Manager has it; ``bag`` without the parts of its id."""
    left_out = {"azureApiVersion", *form.parameters}
    shown = {key: value for key, value in bag.items() if key not in left_out}
    if "properties" in shown:
        return {**shown, "properties": form.nested(shown["properties"])}
    beside = (_BESIDE | _TOLD) - form.below
    properties = {form.renamed.get(k, k): v for k, v in shown.items() if k not in beside}
    return {
        **{key: value for key, value in shown.items() if key in beside},
        "properties": form.nested(properties),
    }


def outputs(form: Form, told: Json, *, hoisted: bool) -> Json:
    """What azure-native makes of a body: the inverse of ``body``.

    Args:
        form: the type's.
        told: what Resource Manager answered.
        hoisted: whether azure-native has the type's ``properties`` on one level with the rest.
    """
    beside = {key: value for key, value in told.items() if key not in {"id", "properties"}}
    properties = form.hoisted(told.get("properties") or {})
    if not hoisted:
        return {**beside, "properties": properties} if "properties" in told else beside
    names = {theirs: ours for ours, theirs in form.renamed.items()}
    return {**{names.get(key, key): value for key, value in properties.items()}, **beside}


def inputs(pulumi_type: str, form: Form, path: Mapping[str, str], given: Json) -> Json:
    """What azure-native would have been given for the same PUT.

    Nulls of what there is count as absent. What only answers have is left out, as Azure does:
    clients send back what they were told, or what they might have been.

    Args:
        pulumi_type: Pulumi's name of the type.
        form: the type's.
        path: the parts of the id, by the names of the inputs that they come from.
        given: the request's body.

    Raises:
        InvalidContentError: a key stands where Resource Manager does not take it, or there is
            something else than it takes.
    """
    found = sdk.resource(pulumi_type)
    hoisted = "properties" not in found.outputs
    _check_places(form, given, hoisted=hoisted)
    bag = outputs(form, given, hoisted=hoisted)
    bag = {key: value for key, value in bag.items() if key not in _TOLD}
    kept = _written(found.inputs, found.outputs, _with_identities(found.inputs, bag))
    return {**{key: value for key, value in kept.items() if key not in path}, **path}


def _check_places(form: Form, given: Json, *, hoisted: bool) -> None:
    properties = given.get("properties")
    if not isinstance(properties, dict | None) or (form.required and properties is None):
        message = "The request content was invalid and could not be deserialized: 'properties'."
        raise InvalidContentError(message)
    beside = _BESIDE - form.below
    for key in given:
        if key not in beside | _TOLD | {"properties"}:
            raise InvalidContentError(
                "The request content was invalid and could not be deserialized: 'Could not find "
                f"member '{key}' on object of type 'ResourceDefinition'. Path '{key}'.'."
            )
    for key in properties or {}:
        if hoisted and key in beside:
            message = f"properties.{key}: {key!r} stands beside 'properties', not below it."
            raise InvalidContentError(message)


def _with_identities(fields: Mapping[str, sdk.Field], bag: Json) -> Json:
    """User-assigned identities as azure-native takes them: in most types a list of their ids."""
    assigned = at(bag, "identity.userAssignedIdentities")
    if assigned is None or "identity" not in fields:
        return bag
    if not isinstance(assigned, dict) or not all(map(_is_identity, assigned.values())):
        message = "The request content was invalid and could not be deserialized: "
        raise InvalidContentError(f"{message}'identity.userAssignedIdentities'.")
    kept: Json = {key: {} for key, value in assigned.items() if value is not None}
    kind = sdk.fields(fields["identity"].kind)["userAssignedIdentities"].kind
    told: Any = list(kept) if sdk.is_list(kind) else kept
    return {**bag, "identity": {**bag["identity"], "userAssignedIdentities": told}}


def _is_identity(told: Any) -> bool:
    """Whether an id may have this value: empty, as it is told, or null, which takes it off."""
    return told is None or (
        isinstance(told, dict) and all(_is_told(_OF_AN_IDENTITY, *each) for each in told.items())
    )


def _written(fields: Mapping[str, sdk.Field], told: Mapping[str, Any], given: Json) -> Json:
    """What can be written of an object; what is neither input nor output stays, to be refused."""
    return {
        key: _entry(fields[key].kind, told.get(key), value) if key in fields else value
        for key, value in given.items()
        if (value is not None if key in fields else not _is_told(told, key, value))
    }


def _is_told(told: Mapping[str, Any], key: str, value: Any) -> bool:
    """Whether an answer can have this value there."""
    kinds = sdk.alternatives(told[key]) if key in told else ()
    return any(value is None or _can_be(kind, value) for kind in kinds)


def _can_be(kind: Any, value: Any) -> bool:
    if sdk.is_output(kind):
        inner = sdk.outputs(kind)
        return isinstance(value, dict) and all(_is_told(inner, *each) for each in value.items())
    if sdk.is_list(kind):
        return isinstance(value, list) and all(_can_be(sdk.item(kind), each) for each in value)
    return isinstance(value, dict) if sdk.is_mapping(kind) else shape.is_plain(kind, value)


def _entry(kind: Any, told: Any, value: Any) -> Any:
    objects = [part for part in sdk.alternatives(kind) if sdk.is_input(part)]
    if objects and isinstance(value, dict):
        chosen = shape.choose(objects, value)
        answers = [part for part in sdk.alternatives(told) if sdk.is_output(part)]
        also = {key: each for part in answers for key, each in sdk.outputs(part).items()}
        return _written(sdk.fields(chosen), also, value) if chosen else value
    if sdk.is_list(kind) and isinstance(value, list):
        inner = sdk.item(told) if sdk.is_list(told) else None
        return [_entry(sdk.item(kind), inner, each) for each in value]
    if sdk.is_mapping(kind) and isinstance(value, dict):
        inner = sdk.item(told) if sdk.is_mapping(told) else None
        return {key: _entry(sdk.item(kind), inner, each) for key, each in value.items()}
    return value
