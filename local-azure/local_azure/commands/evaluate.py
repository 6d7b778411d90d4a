"""``try expressions``: evaluates expressions in surroundings that are written down as JSON."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local_azure.control_plane import strict_json
from local_azure.errors import LocalAzureError, reason
from local_azure.expressions.check import try_expressions
from local_azure.expressions.json_types import compact


def outcome(file: str) -> tuple[list[dict[str, Any]], Iterator[str]]:
    """What the expressions of a file give, as ``try_expressions`` tells it, and a line for each.

    Args:
        file: a path, or ``-`` for the standard input.

    Raises:
        LocalAzureError: it holds no ``{"context": {...}, "expressions": [...]}``.
    """
    document = _document(file)
    found = _tried(document, file)
    return found, (_line(*each) for each in zip(document["expressions"], found, strict=True))


def _line(expression: Any, found: dict[str, Any]) -> str:
    asked = expression if isinstance(expression, str) else compact(expression)
    return f"{asked}: {found['error'] if 'error' in found else compact(found['value'])}"


def _document(file: str) -> Any:
    try:
        return strict_json.read(sys.stdin.read() if file == "-" else Path(file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"{file}: {reason(error)}. It holds JSON with a context and expressions."
        raise LocalAzureError(message) from None


def _tried(document: Any, file: str) -> list[dict[str, Any]]:
    if not isinstance(document, dict) or not isinstance(document.get("context", {}), dict):
        raise LocalAzureError(f'{file}: accepted is {{"context": {{...}}, "expressions": [...]}}.')
    try:
        return try_expressions(document)
    except (ValueError, TypeError) as error:
        raise LocalAzureError(f"{file}: {error}") from None
