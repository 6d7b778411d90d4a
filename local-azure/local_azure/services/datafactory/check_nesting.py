"""What may lie in what: branches in loops, nothing else that has activities inside.

Source: D:data-factory/concepts-nested-activities, control-flow-for-each-activity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.foreach import at_once
from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LOOPS = frozenset({"ForEach", "Until"})
BRANCHES = frozenset({"IfCondition", "Switch"})


def nesting_problems(
    activities: Sequence[Mapping[str, Any]], around: tuple[Mapping[str, Any], ...] = ()
) -> Iterator[str]:
    """One sentence for each problem."""
    for each in activities:
        if each.get("state") == "Inactive":
            continue
        if around and not _fits(each["type"], around[-1]["type"]):
            yield f"'{each['name']}': {_named(each)} can't be inside of {_named(around[-1])}."
        if each["type"] == "SetVariable" and any(map(_is_parallel, around)):
            yield (
                f"'{each['name']}': a variable is shared by all passes of a ForEach; to set it "
                "inside of one, let that be isSequential."
            )
        for inner in ACTIVITY_TYPES[each["type"]].inner(each["typeProperties"]):
            yield from nesting_problems(inner, (*around, each))


def _fits(inner: str, outer: str) -> bool:
    return inner not in LOOPS and not (inner in BRANCHES and outer in BRANCHES)


def _named(activity: Mapping[str, Any]) -> str:
    return f"{'an' if activity['type'][0] in 'IU' else 'a'} {activity['type']}"


def _is_parallel(activity: Mapping[str, Any]) -> bool:
    return activity["type"] == "ForEach" and at_once(activity["typeProperties"]) > 1
