"""Which of the events that are due together go in one delivery.

Source: D:event-grid/delivery-and-retry, "Batched event delivery": at most a number of events, about
a size, all or none; no event waits for others, and one that is too big goes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.services.eventgrid.schemas import rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_azure.services.eventgrid.schedule import Delivery


def first(due: Sequence[Delivery], schema: str, most_bytes: int) -> list[Delivery]:
    """What of the deliveries that are due goes first.

    Events of one delivery were tried equally often, because its headers tell how often.

    Args:
        due: at least one.
        schema: that they are delivered in.
        most_bytes: the size that a delivery of more than one event keeps to.
    """
    batch: list[Delivery] = []
    size = 0
    for each in due:
        size += len(rendered(each.body, schema))
        if batch and (size > most_bytes or each.attempts != batch[0].attempts):
            break
        batch.append(each)
    return batch
