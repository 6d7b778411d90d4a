"""What can be said to the commands of whoever operates a stack."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from batch_client.said import (
    COMMANDS,
    JobName,
    Said,
    Shared,
    Text,
    amount,
    command,
    hours_back,
    job_name,
    option,
)

__all__ = ["COMMANDS"]
PROJECT = "azureml-batch-events"
_JOBS, _ENVIRONMENTS = "Jobs that others started", "A whole environment"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r}: accepted is 2026-11-28 or 2026-11-28T08:30"
        raise typer.BadParameter(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@command("jobs", _JOBS)
class Jobs(Shared):
    """List the endpoint's jobs, the newest first."""

    deployment: Annotated[Text, option("Of this deployment.", "NAME", job_name)] = None
    state: Annotated[Text, option("In this state, such as Failed.", "STATE")] = None
    event: Annotated[Text, option("That this event started.", "ID", job_name)] = None
    file: Annotated[Text, option("Of this input, or a folder that it is in.", "PATH|URL")] = None
    limit: Annotated[int, Option(help="How many.", min=1)] = 20


@command("why", _JOBS)
class Why(Shared):
    """Say what came of a file or an event, or why a job failed, and what to do."""

    what: Annotated[str, Argument(metavar="FILE|EVENT|JOB", help="URL or path, id, or name.")]
    hours: Annotated[float, option("How far back an event is looked for.", "N", hours_back)] = 24.0


@command("logs", _JOBS)
class Logs(Shared):
    """Print a job's logs."""

    job: JobName
    follow: Annotated[bool, Option("--follow", help="Go on until its end.")] = False
    file: Annotated[Text, option("Those with this in their names, such as stdout.", "TEXT")] = None


@command("progress", _JOBS)
class Progress(Shared):
    """Tell how many mini-batches of a job are done."""

    job: JobName


@command("cancel", _JOBS)
class Cancel(Shared):
    """Cancel a job, waiting or running."""

    job: JobName


@dataclass(kw_only=True)
class Letters(Shared):
    """Which dead letters."""

    reason: Annotated[Text, option("Given up, or refused last, for this.", "REASON")] = None
    since: Annotated[
        datetime | None, option("Written since then, in UTC.", "DATE|TIME", _moment)
    ] = None


@command("dead-letters list", _JOBS)
class DeadLettersList(Letters):
    """List events that could not be delivered, the newest first."""

    limit: Annotated[int | None, Option(help="How many; default: all.", min=1)] = None
    save: Annotated[Text, option("Write the events there, one JSON a line.", "FILE")] = None


@command("dead-letters show", _JOBS)
class DeadLettersShow(Shared):
    """Show one whole."""

    id: Annotated[str, Argument(metavar="ID", help="The event's.")]


@command("dead-letters replay", _JOBS)
class DeadLettersReplay(Letters):
    """Send them to the workflow again; each goes away once that is acknowledged."""

    ids: Annotated[
        list[str],
        Argument(metavar="ID", help="The events'.", default_factory=list, show_default=False),
    ]
    all: Annotated[bool, Option("--all", help="All that there are.")] = False
    yes: Annotated[bool, Option("--yes", help="Don't ask.")] = False


@command("page", _ENVIRONMENTS)
class Page(Shared):
    """Show files, and what came of each, on a local page for a browser; read-only."""

    hours: Annotated[float, option("How far back.", "N", hours_back)] = 24.0
    port: Annotated[int, Option(help="Of this machine; 0: any.", min=0, max=65535)] = 0


@command("verify", _ENVIRONMENTS)
class Verify(Shared):
    """Prove a deployed environment, step by step."""

    sample: Annotated[Text, option("That the model can score; default: a digit.", "FILE")] = None
    timeout: Annotated[float, option("Of run and job, each.", "SECONDS", amount)] = 1800.0
    keep: Annotated[bool, Option("--keep", help="Remove nothing in the end.")] = False


@command("watch", _ENVIRONMENTS)
class Watch(Shared):
    """Tell files without a job, dead letters, failed jobs and secrets that end."""

    hours: Annotated[float, option("How far back.", "N", hours_back)] = 24.0
    grace: Annotated[float, option("A file's way to its job, at most.", "MINUTES", amount)] = 15.0


@command("adopt", _ENVIRONMENTS)
class Adopt(Said):
    """Make a stack file of what was clicked together in a resource group."""

    resource_group: Annotated[str, option("That it is in.", "NAME")]
    subscription: Annotated[Text, option("Default: the only one.", "ID")] = None
    cloud: Annotated[Literal["public", "china", "usgovernment"], Option(help="Azure's cloud.")] = (
        "public"
    )
    endpoint: Annotated[Text, option("Where there are several.", "NAME")] = None
    account: Annotated[Text, option("Where there are several.", "NAME")] = None
    factory: Annotated[Text, option("Where there are several.", "NAME")] = None
    project: Annotated[str, option("Pulumi's name of the project.", "NAME")] = PROJECT
    write: Annotated[Text, option("Pulumi.<stack>.yaml; default: print it.", "FILE")] = None
    own: Annotated[
        bool, Option("--own", help="Have the stack take over topic and subscription, by an import.")
    ] = False
    import_file: Annotated[
        Text, option("Of `pulumi preview --import-file`: fill in the ids; with --own.", "FILE")
    ] = None
