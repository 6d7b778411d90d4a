"""The command ``batch-events``; its exit codes are those of ``Exit``.

A command is a class of what is ``said`` to it, and a function of its name in ``commands``. What
that needs is imported when it is run, so that help and completion come at once.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from typer import Option
from typer.core import TyperGroup

from batch_client import __version__
from batch_client.errors import ClientError, Exit
from batch_client.said import Shared
from batch_client.said_operating import COMMANDS, Adopt

if TYPE_CHECKING:
    from batch_client.outcome import Outcome
    from batch_client.progress import Progress

_NAME = "batch-events"
_UNFIT = re.compile(
    r": (?:Value error, .* is not one of |Input should be )(.*?)(?:, (?:unable|invalid) .*)?$"
)
"""How pydantic says what a value should be, and why it is not."""
_CODES = ", ".join(f"{code.value} {code.name.lower()}" for code in Exit)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    as_json = "--json" in arguments
    try:
        said = _app(list(arguments) or ["--help"], prog_name=_NAME, standalone_mode=False)
        if not isinstance(said, Shared | Adopt):
            return int(said or 0) if arguments else Exit.USAGE
        outcome = _run(said)
    except typer.TyperException as error:
        return _fail(_mistake(error), Exit.USAGE, as_json=as_json)
    except ClientError as error:
        return _fail(str(error), error.exit, as_json=as_json)
    except OSError as error:
        told = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return _fail(told, Exit.ERROR, as_json=as_json)
    except KeyboardInterrupt:
        return _fail("Interrupted.", Exit.INTERRUPTED, as_json=as_json)
    document = {**outcome.document, "exit": outcome.exit}
    if told := json.dumps(document) if said.json else "\n".join(outcome.lines):
        _tell(told)
    return outcome.exit


def _tell(text: str) -> None:
    """Print; whoever reads may have read enough, as `head` has."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(said: Shared | Adopt) -> "Outcome":
    from batch_client import commands, commands_operating
    from batch_client.caller import Caller
    from batch_client.environment import FLAGS, Environment, load

    if isinstance(said, Adopt):
        environment = Environment({"cloud": said.cloud})
    else:
        environment = load(said.stack, said.outputs, {name: getattr(said, name) for name in FLAGS})
    with (
        shown_on(sys.stderr, quiet=said.quiet) as progress,
        Caller(environment, progress) as caller,
    ):
        name = said.does.replace("-", "_").replace(" ", "_")
        module = commands if hasattr(commands, name) else commands_operating
        outcome: Outcome = getattr(module, name)(said, caller)
    return outcome


@contextmanager
def shown_on(stream: TextIO, *, quiet: bool) -> "Iterator[Progress]":
    """What fits the stream."""
    from batch_client.progress import Lines, Progress

    if quiet or not stream.isatty():
        yield Progress() if quiet else Lines(stream)
        return
    from batch_client.terminal import Bar

    with closing(Bar(stream)) as bar:
        yield bar


def _mistake(error: typer.TyperException) -> str:
    told, context = error.format_message().rstrip(".?"), getattr(error, "ctx", None)
    if errors := getattr(error.__cause__, "errors", None):
        found = errors()[0]["input"]
        told = _UNFIT.sub(lambda unfit: f": found {found}, accepted: {unfit[1]}", told, 1)
    return f"{told}: see `{context.command_path if context else _NAME} --help`."


def _fail(message: str, code: int, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": message, "exit": code}))
    typer.secho(f"error: {message}", fg="red", err=True)
    return code


class _Grouped(TyperGroup):
    """Commands in groups where there is no terminal, too."""

    def format_commands(self, _: Any, formatter: Any) -> None:
        """A list for each group."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            group = groups.setdefault(str(vars(command)["rich_help_panel"]), [])
            group.append((name, command.get_short_help_str(formatter.width)))
        for title, rows in groups.items():
            with formatter.section(title):
                formatter.write_dl(rows)


_app = typer.Typer(
    cls=_Grouped,
    help="Upload files, invoke a batch endpoint, follow its job, fetch the predictions.",
    epilog=f"Exit codes: {_CODES}.",
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
)


def _version(asked: bool) -> None:  # noqa: FBT001 as a callback gets it
    if asked:
        print(_NAME, __version__)
        raise typer.Exit


@_app.callback()
def _top(
    *,
    version: Annotated[
        bool, Option("--version", callback=_version, help="Tell the version.")
    ] = False,
) -> None:
    pass


_groups: dict[str, typer.Typer] = {}
for _each in COMMANDS:
    _group, _space, _last = _each.does.rpartition(" ")
    if _group and _group not in _groups:
        _groups[_group] = typer.Typer(help="Events that could not be delivered.")
        _app.add_typer(_groups[_group], name=_group, rich_help_panel=_each.group)
    _panel = None if _group else _each.group
    _groups.get(_group, _app).command(_last, rich_help_panel=_panel)(_each)
