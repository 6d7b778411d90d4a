"""Component files: the YAML of a pipeline and of its steps, as the Azure CLI takes them.

A pipeline's file names the file of each step (`component: ./prepare.yml`); a step's file may name a
folder of code and an image. Registered, the same components are JSON that names versions instead
(the form: azure-ai-ml 1.35.2). What can't be registered is refused when the file is read, which a
preview does; nothing is registered here.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from components.azure.content import what_is_wrong
from components.machine_learning.conda_file import read_conda_file
from components.machine_learning.pipeline_components.graph import (
    Sides,
    check_command,
    check_pipeline,
)
from components.machine_learning.pipeline_components.ports import (
    FormError,
    check_keys,
    declared,
    entries,
    registered,
)
from components.machine_learning.pipeline_components.steps import check_step, registered_step

_DESCRIBING = (
    *("$schema", "type", "name", "version", "display_name", "description", "tags"),
    "is_deterministic",
)
_OF_A_COMMAND = ("inputs", "outputs", "command", "code", "environment", "resources")
_OF_A_PIPELINE = ("inputs", "outputs", "jobs")
_IMAGE_KEYS = ("image", "conda_file", "name", "description")
_MOST_PARTS = 100_000
"""Of a file's JSON, in which what an alias stands for is written out each time."""
_REGISTERED = re.compile(
    r"azureml://registries/[^/]+/environments/[^/]+/(?:versions|labels)/[^/]+"
    r"|(?:azureml:)?/subscriptions/.+/environments/[^/]+/versions/[^/]+"
    r"|azureml:[^/:@]+:[^/:@]+",
    re.IGNORECASE,
)


class ComponentFileError(ValueError):
    """A file that is no component: its name, the key, what is accepted."""

    def __init__(self, path: Path, key: str, accepted: str) -> None:
        where = f"{path.name}: {key}" if key else path.name
        super().__init__(f"{where}: accepted: {accepted}")


@dataclass(frozen=True)
class CommandFile:
    """A step's component."""

    spec: dict[str, Any]
    """The file's content, without code and environment."""

    code: Path | None
    """Folder of the code that the command runs in."""

    image: str | None
    """Image of the environment, where the file names one."""

    environment_id: str | None
    """Environment that is registered already, where the file names that."""

    conda_file: str = ""
    """Text of what is installed over the image."""


@dataclass(frozen=True)
class PipelineFile:
    """A pipeline and the components of its steps."""

    spec: dict[str, Any]
    """The file's content; its steps name files."""

    steps: dict[str, CommandFile]
    """The component of each step."""

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """What the pipeline takes, as the file declares it."""
        return dict(self.spec.get("inputs") or {})

    @property
    def outputs(self) -> dict[str, dict[str, Any]]:
        """What the pipeline writes, as the file declares it."""
        return dict(self.spec.get("outputs") or {})


def read_pipeline(path: Path) -> PipelineFile:
    """The pipeline of a file and the components that it names.

    Raises:
        ComponentFileError: a file is missing or malformed, is no component of its kind, or says
            what could not be registered.
    """
    spec = _read(path, "pipeline")
    with _named(path):
        check_keys(spec, "", (*_DESCRIBING, *_OF_A_PIPELINE))
        ports = _ports(spec)
        jobs = entries(spec.get("jobs"), "jobs")
        if not jobs:
            raise FormError("jobs", "an object with the steps")
        for name, job in jobs.items():
            check_step(name, job)
    steps = {name: _step(path, name, job) for name, job in jobs.items()}
    with _named(path):
        check_pipeline(ports, jobs, {name: _ports(step.spec) for name, step in steps.items()})
    return PipelineFile(spec, steps)


def command_spec(command: CommandFile, environment_id: str, code_id: str | None) -> dict[str, Any]:
    """A step's component as it is registered."""
    code = {} if code_id is None else {"code": _asset(code_id)}
    return {**_with_ports(command.spec), **code, "environment": _asset(environment_id)}


def pipeline_spec(pipeline: PipelineFile, component_ids: dict[str, str]) -> dict[str, Any]:
    """A pipeline as it is registered, its steps by the ids of their components."""
    jobs = {
        name: registered_step(name, job, component_ids[name])
        for name, job in pipeline.spec["jobs"].items()
    }
    return {**_with_ports(pipeline.spec), "jobs": jobs}


def _with_ports(spec: dict[str, Any]) -> dict[str, Any]:
    sides = {
        side: {name: registered(port) for name, port in ports.items()}
        for side, ports in _ports(spec).items()
        if ports
    }
    return {**spec, **sides}


def _ports(spec: dict[str, Any]) -> Sides:
    return {side: declared(spec, side) for side in ("inputs", "outputs")}


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which file it is that something is wrong with."""
    try:
        yield
    except FormError as error:
        raise ComponentFileError(path, error.key, error.accepted) from None


def _asset(reference: str) -> str:
    return f"azureml:{reference}" if reference.startswith("/") else reference


def _step(pipeline: Path, name: str, job: dict[str, Any]) -> CommandFile:
    file, key = job.get("component"), f"jobs.{name}.component"
    if not isinstance(file, str) or ":" in file:
        accepted = "the file of a command component in this project, such as ./prepare.yml"
        raise ComponentFileError(pipeline, key, accepted)
    path = _in_project(pipeline, file, key)
    spec = _read(path, "command")
    with _named(path):
        check_keys(spec, "", (*_DESCRIBING, *_OF_A_COMMAND))
        check_command(spec.get("command"), _ports(spec))
        told = spec.pop("environment", None)
        image, registered_id = _environment(told)
    conda = _conda_file(path, told["conda_file"]) if image and "conda_file" in told else ""
    return CommandFile(spec, _folder(path, spec.pop("code", None)), image, registered_id, conda)


def _environment(told: Any) -> tuple[str | None, str | None]:
    """An image, or what is registered already: a label (`@latest`) is one in a registry alone."""
    if isinstance(told, dict):
        check_keys(told, "environment", _IMAGE_KEYS)
        if isinstance(told.get("image"), str) and told["image"]:
            return told["image"], None
    if isinstance(told, str) and _REGISTERED.fullmatch(told):
        return None, told
    raise FormError(
        "environment",
        "an object with an image, azureml:<name>:<version>, or"
        " azureml://registries/<registry>/environments/<name>/versions/<version>",
    )


def _conda_file(component: Path, named: Any) -> str:
    key, accepted = "environment.conda_file", "a conda file in this project, such as ./conda.yml"
    if isinstance(named, str):
        path = _in_project(component, named, key)
        try:
            return read_conda_file(path)
        except ValueError as error:
            accepted = f"{accepted}; {error}"
    raise ComponentFileError(component, key, accepted)


def _folder(component: Path, code: Any) -> Path | None:
    if code is None:
        return None
    accepted = "a folder with files in this project, such as ./code"
    if isinstance(code, str) and ":" not in code:
        folder = _in_project(component, code, "code")
        wrong = what_is_wrong(folder)
        if wrong is None:
            return folder
        accepted = f"{accepted}; {wrong}"
    raise ComponentFileError(component, "code", accepted)


def _in_project(file: Path, name: str, key: str) -> Path:
    """A path that a file names, which does not lead out of the project."""
    path = (file.parent / name).resolve()
    if not path.is_relative_to(_project(file.resolve().parent)):
        raise ComponentFileError(file, key, "something in this project's own folder")
    return path


def _project(folder: Path) -> Path:
    """The folder of Pulumi.yaml above a folder; without one, the folder itself."""
    above = (each for each in (folder, *folder.parents) if (each / "Pulumi.yaml").is_file())
    return next(above, folder)


@cache
def _said(text: str) -> Any:
    """A preview reads each file at several places, and to read YAML takes longest of that."""
    return yaml.safe_load(text)


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        told = deepcopy(_said(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ComponentFileError(path, "", "a file with YAML in it") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = str(error).replace("\n", " ")
        raise ComponentFileError(path, "", f"YAML; it has a mistake: {line}") from error
    if not isinstance(told, dict) or told.get("type") != kind:
        raise ComponentFileError(path, "type", kind)
    try:
        # A date, and a number that is none, can't be registered; keys are texts.
        return _plain(told)
    except (TypeError, ValueError, RecursionError) as error:
        accepted = f"texts, numbers, lists and objects, dates in quotes; {error}"
        raise ComponentFileError(path, "", accepted) from error


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """As JSON has it, written part by part: aliases of aliases would fill the memory at once."""
    written = list(islice(json.JSONEncoder(allow_nan=False).iterencode(told), _MOST_PARTS + 1))
    if len(written) > _MOST_PARTS:
        message = f"with what its aliases stand for it has more than {_MOST_PARTS} parts"
        raise ValueError(message)
    plain: dict[str, Any] = json.loads("".join(written))
    return plain
