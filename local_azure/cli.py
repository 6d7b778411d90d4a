"""The commands of ``python -m local_azure``; each failure ends by saying what to do.

The server and the SDK clients are imported only by the commands that need them.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shutil
import sys
from typing import TYPE_CHECKING

from local_azure import environment, process, runs, stacks
from local_azure.console_client import Console
from local_azure.errors import LocalAzureError
from local_azure.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Command = Callable[[argparse.Namespace, Home], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options, Home.locate())
    except LocalAzureError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local_azure", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "start", _start, "start the embedded Azure in the background")
    _add(commands, "stop", _stop, "stop it; its state stays")
    _add(commands, "status", _status, "tell whether it runs, and where")
    _add(commands, "serve", _serve, "run it in the foreground")
    _add(commands, "reset", _reset, "stop it and delete its state and its stacks")
    stack = argparse.ArgumentParser(add_help=False)
    stack.add_argument("--stack", default="dev", help="name of the stack (default: dev)")
    _add(commands, "env", _env, 'print what a shell needs: eval "$(… env)"', stack)
    for name in ("preview", "up", "refresh", "destroy"):
        added = _add(commands, name, _pulumi, f"pulumi {name} on the embedded Azure", stack)
        added.add_argument("arguments", nargs="*", help="further arguments for pulumi, after --")
        added.set_defaults(operation=name)
    _add(commands, "demo", _demo, "a file lands, a batch job scores it: shown step by step", stack)
    runs = _add(commands, "runs", _runs, "show events, the runs they started, and the jobs")
    runs.add_argument("--json", action="store_true", help="for scripts")
    runs.add_argument("--limit", type=int, default=20, help="how many, newest last (default: 20)")
    tried = _add(commands, "evaluate", _evaluate, "try expressions out, from a file of JSON")
    tried.add_argument("file", help='{"context": ..., "expressions": [...]}; - for standard input')
    linted = _add(commands, "lint", _lint, "look for mistakes in workflow definitions")
    linted.add_argument("files", nargs="+", metavar="FILE")
    linted.add_argument("--json", action="store_true", help="for scripts")
    once = _add(commands, "run-workflow", _run_workflow, "run a workflow definition once")
    once.add_argument("file")
    once.add_argument("--event", required=True, help="file with the body for the trigger")
    once.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE|NAME=@FILE")
    once.add_argument("--json", action="store_true", help="for scripts")
    piped = _add(commands, "run-pipeline", _run_pipeline, "run an exported pipeline file once")
    piped.add_argument("file")
    piped.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE|NAME=@FILE")
    piped.add_argument(
        "--with",
        action="append",
        default=[],
        metavar="FILE",
        dest="called",
        help="a pipeline that it calls (default: the file beside it that has the name)",
    )
    piped.add_argument(
        "--as",
        metavar="OBJECT_ID",
        dest="principal",
        type=_object_id,
        help="the principal that it calls as (default: the deployed factory's own identity)",
    )
    piped.add_argument("--json", action="store_true", help="for scripts")
    event = _add(commands, "try-event", _try_event, "tell which subscriptions would get an event")
    event.add_argument("file", help="an event, or an array of them; - for standard input")
    tried_on = event.add_mutually_exclusive_group()
    tried_on.add_argument("--stack", help="the rules of this stack's file, in place of what runs")
    tried_on.add_argument("--rules", metavar="FILE", help="filters by name, in place of what runs")
    event.add_argument("--json", action="store_true", help="for scripts")
    drift = _add(commands, "raise-drift", _raise_drift, "raise DatasetDriftDetected in a workspace")
    drift.add_argument("--workspace", required=True, help="its name, or its resource id")
    drift.add_argument("--monitor", default="drift-monitor", help="name of the monitor")
    drift.add_argument("--coefficient", type=_share, default=0.8, help="0 to 1 (default: 0.8)")
    sent = _add(
        commands, "messages", _messages, "show what was sent to a queue, topic or event hub"
    )
    sent.add_argument("entity", help="resource id, or <namespace or storage account>/<name>")
    sent.add_argument("--json", action="store_true", help="for scripts")
    sent.add_argument("--limit", type=int, default=20, help="how many, newest last (default: 20)")
    advance = _add(commands, "advance", _advance, "move its clock forward")
    advance.add_argument("seconds", type=_seconds, help="how far, 0 or more")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Command,
    text: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=text, description=text, parents=parents)
    added.set_defaults(command=command)
    return added


def _object_id(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        message = f"{text}: accepted: an object id (GUID)"
        raise argparse.ArgumentTypeError(message)
    return text.lower()


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        message = f"{text}: its clock goes forward only, by a number of seconds"
        raise argparse.ArgumentTypeError(message)
    return seconds


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        message = f"{text}: accepted is a number from 0 to 1"
        raise argparse.ArgumentTypeError(message)
    return share


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


def _reset(_: argparse.Namespace, home: Home) -> int:
    process.stop(home)
    shutil.rmtree(home.folder, ignore_errors=True)
    print(f"Deleted {home.folder}.")
    return 0


def _env(options: argparse.Namespace, home: Home) -> int:
    told = process.start(home)
    stack = stacks.prepare(home, told, options.stack)
    print(environment.exports(stack))
    return 0


def _pulumi(options: argparse.Namespace, home: Home) -> int:
    told = process.start(home)
    return stacks.run(home, told, options.stack, options.operation, options.arguments)


def _demo(options: argparse.Namespace, home: Home) -> int:
    from local_azure import demo

    return demo.run(home, options.stack)


def _runs(options: argparse.Namespace, home: Home) -> int:
    print(runs.show(home, limit=options.limit, as_json=options.json))
    return 0


def _messages(options: argparse.Namespace, home: Home) -> int:
    from local_azure.commands import messages

    print(messages.show(home, options.entity, limit=options.limit, as_json=options.json))
    return 0


def _evaluate(options: argparse.Namespace, _: Home) -> int:
    from local_azure.commands import evaluate

    print(evaluate.answers(options.file))
    return 0


def _lint(options: argparse.Namespace, _: Home) -> int:
    from local_azure.commands import lint

    text, code = lint.report(options.files, as_json=options.json)
    print(text)
    return code


def _run_workflow(options: argparse.Namespace, home: Home) -> int:
    from local_azure.commands import run_workflow

    text, code = run_workflow.outcome(
        home, options.file, options.event, options.parameter, as_json=options.json
    )
    print(text)
    return code


def _run_pipeline(options: argparse.Namespace, home: Home) -> int:
    from local_azure.commands import run_pipeline

    text, code = run_pipeline.outcome(
        home,
        options.file,
        options.parameter,
        called=options.called,
        principal=options.principal,
        as_json=options.json,
    )
    print(text)
    return code


def _try_event(options: argparse.Namespace, home: Home) -> int:
    from local_azure.commands import try_event

    text, code = try_event.outcome(
        home, options.file, options.rules, options.stack, as_json=options.json
    )
    print(text)
    return code


def _advance(options: argparse.Namespace, home: Home) -> int:
    told = Console.of(home).post("/clock/advance", {"seconds": options.seconds})
    print(f"Its clock now shows {told['now']}.")
    return 0


def _raise_drift(options: argparse.Namespace, home: Home) -> int:
    asked = {key: getattr(options, key) for key in ("workspace", "monitor", "coefficient")}
    event = Console.of(home).post("/drift", asked)
    print(json.dumps(event, indent=2))
    return 0
