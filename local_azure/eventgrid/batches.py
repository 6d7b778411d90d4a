"""Which of the events that are due together go in one delivery.

Source: D:event-grid/delivery-and-retry, "Batched event delivery": at most a number of events, about
a size, all or none; no event waits for others, and one that is too big goes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_azure.eventgrid.store import Delivery


class Sized(NamedTuple):
    """A delivery with its event as it goes out.

    Attributes:
        delivery: which.
        event: JSON in the subscription's delivery schema.
    """

    delivery: Delivery
    event: str


def split(due: Sequence[Sized], most_bytes: int) -> tuple[list[Sized], list[Sized]]:
    """What goes first, and what is left.

    Events of one delivery were tried equally often, because its headers tell how often.

    Args:
        due: at least one.
        most_bytes: the size that a delivery of more than one event keeps to.
    """
    first, size = [due[0]], len(due[0].event)
    left: list[Sized] = []
    for each in due[1:]:
        size += len(each.event)
        fits = size <= most_bytes and each.delivery.attempts == due[0].delivery.attempts
        (first if fits and not left else left).append(each)
    return first, left
