"""Events that were given up, and that nobody has sent again since."""

from typing import Any, NamedTuple

from local_azure.azure import Azure
from local_azure.tracing.model import Span

_MOST = 200
"""Events that are shown, and sent again at a time; the newest."""


class Letter(NamedTuple):
    """A delivery that was given up.

    Attributes:
        file: the row of the event's trace.
        delivery: its span.
        why: one sentence.
    """

    file: dict[str, Any]
    delivery: Span
    why: str


async def letters(azure: Azure, text: str) -> list[Letter]:
    """Those with a text in the file's URL, the subscription's id or the reason, in any case."""
    found = await azure.traces.of_events(azure.eventgrid.given_up(_MOST))
    told = [
        Letter(trace.row(), each, trace.reason_of(each))
        for trace in found
        for each in trace.given_up
    ]
    return [each for each in told if text.lower() in _about(each).lower()]


async def send_again(azure: Azure, text: str) -> int:
    """Take the events of those with a text in once more; how many there were."""
    asked = {each.file["event"] for each in await letters(azure, text)}
    # A second press may have sent them while this one read.
    left = azure.eventgrid.given_up(_MOST)
    return azure.eventgrid.again(each for each in left if each in asked)


def _about(letter: Letter) -> str:
    return f"{letter.file['file']} {letter.delivery.attributes['subscription']} {letter.why}"
