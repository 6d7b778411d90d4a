"""What a stack adopts: its stack file, and the import file by which it takes some of that over.

`pulumi preview --import-file` writes all that a stack would make, with its parents, and `pulumi
import --file` takes what has an id. What holds data is left out: docs/adopting.md says why.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from batch_client.errors import UsageError

TOPIC = "azure-native:eventgrid:SystemTopic"
SUBSCRIPTION = "azure-native:eventgrid:SystemTopicEventSubscription"
_PARENT = ":BlobCreatedSubscription"
"""End of the type of the component that makes both."""


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

    def fill(self, file: str) -> list[dict[str, Any]]:
        """Write the ids into an import file, and leave out what has none; what is left.

        Raises:
            UsageError: it is none, or of a stack that makes neither topic nor subscription.
        """
        made = _read(file)
        parents = [each for each in made if str(each.get("type")).endswith(_PARENT)]
        below = {each.get("name") for each in parents}
        taken = [
            {**each, "id": self.own[each["type"]]}
            for each in made
            if each.get("parent") in below and each.get("type") in self.own
        ]
        if {each["type"] for each in taken} != self.own.keys():
            raise UsageError(
                f"--import-file {file}: found no topic and subscription that the stack would make."
                " Preview it with the stack file that --own writes, before its first `up`."
            )
        left = [*parents, *taken]
        Path(file).write_text(json.dumps({"resources": left}, indent=2) + "\n", encoding="utf-8")
        return left


def _yaml(values: dict[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _yaml(value, f"{indent}  ")
        else:
            yield f"{indent}{key}: {json.dumps(value)}"


def _read(file: str) -> list[dict[str, Any]]:
    how = "`pulumi preview --import-file` makes it"
    try:
        return list(json.loads(Path(file).read_text(encoding="utf-8"))["resources"])
    except OSError as problem:
        raise UsageError(f"--import-file {file}: {problem.strerror}; {how}.") from problem
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"--import-file {file}: it is no import file; {how}.") from None
