"""What numbers and texts may be beyond their type, which the SDK's types don't say.

Source of the limits, where nothing else stands beside them: the public types of Azure's REST
interface.
"""

import re
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, NamedTuple

from local_azure.control_plane.resource_manager.shape import Problem


class Limit(NamedTuple):
    """Of a number, which is whole: how small and large; of a text: how short and long.

    Attributes:
        least: the smallest number, or fewest characters.
        most: the largest, or most.
        pattern: what a text has somewhere.
    """

    least: float = -inf
    most: float = inf
    pattern: str = ""

    def accepted(self, value: Any) -> str | None:
        """What is accepted instead of a value; None where it is, or is neither number nor text."""
        if isinstance(value, str):
            if self.least <= len(value) <= self.most and re.search(self.pattern, value):
                return None
            return f"{self._range()} characters{self.pattern and f' with {self.pattern}'}"
        if not isinstance(value, int | float) or (value == int(value) and self._holds(value)):
            return None
        return self._range() if value == int(value) else "an integer"

    def _holds(self, value: float) -> bool:
        return self.least <= value <= self.most

    def _range(self) -> str:
        return f"{self.least} or more" if self.most == inf else f"{self.least} to {self.most}"


POSITIVE = Limit(1)
NAMED = Limit(1, pattern="[a-zA-Z0-9_]")
"""Machine learning's of what names something."""


def problems(limits: Mapping[str, Limit], inputs: Any) -> Iterator[Problem]:
    """Every value beyond its limit.

    Args:
        limits: by path: ``a.b``, all items as ``a[]``, all keys as ``a.*``.
        inputs: of the right shape; what is not known yet is within every limit.
    """
    for path, limit in limits.items():
        for where, value in _at(inputs, path.replace("[]", ".[]").split("."), ""):
            if accepted := limit.accepted(value):
                yield Problem(where, f"found {value!r}, accepted: {accepted}")


def _at(value: Any, path: list[str], where: str) -> Iterator[tuple[str, Any]]:
    if not path:
        yield where.removeprefix("."), value
    elif path[0] == "[]" and isinstance(value, list):
        for index, each in enumerate(value):
            yield from _at(each, path[1:], f"{where}[{index}]")
    elif isinstance(value, dict):
        for key in value if path[0] == "*" else {path[0]} & value.keys():
            yield from _at(value[key], path[1:], f"{where}.{key}")
