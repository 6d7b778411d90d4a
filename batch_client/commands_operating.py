"""What the commands of whoever operates a stack do with their arguments, and what they say."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import typer

from batch_client import (
    adopting,
    dead_letters,
    operating,
    reasoning,
    windows,
)
from batch_client import said_operating as said
from batch_client.answers import NotThereError
from batch_client.caller import Caller
from batch_client.dead_letters import Letter
from batch_client.errors import ClientError, Exit, UsageError
from batch_client.job_logs import Logs
from batch_client.outcome import Outcome, job_told
from batch_client.page.door import opened
from batch_client.page.site import Site
from batch_client.replaying import Replayed, Replaying
from batch_client.tracing import Tracing
from batch_client.verify import verification
from batch_client.verify.steps import Steps, StoppedError
from batch_client.verify.trial import SAMPLE
from batch_client.verify.watch import Watch
from batch_client.waiting import looks

_SHOWN = 20
"""Dead letters that are listed before one is asked."""
_NONE = "There are no such dead letters."


def jobs(options: said.Jobs, caller: Caller) -> Outcome:
    """``jobs``."""
    found = list(islice(operating.wanted(caller, options), options.limit))
    if not found:
        caller.progress.say("There are no such jobs.")
    told = [
        job_told(job)["job"]
        | {"created": job.created, "deployment": job.deployment, "inputs": job.inputs}
        for job in found
    ]
    lines = [
        f"{job.name}  {job.status}  {job.created[:19]}  {job.deployment}  "
        + (windows.label(job) or " ".join(job.inputs))
        for job in found
    ]
    return Outcome({"jobs": told}, lines)


def why(options: said.Why, caller: Caller) -> Outcome:
    """``why``."""
    found = Tracing(caller, options.hours)
    if "/" in options.what or "." in options.what:
        found.of_file(options.what)
        return Outcome(found.document(), found.lines())
    try:
        job = caller.job(options.what)
        reasons = reasoning.why(caller, options.what)
    except NotThereError:
        found.of_event(options.what)
        return Outcome(found.document(), found.lines())
    told = [asdict(each) for each in reasons]
    lines = [f"The job {job.name} is {job.status}.", *windows.sentences(job)]
    lines += [each.line for each in reasons]
    return Outcome({**job_told(job), "reasons": told}, lines)


def logs(options: said.Logs, caller: Caller) -> Outcome:
    """``logs``."""
    reading = Logs(caller, options.job)
    told: dict[str, str] = {}
    last = ""
    for _ in looks(caller.clock, None if options.follow else 0):
        job = caller.job(options.job, "follow the job")
        for name, text in reading.more(lambda log: (options.file or "") in log):
            told[name] = told.get(name, "") + text
            if not options.json:
                typer.echo(text if name == last else f"==> {name} <==\n{text}".rstrip("\n"))
            last = name
        if job.ended:
            break
    status = f"The job {job.name} is {job.status}."
    code = job.exit if options.follow else Exit.DONE
    return Outcome({**job_told(job), "logs": told}, [status], code)


def progress(options: said.Progress, caller: Caller) -> Outcome:
    """``progress``."""
    job = caller.job(options.job, "follow the job")
    steps = Logs(caller, options.job).progress()
    lines = [
        f"{each.step}: ".removeprefix(": ")
        + f"{each.done} of {each.of} mini-batches in {each.passed}"
        for each in steps
    ]
    status = f"The job {job.name} is {job.status}."
    return Outcome(
        {**job_told(job), "steps": [asdict(each) for each in steps]},
        [status, *(lines or ["Its logs tell no progress."])],
    )


def cancel(options: said.Cancel, caller: Caller) -> Outcome:
    """``cancel``."""
    job = operating.cancel(caller, options.job)
    return Outcome(job_told(job), [job.status])


def dead_letters_list(options: said.DeadLettersList, caller: Caller) -> Outcome:
    """``dead-letters list``."""
    if options.save and Path(options.save).exists():
        raise UsageError(f"--save {options.save}: it exists already; say another name.")
    found = list(islice(_chosen(options, caller), options.limit))
    if not found:
        caller.progress.say(_NONE)
    lines = [f"{each.when:%Y-%m-%dT%H:%M:%S}  {_line(each)}" for each in found]
    if options.save:
        events = [f"{json.dumps(dead_letters.shown(each.event))}\n" for each in found]
        Path(options.save).write_text("".join(events), encoding="utf-8")
    return Outcome({"letters": [_letter(each) for each in found]}, lines)


def dead_letters_show(options: said.DeadLettersShow, caller: Caller) -> Outcome:
    """``dead-letters show``."""
    [letter] = islice(_named([options.id], dead_letters.listed(caller)), 1)
    told = dead_letters.shown(letter.told)
    where = {"blob": letter.blob, "subscription": letter.subscription}
    return Outcome({**_letter(letter), **where, "told": told}, [json.dumps(told, indent=2)])


def dead_letters_replay(options: said.DeadLettersReplay, caller: Caller) -> Outcome:
    """``dead-letters replay``."""
    if bool(options.ids) == bool(options.all or options.reason):
        raise UsageError("Which? Say either ID…, or --reason REASON, or --all.")
    letters = list(_chosen(options, caller))
    if options.ids:
        letters = list(_named(options.ids, letters))
    elif letters and not options.yes and not _confirmed(letters):
        return Outcome({"letters": []}, ["Nothing was replayed."], Exit.ERROR)
    if not letters:
        caller.progress.say(_NONE)
    done = list(_replayed(letters, caller))
    some_stay = any(each.why for each in done)
    told = [
        {**_letter(each.letter), "state": each.state, "started": each.started, "stays": each.why}
        for each in done
    ]
    lines = [
        " ".join(filter(None, [f"{each.letter.id}: {each.state}", each.started, each.why]))
        for each in done
    ]
    return Outcome({"letters": told}, lines, Exit.ERROR if some_stay else Exit.DONE)


def _replayed(letters: list[Letter], caller: Caller) -> Iterator[Replayed]:
    """Asks for the workflow's URL only where there is something to send."""
    for number, each in enumerate(Replaying(caller).all(letters) if letters else (), 1):
        caller.progress.state(f"{number} of {len(letters)} dead letters")
        yield each


def _chosen(options: said.Letters, caller: Caller) -> Iterator[Letter]:
    for letter in dead_letters.listed(caller, options.since):
        if options.reason is None or letter.gave_up_for(options.reason):
            yield letter


def _named(ids: list[str], letters: Iterable[Letter]) -> Iterator[Letter]:
    """Those of these events, of which there has to be one each."""
    missing = set(ids)
    for letter in letters:
        if letter.id in ids:
            missing.discard(letter.id)
            yield letter
    if missing:
        message = (
            f"There is no dead letter of the event {', '.join(sorted(missing))}: "
            "`batch-events dead-letters list` tells those that there are."
        )
        raise ClientError(message)


def _confirmed(letters: list[Letter]) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"{len(letters)} dead letters would be replayed: say --yes.")
    for letter in letters[:_SHOWN]:
        typer.echo(_line(letter), err=True)
    return typer.confirm(f"Replay {len(letters)} dead letters?", err=True)


def _line(letter: Letter) -> str:
    return f"{letter.id}  {letter.why}, {letter.attempts} attempts  {letter.what}"


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "when": letter.when.isoformat(),
        "type": letter.kind,
        "what": letter.what,
        "why": letter.why,
        "attempts": letter.attempts,
    }


def page(options: said.Page, caller: Caller) -> Outcome:
    """``page``."""
    if options.json:
        raise UsageError("--json: a page is for people; `jobs` and `why` have --json.")
    site = Site(caller, options.hours)
    with suppress(KeyboardInterrupt), opened(site.answer, options.port) as address:
        typer.echo(f"{address}\nCtrl-C ends it.")
        Event().wait()
    return Outcome({}, ["The page is closed."])


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
    if options.grace >= options.hours * 60:
        accepted = f"more than the {options.grace:g} minutes of --grace"
        raise UsageError(f"--hours {options.hours:g}: accepted is {accepted}.")
    now = datetime.now(UTC)
    since, until = now - timedelta(hours=options.hours), now - timedelta(minutes=options.grace)
    looking = Watch(caller, since, until)
    found = list(looking.findings())
    counted = {"files": looking.files, "jobs": looking.jobs, "since": since.isoformat()}
    told = {"findings": [asdict(each) for each in found], **counted}
    lines = [f"{each.kind}: {each.when} {each.what}: {each.why}" for each in found]
    whole = f"{looking.files} files and {looking.jobs} jobs since {since:%Y-%m-%d %H:%M} UTC"
    whole += f", but for the last {options.grace:g} minutes (--grace)"
    lines.append(f"{whole}: {len(found)} to look at." if found else f"{whole}: all fine.")
    return Outcome(told, lines, Exit.ERROR if found else Exit.DONE)


def adopt(options: said.Adopt, caller: Caller) -> Outcome:
    """``adopt``."""
    if options.write and Path(options.write).exists():
        raise UsageError(f"--write {options.write}: it exists already; say another name.")
    if options.import_file and not options.own:
        raise UsageError("--import-file goes with --own: what is adopted is not imported.")
    found = adopting.adopt(caller, options)
    if options.import_file:
        left = found.fill(options.import_file)
        told = [f"{each['name']}: {each['id']}" for each in left if "id" in each]
        return Outcome({**asdict(found), "import": left}, told)
    text = found.file(options.project)
    if options.write:
        Path(options.write).write_text(text, encoding="utf-8")
    shown = [] if options.write else [text.rstrip()]
    return Outcome(asdict(found), [*shown, *found.lines()])
