"""YAML, read as Pulumi reads it.

Refused are a key that stands twice, of which YAML would take the last one without a word, an alias
inside of what it stands for, and aliases of aliases that stand for more than anybody writes.
"""

from typing import Any

import yaml

MOST_NODES = 100_000
"""Values, lists, objects and their keys, each as often as an alias repeats it."""


def read(text: str) -> Any:
    """What a text says.

    Raises:
        yaml.YAMLError: it is no YAML, or one that is refused.
        ValueError: a date that there is not.
        RecursionError: it is too deep.
    """
    return yaml.load(text, _Strict)  # noqa: S506 is safe


class _Strict(yaml.SafeLoader):
    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._open: list[str | None] = []
        self._nodes = 0
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) and event.anchor in self._open:
            problem = f"the alias *{event.anchor} stands in what it stands for"
            raise yaml.MarkedYAMLError(None, None, problem, _at(event))
        self._open.append(getattr(event, "anchor", None))
        before = self._nodes
        composed = super().compose_node(parent, index)
        self._open.pop()
        # An alias is as many nodes as it stands for; what it stands for has been composed.
        self._nodes += self._sizes.get(id(composed), 1)
        self._sizes.setdefault(id(composed), self._nodes - before)
        if self._nodes > MOST_NODES:
            problem = f"with what its aliases stand for it has more than {MOST_NODES} nodes"
            raise yaml.MarkedYAMLError(None, None, problem, _at(event))
        return composed

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        composed = super().compose_mapping_node(anchor)
        lines: dict[str, int] = {}
        for key in (key for key, _ in composed.value if isinstance(key.value, str)):
            if key.value in lines:
                problem = f"the key {key.value!r} of line {lines[key.value]} stands again"
                raise yaml.MarkedYAMLError(None, None, problem, key.start_mark)
            lines[key.value] = key.start_mark.line + 1
        return composed


def _at(event: yaml.Event) -> Any:
    """Where it begins; the type stubs know two classes of marks."""
    return event.start_mark
