"""The commands of ``python -m local_azure``; each failure ends by saying what to do.

The server and the SDK clients are imported only by the commands that need them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

from local_azure import environment, handled, process, stacks, trials
from local_azure.commands import runs
from local_azure.console_client import Console
from local_azure.errors import LocalAzureError, reason
from local_azure.home import Home
from local_azure.quantities import count, seconds, share
from local_azure.storage import azurite_packages
from local_azure.subcommand import add

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_azure.subcommand import Command

_WHAT = "An Azure on this machine: start it, deploy to it with Pulumi, look at what happens in it."


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    if odd := [each for each in arguments if "\0" in each or not _is_text(each)]:
        parser.error(f"{odd[0]!a} is no text; accepted: UTF-8 without null characters")
    options = parser.parse_args(arguments)
    command: Command = options.command
    home = Home.locate()
    try:
        return command(options, home)
    except LocalAzureError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except IsADirectoryError as error:
        where = f"Move {home.folder} away and start with an empty Azure, or put a copy of it back."
        print(
            f"error: A folder lies where a file belongs: {error.filename}. {where}", file=sys.stderr
        )
        return 1
    except BrokenPipeError:
        # Whoever reads has read enough, as `head` has.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        about = f" ({error.filename})" if error.filename else ""
        print(f"error: {reason(error)}{about}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:  # bytes of a name that is not UTF-8
        return False
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local_azure", description=_WHAT)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add(commands, "install", _install, "get Azurite, which keeps blobs and queues (start does it)")
    add(commands, "start", _start, "start the embedded Azure in the background")
    add(commands, "stop", _stop, "stop it; its state stays")
    add(commands, "status", _status, "tell whether it runs, and where")
    add(commands, "serve", _serve, "run it in the foreground")
    reset = add(commands, "reset", _reset, "stop it and delete its state and its stacks")
    reset.add_argument("--yes", action="store_true", help="don't ask on a terminal")
    stack = argparse.ArgumentParser(add_help=False)
    stack.add_argument("--stack", default="dev", help="name of the stack (default: dev)")
    add(commands, "env", _env, 'print what a shell needs: eval "$(… env)"', stack)
    for name in ("preview", "up", "refresh", "destroy"):
        added = add(commands, name, _pulumi, f"pulumi {name} on the embedded Azure", stack)
        added.add_argument("arguments", nargs="*", help="further arguments for pulumi, after --")
        added.set_defaults(operation=name)
    runs = add(commands, "runs", _runs, "show events, the runs they started, and the jobs")
    runs.add_argument("--json", action="store_true", help="for scripts")
    runs.add_argument("--limit", type=count, default=20, help="how many, newest last (default: 20)")
    trials.add_to(commands)
    drift = add(commands, "raise-drift", _raise_drift, "raise DatasetDriftDetected in a workspace")
    drift.add_argument("--workspace", required=True, help="its name, or its resource id")
    drift.add_argument("--monitor", default="drift-monitor", help="name of the monitor")
    drift.add_argument("--coefficient", type=share, default=0.8, help="0 to 1 (default: 0.8)")
    sent = add(commands, "messages", _messages, "show what was sent to a queue, topic or event hub")
    sent.add_argument("entity", help="resource id, or <namespace or storage account>/<name>")
    sent.add_argument("--json", action="store_true", help="for scripts")
    sent.add_argument(
        "--limit",
        type=count,
        default=20,
        help="how many, newest last; of a storage queue the oldest, 32 at most (default: 20)",
    )
    handled.add_to(commands)
    advance = add(commands, "advance", _advance, "move its clock forward")
    advance.add_argument("seconds", type=seconds, help="how far, 0 or more")
    return parser


def _install(_: argparse.Namespace, __: Home) -> int:
    print(f"Azurite is in {azurite_packages.install()}.")
    return 0


def _start(_: argparse.Namespace, home: Home) -> int:
    told = process.start(home)
    print(f"The embedded Azure runs (process {told['pid']}); its state is in {home.folder}.")
    return 0


def _stop(_: argparse.Namespace, home: Home) -> int:
    print("Stopped." if process.stop(home) else "It was not running.")
    return 0


def _status(_: argparse.Namespace, home: Home) -> int:
    told = process.running(home)
    if told is None:
        print("It is not running; `python -m local_azure start` starts it.")
        return 1
    print(json.dumps(told))
    return 0


def _serve(_: argparse.Namespace, home: Home) -> int:
    from local_azure import foreground

    foreground.serve(home)
    return 0


def _reset(options: argparse.Namespace, home: Home) -> int:
    if sys.stdin.isatty() and not options.yes and not _agreed(home):
        print("Nothing was deleted.")
        return 1
    process.stop(home)
    shutil.rmtree(home.folder, ignore_errors=True)
    print(f"Deleted {home.folder}.")
    return 0


def _agreed(home: Home) -> bool:
    return input(f"Delete {home.folder} with all accounts and stacks in it? [y/N] ") in ("y", "yes")


def _env(options: argparse.Namespace, home: Home) -> int:
    told = process.start(home)
    stack = stacks.prepare(home, told, options.stack)
    print(environment.exports(stack))
    return 0


def _pulumi(options: argparse.Namespace, home: Home) -> int:
    told = process.start(home)
    return stacks.run(home, told, options.stack, options.operation, options.arguments)


def _runs(options: argparse.Namespace, home: Home) -> int:
    print(runs.show(home, limit=options.limit, as_json=options.json))
    return 0


def _messages(options: argparse.Namespace, home: Home) -> int:
    from local_azure.commands import messages

    print(messages.show(home, options.entity, limit=options.limit, as_json=options.json))
    return 0


def _advance(options: argparse.Namespace, home: Home) -> int:
    told = Console.of(home).post("/clock/advance", {"seconds": options.seconds})
    print(f"Its clock now shows {told['now']}.")
    return 0


def _raise_drift(options: argparse.Namespace, home: Home) -> int:
    asked = {key: getattr(options, key) for key in ("workspace", "monitor", "coefficient")}
    event = Console.of(home).post("/drift", asked)
    print(json.dumps(event, indent=2))
    return 0
