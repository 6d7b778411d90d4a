"""``try`` and ``lint``: a file before it is deployed. Most of them need no server."""

import uuid
from typing import Annotated

import typer

from local_azure.command_line.parameters import JSON, STACK, VALUES, home
from local_azure.command_line.telling import tell

trying = typer.Typer(help="Try a file out before it is deployed.")
linting = typer.Typer()

_AT_LEAST_0 = Annotated[int | None, typer.Option(min=0, help="As the deployment's setting.")]
_AT_LEAST_1 = Annotated[int | None, typer.Option(min=1, help="As the deployment's setting.")]


@linting.command()
def lint(files: Annotated[list[str], typer.Argument()], *, as_json: JSON = False) -> int:
    """Look for mistakes in workflow definitions, pipelines and datasets."""
    from local_azure.commands import lint

    return tell(*lint.report(files), as_json=as_json)


@trying.command()
def event(
    file: Annotated[str, typer.Argument(help="An event, or an array; - is standard input.")],
    *,
    stack: Annotated[STACK | None, typer.Option("--stack", help="Rules of its file.")] = None,
    rules: Annotated[str | None, typer.Option(help="A file of filters by name.")] = None,
    as_json: JSON = False,
) -> int:
    """Tell which subscriptions would get an event: of what runs, of a stack or of a file."""
    from local_azure.commands import try_event

    if stack is not None and rules is not None:
        raise typer.BadParameter("Give --stack or --rules, not both.")
    return tell(*try_event.outcome(home(), file, rules, stack), as_json=as_json)


@trying.command()
def expressions(
    file: Annotated[
        str,
        typer.Argument(help='{"context": …, "expressions": […]}; - is standard input.'),
    ],
    *,
    as_json: JSON = False,
) -> int:
    """Evaluate expressions from a file of JSON."""
    from local_azure.commands import evaluate

    return tell(*evaluate.outcome(file), as_json=as_json)


@trying.command()
def workflow(
    file: str,
    *,
    event: Annotated[str, typer.Option(help="File with the body for the trigger.")],
    parameter: VALUES = None,
    as_json: JSON = False,
) -> int:
    """Run a workflow definition once."""
    from local_azure.commands import run_workflow

    told = run_workflow.outcome(home(), file, event, parameter or [])
    return tell(*told, as_json=as_json)


@trying.command()
def pipeline(
    file: Annotated[str, typer.Argument(help="A pipeline, as Studio exports it.")],
    *,
    parameter: VALUES = None,
    called: Annotated[
        list[str] | None,
        typer.Option("--with", help="A pipeline that it calls, if not the one beside it."),
    ] = None,
    principal: Annotated[
        uuid.UUID | None,
        typer.Option("--as", help="Object id of whom it calls as, if not the factory."),
    ] = None,
    as_json: JSON = False,
) -> int:
    """Run an exported pipeline once."""
    from local_azure.commands import run_pipeline

    caller = str(principal) if principal else None
    told = run_pipeline.outcome(
        home(), file, parameter or [], called=called or [], principal=caller
    )
    return tell(*told, as_json=as_json)


@trying.command()
def scoring(
    script: Annotated[str, typer.Argument(help="With init() and run(mini_batch).")],
    files: Annotated[list[str], typer.Argument(help="Files, and folders of files.")],
    *,
    model: Annotated[str, typer.Option(help="The model's file or folder.")] = "",
    conda_file: Annotated[
        str, typer.Option(help="The script has its packages, and no others.", metavar="FILE")
    ] = "",
    mini_batch_size: _AT_LEAST_1 = None,
    workers: _AT_LEAST_1 = None,
    max_retries: _AT_LEAST_0 = None,
    error_threshold: Annotated[int | None, typer.Option(help="As the deployment's.")] = None,
    timeout: Annotated[
        float | None,
        typer.Option(min=0.001, help="Seconds for each mini-batch."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="breakpoint() and input() work; no limits.")
    ] = False,
    debugpy: Annotated[int, typer.Option(metavar="PORT", help="An editor's debugger.")] = 0,
    as_json: JSON = False,
) -> int:
    """Try a scoring script on local files, as a job does."""
    from local_azure.commands import run_scoring

    given: dict[str, object] = {
        "mini_batch_size": mini_batch_size,
        "workers": workers,
        "max_retries": max_retries,
        "error_threshold": error_threshold,
        "timeout": timeout,
    }
    if conda_file:
        given["python"] = run_scoring.interpreter(conda_file, debugpy=bool(debugpy))
    settings = run_scoring.settings_of(given, debug=debug, debugpy=debugpy)
    told = run_scoring.outcome(script, files, model, settings, debug=debug or bool(debugpy))
    return tell(*told, as_json=as_json)
