"""The files of a site, as ``deployWorkflowArtifacts`` writes them: checked, and kept per workflow.

parameters.json is the whole site's, so each workflow has the same one. Connections and stateless
workflows are not emulated. Stricter than Azure: what can't run is refused when it is written.
"""

from typing import Any
from uuid import uuid4

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import InvalidContentError, NotEmulatedError
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.logic.check import check_definition

Json = dict[str, Any]
TYPE = "Microsoft.Web/sites/workflows"
_KEYS = ("appSettings", "files", "filesToDelete")
_PARAMETERS, _CONNECTIONS, _WORKFLOW = "parameters.json", "connections.json", "/workflow.json"
_TYPES = ("array", "bool", "float", "int", "object", "string")
"""D:logic-apps/create-parameters-workflows: secure types aren't supported."""
_SCALE_UNIT = "/runtime/webhooks/workflow/scaleUnits/prod-00/workflows"


def write(control: ControlPlane, site: Resource, body: Any) -> None:
    """Write files, and have the site run what they say.

    Raises:
        InvalidContentError: one is not what it has to be.
        NotEmulatedError: one would do what is not emulated.
    """
    files = _files(body)
    there = {each.name: each for each in control.resources.select(TYPE, under=site.id)}
    known = next(iter(there.values())).body["parameters"] if there else {}
    parameters = files.get(_PARAMETERS, known)
    _check_parameters(parameters)
    written = {
        path.removesuffix(_WORKFLOW): content
        for path, content in files.items()
        if path.endswith(_WORKFLOW)
    }
    for name, content in written.items():
        _check_workflow(name, content, parameters)
    gone = {str(each).removesuffix(_WORKFLOW) for each in body.get("filesToDelete", [])}
    for name in sorted(gone - there.keys()):
        raise NotEmulatedError(f"Deleting {name!r}", "emulated: workflows that are there")
    with control.state.transaction():
        for name in gone:
            control.resources.delete(f"{site.id}/workflows/{name}")
        kept = {name: each.body["definition"] for name, each in there.items() if name not in gone}
        new = {name: each["definition"] for name, each in written.items()}
        for name, definition in (kept | new).items():
            body = {"definition": definition, "parameters": parameters}
            control.resources.put(_workflow(site, name, there.get(name), body))


def _workflow(site: Resource, name: str, before: Resource | None, body: Json) -> Resource:
    endpoint = f"https://{site.properties['defaultHostName']}:443{_SCALE_UNIT}/{uuid4().hex}"
    kept = before.properties if before else {"accessEndpoint": endpoint, "version": "0"}
    told = {**kept, "version": f"{int(kept['version']) + 1:020}"}
    return Resource(f"{site.id}/workflows/{name}", TYPE, name, body, told)


def _files(body: Any) -> dict[str, Json]:
    if not (
        isinstance(body, dict)
        and isinstance(body.get("files", {}), dict)
        and isinstance(body.get("filesToDelete", []), list)
    ):
        message = (
            f"accepted: an object with {', '.join(_KEYS)}; files are an object by path, "
            "filesToDelete is a list of paths."
        )
        raise InvalidContentError(message)
    for key in sorted(body.keys() - set(_KEYS)):
        message = f"{key!r} is no part of workflow artifacts; accepted: {', '.join(_KEYS)}."
        raise InvalidContentError(message)
    if body.get("appSettings"):
        raise NotEmulatedError("appSettings", "write them with the site")
    files: dict[str, Json] = body.get("files", {})
    for path, content in files.items():
        _check_file(path, content)
    return files


def _check_file(path: str, content: Any) -> None:
    is_workflow = path.endswith(_WORKFLOW) and path.count("/") == 1
    if path not in {_PARAMETERS, _CONNECTIONS} and not is_workflow:
        told = f"emulated: {_PARAMETERS}, {_CONNECTIONS}, <workflow>{_WORKFLOW}"
        raise NotEmulatedError(f"The file {path!r}", told)
    if not isinstance(content, dict):
        raise InvalidContentError(f"{path}: accepted: an object.")
    if path == _CONNECTIONS and content:
        raise NotEmulatedError(_CONNECTIONS, "emulated: none, {}")


def _check_parameters(parameters: Json) -> None:
    for name, each in parameters.items():
        kind = str(each.get("type")).lower() if isinstance(each, dict) else ""
        if kind not in _TYPES or set(each) - {"type", "value", "metadata"}:
            message = (
                f"{_PARAMETERS}: {name}: accepted: an object with value and a type of "
                f"{', '.join(_TYPES)}; secure types aren't supported."
            )
            raise InvalidContentError(message)
        if "value" not in each:
            raise InvalidContentError(f"{_PARAMETERS}: {name}: no value; it has no default here.")


def _check_workflow(name: str, content: Json, parameters: Json) -> None:
    if content.get("kind") != "Stateful":
        raise NotEmulatedError(f"The kind {content.get('kind')!r} of {name}", "emulated: Stateful")
    definition: Any = content.get("definition")
    declared = definition.get("parameters", {}) if isinstance(definition, dict) else None
    if isinstance(declared, dict):
        if any(map(_is_secure, declared.values())):
            message = f"{name}: secure types of parameters aren't supported by Standard sites."
            raise InvalidContentError(message)
        definition = merged(definition, parameters)
    for problem in check_definition(definition, given(parameters)):
        raise InvalidContentError(f"{name}: {problem}")


def _is_secure(declared: Any) -> bool:
    return str(at(declared, "type")).lower().startswith("secure")


def merged(definition: Json, parameters: Json) -> Json:
    """A definition with the parameters that the site declares for all its workflows."""
    declared = {name: {"type": each["type"]} for name, each in parameters.items()}
    return {**definition, "parameters": {**definition.get("parameters", {}), **declared}}


def given(parameters: Json) -> Json:
    """Their values, as a Consumption workflow has them."""
    return {name: {"value": each["value"]} for name, each in parameters.items()}
