"""The body with which runs are asked for: a time, filters, an order, a page.

Source: RunFilterParameters of Data Factory's REST interface, 2018-06-01.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from local_azure.control_plane.resource_manager.errors import InvalidContentError

Row = Any
Operands = Mapping[str, Callable[[Row], str]]
PAGE = 100
"""How many runs one answer has at most."""
_KEYS = ("lastUpdatedAfter", "lastUpdatedBefore", "filters", "orderBy", "continuationToken")
_TOKEN = re.compile(r"[0-9]{1,9}")
_OPERATORS = {"equals": True, "in": True, "notequals": False, "notin": False}
_ORDERS = {"asc": False, "desc": True}


def period(body: Any) -> tuple[float, float]:
    """The time that is asked for, in seconds since 1970.

    Raises:
        InvalidContentError: the body is not of the documented form.
    """
    if not isinstance(body, dict):
        message = "A query is an object with lastUpdatedAfter and lastUpdatedBefore."
        raise InvalidContentError(message)
    if unknown := sorted(set(body) - set(_KEYS)):
        raise InvalidContentError(f"A query has {', '.join(_KEYS)}; found {', '.join(unknown)}.")
    return _moment(body, "lastUpdatedAfter"), _moment(body, "lastUpdatedBefore")


def page(
    rows: list[Row], body: Mapping[str, Any], operands: Operands
) -> tuple[list[Row], dict[str, str]]:
    """What is asked for of these rows, and the token of the next page if there is one.

    Args:
        rows: all that there are.
        body: the query.
        operands: what can be filtered and ordered by, and how a row tells it.

    Raises:
        InvalidContentError: the body is not of the documented form.
    """
    for each in _list(body, "filters"):
        rows = _filtered(rows, each, operands)
    for each in reversed(_list(body, "orderBy")):
        told = _operand(each, "orderBy", operands)
        rows = sorted(rows, key=told, reverse=_known(each, "order", _ORDERS))
    start = _start(body)
    further = {"continuationToken": str(start + PAGE)} if len(rows) > start + PAGE else {}
    return rows[start : start + PAGE], further


def _filtered(rows: list[Row], given: Any, operands: Operands) -> list[Row]:
    told = _operand(given, "operand", operands)
    wanted = _known(given, "operator", _OPERATORS)
    values = {str(value).lower() for value in _list(given, "values")}
    return [row for row in rows if (told(row).lower() in values) == wanted]


def _operand(given: Any, name: str, operands: Operands) -> Callable[[Row], str]:
    known = {operand.lower(): told for operand, told in operands.items()}
    found: Callable[[Row], str] = _known(given, name, known)
    return found


def _known(given: Any, name: str, table: Mapping[str, Any]) -> Any:
    found = given.get(name) if isinstance(given, dict) else None
    if str(found).lower() not in table:
        raise InvalidContentError(f"{name}: found {found!r}, emulated: {', '.join(table)}.")
    return table[str(found).lower()]


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    found = given.get(name) or []
    if not isinstance(found, list):
        raise InvalidContentError(f"{name}: found {found!r}, accepted: a list.")
    return found


def _start(body: Mapping[str, Any]) -> int:
    token = body.get("continuationToken") or "0"
    if not _TOKEN.fullmatch(str(token)):
        message = f"continuationToken: found {token!r}, accepted: one that an answer gave."
        raise InvalidContentError(message)
    return int(token)


def _moment(body: Mapping[str, Any], name: str) -> float:
    try:
        found = datetime.fromisoformat(str(body.get(name)))
    except ValueError:
        message = f"{name}: found {body.get(name)!r}, accepted: a time in ISO 8601."
        raise InvalidContentError(message) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
