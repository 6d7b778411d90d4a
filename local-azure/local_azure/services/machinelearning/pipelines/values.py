"""Literals: checked against what an input declares, and written as a command line gets them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from local_azure.services.machinelearning.pipelines.component import ComponentError

if TYPE_CHECKING:
    from local_azure.services.machinelearning.pipelines.component import Declared

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": "True", "false": "False"}


def check_literal(value: Any, declared: Declared, where: str) -> str:
    """A literal's text, once it fits what is declared.

    Numbers and booleans may be given as texts, as azure-ai-ml gives them. That a boolean is written
    ``True`` or ``False`` is UNVERIFIED.

    Raises:
        ComponentError: another type, or a value that is not allowed.
    """
    text = _written(value, declared.type, where)
    if declared.enum and text not in {str(each) for each in declared.enum}:
        accepted = ", ".join(str(each) for each in declared.enum)
        raise ComponentError(where, f"found {value!r}; accepted: {accepted}")
    if declared.least is not None and float(text) < declared.least:
        raise ComponentError(where, f"found {value!r}; accepted: {declared.least:g} or more")
    if declared.most is not None and float(text) > declared.most:
        raise ComponentError(where, f"found {value!r}; accepted: {declared.most:g} or less")
    return text


def _written(value: Any, kind: str, where: str) -> str:
    if kind == "boolean":
        if str(value).lower() in _BOOLEANS:
            return _BOOLEANS[str(value).lower()]
    elif kind == "string":
        if isinstance(value, str) and "\0" not in value:
            return value
    elif not isinstance(value, bool) and _is_number(value, int if kind == "integer" else float):
        return str(value).strip()
    raise ComponentError(where, f"found {value!r}; accepted: a value of type {kind}")


def _is_number(value: Any, kind: type[int | float]) -> bool:
    try:
        number = kind(value)
        # What Python takes for a number beyond JSON's: nan, inf, 1_000, other digits than 0 to 9.
        written = not isinstance(value, str) or _NUMBER.fullmatch(value.strip())
        if not written or not math.isfinite(float(value)):
            return False
    except (TypeError, ValueError, OverflowError):
        return False
    return isinstance(value, str) or number == value
