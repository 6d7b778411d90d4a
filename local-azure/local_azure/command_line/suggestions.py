"""A group of commands that says which one may have been meant, wherever in the tree it is."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import groupby
from typing import Any

import typer
from typer.core import TyperGroup


class Suggesting(TyperGroup):
    """Knows a command by its name, by its whole path with hyphens, and by what it is said to do."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name.

        Raises:
            typer.TyperException: there is none, with the one that may be meant.
        """
        try:
            return super().resolve_command(ctx, args)
        except typer.TyperException as error:
            root = ctx.find_root()
            if self.get_command(ctx, args[0]) is None and (meant := _meant(root.command, args[0])):
                error.message += f" Did you mean `{root.info_name} {meant}`?"
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Their list where there is no terminal: by panels, as rich has it on one."""
        shown = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        for panel, commands in groupby(shown, lambda each: _panel(each[1])):
            with formatter.section(panel):
                formatter.write_dl([(name, each.get_short_help_str(90)) for name, each in commands])


def _panel(command: Any) -> str:
    return command.rich_help_panel or "Commands"


def _meant(root: Any, name: str) -> str | None:
    paths = dict(_paths(root))
    # The one nearest to the root, where two have the name.
    nearest = sorted(paths, key=lambda path: -path.count(" "))
    keys = {key: path for path in nearest for key in (path.replace(" ", "-"), path.split()[-1])}
    # `pu` and `up`: two letters the other way round are half alike
    cutoff = 0.5 if len(name) == 2 else 0.6  # noqa: PLR2004 as told above
    if close := get_close_matches(name, keys, n=1, cutoff=cutoff):
        return keys[close[0]]
    said = (path for path, text in paths.items() if name in re.findall(r"[a-z]+", text.lower()))
    return next(said, None)


def _paths(group: Any, before: str = "") -> "Iterator[tuple[str, str]]":
    for name, command in group.commands.items():
        yield f"{before}{name}", command.get_short_help_str(200)
        if isinstance(command, TyperGroup):
            yield from _paths(command, f"{before}{name} ")
