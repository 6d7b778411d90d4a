"""What several commands take, the state folder and the console that they ask."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from local_azure.commands.console_client import Console
    from local_azure.home import Home

MOST_SECONDS = 10 * 365 * 24 * 60 * 60
"""Ten years: dates end with the year 9999, and what waits for a later one would never wake."""


def _stacks() -> list[str]:
    """The names that a shell completes."""
    from local_azure import project
    from local_azure.errors import LocalAzureError

    try:
        return list(project.locate().stacks)
    except LocalAzureError:
        return []


JSON = Annotated[bool, typer.Option("--json", help="For scripts.")]
LIMIT = Annotated[
    int, typer.Option("--limit", min=1, max=10**9 - 1, help="How many, the newest last.")
]
STACK = Annotated[str, typer.Option("--stack", help="Name of the stack.", autocompletion=_stacks)]
INSIDE = Annotated[
    str,
    typer.Option("--inside", metavar="NETWORK", help="As from a machine in a virtual network."),
]
VALUES = Annotated[
    list[str] | None,
    typer.Option("--parameter", metavar="NAME=VALUE|NAME=@FILE", help="A secret from a file."),
]


def home() -> "Home":
    """The state folder."""
    from local_azure.home import Home

    return Home.locate()


def console() -> "Console":
    """The console of the embedded Azure that runs.

    Raises:
        LocalAzureError: none runs.
    """
    from local_azure.commands.console_client import Console

    return Console.of(home())
