"""Binary content as it travels in JSON: ``{"$content-type": ..., "$content": base64}``."""

import base64
import binascii
import re
from typing import Any

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)
OCTETS = "application/octet-stream"


def is_content(value: Any) -> bool:
    """Whether a value stands for binary content."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("$content-type"), str)
        and isinstance(value.get("$content"), str)
    )


def content(data: bytes, content_type: str = OCTETS) -> dict[str, Any]:
    """Bytes as JSON carries them."""
    return {"$content-type": content_type, "$content": base64.b64encode(data).decode()}


def content_bytes(value: dict[str, Any]) -> bytes:
    """The bytes of binary content.

    Raises:
        ValueError: where the content is not base64.
    """
    return decode_base64(str(value["$content"]))


def content_text(value: dict[str, Any]) -> str:
    """Binary content read as text, by the charset of its type, else UTF-8.

    Raises:
        ValueError: where the content is not base64.
    """
    match = _CHARSET.search(str(value["$content-type"]))
    try:
        return content_bytes(value).decode(match.group(1) if match else "utf-8", "replace")
    except LookupError as unknown:
        raise ValueError(str(unknown)) from unknown


def decode_base64(text: str) -> bytes:
    """The bytes that base64 text stands for; white space in it is ignored.

    Raises:
        ValueError: for a foreign character or a wrong padding.
    """
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as wrong:
        raise ValueError(str(wrong)) from wrong
