"""What the commands of callers do with their arguments, and what they say in the end."""

import json
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from batch_client import assets, downloads, ports, rows, said, scoring, uploads
from batch_client.caller import Caller
from batch_client.errors import UsageError
from batch_client.invocation import Invocation, Overrides, Port
from batch_client.jobs import COMPLETED
from batch_client.outcome import Outcome, job_told
from batch_client.pipelines import SUCCEEDED
from batch_client.predictions import place_of_event

_PREDICTIONS = "predictions.csv"
"""What Azure and this program call the file of predictions, unless they are told otherwise."""


def upload(options: said.Upload, caller: Caller) -> Outcome:
    """``upload``."""
    if options.watched and options.to:
        raise UsageError("--watched and --to are two places; say one.")
    done = [
        uploads.upload(caller, Path(path), _folder(options, caller), marked=options.watched)
        for path in options.paths
    ]
    told = [
        {"url": each.place.url, "type": each.port.type, "files": each.files, "bytes": each.size}
        for each in done
    ]
    return Outcome({"uploads": told}, [each.place.url for each in done])


def _folder(options: said.Upload, caller: Caller) -> str:
    """The watched one, where what lands starts a job by itself; the one that is said; a new one."""
    if options.watched:
        if not caller.environment.get("window_trigger_name"):
            caller.environment.need("workflow_id")
        return caller.environment.get("input_folder") or ""
    if options.to is None:
        return uploads.new_folder()
    return f"{options.to.strip('/')}/".removeprefix("/")


def invoke(options: said.Invoke, caller: Caller) -> Outcome:
    """``invoke``."""
    job = scoring.invoke(caller, _invocation(options, caller))
    return Outcome(job_told(job), [job.name])


def follow(options: said.Follow, caller: Caller) -> Outcome:
    """``follow``."""
    job = scoring.follow(caller, options.job, options.timeout)
    return Outcome(job_told(job), [job.status], job.exit)


def download(options: said.Download, caller: Caller) -> Outcome:
    """``download``."""
    if bool(options.job) == bool(options.event):
        raise UsageError("Whose? Say either JOB, its name, or --event ID.")
    if options.logs and options.event:
        raise UsageError("--logs are a job's: say its name, not --event.")
    if options.logs and options.rows:
        raise UsageError("--rows are of predictions, --logs are none.")
    name = options.job or ""
    into = Path(options.into or options.event or name)
    downloads.check_target(into)
    if options.event:
        place = place_of_event(options.event, caller.environment)
        files = downloads.download(caller, place, into, replace=options.overwrite)
    else:
        job = caller.job(name, "follow the job")
        fetch = scoring.fetch_logs if options.logs else scoring.fetch
        files = fetch(caller, job, into, replace=options.overwrite)
    return _files({}, files, options)


def score(options: said.Score, caller: Caller) -> Outcome:
    """``score``."""
    downloads.check_target(Path(options.into or "."))
    if options.into:
        written = Path(options.into) / (options.output_file_name or _PREDICTIONS)
        downloads.check_free(written, replace=options.overwrite)
    started = scoring.invoke(caller, _invocation(options, caller))
    job = scoring.follow(caller, started.name, options.timeout)
    if job.status != COMPLETED:
        return Outcome(job_told(job), [job.status], job.exit)
    into = Path(options.into or job.name)
    files = scoring.fetch(caller, job, into, replace=options.overwrite)
    return _files(job_told(job), files, options)


def run_pipeline(options: said.RunPipeline, caller: Caller) -> Outcome:
    """``run-pipeline``."""
    parameters = dict(_parameter(text) for text in options.parameter)
    caller.environment.need("factory_id")
    pipeline = caller.environment.need("pipeline_name")
    for written in _data(options, caller):
        # The parameters of this program's pipelines that say what is scored.
        port = _input(options, caller, written)
        parameters |= {"endpoint_input_uri": port.value, "endpoint_input_type": port.type}
    run = scoring.run_pipeline(caller, pipeline, parameters)
    if options.no_wait:
        return Outcome({"run": {"id": run}}, [run])
    ended = scoring.follow_pipeline(caller, run, options.timeout)
    told = {"run": {"id": run, "status": ended.status, "message": ended.message}}
    if ended.status != SUCCEEDED:
        return Outcome(told, [ended.status], ended.exit)
    job = caller.pipelines.job_name(run)
    return Outcome({**told, "job": {"name": job}}, [job])


def _invocation(options: said.Invoke, caller: Caller) -> Invocation:
    """What the arguments ask for; everything local is uploaded when it returns, so that is last."""
    caller.environment.need("scoring_uri")
    workspace = caller.environment.get("workspace_id")
    named = [ports.named("--input", text) for text in options.input]
    written = [*_data(options, caller), *named]
    outputs = [ports.named("--output", text) for text in options.output]
    literals = dict(ports.literal(text) for text in options.literal)
    to = {each.name: ports.output_port(each, workspace) for each in outputs}
    if not written and not literals:
        raise UsageError("There is no input: give DATA, --input or --literal.")
    tags = dict(_pair("--tag", text) for text in options.tag)
    inputs = {each.name: _input(options, caller, each) for each in written}
    return Invocation(
        inputs={**inputs, **literals},
        outputs=to,
        name=options.name,
        deployment=options.deployment,
        experiment=options.experiment,
        tags=tags,
        overrides=Overrides(
            **{each.name: getattr(options, each.name) for each in fields(Overrides)}
        ),
    )


def _data(options: said.Data, caller: Caller) -> list[ports.Written]:
    """What is said without a name, if it is."""
    if options.data is None:
        return []
    kind = ports.checked_type("--type", options.type)
    return [ports.Written(caller.environment.input_name, kind, options.data)]


def _input(options: said.Data, caller: Caller, written: ports.Written) -> Port:
    return ports.input_port(
        written,
        caller.environment.get("workspace_id"),
        lambda path: scoring.upload_input(caller, path, nested=options.nested),
        partial(assets.registered, caller),
    )


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


def _files(document: dict[str, Any], files: list[Path], options: said.Target) -> Outcome:
    names = [str(path) for path in files]
    told = {**document, "files": names}
    if not options.rows:
        return Outcome(told, names)
    found = [row for path in files for row in rows.read(path)]
    return Outcome({**told, "rows": found}, [*names, *map(rows.shown, found)])
