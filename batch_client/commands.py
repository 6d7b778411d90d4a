"""What each command does with its arguments, and what it says in the end."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch_client import operating, ports, reasoning, scoring
from batch_client.downloads import check_free, check_target
from batch_client.errors import Exit, UsageError
from batch_client.invocation import Invocation, Overrides
from batch_client.jobs import COMPLETED
from batch_client.pipelines import SUCCEEDED
from batch_client.rights import needing
from batch_client.verify import verification
from batch_client.verify.steps import Steps, StoppedError
from batch_client.verify.trial import SAMPLE
from batch_client.verify.watch import Watch

if TYPE_CHECKING:
    from batch_client import said
    from batch_client.caller import Caller
    from batch_client.jobs import Job


_PREDICTIONS = "predictions.csv"
"""What Azure and this program call the file of predictions, unless they are told otherwise."""


_LONGEST_WATCH = 1_000_000
"""Hours, so that there is a date to look back to."""


@dataclass(frozen=True)
class Outcome:
    """What a command has done.

    Attributes:
        document: for scripts.
        lines: for people, on standard output.
        exit: its exit code.
    """

    document: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    exit: Exit = Exit.DONE


def upload(options: said.Upload, caller: Caller) -> Outcome:
    """``upload``."""
    if options.watched and options.to:
        raise UsageError("--watched and --to are two places; say one.")
    done = [
        scoring.drop(caller, Path(path))
        if options.watched
        else scoring.put(caller, Path(path), options.to)
        for path in options.paths
    ]
    told = [
        {"url": each.place.url, "type": each.port.type, "files": each.files, "bytes": each.size}
        for each in done
    ]
    return Outcome({"uploads": told}, [each.place.url for each in done])


def invoke(options: said.Invoke, caller: Caller) -> Outcome:
    """``invoke``."""
    job = scoring.invoke(caller, _invocation(options, caller))
    return Outcome(_told(job), [job.name])


def follow(options: said.Follow, caller: Caller) -> Outcome:
    """``follow``."""
    job = scoring.follow(caller, options.job, options.timeout)
    return Outcome(_told(job), [job.status], job.exit)


def download(options: said.Download, caller: Caller) -> Outcome:
    """``download``."""
    if bool(options.job) == bool(options.event):
        raise UsageError("Whose? Say either JOB, its name, or --event ID.")
    if options.logs and options.event:
        raise UsageError("--logs are a job's: say its name, not --event.")
    name = options.job or ""
    into = Path(options.into or options.event or name)
    check_target(into)
    if options.event:
        files = scoring.fetch_of_event(caller, options.event, into, replace=options.overwrite)
    elif options.logs:
        files = scoring.fetch_logs(caller, name, into, replace=options.overwrite)
    else:
        with needing(caller.invoking("follow the job")):
            job = caller.jobs.get(name)
        files = scoring.fetch(caller, job, into, replace=options.overwrite)
    return _files({}, files)


def score(options: said.Score, caller: Caller) -> Outcome:
    """``score``."""
    check_target(Path(options.into or "."))
    if options.into:
        written = Path(options.into) / (options.output_file_name or _PREDICTIONS)
        check_free(written, replace=options.overwrite)
    started = scoring.invoke(caller, _invocation(options, caller))
    job = scoring.follow(caller, started.name, options.timeout)
    if job.status != COMPLETED:
        return Outcome(_told(job), [job.status], job.exit)
    into = Path(options.into or job.name)
    files = scoring.fetch(caller, job, into, replace=options.overwrite)
    return _files(_told(job), files)


def run_pipeline(options: said.RunPipeline, caller: Caller) -> Outcome:
    """``run-pipeline``."""
    parameters = dict(_parameter(text) for text in options.parameter)
    caller.environment.need("factory_id")
    pipeline = caller.environment.need("pipeline_name")
    if options.data is not None:
        kind = ports.checked_type("--type", options.type)
        parameters |= _scored(
            caller, ports.Written(caller.environment.input_name, kind, options.data), options
        )
    run = scoring.run_pipeline(caller, pipeline, parameters)
    if options.no_wait:
        return Outcome({"run": {"id": run}}, [run])
    ended = scoring.follow_pipeline(caller, run, options.timeout)
    told = {"run": {"id": run, "status": ended.status, "message": ended.message}}
    if ended.status != SUCCEEDED:
        return Outcome(told, [ended.status], ended.exit)
    job = scoring.job_of_pipeline(caller, run)
    return Outcome({**told, "job": {"name": job}}, [job])


def jobs(options: said.Jobs, caller: Caller) -> Outcome:
    """``jobs``."""
    wanted = operating.Wanted(options.deployment, options.state, options.event, options.file)
    found = list(islice(operating.wanted(caller, wanted), options.limit))
    told = [
        {"created": job.created, "deployment": job.deployment, "inputs": job.inputs}
        for job in found
    ]
    lines = [
        f"{job.name}  {job.status}  {job.created[:19]}  {job.deployment}  {' '.join(job.inputs)}"
        for job in found
    ]
    return Outcome(
        {"jobs": [_told(job)["job"] | more for job, more in zip(found, told, strict=True)]}, lines
    )


def why(options: said.Why, caller: Caller) -> Outcome:
    """``why``."""
    job, reasons = reasoning.why(caller, options.job)
    told = [asdict(each) for each in reasons]
    lines = [f"The job {job.name} is {job.status}.", *(each.line for each in reasons)]
    return Outcome({**_told(job), "reasons": told}, lines)


def cancel(options: said.Cancel, caller: Caller) -> Outcome:
    """``cancel``."""
    job = operating.cancel(caller, options.job)
    return Outcome(_told(job), [job.status])


def verify(options: said.Verify, caller: Caller) -> Outcome:
    """``verify``."""
    sample = Path(options.sample) if options.sample else SAMPLE
    if not sample.is_file():
        raise UsageError(f"--sample {str(sample)!r} is no file.")
    steps = Steps(caller.progress, caller.clock)
    try:
        verification.verify(caller, steps, sample, options.timeout, keep=options.keep)
    except StoppedError as stop:
        told = {"steps": steps.document(), "stopped_at": stop.part, "error": str(stop)}
        return Outcome(told, [str(stop)], stop.exit)
    seconds = sum(step.seconds or 0 for step in steps.done)
    works = f"It works: {len(steps.done)} steps in {seconds:.0f} s."
    return Outcome({"steps": steps.document()}, [works])


def watch(options: said.Watch, caller: Caller) -> Outcome:
    """``watch``."""
    if not options.grace < options.hours * 60 < _LONGEST_WATCH * 60:
        message = (
            f"--hours {options.hours:g}: accepted is more than the {options.grace:g} minutes of "
            f"--grace, and less than {_LONGEST_WATCH}."
        )
        raise UsageError(message)
    now = datetime.now(UTC)
    since, until = now - timedelta(hours=options.hours), now - timedelta(minutes=options.grace)
    looking = Watch(caller, since, until)
    found = list(looking.findings())
    counted = {"files": looking.files, "jobs": looking.jobs, "since": since.isoformat()}
    told = {"findings": [asdict(each) for each in found], **counted}
    lines = [f"{each.kind}: {each.when} {each.what}: {each.why}" for each in found]
    whole = f"{looking.files} files and {looking.jobs} jobs since {since:%Y-%m-%d %H:%M} UTC"
    lines.append(f"{whole}: {len(found)} to look at." if found else f"{whole}: all fine.")
    return Outcome(told, lines, Exit.ERROR if found else Exit.DONE)


def _invocation(options: said.Invoke, caller: Caller) -> Invocation:
    """What the arguments ask for; everything local is uploaded when it returns, so that is last."""
    caller.environment.need("scoring_uri")
    workspace = caller.environment.get("workspace_id")
    written = [ports.named("--input", text) for text in options.input]
    if options.data is not None:
        kind = ports.checked_type("--type", options.type)
        written.insert(0, ports.Written(caller.environment.input_name, kind, options.data))
    outputs = [ports.named("--output", text) for text in options.output]
    literals = dict(ports.literal(text) for text in options.literal)
    named = {each.name: ports.output_port(each, workspace) for each in outputs}
    if not written and not literals:
        raise UsageError("There is no input: give DATA, --input or --literal.")
    tags = dict(_pair("--tag", text) for text in options.tag)
    inputs = {
        each.name: ports.input_port(
            each,
            workspace,
            lambda path: scoring.upload_input(caller, path, nested=options.nested),
        )
        for each in written
    }
    return Invocation(
        inputs={**inputs, **literals},
        outputs=named,
        name=options.name,
        deployment=options.deployment,
        experiment=options.experiment,
        tags=tags,
        overrides=Overrides(
            **{each.name: getattr(options, each.name) for each in fields(Overrides)}
        ),
    )


def _scored(caller: Caller, written: ports.Written, options: said.RunPipeline) -> dict[str, str]:
    """The parameters of this program's pipelines that say what is scored."""
    port = ports.input_port(
        written,
        caller.environment.get("workspace_id"),
        lambda path: scoring.upload_input(caller, path, nested=options.nested),
    )
    return {"endpoint_input_uri": port.value, "endpoint_input_type": port.type}


def _parameter(text: str) -> tuple[str, Any]:
    """A number, true, false, a list or an object is that; anything else is text."""
    name, value = _pair("--parameter", text)
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"{option} {text!r}: accepted is NAME=TEXT.")
    return name, value


def _told(job: Job) -> dict[str, Any]:
    return {"job": {"name": job.name, "status": job.status, "page": job.page}}


def _files(document: dict[str, Any], files: list[Path]) -> Outcome:
    names = [str(path) for path in files]
    return Outcome({**document, "files": names}, names)
