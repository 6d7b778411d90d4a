"""The import file by which a stack takes over a system topic and its subscription.

`pulumi preview --import-file` writes all that a stack would make, with its parents, and `pulumi
import --file` takes what has an id. What holds data is left out: docs/adopting.md says why.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from batch_client.errors import UsageError

TOPIC = "azure-native:eventgrid:SystemTopic"
SUBSCRIPTION = "azure-native:eventgrid:SystemTopicEventSubscription"
SCHEMA = "EventGridSchema"
"""Of the events that the program's workflows read."""
_PARENT = ":BlobCreatedSubscription"
"""End of the type of the component that makes both."""


def fill(file: str, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Write the ids into an import file, and leave out what has none; what is left.

    Args:
        file: its path.
        ids: resource ids by Pulumi's types.

    Raises:
        UsageError: it is none, or of a stack that makes neither topic nor subscription.
    """
    made = _read(file)
    parents = [each for each in made if str(each.get("type")).endswith(_PARENT)]
    below = {each.get("name") for each in parents}
    taken = [
        {**each, "id": ids[each["type"]]}
        for each in made
        if each.get("parent") in below and each.get("type") in ids
    ]
    if {each["type"] for each in taken} != ids.keys():
        raise UsageError(
            f"--import-file {file}: found no topic and subscription that the stack would make."
            " Preview it with the stack file that --own writes, before its first `up`."
        )
    left = [*parents, *taken]
    Path(file).write_text(json.dumps({"resources": left}, indent=2) + "\n", encoding="utf-8")
    return left


def _read(file: str) -> list[dict[str, Any]]:
    how = "`pulumi preview --import-file` makes it"
    try:
        return list(json.loads(Path(file).read_text(encoding="utf-8"))["resources"])
    except OSError as problem:
        raise UsageError(f"--import-file {file}: {problem.strerror}; {how}.") from problem
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"--import-file {file}: it is no import file; {how}.") from None
