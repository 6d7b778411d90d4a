"""Bodies between the wire and the definition: JSON as values, text as strings, the rest in Base64.

Source: D:logic-apps/logic-apps-content-type. XML stays in the ``$content`` form, as it does there.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from local_azure.control_plane import strict_json
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import text, type_name

_JSON = ("application/json", "text/json")
_FORM = "application/x-www-form-urlencoded"


def decode(body: bytes, content_type: str) -> Any:
    """The value of a body that was received.

    Raises:
        ValueError: when it says that it is JSON, and is none.
    """
    if not body:
        return None
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in _JSON or media_type.endswith("+json"):
        return strict_json.read(body)
    if media_type.startswith("text/") and media_type != "text/xml":
        return body.decode("utf-8", "replace")
    value: dict[str, Any] = {
        "$content-type": content_type or "application/octet-stream",
        "$content": base64.b64encode(body).decode(),
    }
    if media_type == _FORM:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        value["$formdata"] = [{"key": name, "value": given} for name, given in pairs]
    return value


def encode(value: Any, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """A value as it is sent, and the headers, with its content type where they give none."""
    body, content_type = _encoded(value)
    if content_type and not header(headers, "content-type"):
        return body, {**headers, "Content-Type": content_type}
    return body, {**headers}


def _encoded(value: Any) -> tuple[bytes, str]:
    if value is None:
        return b"", ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace"), "text/plain; charset=utf-8"
    if isinstance(value, dict) and "$content" in value:
        content_type = str(value.get("$content-type", "application/octet-stream"))
        return base64.b64decode(value["$content"]), content_type
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "replace"), "application/json; charset=utf-8"


def texts(inputs: Mapping[str, Any], key: str) -> dict[str, str]:
    """An input that is an object of texts, such as ``headers``; empty where there is none.

    Raises:
        ExpressionError: when it is no object.
    """
    found = inputs.get(key) or {}
    if isinstance(found, dict):
        return {name: text(value) for name, value in found.items()}
    message = f"The '{key}' must be an object; found a value of type '{type_name(found)}'."
    raise ExpressionError(message)


def header(headers: Mapping[str, Any], name: str) -> str:
    """A header's value, whatever its case; empty where there is none."""
    for key, value in headers.items():
        if key.lower() == name.lower():
            return str(value)
    return ""
