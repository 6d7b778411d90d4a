"""`python -m tools.demo [STACK]`: the main job, a file lands in storage, a batch job scores it.

Everything is done as a user does it: Pulumi's own engine, the SDK's own storage client. Only what
is looked at on the way (event, run, job) comes from the console.
"""

import os
import sys
import time
from collections.abc import Iterable
from urllib.parse import urlencode

from azure.identity import EnvironmentCredential
from azure.storage.blob import BlobClient

from batch_client.cli import shown_on
from batch_client.environment import Environment, load
from batch_client.errors import ClientError
from batch_client.verify.trial import SAMPLE
from local_azure.commands import environment, process, runs, stacks
from local_azure.commands.console_client import Console
from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure.tracing.model import DONE, Trace
from tools.progress import INTERVAL

_PATIENCE = 30 * 60.0
"""Seconds: the first job installs what its model needs."""


def run(home: Home, stack: str) -> int:
    """Bring the stack up, drop a sample file, follow its job and print the predictions.

    Raises:
        LocalAzureError: a step did not happen in time, or the job did not complete.
        ClientError: the stack's outputs can't be read, or lack one.
    """
    _step(1, "The embedded Azure starts")
    told = process.start(home)
    print(f"  process {told['pid']}, on loopback only; its state is in {home.folder}")

    _step(2, f"pulumi up --stack {stack}")
    if code := stacks.run(home, told, stack, "up", ["--suppress-outputs"]):
        return code
    variables = environment.of_process(stacks.prepare(home, told, stack))
    os.environ.clear()
    os.environ.update(variables)
    with EnvironmentCredential() as credential:
        _follow(Console.at(home, told), load(stack, None, {}), credential)
    return 0


def _follow(console: Console, deployed: Environment, credential: EnvironmentCredential) -> None:
    folder = deployed.get("input_folder") or ""
    name = f"{folder}{time.strftime('%Y%m%d-%H%M%S')}-{SAMPLE.name}"
    url = f"{deployed.container_url}/{name}"
    _step(3, f"A file lands: {name}")
    with BlobClient.from_blob_url(url, credential) as blob, SAMPLE.open("rb") as content:
        blob.upload_blob(content)
        _print([f"  uploaded to {blob.url}"])

    _step(4, "Event Grid delivers the event to the Logic App")
    _print(runs.trace_lines(_await(console, name, "delivery"), "event", "delivery"))

    _step(5, "The workflow runs")
    _print(runs.trace_lines(_await(console, name, "workflow run"), "workflow run", "action"))

    _step(6, "The batch job scores the file")
    trace = _await(console, name, "job")
    _print(runs.trace_lines(trace, "job"))
    if trace.state != DONE:
        raise LocalAzureError(trace.reason)

    _step(7, "The predictions, downloaded")
    path = trace.of("job")[0].attributes["output"].partition("/paths/")[2]
    path += "predictions.csv" if path.endswith("/") else ""
    predictions = deployed.need("predictions_url").removesuffix("azureml/") + path
    with BlobClient.from_blob_url(predictions, credential) as blob:
        print(blob.download_blob().readall().decode())
    print("Look around: venv/bin/local-azure page. Remove the stack: make local-destroy.")


def _step(number: int, title: str) -> None:
    print(f"\n{number}. {title}", flush=True)


def _print(lines: Iterable[str]) -> None:
    print("\n".join(lines), flush=True)


def _await(console: Console, name: str, kind: str) -> Trace:
    """The trace of a file, as soon as it has something of a kind, and all of that has ended."""
    deadline = time.monotonic() + _PATIENCE
    asked = urlencode({"containing": name, "spans": 1})
    with shown_on(sys.stderr, quiet=False) as progress:
        while (left := deadline - time.monotonic()) > 0:
            for trace in map(Trace.from_json, console.get(f"/traces?{asked}")["traces"]):
                if (found := trace.of(kind)) and all(each.end for each in found):
                    return trace
            waited = (_PATIENCE - left) // INTERVAL * INTERVAL
            if waited:
                progress.state(f"  waiting for the {kind}: {waited:.0f} s")
            time.sleep(0.1)
    message = (
        f"Nothing came of it within {_PATIENCE:.0f} s; `local-azure show runs` shows how far "
        "it got."
    )
    raise LocalAzureError(message)


if __name__ == "__main__":
    try:
        sys.exit(run(Home.locate(), *sys.argv[1:2] or ["dev"]))
    except (LocalAzureError, ClientError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
