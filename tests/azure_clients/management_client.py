"""Runs in the environment of the management SDKs, and does to each type what its row says.

Reads the ids of what a stack has made and prints one JSON object: by type the steps that went well,
and at their end the error that ended them, if one did.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential

from tests.azure_clients.management_rows import ById, Json, Row, rows

_METHODS = {
    "get": ("get", "get_properties"),
    "put": ("begin_create_or_update", "create_or_update", "begin_create", "create"),
    "patch": ("begin_update", "update"),
    "delete": ("begin_delete", "delete"),
}
_LISTS = ("list_by_", "list_for_")
_GROUP = "microsoft.resources/resourcegroups"
_NOT_FOUND = 404


def main() -> dict[str, list[str]]:
    """What came of each type that has a row."""
    ids: dict[str, list[str]] = {}
    for each in json.load(sys.stdin):
        ids.setdefault(_kind(each), []).append(each)
    subscription = ids[_GROUP][0].split("/")[2]
    table = rows(EnvironmentCredential(), subscription, ids)
    return {kind: _told(row, ids[kind.lower()][0]) for kind, row in table.items()}


def _kind(resource_id: str) -> str:
    _, provider, named = resource_id.lower().rpartition("/providers/")
    namespace, *parts = named.split("/")
    return "/".join([namespace, *parts[0::2]]) if provider else _GROUP


def _told(row: Row, program: str) -> list[str]:
    told: list[str] = []
    try:
        told.extend(_steps(row, program))
    except HttpResponseError as error:
        told.append(f"{error.status_code}: {str(error.message).splitlines()[0]}")
    return told


def _steps(row: Row, program: str) -> Iterator[str]:
    """What is done with a copy of what the program made; each step's name, once it went well."""
    copy = row.name if "/" in row.name else f"{program.rpartition('/')[0]}/{row.name}"
    where = _arguments(row, copy)
    body = _merged(_wire(_call(row, "get", *_arguments(row, program))), row.differs)
    _call(row, "put", *where, body)
    yield from ["made"] * _is_there(row, where)
    if row.change:
        verb = "patch" if row.patched else "put"
        _call(row, verb, *where, row.change if row.patched else _merged(body, row.change))
        told = _wire(_call(row, "get", *where), answers=True)
        # the PATCH of an event subscription alone has its properties on one level
        yield from ["changed"] * (_has(told, row.change) or _has(told["properties"], row.change))
    yield from _lists(row, where, copy.rpartition("/")[2])
    if _named(row, "delete"):
        _call(row, "delete", *where)
        yield from ["deleted"] * (not _is_there(row, where))


def _arguments(row: Row, resource_id: str) -> list[str]:
    """A resource as the SDK's methods take it."""
    scope, provider, named = resource_id.rpartition("/providers/")
    names = named.replace("blobServices/default/", "").split("/")[2::2]
    if isinstance(row.operations, ById):
        return [resource_id]
    if not provider:
        return resource_id.split("/")[4:]
    of_anything = named.startswith("Microsoft.Authorization/")
    return [scope if of_anything else scope.split("/")[4], *names]


def _named(row: Row, verb: str) -> Callable[..., Any] | None:
    return next(
        filter(None, (getattr(row.operations, each, None) for each in _METHODS[verb])), None
    )


def _call(row: Row, verb: str, *arguments: Any) -> Any:
    method = _named(row, verb)
    assert method is not None, f"{row.operations}: {verb}"
    further = {"underlying_resource_action": "Delete"}
    known = inspect.signature(method).parameters
    # a domain's topic is made with a name alone
    bare = verb == "put" and len(_required(method)) < len(arguments)
    done = method(
        *arguments[: len(arguments) - bare],
        **{key: further[key] for key in further.keys() & known.keys()},
    )
    return done.result() if hasattr(done, "result") else done


def _is_there(row: Row, where: list[str]) -> bool:
    try:
        _call(row, "get", *where)
    except HttpResponseError as error:
        if error.status_code != _NOT_FOUND:
            raise
        return False
    return True


def _lists(row: Row, where: list[str], name: str) -> Iterator[str]:
    """The lists that the copy is in, of those that need no more than what lies above it."""
    above = dict(zip(_required(_named(row, "get")), where, strict=True))
    for called in dir(row.operations):
        if called == "list" or called.startswith(_LISTS):
            method = getattr(row.operations, called)
            needed = _required(method)
            if needed.keys() <= above.keys():
                found = method(**{key: above[key] for key in needed})
                yield from [called] * (name in {one.name for one in found})


def _required(method: Any) -> dict[str, None]:
    parameters = inspect.signature(method).parameters.values()
    return {
        each.name: None
        for each in parameters
        if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
    }


def _wire(model: Any, *, answers: bool = False) -> Json:
    """As it is sent: without what only answers have, unless that is wanted."""
    if hasattr(model, "serialize"):
        older: Json = model.serialize(keep_readonly=answers)
        return older
    found: Json = model.as_dict(exclude_readonly=not answers)
    return found


def _merged(one: Json, other: Json) -> Json:
    both = {**one, **other}
    for key in one.keys() & other.keys():
        if isinstance(one[key], dict) and isinstance(other[key], dict):
            both[key] = _merged(one[key], other[key])
    return both


def _has(told: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(_has((told or {}).get(key), each) for key, each in wanted.items())
    return bool(told == wanted)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))
