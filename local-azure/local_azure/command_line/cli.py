"""The command line ``local-azure``: the tree of its commands, and how each failure is told."""

import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from local_azure.command_line import acting, running, showing, trying
from local_azure.command_line.parameters import home
from local_azure.command_line.suggestions import Suggesting
from local_azure.command_line.telling import fail, say
from local_azure.errors import LocalAzureError, reason

_NAME = "local-azure"
_UNFIT = re.compile(
    r": (?:Value error, .* one of (?:'', )?|Input should be )(.*?)(?:, (?:unable|invalid) .*)?$"
)
"""How pydantic says what a value should be, and why it is not."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    if odd := [each for each in arguments if "\0" in each or not _is_text(each)]:
        return fail(f"{odd[0]!a} is no text; accepted: UTF-8 without null characters.", 2)
    try:
        code: int | None = get_command(_tree()).main(
            list(arguments), prog_name=_NAME, standalone_mode=False
        )
    except typer.TyperException as error:
        return _misused(error)
    except typer.Abort:
        return 1
    except (LocalAzureError, OSError) as error:
        return fail(_told(error))
    return code or 0


def _told(error: LocalAzureError | OSError) -> str:
    if isinstance(error, IsADirectoryError):
        where = f"Move {home().folder} away and start with an empty Azure, or put a copy of"
        return f"A folder lies where a file belongs: {error.filename}. {where} it back."
    filename = getattr(error, "filename", None)
    return f"{reason(error)} ({filename})" if filename else reason(error)


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:  # bytes of a name that is not UTF-8
        return False
    return True


def _misused(error: typer.TyperException) -> int:
    """Tell what is wrong with the arguments; of a group without any, what there is."""
    message, context = error.format_message().rstrip("."), getattr(error, "ctx", None)
    if not message or message.startswith("Usage:"):
        print(message, file=sys.stderr)
        return error.exit_code
    if errors := getattr(error.__cause__, "errors", None):
        found = errors()[0]["input"]
        message = _UNFIT.sub(lambda unfit: f": found {found}, accepted: {unfit[1]}", message, 1)
    message += "" if message.endswith("?") else "."
    more = f" `{context.command_path} --help` tells what it takes." if context else ""
    return fail(message + more, error.exit_code)


def _tree() -> typer.Typer:
    """The tree; its help is plain where there is no terminal."""
    tree = typer.Typer(
        cls=Suggesting,
        suggest_commands=False,
        rich_markup_mode="rich" if sys.stdout.isatty() else None,
        no_args_is_help=True,
        callback=_root,
    )
    tree.add_typer(running.running)
    tree.add_typer(trying.linting)
    for name, group in _GROUPS.items():
        tree.add_typer(
            group,
            name=name,
            cls=Suggesting,
            no_args_is_help=True,
            rich_help_panel="Groups of commands",
        )
    return tree


_GROUPS = {
    "stack": running.stack,
    "try": trying.trying,
    "show": showing.showing,
    "act": acting.acting,
    "clock": acting.clocks,
    "fault": acting.faults,
}


def _version(asked: bool) -> None:  # noqa: FBT001 as typer calls it
    if asked:
        from importlib.metadata import version

        say([f"{_NAME} {version(_NAME)}"])
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell its version.")
    ] = False,
) -> None:
    """An Azure on this machine: start it, deploy to it with Pulumi, look at what happens in it."""
