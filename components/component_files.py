"""Component files: the YAML of a pipeline and of its steps, as the Azure CLI takes them.

A pipeline's file names the file of each step (`component: ./prepare.yml`); a step's file may name a
folder of code and an image. Registered, the same components are JSON that names versions instead
(the form: azure-ai-ml 1.35.2). Nothing is registered here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_BINDING = "${{"


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
        ComponentFileError: a file is missing or malformed, or is no component of its kind.
    """
    spec = _read(path, "pipeline")
    jobs = spec.get("jobs")
    if not isinstance(jobs, dict) or not jobs:
        raise ComponentFileError(path, "jobs", "an object with the steps")
    return PipelineFile(spec, {name: _step(path, str(name), job) for name, job in jobs.items()})


def command_spec(command: CommandFile, environment_id: str, code_id: str | None) -> dict[str, Any]:
    """A step's component as it is registered."""
    code = {} if code_id is None else {"code": _asset(code_id)}
    return {**command.spec, **code, "environment": _asset(environment_id)}


def pipeline_spec(pipeline: PipelineFile, component_ids: dict[str, str]) -> dict[str, Any]:
    """A pipeline as it is registered, its steps by the ids of their components."""
    jobs = {name: _job(job, component_ids[name]) for name, job in pipeline.spec["jobs"].items()}
    return {**pipeline.spec, "jobs": jobs}


def _job(job: dict[str, Any], component_id: str) -> dict[str, Any]:
    kept = {
        key: value for key, value in job.items() if key not in ("component", "inputs", "outputs")
    }
    inputs = {
        name: {"job_input_type": "literal", "value": _text(value)}
        for name, value in (job.get("inputs") or {}).items()
    }
    outputs = {
        name: {"type": "literal", "value": value}
        for name, value in (job.get("outputs") or {}).items()
        if value is not None
    }
    return {
        "type": "command",
        **kept,
        "componentId": component_id,
        "inputs": inputs,
        "outputs": outputs,
    }


def _text(value: Any) -> str:
    """A literal as azure-ai-ml sends it: every one is a text."""
    return value if isinstance(value, str) else str(value)


def _asset(reference: str) -> str:
    return f"azureml:{reference}" if reference.startswith("/") else reference


def _step(pipeline: Path, name: str, job: Any) -> CommandFile:
    file = job.get("component") if isinstance(job, dict) else None
    if not isinstance(file, str) or not file.startswith("./"):
        accepted = "the file of a command component beside this one, such as ./prepare.yml"
        raise ComponentFileError(pipeline, f"jobs.{name}.component", accepted)
    path = _below(pipeline, file, f"jobs.{name}.component")
    spec = _read(path, "command")
    code, environment = spec.pop("code", None), spec.pop("environment", None)
    image = environment.get("image") if isinstance(environment, dict) else None
    registered = environment if isinstance(environment, str) else None
    if not image and not registered:
        accepted = "an object with an image, or the id of a registered environment"
        raise ComponentFileError(path, "environment", accepted)
    return CommandFile(spec, _folder(path, code), image, registered)


def _folder(component: Path, code: Any) -> Path | None:
    if code is None:
        return None
    if isinstance(code, str) and code.startswith("./"):
        folder = _below(component, code, "code")
        if folder.is_dir() and any(folder.iterdir()):
            return folder
    accepted = "a folder with files beside this file, such as ./code"
    raise ComponentFileError(component, "code", accepted)


def _below(file: Path, name: str, key: str) -> Path:
    """A path beside a file; a component does not reach out of its folder."""
    path = (file.parent / name).resolve()
    if not path.is_relative_to(file.parent.resolve()):
        raise ComponentFileError(file, key, "something in this file's own folder")
    return path


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ComponentFileError(path, "", "a file with YAML in it") from error
    except yaml.YAMLError as error:
        line = str(error).replace("\n", " ")
        raise ComponentFileError(path, "", f"YAML; it has a mistake: {line}") from error
    if not isinstance(told, dict) or told.get("type") != kind:
        raise ComponentFileError(path, "type", kind)
    return told
