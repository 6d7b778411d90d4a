"""The commands that try a file out before it is deployed, or have it run once."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from local_azure.subcommand import add

if TYPE_CHECKING:
    from local_azure.home import Home
    from local_azure.subcommand import Commands


def add_to(commands: Commands) -> None:
    """Add them all."""
    _add_evaluate(commands)
    _add_lint(commands)
    _add_run_workflow(commands)
    _add_run_scoring(commands)
    _add_run_pipeline(commands)
    _add_try_event(commands)


def _add_evaluate(commands: Commands) -> None:
    tried = add(commands, "evaluate", _evaluate, "try expressions out, from a file of JSON")
    tried.add_argument("file", help='{"context": ..., "expressions": [...]}; - for standard input')


def _add_lint(commands: Commands) -> None:
    linted = add(
        commands, "lint", _lint, "look for mistakes in definitions, pipelines and datasets"
    )
    linted.add_argument("files", nargs="+", metavar="FILE")
    linted.add_argument("--json", action="store_true", help="for scripts")


def _add_run_workflow(commands: Commands) -> None:
    once = add(commands, "run-workflow", _run_workflow, "run a workflow definition once")
    once.add_argument("file")
    once.add_argument("--event", required=True, help="file with the body for the trigger")
    once.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE|NAME=@FILE")
    once.add_argument("--json", action="store_true", help="for scripts")


def _add_run_scoring(commands: Commands) -> None:
    scored = add(commands, "run-scoring", _run_scoring, "try a scoring script on local files")
    scored.add_argument("script", help="with init() and run(mini_batch)")
    scored.add_argument("files", nargs="+", metavar="FILE", help="a file, or a folder of files")
    scored.add_argument("--model", default="", help="the model's file or folder")
    for name in ("mini-batch-size", "workers", "error-threshold", "max-retries"):
        scored.add_argument(f"--{name}", type=int, help="as the deployment's setting")
    scored.add_argument("--timeout", type=float, help="seconds for each mini-batch")
    scored.add_argument(
        "--debug", action="store_true", help="breakpoint() and input() work; one process, no limits"
    )
    scored.add_argument(
        "--debugpy", type=int, default=0, metavar="PORT", help="wait for an editor's debugger there"
    )
    scored.add_argument("--json", action="store_true", help="for scripts")


def _add_run_pipeline(commands: Commands) -> None:
    piped = add(commands, "run-pipeline", _run_pipeline, "run an exported pipeline file once")
    piped.add_argument("file", help="a pipeline, or an ARM template that has it")
    piped.add_argument(
        "--pipeline", metavar="NAME", default="", help="which one of a template's pipelines"
    )
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


def _add_try_event(commands: Commands) -> None:
    event = add(commands, "try-event", _try_event, "tell which subscriptions would get an event")
    event.add_argument("file", help="an event, or an array of them; - for standard input")
    tried_on = event.add_mutually_exclusive_group()
    tried_on.add_argument("--stack", help="the rules of this stack's file, in place of what runs")
    tried_on.add_argument("--rules", metavar="FILE", help="filters by name, in place of what runs")
    event.add_argument("--json", action="store_true", help="for scripts")


def _object_id(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        message = f"{text}: accepted: an object id (GUID)"
        raise argparse.ArgumentTypeError(message)
    return text.lower()


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


def _run_scoring(options: argparse.Namespace, _: Home) -> int:
    from local_azure.commands import run_scoring

    settings = run_scoring.settings_of(options)
    text, code = run_scoring.outcome(
        options.script,
        options.files,
        options.model,
        settings,
        as_json=options.json,
        debug=options.debug or bool(options.debugpy),
    )
    print(text)
    return code


def _run_pipeline(options: argparse.Namespace, home: Home) -> int:
    from local_azure.commands import pipeline_files, run_pipeline

    text, code = run_pipeline.outcome(
        home,
        pipeline_files.Source(options.file, options.pipeline, options.called),
        options.parameter,
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
