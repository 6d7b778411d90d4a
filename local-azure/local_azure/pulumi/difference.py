"""What changes between two sets of inputs, property by property."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from pulumi.runtime.proto import provider_pb2 as pb

Kinds = pb.PropertyDiff
_GONE = object()

_REPLACING = {
    Kinds.ADD: Kinds.ADD_REPLACE,
    Kinds.DELETE: Kinds.DELETE_REPLACE,
    Kinds.UPDATE: Kinds.UPDATE_REPLACE,
}


def response(old: dict[str, Any], new: dict[str, Any], replaces: Iterable[str]) -> pb.DiffResponse:
    """The answer to Diff.

    Args:
        old: inputs that the resource was last given.
        new: inputs that it is to be given.
        replaces: paths whose change makes a new resource.
    """
    changes = dict(changed(old, new))
    replacing = [path for path in changes if _below(path, list(replaces))]
    return pb.DiffResponse(
        changes=pb.DiffResponse.DIFF_SOME if changes else pb.DiffResponse.DIFF_NONE,
        diffs=sorted({path.partition(".")[0].partition("[")[0] for path in changes}),
        replaces=replacing,
        hasDetailedDiff=True,
        detailedDiff={
            path: pb.PropertyDiff(
                kind=_REPLACING[kind] if path in replacing else kind, inputDiff=True
            )
            for path, kind in changes.items()
        },
    )


def changed(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each path at which two values differ, and whether it was added, deleted or updated."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            if path or not key.startswith("__"):
                yield from _part(old.get(key, _GONE), new.get(key, _GONE), _joined(path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index, pair in enumerate(zip_longest(old, new, fillvalue=_GONE)):
            yield from _part(*pair, f"{path}[{index}]")
    elif old != new or type(old) is not type(new):
        yield path, Kinds.UPDATE


def _part(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any]]:
    if old is _GONE:
        yield path, Kinds.ADD
    elif new is _GONE:
        yield path, Kinds.DELETE
    else:
        yield from changed(old, new, path)


def _joined(path: str, key: str) -> str:
    """The path of a key, which is quoted where it would read as more than one step."""
    if set(key) & set('.[]"'):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _below(path: str, roots: list[str]) -> bool:
    return any(path == root or path.startswith((f"{root}.", f"{root}[")) for root in roots)
