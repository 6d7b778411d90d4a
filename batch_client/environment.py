"""Where a stack's endpoint, storage and workflow are: its outputs, or what flags say instead.

The outputs come from ``pulumi stack output``, of whatever backend the shell is logged in to; of the
stack that is selected, unless another is named.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from azure.identity import DefaultAzureCredential

from batch_client.clouds import CLOUDS, Cloud
from batch_client.errors import ClientError, UsageError

FLAGS = {
    "scoring_uri": "--scoring-uri",
    "container_url": "--container-url",
    "workspace_id": "--workspace-id",
    "predictions_url": "--predictions-url",
    "factory_id": "--factory-id",
    "pipeline_name": "--pipeline",
}
"""What can be said without a stack, and by which flag."""
_FORMS = {
    "scoring_uri": "https://HOST/jobs",
    "container_url": "https://HOST/CONTAINER",
    "workspace_id": "/subscriptions/ID/resourceGroups/NAME/providers/TYPE/workspaces/NAME",
    "predictions_url": "https://HOST/CONTAINER",
    "factory_id": "/subscriptions/ID/resourceGroups/NAME/providers/TYPE/factories/NAME",
}
"""What each of them looks like; a word in capitals stands for some text."""
_OTHERWISE = "Without it say where everything is by --outputs, or by flags."
_NO_BACKEND = "PULUMI_ACCESS_TOKEN must be set"
"""Said where the shell is logged in to no backend."""
_BESIDE_A_STACK = {"pipeline_name"}
"""What says nothing of where everything is."""
MADE_BY = {
    "factory_id": "`data_factory`",
    "pipeline_name": "`data_factory`",
    "workflow_id": "`blob_events`",
}
"""Which settings make the outputs that not every stack has."""


@dataclass(frozen=True)
class Environment:
    """A deployed environment, as far as it is known.

    Attributes:
        outputs: the stack's outputs, with what flags say over them.
        stack: which stack it is, for a sentence to begin with; empty without one.
    """

    outputs: Mapping[str, Any] = field(default_factory=dict)
    stack: str = ""

    @property
    def input_name(self) -> str:
        """What the stack's payloads call the input; model deployments ignore it."""
        return self.get("input_name") or "input"

    def need(self, name: str) -> str:
        """One output.

        Raises:
            UsageError: it is not known; the message names the ways to say it.
        """
        if value := self.get(name):
            return value
        ways = ["--outputs", *filter(None, [FLAGS.get(name)])]
        found = f"No stack: {name} is needed. Say it by --stack or"
        if self.stack:
            made = f" (one with {MADE_BY[name]} has)" if name in MADE_BY else ""
            found = f"{self.stack} has no output {name!r}{made}, which is needed. Say it by"
        message = f"{found} {' or '.join(ways)}."
        raise UsageError(message)

    def get(self, name: str) -> str | None:
        """One output, or None."""
        value = self.outputs.get(name)
        return value if isinstance(value, str) and value else None

    @property
    def container_url(self) -> str:
        """URL of the container that files are uploaded to, without a slash at the end.

        Raises:
            UsageError: it is not known.
        """
        given = self.get("container_url")
        if given is None:
            watched = self.need("input_url")
            given = watched[: len(watched) - len(self.get("input_folder") or "")]
        return given.rstrip("/")

    @property
    def dead_letters_url(self) -> str:
        """URL of the container of events that could not be delivered.

        Raises:
            UsageError: it is not known.
        """
        account, name = self.need("dead_letter_account"), self.need("dead_letter_container")
        return f"https://{account}.blob.{self.cloud.storage_suffix}/{name}"

    @property
    def cloud(self) -> Cloud:
        """The one that is named, or that its host names belong to."""
        if named := self.get("cloud"):
            return CLOUDS[named]
        for name in ("scoring_uri", "container_url", "input_url", "predictions_url"):
            if url := self.get(name):
                return cloud_of(urlsplit(url).hostname or "")
        return CLOUDS["public"]

    @property
    def ml_audience(self) -> str:
        """Whom tokens for its batch endpoint are for.

        Raises:
            UsageError: the scoring URI is not known.
        """
        host = urlsplit(self.need("scoring_uri")).hostname or ""
        # The source document's China hosts have an audience of their own.
        if host.endswith(".inference.studio.ml.azure.cn"):
            return "https://studio.ml.azure.cn"
        return self.cloud.ml_audience

    def credential(self) -> DefaultAzureCredential:
        """Whoever is signed in, at the login host of its cloud."""
        if os.environ.get("AZURE_AUTHORITY_HOST"):
            return DefaultAzureCredential()
        return DefaultAzureCredential(authority=self.cloud.login_host)


def cloud_of(host: str) -> Cloud:
    """The cloud that a host name belongs to; the public one where it tells nothing."""
    for cloud in CLOUDS.values():
        if host.endswith((cloud.inference_suffix, cloud.storage_suffix)):
            return cloud
    return CLOUDS["china" if host.endswith(".cn") else "public"]


def load(stack: str | None, outputs: str | None, flags: Mapping[str, str | None]) -> Environment:
    """The environment that a command line names.

    Args:
        stack: a stack's name, whose outputs Pulumi tells; without one, and where nothing else says
            where everything is, those of the stack that is selected.
        outputs: a file with the outputs as ``pulumi stack output --json`` prints them, or ``-``.
        flags: single values over them.

    Raises:
        ClientError: Pulumi does not tell them.
        UsageError: the file is no such file.
    """
    said = {name: value for name, value in flags.items() if value}
    for name in said.keys() & _FORMS.keys():
        form = re.sub("[A-Z]{2,}", r"[^\\s?#]+", _FORMS[name])
        if not re.fullmatch(f"{form}/?", said[name], re.IGNORECASE):
            shown = said[name].partition("?")[0]  # what comes after it may be a signature
            raise UsageError(f"{FLAGS[name]} {shown!r}: accepted is {_FORMS[name]}.")
    if outputs:
        return Environment({**_of_file(outputs), **said})
    if not stack and said.keys() - _BESIDE_A_STACK:
        return Environment(said)
    whose = f"The stack {stack!r}" if stack else "The selected stack"
    return Environment({**_of_stack(stack, whose), **said}, whose)


def _of_stack(stack: str | None, whose: str) -> dict[str, Any]:
    command = ["pulumi", "stack", "output", "--json", *(["--stack", stack] if stack else [])]
    try:
        done = subprocess.run(
            command, env=_with_the_set_up_s_cli(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        message = f"There is no `pulumi` on PATH: `make setup` gets it. {_OTHERWISE}"
        raise ClientError(message) from None
    if done.returncode:
        why = done.stderr.strip().rstrip(".")
        if _NO_BACKEND in why:
            why = (
                "this shell is logged in to no backend: `pulumi login`, or of the embedded Azure "
                '`eval "$(local-azure env --stack NAME)"`, first'
            )
        raise ClientError(f"`{' '.join(command)}` failed: {why}. {_OTHERWISE}")
    told = _object(done.stdout, f"`{' '.join(command)}`")
    if not told:
        named = f"STACK={stack or '…'}"
        message = (
            f"{whose} has no outputs: run `make up {named}` first, on the embedded Azure "
            f"`make local-up {named}`."
        )
        raise ClientError(message)
    return told


def _with_the_set_up_s_cli() -> dict[str, str]:
    """This process's variables; `make setup` puts its own `pulumi` where only make looks."""
    here = Path.cwd()
    project = next(
        (each for each in (here, *here.parents) if (each / "Pulumi.yaml").exists()), here
    )
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(project / ".tools" / "bin")])
    return {**os.environ, "PATH": path}


def _of_file(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        message = f"--outputs {name}: {why}."
        raise UsageError(message) from None
    return _object(text, f"--outputs {name}")


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    message = f"{where} has no JSON object; accepted: what `pulumi stack output --json` prints."
    raise UsageError(message)
