"""The commands of ``python -m batch_client``; its exit codes are those of ``Exit``."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from typing import TYPE_CHECKING, Any

from batch_client import commands
from batch_client.environment import FLAGS, load
from batch_client.errors import ClientError, Exit
from batch_client.progress import shown_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batch_client.commands import Outcome

    Adds = Callable[[argparse.ArgumentParser], None]

_WHAT = "Upload files, invoke a batch endpoint, follow its job, fetch the predictions."
_CODES = ", ".join(f"{code.value} {code.name.lower()}" for code in Exit)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        outcome = _run(options)
    except ClientError as error:
        return _fail(options, str(error), error.exit)
    except OSError as error:
        told = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return _fail(options, told, Exit.ERROR)
    except KeyboardInterrupt:
        return _fail(options, "Interrupted.", Exit.INTERRUPTED)
    if options.json:
        print(json.dumps({**outcome.document, "exit": outcome.exit}))
    else:
        print("\n".join(outcome.lines))
    return outcome.exit


def _run(options: argparse.Namespace) -> Outcome:
    flags = {name: getattr(options, name, None) for name in FLAGS}
    environment = load(options.stack, options.outputs, flags)
    progress = shown_on(sys.stderr, quiet=options.quiet)
    outcome: Outcome = options.command(options, environment, progress)
    return outcome


def _fail(options: argparse.Namespace, message: str, code: Exit) -> int:
    if options.json:
        print(json.dumps({"error": message, "exit": code}))
    print(f"error: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="batch-events", description=_WHAT, epilog=f"Exit codes: {_CODES}."
    )
    added = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = _shared()
    for name, command, text, adds in _COMMANDS:
        each = added.add_parser(name, help=text, description=text, parents=[shared])
        each.set_defaults(command=command)
        for add in adds:
            add(each)
    return parser


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    where = shared.add_argument_group("where")
    where.add_argument("--stack", help="a stack, whose outputs `pulumi stack output` tells")
    where.add_argument("--outputs", metavar="FILE", help="its outputs as JSON; - is standard input")
    for name, flag in FLAGS.items():
        told = "input container's URL" if name == "container_url" else name
        where.add_argument(flag, dest=name, metavar="VALUE", help=f"instead of the stack's {told}")
    shown = shared.add_argument_group("shown")
    shown.add_argument("--json", action="store_true", help="one JSON document, for scripts")
    shown.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return shared


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a local file or folder")
    parser.add_argument(
        "--to", type=_folder, metavar="FOLDER", help="of the container; default: a new one"
    )
    parser.add_argument(
        "--watched", action="store_true", help="to the watched folder, where it starts a job"
    )


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", nargs="?", metavar="DATA", help="path, URL, datastore URI, asset")
    parser.add_argument("--type", help="of DATA, where it can't be seen: UriFile, UriFolder, …")
    parser.add_argument("--nested", action="store_true", help="upload folders in the folder too")


def _invocation(parser: argparse.ArgumentParser) -> None:
    several: dict[str, Any] = {"action": "append", "default": []}
    parser.add_argument("--input", metavar="NAME[:TYPE]=DATA", help="a named input", **several)
    parser.add_argument("--literal", metavar="NAME=TEXT", help="a literal input", **several)
    parser.add_argument("--output", metavar="NAME[:TYPE]=URI", help="a named output", **several)
    parser.add_argument("--deployment", type=_name, help="instead of the endpoint's default")
    parser.add_argument(
        "--name", type=_name, help="of the job, so that a repeat starts no second one"
    )
    parser.add_argument("--experiment", help="that the job belongs to")
    parser.add_argument("--tag", metavar="NAME=TEXT", help="of the job", **several)
    overrides = parser.add_argument_group("for this job alone, instead of the deployment's")
    for flag in ("instance-count", "mini-batch-size", "max-concurrency-per-instance"):
        overrides.add_argument(f"--{flag}", type=_count, metavar="N")
    overrides.add_argument("--error-threshold", type=int, metavar="N")
    overrides.add_argument("--mini-batch-retries", type=int, metavar="N")
    overrides.add_argument("--mini-batch-timeout-seconds", type=_count, metavar="N")
    overrides.add_argument("--output-file-name", metavar="NAME")
    overrides.add_argument("--logging-level", choices=["Info", "Warning", "Debug"])


def _job(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", type=_name, metavar="JOB", help="name of the job")


def _job_or_event(parser: argparse.ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("job", type=_name, nargs="?", metavar="JOB", help="name of the job")
    whose.add_argument("--event", type=_name, metavar="ID", help="that started the job")


def _timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout", type=_amount, metavar="SECONDS", help="how long to wait; default: for ever"
    )


def _target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--into", metavar="FOLDER", help="local; default: the job's name, or the event's id"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace local files")


def _logs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--logs", action="store_true", help="the logs, not the predictions")


def _name(text: str) -> str:
    """As Azure ML names jobs and deployments; a header can't carry more than that."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", text):
        message = (
            f"{text!r}: accepted are up to 255 letters, digits, '-' and '_', the first one no sign"
        )
        raise argparse.ArgumentTypeError(message)
    return text


def _folder(text: str) -> str:
    """A path in the container; '..' would lead out of it, because HTTP clients resolve it."""
    parts = text.strip("/").split("/")
    if any(part in {".", ".."} or not part.isprintable() for part in parts) or "" in parts[1:]:
        message = f"{text!r}: accepted is a folder's path, without '.', '..' and empty parts"
        raise argparse.ArgumentTypeError(message)
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: accepted is 1 or more")
    return int(text)


def _amount(text: str) -> float:
    """Of time, in the unit that the option's metavar or help names."""
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 <= amount < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}: accepted is a number, 0 or more")
    return amount


def _parameters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of the pipeline; a number is one, a text that looks like one needs quotes",
    )
    parser.add_argument("--no-wait", action="store_true", help="print the run's id and end")


def _trial(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sample", metavar="FILE", help="that the model can score; default: a digit"
    )
    parser.add_argument(
        "--timeout", type=_amount, default=1800.0, metavar="SECONDS", help="of run and job, each"
    )
    parser.add_argument("--keep", action="store_true", help="remove nothing in the end")


def _window(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--hours", type=_amount, default=24.0, metavar="N", help="how far back; default: 24"
    )
    parser.add_argument(
        "--grace",
        type=_amount,
        default=15.0,
        metavar="MINUTES",
        help="that a file may be on its way to its job; default: 15",
    )


_COMMANDS: tuple[tuple[str, Any, str, tuple[Adds, ...]], ...] = (
    ("upload", commands.upload, "upload files or folders", (_paths,)),
    ("invoke", commands.invoke, "start a job; local data is uploaded first", (_data, _invocation)),
    ("follow", commands.follow, "wait for the end of a job", (_job, _timeout)),
    ("download", commands.download, "fetch a job's predictions", (_job_or_event, _target, _logs)),
    ("score", commands.score, "all four: upload, invoke, follow, download",
     (_data, _invocation, _timeout, _target)),
    ("run-pipeline", commands.run_pipeline, "run a pipeline of the data factory, and follow it",
     (_data, _parameters, _timeout)),
    ("verify", commands.verify, "prove a deployed environment, step by step", (_trial,)),
    ("watch", commands.watch, "tell files without a job, dead letters and failed jobs", (_window,)),
)  # fmt: skip
