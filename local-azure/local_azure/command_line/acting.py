"""``act``, ``clock`` and ``fault``: what others would do, its time, and what is to go wrong."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from local_azure.command_line.parameters import JSON, MOST_SECONDS, console
from local_azure.command_line.telling import say, tell
from local_azure.commands import runs as reading

acting = typer.Typer(help="Do what is done outside of it.")
clocks = typer.Typer(help="See and move its clock.")
faults = typer.Typer(help="Have requests fail, or come late.")


@acting.command()
def receive(
    url: Annotated[str, typer.Argument(help="https://<host>/<path>")],
    *,
    key_file: Annotated[str, typer.Option(metavar="FILE", help="With the function's key.")] = "",
    status: Annotated[int, typer.Option(help="Answer to events.")] = 200,
    silent: Annotated[
        bool, typer.Option("--silent", help="Accept the handshake without an answer.")
    ] = False,
    as_json: JSON = False,
) -> int:
    """Have a function or a webhook receive events; `show messages URL` has them."""
    key = Path(key_file).read_text().strip() if key_file else ""
    asked = {"url": url, "key": key, "status": status, "handshake": not silent}
    told = console().post("/receivers", asked)
    return tell(told, reading.receiver_lines(told), as_json=as_json)


@acting.command()
def authorise(
    connection: Annotated[str, typer.Argument(help="Its name, or its resource id.")],
    *,
    as_json: JSON = False,
) -> int:
    """Sign in for a connection, as a person does once."""
    told = console().post("/connections/authorise", {"connection": connection})
    return tell(told, [f"Authorised: {told['id']}"], as_json=as_json)


@acting.command()
def raise_drift(
    *,
    workspace: Annotated[str, typer.Option(help="Its name, or its resource id.")],
    monitor: Annotated[str, typer.Option(help="Name of the monitor.")] = "drift-monitor",
    coefficient: Annotated[float, typer.Option(min=0, max=1)] = 0.8,
    as_json: JSON = False,
) -> int:
    """Raise DatasetDriftDetected in a workspace."""
    asked = {"workspace": workspace, "monitor": monitor, "coefficient": coefficient}
    told = console().post("/drift", asked)
    return tell(told, [f"Raised {told['eventType']} {told['subject']}."], as_json=as_json)


@acting.command()
def replay(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="A file of events or dead letters, a folder of them, or -."
        ),
    ],
    *,
    as_json: JSON = False,
) -> int:
    """Deliver recorded events once, as if they came from the accounts that are here."""
    from local_azure.commands import replay

    return tell(*replay.outcome(console(), paths), as_json=as_json)


@clocks.command()
def show(*, as_json: JSON = False) -> int:
    """What it shows."""
    return _tell_time(console().get("/clock"), as_json=as_json)


@clocks.command()
def advance(
    seconds: Annotated[float, typer.Argument(min=0, max=MOST_SECONDS)],
    *,
    as_json: JSON = False,
) -> int:
    """Move it forward, for retries and expiry; it stays moved until a reset."""
    return _tell_time(console().post("/clock/advance", {"seconds": seconds}), as_json=as_json)


def _tell_time(told: dict[str, Any], *, as_json: bool) -> int:
    line = f"Its clock shows {told['now']}, moved forward by {told['advanced']:g} s."
    return tell(told, [line], as_json=as_json)


@faults.command()
def add(
    host: Annotated[str, typer.Argument(help="Such as '*.inference.ml.azure.com'.")],
    *,
    method: Annotated[str, typer.Option(help="GET, POST, …")] = "*",
    path: Annotated[str, typer.Option(help="A pattern, as the host.")] = "*",
    delay: Annotated[float, typer.Option(min=0, max=MOST_SECONDS, help="Seconds.")] = 0,
    status: Annotated[int, typer.Option(help="Answer, instead of handling it.")] = 0,
    times: Annotated[int, typer.Option(min=1, help="How many requests.")] = 1,
    drop: Annotated[
        Literal["", "request", "answer"],
        typer.Option(help="Close the connection before the request or its answer."),
    ] = "",
    as_json: JSON = False,
) -> int:
    """Have the next requests to a host fail, or come late."""
    asked = {"host": host, "method": method, "path": path, "delay": delay, "status": status}
    return _tell_faults(console().post("/faults", asked | {"times": times, "drop": drop}), as_json)


@faults.command("list")
def list_(*, as_json: JSON = False) -> int:
    """The faults that are still to happen."""
    return _tell_faults(console().get("/faults"), as_json)


@faults.command()
def clear() -> int:
    """Let no fault happen any more."""
    console().delete("/faults")
    say(["No fault will happen."])
    return 0


def _tell_faults(told: list[dict[str, Any]], as_json: JSON) -> int:
    return tell(told, reading.fault_lines(told), as_json=as_json)
