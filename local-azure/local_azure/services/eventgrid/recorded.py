"""Events of somewhere else, as those of a source here: recorded ones, or its dead letters.

Pure functions. An event says where it is from by its topic, and a blob's by the host of its URL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_azure.services.eventgrid.sources import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENDED = frozenset(
    (
        "deadletterreason",
        "deliveryattempts",
        "lastdeliveryoutcome",
        "publishtime",
        "lastdeliveryattempttime",
    )
)
"""What a dead letter has beside its event, in lower case."""


def moved(event: Mapping[str, Any], source: str) -> dict[str, Any] | None:
    """An event as if the source had raised it, with its own id; None where it never would.

    A topic of a domain is one by its name.

    Args:
        event: by Event Grid's names, of another subscription's account, workspace or domain.
        source: resource id of what raises events here.
    """
    name = source.rpartition("/")[2]
    raised = next((types for of, types in EVENT_TYPES.items() if f"/{of}/" in source), None)
    if raised is None:
        if str(event.get("topic")).rpartition("/")[2].lower() != name.lower():
            return None
    elif event.get("eventType") not in raised:
        return None
    kept = {key: value for key, value in event.items() if key.lower() not in _ENDED}
    data = kept.get("data")
    if raised and isinstance(data, dict) and isinstance(data.get("url"), str):
        url = re.sub(r"^https://[^./]+(?=\.(?:blob|dfs)\.)", f"https://{name}", data["url"])
        kept["data"] = {**data, "url": url}
    return {**kept, "topic": source}
