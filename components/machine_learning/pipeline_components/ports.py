"""What a component declares: its inputs and outputs, checked, and as they are registered.

The forms are those that azure-ai-ml 1.35.2 takes (`inputs` in short form, `score_mode: append`, are
none). Tables and untyped paths are not taken: batch endpoints read none
(D:machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

import math
import re
from typing import Any

LITERALS = ("string", "number", "integer", "boolean")
DATA = ("uri_file", "uri_folder", "custom_model", "mlflow_model", "triton_model")
MODES = {
    "inputs": {
        "ro_mount": "ReadOnlyMount",
        "rw_mount": "ReadWriteMount",
        "download": "Download",
        "direct": "Direct",
        "eval_mount": "EvalMount",
        "eval_download": "EvalDownload",
    },
    "outputs": {"rw_mount": "ReadWriteMount", "upload": "Upload", "direct": "Direct"},
}
"""Modes of either side, and how a step's are registered."""

Port = dict[str, Any]

_OF_DATA = ("type", "description", "mode", "optional")
_OF_A_LITERAL = ("type", "description", "optional", "default", "enum", "min", "max")
_NAME = re.compile(r"[A-Za-z_]\w{0,62}", re.ASCII)


class FormError(ValueError):
    """A part of a component file that is not of a form that can be registered."""

    def __init__(self, key: str, accepted: str) -> None:
        super().__init__(f"{key}: {accepted}")
        self.key = key
        self.accepted = accepted


def entries(told: Any, key: str) -> dict[str, Any]:
    """An object, which may be left out."""
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise FormError(key, "an object, with a key for each")
    return told


def check_keys(told: dict[str, Any], key: str, accepted: tuple[str, ...]) -> None:
    """Refuse a key that would not be registered, by name."""
    for each in told:
        if each not in accepted:
            raise FormError(f"{key}.{each}" if key else each, f"only {', '.join(accepted)} here")


def declared(spec: dict[str, Any], side: str) -> dict[str, Port]:
    """The inputs or outputs of a component, once nothing is wrong with them.

    Raises:
        FormError: another form.
    """
    ports = entries(spec.get(side), side)
    for name, port in ports.items():
        if not _NAME.fullmatch(name):
            raise FormError(f"{side}.{name}", "a name of letters, digits and '_'")
        _check(port, f"{side}.{name}", side)
    return ports


def registered(port: Port) -> Port:
    """A declared input or output as azure-ai-ml sends it: each value is a text."""
    texts = {key: text(port[key]) for key in ("default", "min", "max") if port.get(key) is not None}
    listed = {"enum": [text(each) for each in port["enum"]]} if "enum" in port else {}
    return {**port, **texts, **listed}


def text(value: Any) -> str:
    """A literal as it is registered."""
    return value if isinstance(value, str) else str(value)


def check_literal(value: Any, port: Port, key: str) -> None:
    """Refuse a value that an input does not take.

    Raises:
        FormError: another type, or outside of what is declared.
    """
    if not _fits(value, port["type"]):
        raise FormError(key, f"a value of type {port['type']}")
    allowed = [text(each) for each in port.get("enum", ())]
    if allowed and text(value) not in allowed:
        raise FormError(key, f"one of {', '.join(allowed)}")
    if "min" in port and float(value) < float(port["min"]):
        raise FormError(key, f"{port['min']} or more")
    if "max" in port and float(value) > float(port["max"]):
        raise FormError(key, f"{port['max']} or less")


def _check(port: Any, key: str, side: str) -> None:
    types = (*DATA, *LITERALS) if side == "inputs" else DATA
    if not isinstance(port, dict) or port.get("type") not in types:
        example = "{type: uri_folder}"
        raise FormError(key, f"an object such as {example} whose type is one of {', '.join(types)}")
    if port["type"] in DATA:
        check_keys(port, key, _OF_DATA)
        check_mode(port, key, side)
    else:
        check_keys(port, key, _OF_A_LITERAL)
        _check_values(port, key)
    if not isinstance(port.get("optional", False), bool):
        raise FormError(f"{key}.optional", "true or false")


def check_mode(told: dict[str, Any], key: str, side: str) -> None:
    """Refuse a mode that the side does not have."""
    if "mode" in told and told["mode"] not in MODES[side]:
        raise FormError(f"{key}.mode", f"one of {', '.join(MODES[side])}")


def _check_values(port: Port, key: str) -> None:
    plain = {"type": port["type"]}
    if not isinstance(port.get("enum", []), list):
        raise FormError(f"{key}.enum", "a list of values")
    for value in port.get("enum", ()):
        check_literal(value, plain, f"{key}.enum")
    for bound in ("min", "max"):
        if bound in port:
            if port["type"] not in ("number", "integer"):
                raise FormError(f"{key}.{bound}", "nothing: the type is no number")
            check_literal(port[bound], plain, f"{key}.{bound}")
    if port.get("default") is not None:
        check_literal(port["default"], port, f"{key}.default")


def _fits(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool) or text(value).lower() in ("true", "false")
    if kind == "string":
        return isinstance(value, str | int | float)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        number = float(value)
        return math.isfinite(number) and (kind == "number" or int(text(value)) == number)
    except (ValueError, OverflowError):
        return False
