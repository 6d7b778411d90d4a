"""One command of a command line: its name, what it does, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from local_azure.home import Home

    Command = Callable[[argparse.Namespace, Home], int]
    """Takes the arguments and the state folder, and returns the exit code."""

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 has no other name


def add(
    commands: Commands,
    name: str,
    command: Command,
    text: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    """Add a command; the parser of its own arguments."""
    added = commands.add_parser(name, help=text, description=text, parents=parents)
    added.set_defaults(command=command)
    return added
