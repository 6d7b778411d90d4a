"""A pipeline's return value: what a Set Variable tells whoever calls the pipeline.

Written as a list of ``{"key", "value": {"type", "content"}}``; an Object's content is such a list
again, an Array's are values, with a type or without (UNVERIFIED which). What several activities
return is the last one's, UNVERIFIED. Source: D:data-factory/tutorial-pipeline-return-value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "pipelineReturnValue"
_CONTENTS: dict[str, Any] = {
    "String": str,
    "Expression": object,
    "Array": list,
    "Boolean": bool,
    "Null": object,
    "Int": int,
    "Float": (int, float),
    "Object": list,
}


def return_value_problems(variable: Any, value: Any) -> Iterator[str]:
    """What is wrong with a Set Variable that sets a system variable."""
    if variable != NAME:
        yield f"the system variable that can be set is {NAME!r}; found {variable!r}"
        return
    yield from _list_problems(value)


def returned(value: Any) -> dict[str, Any]:
    """The return value.

    Args:
        value: what ``return_value_problems`` found nothing wrong with, expressions evaluated.
    """
    return {each["key"]: _content(each["value"]) for each in value}


def _list_problems(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or not all(map(_is_pair, value)):
        yield "a return value is a list of {'key', 'value': {'type', 'content'}}"
        return
    for each in value:
        yield from _value_problems(each["key"], each["value"])


def _is_pair(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("key"), str) and "value" in found


def _value_problems(key: str, found: Any) -> Iterator[str]:
    kind = found.get("type") if isinstance(found, dict) else None
    content = found.get("content") if isinstance(found, dict) else None
    if not isinstance(kind, str) or kind not in _CONTENTS:
        yield f"the return value {key!r} is of one of {', '.join(_CONTENTS)}; found {kind!r}"
    elif isinstance(content, str) and content.startswith("@"):
        return
    elif not isinstance(content, _CONTENTS[kind]):
        yield f"the return value {key!r} is of type {kind}; found {content!r}"
    elif kind == "Array":
        for each in filter(_is_typed, content):
            yield from _value_problems(key, each)
    elif kind == "Object":
        yield from _list_problems(content)


def _is_typed(found: Any) -> bool:
    return isinstance(found, dict) and set(found) in ({"type"}, {"type", "content"})


def _content(value: Any) -> Any:
    if not _is_typed(value):
        return value
    content = value.get("content")
    if value["type"] == "Array":
        return [_content(each) for each in content]
    return returned(content) if value["type"] == "Object" else content
