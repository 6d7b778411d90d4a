"""What can be said to each command of ``batch-events``: a class of options and arguments each.

Here is what they share, and what callers say; `said_operating` has what operators do.

Annotations are no texts that Typer would have to evaluate.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, dataclass_transform

import typer
from typer import Argument, Option

_LONGEST = 1_000_000
_FILES = "From a file to its predictions"

COMMANDS: list[type["Said"]] = []
"""In the order in which help lists them."""


def job_name(text: str) -> str:
    """As Azure ML names jobs and deployments; a header can't carry more than that."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", text):
        message = (
            f"{text!r}: accepted are up to 255 letters, digits, '-' and '_', the first one no sign"
        )
        raise typer.BadParameter(message)
    return text


def _folder(text: str) -> str:
    """A path in the container; '..' would lead out of it, because HTTP clients resolve it."""
    parts = text.strip("/").split("/")
    if any(part in {".", ".."} or not part.isprintable() for part in parts) or "" in parts[1:]:
        message = f"{text!r}: accepted is a folder's path, without '.', '..' and empty parts"
        raise typer.BadParameter(message)
    return text


def amount(text: str) -> float:
    """Of time, in the unit that the option's metavar or help names."""
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 <= amount < math.inf:
        raise typer.BadParameter(f"{text!r}: accepted is a number, 0 or more")
    return amount


def hours_back(text: str) -> float:
    """As many as there is a date to look back to."""
    if not (found := amount(text)) < _LONGEST:
        raise typer.BadParameter(f"{text!r}: accepted is less than {_LONGEST}")
    return found


def _given(text: str) -> str:
    """No empty text, such as of a shell's variable that is not set: it would name this folder."""
    if not text:
        raise typer.BadParameter("it is empty")
    return text


def _stacks() -> list[str]:
    """Names to complete: those of the stack files here."""
    return [path.name.split(".")[1] for path in Path().glob("Pulumi.*.yaml")]


Text = str | None
Count = int | None
JobName = Annotated[str, Argument(parser=job_name, metavar="JOB", help="Its name.")]


def option(text: str, metavar: str, parser: Callable[[str], Any] | None = None) -> Any:
    """What is said after an option's name."""
    return Option(help=text, metavar=metavar, parser=parser)


def _where(text: str, *names: str, **more: Any) -> Any:
    return Option(*names, help=text, metavar="VALUE", rich_help_panel="Where", **more)


def _job_s(text: str, least: int | None = None) -> Any:
    return Option(help=text, min=least, rich_help_panel="For this job alone")


def several(metavar: str, text: str) -> Any:
    """The same for an option that can be said again and again."""
    return Option(metavar=metavar, help=text, default_factory=list, show_default=False)


@dataclass(kw_only=True)
class Said:
    """What every command takes."""

    does: ClassVar[str]
    """The command's name, after that of the group that it is in, if it is in one."""

    group: ClassVar[str]
    """Where help lists it."""

    json: Annotated[bool, Option("--json", help="One JSON document, for scripts.")] = False
    quiet: Annotated[bool, Option("--quiet", help="No progress on standard error.")] = False


@dataclass(kw_only=True)
class Shared(Said):
    """What every command takes that knows a stack."""

    stack: Annotated[
        Text, _where("Whose outputs tell all; default: the selected one.", autocompletion=_stacks)
    ] = None
    outputs: Annotated[Text, _where("A file of them as JSON; - is standard input.")] = None
    scoring_uri: Annotated[Text, _where("Instead of the stack's scoring_uri.")] = None
    container_url: Annotated[Text, _where("Instead of the stack's input container.")] = None
    workspace_id: Annotated[Text, _where("Instead of the stack's workspace_id.")] = None
    predictions_url: Annotated[Text, _where("Instead of the stack's predictions_url.")] = None
    factory_id: Annotated[Text, _where("Instead of the stack's factory_id.")] = None
    pipeline_name: Annotated[Text, _where("Instead of the stack's own.", "--pipeline")] = None


_Class = TypeVar("_Class", bound=type[Said])


@dataclass_transform(kw_only_default=True)
def command(name: str, group: str) -> Callable[[_Class], _Class]:
    """A command, made a dataclass, whose help is the class's docstring."""

    def added(said: _Class) -> _Class:
        said.does, said.group = name, group
        COMMANDS.append(dataclass(kw_only=True)(said))
        return said

    return added


@dataclass(kw_only=True)
class Data(Shared):
    """What is scored."""

    data: Annotated[
        Text, Argument(parser=_given, metavar="DATA", help="Path, URL, datastore URI, asset.")
    ] = None
    type: Annotated[Text, option("Of DATA, where it can't be seen.", "UriFile|UriFolder|…")] = None
    nested: Annotated[bool, Option("--nested", help="Upload folders in the folder too.")] = False


@dataclass(kw_only=True)
class Waiting(Shared):
    """How long the end is waited for."""

    timeout: Annotated[
        float | None, option("How long to wait; default: for ever.", "SECONDS", amount)
    ] = None


@dataclass(kw_only=True)
class Target(Shared):
    """Where files go."""

    into: Annotated[
        Text, option("Local; default: the job's name, or the event's id.", "FOLDER")
    ] = None
    overwrite: Annotated[bool, Option("--overwrite", help="Replace local files.")] = False
    rows: Annotated[bool, Option("--rows", help="Print the predictions, row by row.")] = False


@command("upload", _FILES)
class Upload(Shared):
    """Upload files or folders."""

    paths: Annotated[
        list[str], Argument(parser=_given, metavar="PATH", help="A local file or folder.")
    ]
    to: Annotated[Text, option("Of the container; default: a new one.", "FOLDER", _folder)] = None
    watched: Annotated[bool, Option("--watched", help="To where it starts a job.")] = False


@command("invoke", _FILES)
class Invoke(Data):
    """Start a job; local data is uploaded first."""

    input: Annotated[list[str], several("NAME[:TYPE]=DATA", "A named input.")]
    literal: Annotated[list[str], several("NAME=TEXT", "A literal input.")]
    output: Annotated[list[str], several("NAME[:TYPE]=URI", "A named output.")]
    deployment: Annotated[Text, option("Instead of the default one.", "NAME", job_name)] = None
    name: Annotated[Text, option("So that a repeat starts no second job.", "NAME", job_name)] = None
    experiment: Annotated[Text, option("That the job belongs to.", "NAME")] = None
    tag: Annotated[list[str], several("NAME=TEXT", "Of the job.")]
    instance_count: Annotated[Count, _job_s("Nodes.", 1)] = None
    mini_batch_size: Annotated[Count, _job_s("Files for a call.", 1)] = None
    max_concurrency_per_instance: Annotated[Count, _job_s("Calls at a time.", 1)] = None
    error_threshold: Annotated[Count, _job_s("Failed files; -1: any number.")] = None
    mini_batch_retries: Annotated[Count, _job_s("Of a call that failed.")] = None
    mini_batch_timeout_seconds: Annotated[Count, _job_s("Of a call.", 1)] = None
    output_file_name: Annotated[Text, _job_s("Of the predictions.")] = None
    logging_level: Annotated[
        Literal["Info", "Warning", "Debug"] | None, _job_s("Of the scoring script.")
    ] = None


@command("follow", _FILES)
class Follow(Waiting):
    """Wait for the end of a job."""

    job: JobName


@command("download", _FILES)
class Download(Target):
    """Fetch a job's predictions."""

    job: Annotated[Text, Argument(parser=job_name, metavar="JOB", help="Its name.")] = None
    event: Annotated[Text, option("Of the event that started the job.", "ID", job_name)] = None
    logs: Annotated[bool, Option("--logs", help="The logs, not the predictions.")] = False


@command("score", _FILES)
class Score(Invoke, Waiting, Target):
    """All four: upload, invoke, follow, download."""


@command("run-pipeline", _FILES)
class RunPipeline(Data, Waiting):
    """Run a pipeline of the data factory, and follow it."""

    parameter: Annotated[
        list[str], several("NAME=VALUE", "A number is one; a text that looks like one in quotes.")
    ]
    no_wait: Annotated[bool, Option("--no-wait", help="Print the run's id and end.")] = False
