"""A pipeline's parameters: given values and defaults, by their declared types."""

from collections.abc import Mapping
from typing import Any

from local_azure.control_plane import strict_json

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "securestring": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "array": (list,),
    "object": (dict,),
}


def bind(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Each declared parameter's value: as given, else its default.

    Raises:
        ValueError: naming the parameter that is unknown, missing or of another type.
    """
    if unknown := sorted(set(given) - set(declared)):
        message = f"No parameter is called {unknown[0]!r}; there are: {', '.join(declared)}."
        raise ValueError(message)
    return {name: _value(name, each, given) for name, each in declared.items()}


def from_text(declared: Mapping[str, Any], name: str, text: str) -> Any:
    """A value as written on a command line: text, or JSON for any type but string.

    Raises:
        ValueError: the text is no JSON.
    """
    kind = str(declared.get(name, {}).get("type", "string")).lower()
    return text if kind in {"string", "securestring"} else strict_json.read(text)


def _value(name: str, declared: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    if name not in given and "defaultValue" not in declared:
        raise ValueError(f"The parameter {name!r} has no default and must be given.")
    value = given.get(name, declared.get("defaultValue"))
    kind = str(declared["type"]).lower()
    accepted = _TYPES.get(kind)
    fits = isinstance(value, accepted or ()) and (kind == "bool" or not isinstance(value, bool))
    if not fits:
        found = "something else" if kind == "securestring" else repr(value)
        raise ValueError(f"The parameter {name!r} is of type {declared['type']}; found {found}.")
    return value
