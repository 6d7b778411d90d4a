"""What a stack adopts, and its stack file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Adopted:
    """What a stack adopts.

    Attributes:
        settings: by the keys of a stack file.
        replaced: resource ids of what the stack makes anew, and which are to be removed then.
        notes: what somebody has to look at, a sentence each.
        own: resource ids of what it takes over by an import, by Pulumi's types.
    """

    settings: dict[str, Any]
    replaced: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)

    def file(self, project: str) -> str:
        """The stack file, of a project of this name."""
        config = {f"{project}:{key}": value for key, value in self.settings.items()}
        return "".join(f"{line}\n" for line in _yaml({"config": config}))

    def lines(self) -> Iterator[str]:
        """What somebody has to know of it, as comments of that file."""
        yield from (f"# {each}" for each in self.notes)
        if self.own:
            yield "# Import before the first `up`, which makes them the stack's:"
            yield from (f"#   {each}" for each in self.own.values())
        if self.replaced:
            twice = "" if self.own else "; until then each file is scored twice"
            yield f"# Remove once the stack is up{twice}:"
            yield from (f"#   {each}" for each in self.replaced)


def _yaml(values: dict[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _yaml(value, f"{indent}  ")
        else:
            yield f"{indent}{key}: {json.dumps(value)}"
