"""``evaluate``: tries expressions out in surroundings that are written down as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from local_azure import strict_json
from local_azure.errors import LocalAzureError, reason
from local_azure.expressions import try_expressions
from local_azure.expressions.json_types import compact


def answers(file: str) -> str:
    """What the expressions of a file give, as a JSON array with one line for each.

    Args:
        file: a path, or ``-`` for the standard input.

    Raises:
        LocalAzureError: it holds no ``{"context": {...}, "expressions": [...]}``.
    """
    found = [compact(each) for each in _tried(_document(file), file)]
    return "[\n" + ",\n".join(found) + "\n]" if found else "[]"


def _document(file: str) -> Any:
    try:
        return strict_json.read(sys.stdin.read() if file == "-" else Path(file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"{file}: {reason(error)}. It holds JSON with a context and expressions."
        raise LocalAzureError(message) from None


def _tried(document: Any, file: str) -> list[dict[str, Any]]:
    if not isinstance(document, dict) or not isinstance(document.get("context", {}), dict):
        message = f'{file}: accepted is {{"context": {{...}}, "expressions": [...]}}.'
        raise LocalAzureError(message)
    try:
        return try_expressions(document)
    except (ValueError, TypeError) as error:
        message = f"{file}: {error}"
        raise LocalAzureError(message) from None
