"""Between inputs and outputs: what a preview shows, what a refresh takes over as inputs."""

from collections.abc import Mapping
from typing import Any

from local_azure.control_plane.resource_manager import sdk, shape
from local_azure.control_plane.resource_manager.unknown import UNKNOWN

_ABSENT = object()


def previewed(kinds: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Outputs as far as the inputs tell them; all else is unknown.

    Args:
        kinds: types of the outputs.
        inputs: what the resource will be given.
    """
    return {key: _previewed(kind, inputs.get(key, UNKNOWN)) for key, kind in kinds.items()}


def _previewed(kind: Any, value: Any) -> Any:
    if sdk.is_output(kind):
        return previewed(sdk.outputs(kind), value) if isinstance(value, dict) else UNKNOWN
    alternatives = isinstance(kind, tuple) or kind is Any
    if isinstance(value, list):
        return value if sdk.is_list(kind) and not sdk.is_output(sdk.item(kind)) else UNKNOWN
    if isinstance(value, dict):
        plain = sdk.is_mapping(kind) and not sdk.is_output(sdk.item(kind))
        return value if plain and not alternatives else UNKNOWN
    return value


def filled(outputs: Any, before: Any) -> Any:
    """Previewed outputs, with what is unknown as it was before the update."""
    if outputs is UNKNOWN:
        return before
    if isinstance(outputs, dict) and isinstance(before, dict):
        kept = {key: filled(value, before.get(key, _ABSENT)) for key, value in outputs.items()}
        return {key: value for key, value in kept.items() if value is not _ABSENT}
    return outputs


def inputs_of(fields: Mapping[str, sdk.Field], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the outputs that could have been given as inputs, in the inputs' shape.

    What is null counts as absent, as for azure-native (``SkipNulls``).
    """
    return {
        key: _input_of(fields[key].kind, value)
        for key, value in outputs.items()
        if key in fields and value is not None
    }


def _input_of(kind: Any, value: Any) -> Any:
    objects = [part for part in sdk.alternatives(kind) if sdk.is_input(part)]
    if objects and isinstance(value, dict):
        chosen = shape.choose(objects, value)
        return inputs_of(sdk.fields(chosen), value) if chosen else value
    if sdk.is_list(kind):
        # Identities are given as a list of ids and told as a mapping by id.
        return [_input_of(sdk.item(kind), entry) for entry in value]
    if sdk.is_mapping(kind) and isinstance(value, dict):
        return {key: _input_of(sdk.item(kind), entry) for key, entry in value.items()}
    return value


def refreshed(inputs: Any, before: Any, after: Any) -> Any:
    """The inputs, with what has changed in the cloud since.

    Args:
        inputs: as the program gave them.
        before: inputs as the last known outputs tell them.
        after: inputs as the outputs tell them now.
    """
    if before == after:
        return inputs
    if not all(isinstance(value, dict) for value in (inputs, before, after)):
        return after
    merged = {
        key: refreshed(inputs.get(key, _ABSENT), before.get(key, _ABSENT), after.get(key, _ABSENT))
        for key in {**inputs, **before, **after}
    }
    return {key: value for key, value in merged.items() if value is not _ABSENT}
