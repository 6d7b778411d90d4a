"""Fields of a form and parts of a multipart body, as the service lays them out in outputs.

The service parses a body when it arrives: a URL-encoded form gets ``$formdata`` (a list of key and
value), a multipart body ``$multipart`` (a list of headers and body). Any other body is refused.
"""

from __future__ import annotations

import re
from typing import Any

from local_azure.expressions.errors import ArgumentProblem

_NAME = re.compile(r";\s*name\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)


def form_field(outputs: Any, key: str) -> list[Any]:
    """All values of the field of that name, whatever its case."""
    body = _body(outputs)
    if isinstance(body.get("$formdata"), list):
        fields = [(str(each.get("key")), each.get("value")) for each in body["$formdata"]]
        return [value for name, value in fields if name.lower() == key.lower()]
    if isinstance(body.get("$multipart"), list):
        return [each.get("body") for each in body["$multipart"] if _part_name(each) == key.lower()]
    message = (
        "failed to retrieve form data from outputs: their body is neither a parsed "
        "'multipart/form-data' nor a parsed 'application/x-www-form-urlencoded'."
    )
    raise ArgumentProblem(message)


def multipart_part(outputs: Any, index: int) -> Any:
    """The body of the part at that position, from 0."""
    if index < 0:
        message = (
            f"expects its index to be a non-negative integer. The provided value is '{index}'."
        )
        raise ArgumentProblem(message)
    body = _body(outputs)
    if not isinstance(body.get("$multipart"), list):
        message = (
            "failed to retrieve multipart contents from outputs: the supported content type is "
            f"'multipart/*' and the provided one is '{body.get('$content-type')}'."
        )
        raise ArgumentProblem(message)
    parts = body["$multipart"]
    if index >= len(parts):
        message = (
            f"failed to retrieve multipart contents from outputs: the index '{index}' is beyond "
            f"the '{len(parts)}' parts."
        )
        raise ArgumentProblem(message)
    return parts[index].get("body")


def _body(outputs: Any) -> dict[str, Any]:
    body = outputs.get("body") if isinstance(outputs, dict) else None
    return body if isinstance(body, dict) else {}


def _part_name(part: dict[str, Any]) -> str | None:
    match = _NAME.search(part.get("headers", {}).get("Content-Disposition", ""))
    return (match.group(1) or match.group(2)).lower() if match else None
