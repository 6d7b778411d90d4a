"""``stack``: Pulumi on the embedded Azure."""

from typing import Annotated

import typer

from local_azure.command_line.parameters import INSIDE, STACK, home

stack = typer.Typer(help="Deploy a stack to it with Pulumi.")

_ARGUMENTS = Annotated[
    list[str] | None, typer.Argument(help="Further arguments for pulumi, after --.")
]


@stack.command()
def preview(arguments: _ARGUMENTS = None, *, stack: STACK = "dev") -> int:
    """Show what `up` would change."""
    return _pulumi("preview", stack, arguments)


@stack.command()
def up(arguments: _ARGUMENTS = None, *, stack: STACK = "dev", inside: INSIDE = "") -> int:
    """Bring the stack to what the program says."""
    return _pulumi("up", stack, arguments, inside)


@stack.command()
def refresh(arguments: _ARGUMENTS = None, *, stack: STACK = "dev") -> int:
    """Take up in the stack's state what was changed by others."""
    return _pulumi("refresh", stack, arguments)


@stack.command()
def destroy(arguments: _ARGUMENTS = None, *, stack: STACK = "dev") -> int:
    """Remove what the stack created."""
    return _pulumi("destroy", stack, arguments)


def _pulumi(operation: str, stack: str, arguments: list[str] | None, inside: str = "") -> int:
    from local_azure.commands import process, stacks

    here = home()
    return stacks.run(here, process.start(here), stack, operation, arguments or [], inside)
