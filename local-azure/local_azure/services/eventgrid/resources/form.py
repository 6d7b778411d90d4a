"""How destinations and mappings of Event Grid lie in Resource Manager's body.

azure-native hoists what Azure has below ``properties`` of everything that comes in several kinds.
"""

from __future__ import annotations

from typing import Any

from local_azure.control_plane.resource_manager.form import Form

_KINDS = ("endpointType", "inputSchemaMappingType")


def _nested(value: Any) -> Any:
    if isinstance(value, list):
        return [_nested(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {key: _nested(each) for key, each in value.items()}
    if isinstance(mappings := told.get("deliveryAttributeMappings"), list):
        told["deliveryAttributeMappings"] = [_attribute(each) for each in mappings]
    for kind in _KINDS:
        if kind in told:
            return {kind: told.pop(kind), "properties": told}
    return told


def _attribute(mapping: Any) -> Any:
    if not isinstance(mapping, dict):
        return mapping
    beside = {key: mapping[key] for key in ("name", "type") if key in mapping}
    return {**beside, "properties": {k: v for k, v in mapping.items() if k not in beside}}


def _hoisted(value: Any, *, attribute: bool = False) -> Any:
    if isinstance(value, list):
        return [_hoisted(each, attribute=attribute) for each in value]
    if not isinstance(value, dict):
        return value
    told = {
        key: _hoisted(each, attribute=key == "deliveryAttributeMappings")
        for key, each in value.items()
    }
    inner = told.get("properties", {})
    if isinstance(inner, dict) and (attribute or any(kind in told for kind in _KINDS)):
        return {**inner, **{key: each for key, each in told.items() if key != "properties"}}
    return told


FORM = Form(nested=_nested, hoisted=_hoisted)
