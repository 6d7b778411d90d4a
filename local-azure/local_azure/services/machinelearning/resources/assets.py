"""Models, code and environments: containers, and versions, whose content never changes."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.errors import ConflictError, UserError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.environments import conda
from local_azure.services.machinelearning.errors import MachineLearningError
from local_azure.services.machinelearning.resources.place import made, part, workspace
from local_azure.services.machinelearning.uris import resolve

_DESCRIPTION = (
    *("description", "properties", "tags", "isAnonymous", "isArchived"),
    *("autoRebuild", "datasets", "jobName", "stage"),
)
_ADDED: dict[str, dict[str, Any]] = {
    "environments": {
        "autoRebuild": "Disabled",
        "condaFile": "",
        "environmentType": "UserCreated",
        "osType": "Linux",
        "properties": {"azureml.labels": "latest"},
        "stage": "Development",
    },
    "models": {"flavors": {}},
}
"""What a version's answer has beside what was put (recorded)."""
_DEFAULTS: dict[str, Any] = {
    "isAnonymous": False,
    "isArchived": False,
    "properties": {},
    "provisioningState": "Succeeded",
    "tags": {},
}


def container(family: str, name: str, **more: Any) -> ResourceType:
    """A type of containers: the collection in the workspace, Pulumi's name, and what is special."""
    return part(name, f"{family}/{{name}}", **({"answer": _container_answer} | more))


def _container_answer(put: Put) -> Json:
    given = chosen(put.body["properties"], ("description", "properties", "tags"))
    archived = put.body["properties"].get("isArchived", False)
    told = {**given, "isArchived": archived, "provisioningState": "Succeeded"}
    return {**proxied(put), "properties": told, "systemData": made(put)}


def _as_put(_put: Put, told: Json) -> Json:
    return told


def version(
    family: str,
    name: str,
    content: str,
    others: tuple[str, ...] = (),
    told: Callable[[Put, Json], Json] = _as_put,
    **more: Any,
) -> ResourceType:
    """A type of versions.

    Args:
        family: the collection in the workspace.
        name: Pulumi's name.
        content: the property that says what the version is.
        others: more properties that never change.
        told: what becomes of the properties that a GET answers.
        more: of ``ResourceType``, what is otherwise than of versions in general.
    """
    keys = (content, *others)
    general: dict[str, Any] = {
        "answer": partial(_version_answer, keys, told),
        "rules": partial(_version_rules, content),
        "check": partial(check_version, keys),
    }
    place = f"{family}/{{name}}/versions/{{version}}"
    return part(name, place, autoname=None, **(general | more))


def _version_rules(content: str, inputs: Json) -> Iterator[Problem]:
    properties = at(inputs, "properties")
    if properties is not None and content not in properties:
        yield Problem(f"properties.{content}", "missing; it is what the version consists of")
    for key in ("build", "inferenceConfig"):
        if (properties or {}).get(key):
            yield Problem(f"properties.{key}", "not emulated; accepted: 'image' and 'condaFile'")
    if isinstance(asked := (properties or {}).get("condaFile"), str) and asked:
        try:
            conda.read(asked)
        except conda.CondaFileError as error:
            yield Problem("properties.condaFile", str(error))


def check_version(keys: tuple[str, ...], put: Put) -> None:
    """What a version consists of can be found, and never changes.

    Raises:
        ControlPlaneError: it can't, or has.
    """
    given = put.body["properties"]
    for key in (key for key in keys if key.endswith("Uri")):
        try:
            found = resolve(given[key], workspace(put), put.control.resources)
        except MachineLearningError as error:
            raise put.refuse(f"properties.{key}", str(error)) from None
        if found.lake:
            message = f"Other stores than blobs are not emulated: found {given[key]!r}."
            raise put.refuse(f"properties.{key}", message)
    before = put.before.body["properties"] if put.before else given
    if changed := [key for key in keys if _content(key, before) != _content(key, given)]:
        if "environments" in put.type.arm_type:
            name, version = put.path["name"], put.path["version"]
            message = (
                f"Environment {name} with version {version} is already registered and cannot be "
                "changed."
            )
            raise UserError(message)
        message = (
            f"{put}: properties.{changed[0]}: a version's content never changes; "
            "register the new content under a new version."
        )
        raise ConflictError(message)


def _content(key: str, given: Json) -> Any:
    """What a key is compared by: a conda file may come back as it was told."""
    return conda.as_json(given.get(key) or "") if key == "condaFile" else given.get(key)


def _version_answer(keys: tuple[str, ...], told: Callable[[Put, Json], Json], put: Put) -> Json:
    """What it consists of, and how it is described."""
    given = chosen(put.body["properties"], (*keys, *_DESCRIPTION))
    properties = {**_DEFAULTS, **_ADDED.get(put.type.arm_type.split("/")[-2], {}), **given}
    return {**proxied(put), "properties": told(put, properties), "systemData": made(put)}


def _model(_put: Put, told: Json) -> Json:
    uri = told["modelUri"].replace("/resourcegroups/", "/resourceGroups/")
    return {**told, "modelUri": uri}


def _code(_put: Put, told: Json) -> Json:
    """Never anonymous, even where that was sent (recorded)."""
    return {**told, "isAnonymous": False}


_ANONYMOUS = {"properties": {"azureml.labels": ""}, "stage": "Logged"}
"""What an environment has that a deployment brought along, without a name (recorded)."""


def _environment(put: Put, told: Json) -> Json:
    given = put.body["properties"]
    nameless = {**_ANONYMOUS, **chosen(given, _ANONYMOUS)} if given.get("isAnonymous") else {}
    return {**told, "condaFile": conda.as_json(told["condaFile"]), **nameless}


MODEL_VERSION = version("models", "ModelVersion", "modelUri", ("modelType", "flavors"), _model)
TYPES = (
    container("models", "ModelContainer"),
    MODEL_VERSION,
    container("codes", "CodeContainer"),
    version("codes", "CodeVersion", "codeUri", told=_code),
    container("environments", "EnvironmentContainer"),
    version("environments", "EnvironmentVersion", "image", ("osType", "condaFile"), _environment),
)
