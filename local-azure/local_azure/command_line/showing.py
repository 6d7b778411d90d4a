"""``show``: what happened in it, and what left it."""

import sys
from typing import Annotated, Literal
from urllib.parse import urlencode

import typer

from local_azure.command_line.parameters import JSON, LIMIT, console
from local_azure.command_line.telling import tell
from local_azure.commands import runs as reading
from local_azure.tracing.model import Trace

showing = typer.Typer(help="Show what happened in it, and what left it.")


@showing.command()
def runs(
    of: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A part of a file's URL, or an id.")
    ] = "",
    *,
    state: Annotated[
        Literal["", "done", "failed", "unwanted", "under way"], typer.Option(help="Those alone.")
    ] = "",
    limit: LIMIT = 20,
    as_json: JSON = False,
) -> int:
    """Events, the runs that they started, and the jobs: a trace for each file."""
    which = {"containing": of, "state": state, "limit": limit, "spans": 1}
    told = console().get(f"/traces?{urlencode(which)}")["traces"]
    if len(told) == limit:
        print(f"The newest {limit}; --limit shows more.", file=sys.stderr)
    return tell(told, reading.lines(map(Trace.from_json, told)), as_json=as_json)


@showing.command()
def messages(
    entity: Annotated[
        str,
        typer.Argument(help="Resource id, NAMESPACE/NAME, ACCOUNT/QUEUE, or URL of a receiver."),
    ],
    *,
    limit: LIMIT = 20,
    as_json: JSON = False,
) -> int:
    """What was sent to a queue, topic, event hub or receiver; of a storage queue the oldest 32."""
    told = console().get(f"/messages?{urlencode({'entity': entity, 'limit': limit})}")
    return tell(told, reading.message_lines(told), as_json=as_json)


@showing.command()
def mail(*, limit: LIMIT = 20, as_json: JSON = False) -> int:
    """The e-mails that workflows sent."""
    told = console().get(f"/mails?limit={limit}")
    return tell(told, reading.mail_lines(told), as_json=as_json)


@showing.command()
def dispatches(*, limit: LIMIT = 20, as_json: JSON = False) -> int:
    """The CI workflows that workflows started."""
    told = console().get(f"/dispatches?limit={limit}")
    return tell(told, reading.dispatch_lines(told), as_json=as_json)


@showing.command()
def receivers(*, as_json: JSON = False) -> int:
    """The functions and webhooks that receive events."""
    told = console().get("/receivers")
    return tell(told, reading.receiver_lines(told), as_json=as_json)


@showing.command()
def connections(*, as_json: JSON = False) -> int:
    """The connections, and whether somebody has signed in for them."""
    told = console().get("/connections")
    return tell(told, reading.connection_lines(told), as_json=as_json)
