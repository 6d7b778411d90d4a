"""How destinations of Event Grid lie in Resource Manager's body.

azure-native hoists what Azure has below ``properties`` of everything that comes in several kinds.
"""

from typing import Any

from local_azure.control_plane.resource_manager.form import Form

_KIND = "endpointType"


def _nested(value: Any) -> Any:
    if isinstance(value, list):
        return [_nested(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {key: _nested(each) for key, each in value.items()}
    return {_KIND: told.pop(_KIND), "properties": told} if _KIND in told else told


def _hoisted(value: Any) -> Any:
    if isinstance(value, list):
        return [_hoisted(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {key: _hoisted(each) for key, each in value.items()}
    inner = told.get("properties", {})
    if isinstance(inner, dict) and _KIND in told:
        return {**inner, **{key: each for key, each in told.items() if key != "properties"}}
    return told


FORM = Form(nested=_nested, hoisted=_hoisted)
