"""What is wrong with a pipeline's expressions: functions, and what they refer to.

An activity sees those that it depends on, directly or by way of others, what is inside of them,
and what its container sees; an Until sees what is inside, after each pass. What is inside of a
ForEach is seen in its own pass alone, UNVERIFIED.
Source: Microsoft's public gallery of templates, seven of which name an activity of an Until that
has ended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local_azure.expressions.check import check, strings
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.parser import is_expression, parse
from local_azure.expressions.registry import DATA_FACTORY
from local_azure.expressions.syntax import Literal, selections
from local_azure.runs.references import Reference, references
from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES

_LONGEST = 8192
_OWN = {"Until": ("expression",), "Filter": ("condition",)}
"""Properties whose expressions see more than the activity's others do."""


@dataclass(frozen=True)
class _Sight:
    """What an expression may name, all in lower case."""

    parameters: frozenset[str]
    variables: frozenset[str]
    before: frozenset[str] = frozenset()
    has_item: bool = False


def reference_problems(pipeline: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each problem in a pipeline's ``properties``."""
    sight = _Sight(
        frozenset(name.lower() for name in pipeline.get("parameters", {})),
        frozenset(name.lower() for name in pipeline.get("variables", {})),
    )
    yield from _sequence(pipeline["activities"], sight)


def _sequence(activities: Sequence[Mapping[str, Any]], sight: _Sight) -> Iterator[str]:
    direct = {
        each["name"]: [before["activity"] for before in each.get("dependsOn", [])]
        for each in activities
    }
    named = {each["name"]: each for each in activities}
    for each in activities:
        if each.get("state") != "Inactive":
            ancestors = [named[name] for name in _ancestors(each["name"], direct)]
            yield from _activity(each, replace(sight, before=sight.before | _names(ancestors)))


def _names(activities: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Activities, and those inside of them that are seen from outside, in lower case."""
    found = {each["name"].lower() for each in activities}
    for each in activities:
        if each.get("state") != "Inactive" and each["type"] != "ForEach":
            for branch in ACTIVITY_TYPES[each["type"]].inner(each["typeProperties"]):
                found |= _names(branch)
    return frozenset(found)


def _ancestors(name: str, direct: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*direct[name]]
    while waiting:
        before = waiting.pop()
        if before not in found:
            found.add(before)
            waiting += direct[before]
    return found


def _activity(activity: Mapping[str, Any], sight: _Sight) -> Iterator[str]:
    kind = ACTIVITY_TYPES[activity["type"]]
    inner = kind.inner(activity["typeProperties"])
    inside = replace(sight, has_item=sight.has_item or activity["type"] in {"ForEach", "Filter"})
    names = _names([each for branch in inner for each in branch])
    own = activity["typeProperties"]
    special = _OWN.get(activity["type"], ())
    for key in special:
        seen = replace(inside, before=inside.before | names)
        yield from _value_problems(activity["name"], own[key], seen)
    others = {key: activity[key] for key in ("policy", *kind.keys) if key in activity}
    plain = {key: each for key, each in own.items() if key not in (*special, *kind.branches)}
    yield from _value_problems(activity["name"], [plain, others], sight)
    for branch in inner:
        yield from _sequence(branch, inside)


def _value_problems(name: str, value: Any, sight: _Sight) -> Iterator[str]:
    for problem in check(value, DATA_FACTORY):
        yield f"'{name}': {problem}"
    for text in dict.fromkeys(filter(is_expression, strings(value))):
        if len(text) > _LONGEST:
            yield f"'{name}': an expression has {len(text)} characters; {_LONGEST} are accepted."
        for used in dict.fromkeys(references(text)):
            for problem in _unresolved(used, sight):
                yield f"'{name}': {text}: {problem}."
        for parameter in sorted(set(parameters_of(text)) - sight.parameters):
            declared = ", ".join(sorted(sight.parameters)) or "none"
            yield f"'{name}': {text}: no parameter '{parameter}' is declared; declared: {declared}."


def _unresolved(used: Reference, sight: _Sight) -> Iterator[str]:
    name = used.name.lower()
    if used.function == "item" and not sight.has_item:
        yield "item() means nothing outside of a ForEach or a Filter"
    elif used.function == "variables" and name and name not in sight.variables:
        declared = ", ".join(sorted(sight.variables)) or "none"
        yield f"no variable '{used.name}' is declared; declared: {declared}"
    elif used.function == "activity" and name and name not in sight.before:
        yield (
            f"the activity '{used.name}' is none that ends before it by what it depends on, nor "
            "inside of one other than a ForEach"
        )


def parameters_of(text: str) -> Iterator[str]:
    """The pipeline's parameters that an expression reads, in lower case."""
    try:
        expression = parse(text)
    except ExpressionError:
        return
    for each in selections(expression):
        keys = [str(key.key.value) for key in each.steps[:2] if isinstance(key.key, Literal)]
        match [each.target.name.lower(), *(key.lower() for key in keys)]:
            case ["pipeline", "parameters", name]:
                yield name
