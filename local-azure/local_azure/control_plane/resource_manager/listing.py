"""Lists of resources: which are in one, and a page of it.

Filters are those that clients send: comparisons by ``eq``, joined by ``and``. Others are refused
by name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from local_azure.control_plane.resource_manager.errors import InvalidContentError, NotEmulatedError
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.resource_manager.store import Resource

_TERM = re.compile(r"(\w+) eq '((?:[^']|'')*)'", re.IGNORECASE)
_EXPANDED = {"changedTime", "createdTime", "provisioningState"}
_KEYS = {"resourcetype": "type", "name": "name", "location": "location"}


def filtered(told: list[Json], asked: str) -> Iterator[Json]:
    """Those that a ``$filter`` lets through.

    Raises:
        NotEmulatedError: it says something else than what it can here.
    """
    terms = _terms(asked)
    for each in told:
        if all(_fits(each, key, value, terms) for key, value in terms.items()):
            yield each


def _terms(asked: str) -> dict[str, str]:
    terms: dict[str, str] = {}
    for part in re.split(r" and ", asked, flags=re.IGNORECASE) if asked else []:
        found = _TERM.fullmatch(part.strip().strip("()"))
        key = found[1].lower() if found else ""
        if found is None or key not in {*_KEYS, "tagname", "tagvalue", "resourcegroup"}:
            known = "resourceType, name, location, resourceGroup, tagName and tagValue"
            raise NotEmulatedError(f"The filter {asked!r}", f"accepted: {known}, with eq")
        terms[key] = found[2].replace("''", "'").lower()
    return terms


def _fits(told: Json, key: str, value: str, terms: Mapping[str, str]) -> bool:
    if key == "resourcegroup":
        return f"/resourcegroups/{value}/" in told["id"].lower()
    if key in _KEYS:
        return str(told.get(_KEYS[key], "")).lower() == value
    tags = {name.lower(): str(each).lower() for name, each in (told.get("tags") or {}).items()}
    name = terms.get("tagname")
    found = tags.values() if name is None else [tags.get(name)]
    return name in tags if key == "tagname" else value in found


def expanded(asked: str) -> Callable[[Resource], Json]:
    """What a ``$expand`` adds to each resource of a list (D:rest/api/resources/resources/list).

    Raises:
        NotEmulatedError: it names something else.
    """
    wanted = [each.strip() for each in asked.split(",")] if asked else []
    if unknown := sorted(set(wanted) - _EXPANDED):
        accepted = f"accepted: {', '.join(sorted(_EXPANDED))}"
        raise NotEmulatedError(f"$expand of {unknown[0]!r}", accepted)

    def more(resource: Resource) -> Json:
        told = {
            "createdTime": resource.created,
            "changedTime": resource.changed,
            "provisioningState": resource.properties.get("provisioningState", "Succeeded"),
        }
        return {key: told[key] for key in wanted}

    return more


def page(told: list[Json], query: Mapping[str, str], url: str) -> dict[str, Any]:
    """The answer: as many as ``$top`` asks for, and the link to those after them."""
    start, top = _number(query, "$skiptoken", 0), _number(query, "$top", len(told) or 1)
    answer: dict[str, Any] = {"value": told[start : start + top]}
    if start + top < len(told):
        rest = {**query, "$skiptoken": str(start + top)}
        asked = "&".join(f"{key}={quote(value, safe='')}" for key, value in rest.items())
        answer["nextLink"] = f"{url}?{asked}"
    return answer


def _number(query: Mapping[str, str], key: str, otherwise: int) -> int:
    found = query.get(key, str(otherwise))
    if not found.isdecimal() or (key == "$top" and int(found) < 1):
        raise InvalidContentError(f"{key}: found {found!r}; accepted: a whole number from 1.")
    return int(found)
