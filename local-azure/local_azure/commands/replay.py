"""``act replay``: recorded events, or the dead letters of a real stack, sent to a stack here.

So that the next version of its templates is tried on what came to the present one.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from local_azure.commands import runs
from local_azure.commands.console_client import Console
from local_azure.control_plane import strict_json
from local_azure.errors import LocalAzureError, reason
from local_azure.services.eventgrid.schedule import ACKNOWLEDGED
from local_azure.tracing.model import Trace

_SHOWN = ("workflow run", "action", "pipeline run", "activity", "job")


def outcome(
    console: Console, paths: Sequence[str]
) -> tuple[list[dict[str, Any]], Iterator[str], int]:
    """What was answered to each event, lines that tell it with what it started, and an exit code.

    That is 0 where each event was acknowledged by all that wanted it, and there was somebody.

    Raises:
        LocalAzureError: something can't be read, or is no event; no server runs.
    """
    documents = [each for path in paths for each in _documents(path)]
    told = [event for each in documents for event in console.post("/replay", each)]
    return told, _lines(told, console), 0 if all(map(_acknowledged, told)) else 1


def _acknowledged(event: dict[str, Any]) -> bool:
    statuses = [each["status"] for each in event["deliveries"]]
    return bool(statuses) and all(status in ACKNOWLEDGED for status in statuses)


def _lines(told: list[dict[str, Any]], console: Console) -> Iterator[str]:
    for event in told:
        yield f"event {event['id']}"
        if not event["deliveries"]:
            yield "  no subscription wants it; `local-azure try event` says why"
        for each in event["deliveries"]:
            detail = f": {each['detail']}" if each["detail"] else ""
            yield f"  to {each['subscription']}: {each['status']} {each['word']}{detail}"
        with suppress(LocalAzureError):  # of one that nobody took nothing is known
            trace = console.get(f"/trace?{urlencode({'id': event['id']})}")
            yield from runs.trace_lines(Trace.from_json(trace), *_SHOWN)


def _documents(path: str) -> Iterator[Any]:
    """What a file holds, or each file of a folder: one JSON, or one a line."""
    if Path(path).is_dir():
        for file in sorted(Path(path).rglob("*.json*")):
            yield from _documents(str(file))
        return
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        yield from _read(text)
    except (OSError, ValueError) as error:
        message = f"{path}: {reason(error)}. It has to hold events as JSON, whole or one a line."
        raise LocalAzureError(message) from None


def _read(text: str) -> list[Any]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines):
        return [strict_json.read(line) for line in lines]
    return [strict_json.read(text)]
