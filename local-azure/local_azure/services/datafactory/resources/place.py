"""Where the documents of a factory lie, and what all of them have in common."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

from local_azure.control_plane import arm_types
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import proxied
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.services.datafactory import exported
from local_azure.services.datafactory.errors import DocumentIsReferencedError, InvalidReferenceError
from local_azure.services.datafactory.references import references

ARM = arm_types.FACTORY
PATH = f"{ARM}/{{factoryName}}"
API_VERSION = "2018-06-01"
FOLDERS = ("pipelines", "linkedservices", "datasets", "credentials", "integrationruntimes")
"""What documents refer to."""
_HIDDEN = "**********"


def factory_of(document_id: str) -> str:
    """The id of the factory that a document lies in."""
    return "/".join(document_id.split("/")[:9])


def answered(put: Put) -> Json:
    """What the answer to every document begins with."""
    return {**proxied(put), "etag": str(uuid4())}


def unsecured(value: Any) -> Any:
    """A document as a GET tells it: the values of secure strings are hidden."""
    if isinstance(value, dict):
        if value.get("type") == "SecureString":
            return {**value, "value": _HIDDEN}
        return {key: unsecured(each) for key, each in value.items()}
    return [unsecured(each) for each in value] if isinstance(value, list) else value


def reference_problems(document: Any) -> Iterator[Problem]:
    """References to what no factory here can have, or with parameters that are no object."""
    for path, folder, name, parameters in references(document):
        if not isinstance(parameters, dict) and parameters is not UNKNOWN:
            yield Problem(f"{path}.parameters", f"found {parameters!r}, accepted: an object")
        if folder not in FOLDERS:
            yield Problem(path, f"a {folder} (to {name!r}) is not emulated; leave it out")


def foresee_references(
    document_id: str, document: Json, is_there: Callable[[str], bool]
) -> Iterator[Problem]:
    """References to what is not there, and is not declared before this document either."""
    for path, folder, name, _ in references(document):
        place = f"{factory_of(document_id)}/{folder}"
        told = [name is UNKNOWN, is_there(f"{place}/{name}"), is_there(f"{place}/{UNKNOWN}")]
        if folder in FOLDERS and not any(told):
            reason = (
                f"it names {name!r}, which the factory does not have in {folder} and which is not "
                "declared before this one: create it, and let this one depend on it"
            )
            yield Problem(path, reason)


def check_references(put: Put) -> None:
    """Everything that a document refers to exists in its factory.

    Raises:
        InvalidReferenceError: something does not.
    """
    factory = factory_of(put.id)
    for _, folder, name, _ in references(put.body):
        if put.control.resources.find(f"{factory}/{folder}/{name}") is None:
            raise InvalidReferenceError(put.id, name)


def check_unreferenced(control: ControlPlane, document: Resource, caller: Principal) -> None:
    """No other document of the factory refers to one that is to be deleted.

    Raises:
        DocumentIsReferencedError: one does.
    """
    del caller
    *_, folder, name = document.id.lower().split("/")
    for kind in (*FOLDERS, "triggers"):
        for other in control.resources.select(f"{ARM}/{kind}", under=factory_of(document.id)):
            found = {(each.folder, str(each.name).lower()) for each in references(other.body)}
            if (folder, name) in found and other.id != document.id:
                raise DocumentIsReferencedError(f"{document.type} '{document.name}'", other.name)


def _properties(put: Put) -> Json:
    return {**answered(put), "properties": unsecured(put.body["properties"])}


_DOCUMENT = Form(nested=exported.document, hoisted=exported.document_hoisted)


def _typed(
    emulated: tuple[str, ...], rules: Callable[[Json], Iterator[Problem]], inputs: Json
) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict) or properties.get("type") is UNKNOWN:
        return
    if (found := properties.get("type")) in emulated:
        yield from rules(inputs)
    else:
        accepted = repr(emulated[0]) if len(emulated) == 1 else ", ".join(emulated)
        yield Problem("properties.type", f"found {found!r}, emulated: {accepted}")


def document_type(
    pulumi_type: str,
    kind: str,
    *,
    rules: Callable[[Json], Iterator[Problem]],
    emulated: tuple[str, ...] = (),
    **more: Any,
) -> ResourceType:
    """The resource type of a kind of document; a GET tells its properties as they were put.

    What a document refers to has to exist, unless ``more``, which is of ``ResourceType``, has
    another check.

    Args:
        pulumi_type: Pulumi's name for it, such as ``CredentialOperation``.
        kind: Azure's name for one, such as ``credential``.
        rules: as in ``ResourceType``.
        emulated: the types that its properties may be of, where they have one; no other type comes
            to the rules.
        more: what is otherwise than of documents in general.
    """
    general: dict[str, Any] = {
        "answer": _properties,
        "form": _DOCUMENT,
        "foresee": foresee_references,
        "check": check_references,
        "check_delete": check_unreferenced,
    }
    return ResourceType(
        pulumi_type=f"azure-native:datafactory:{pulumi_type}",
        path=f"{PATH}/{kind.lower()}s/{{{kind}Name}}",
        api_version=API_VERSION,
        rules=partial(_typed, emulated, rules) if emulated else rules,
        **(general | more),
    )
