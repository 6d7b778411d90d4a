"""What azuread's resources have in common: they are objects of the directory, kept by their id.

Rights in Microsoft Graph are not modelled: the deployer may change the directory, nobody else may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from local_azure.providers.kind import Made
from local_azure.resource_manager import sdk, shape
from local_azure.resource_manager.errors import ControlPlaneError
from local_azure.resource_manager.store import Resource
from local_azure.tenant import DEPLOYER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.azure import Azure
    from local_azure.providers.kind import Caller, Json, Naming
    from local_azure.resource_manager.shape import Problem, Secrecy


class RequestDeniedError(ControlPlaneError):
    """Somebody other than the deployer changes the directory."""

    code = "Authorization_RequestDenied"
    status = 403

    def __init__(self, who: str) -> None:
        super().__init__(f"Insufficient privileges to complete the operation: {who}.")


class ObjectNotFoundError(ControlPlaneError):
    """An object of the directory that a property names, and that does not exist."""

    code = "Request_ResourceNotFound"
    status = 404

    def __init__(self, path: str, found: str, accepted: str) -> None:
        super().__init__(f"{path}: found '{found}', accepted: {accepted}")


class GraphKind:
    """One type of directory object.

    Attributes:
        pulumi_type: Pulumi's name.
        replaces: properties whose change makes a new object.
        heeded: properties that have an effect here or can be told back; others are refused.
        secret: outputs that are secrets.
    """

    pulumi_type: ClassVar[str]
    replaces: tuple[str, ...] = ()
    heeded: ClassVar[frozenset[str]]
    secret: ClassVar[frozenset[str]] = frozenset()
    deletes_first = False

    def __init__(self, azure: Azure) -> None:
        self.azure = azure

    def make(self, inputs: Json, before: Resource | None) -> tuple[str, Json]:
        """The object's id and what it has.

        Raises:
            ControlPlaneError: something that it needs does not exist.
        """
        raise NotImplementedError

    def commit(self, inputs: Json, outputs: Json) -> None:
        """Write what else depends on the object."""

    def forget(self, found: Resource) -> None:
        """Take back what ``commit`` wrote."""

    def rules(self, inputs: Json) -> Iterator[Problem]:
        """What is wrong with the inputs besides their shape."""
        for key in sorted(set(inputs) - self.heeded):
            yield shape.Problem(key, f"not emulated; accepted: {', '.join(sorted(self.heeded))}")

    def completed(self, inputs: Json, before: Json, naming: Naming, caller: Caller) -> Json:
        """The inputs; the directory makes up no names."""
        del before, naming, caller
        return inputs

    def problems(self, inputs: Json, secrecy: Secrecy, caller: Caller) -> Iterator[Problem]:
        """What is wrong with the inputs alone."""
        del caller
        shown = {key: value for key, value in inputs.items() if not key.startswith("__")}
        found = list(shape.problems(sdk.resource(self.pulumi_type).inputs, shown, secrecy))
        yield from found or self.rules(shown)

    async def create(self, inputs: Json, caller: Caller) -> Made:
        """Make the object."""
        return self._put(inputs, caller, None)

    async def update(self, resource_id: str, inputs: Json, outputs: Json, caller: Caller) -> Made:
        """Change the object."""
        del outputs
        before = self.azure.resources.find(resource_id)
        if before is None:
            raise ObjectNotFoundError("id", resource_id, "an object that exists")
        return self._put(inputs, caller, before)

    async def read(self, resource_id: str, outputs: Json, caller: Caller) -> Made | None:
        """The object; a secret is told only once, when it is made, and kept by who got it."""
        del caller
        found = self.azure.resources.find(resource_id)
        if found is None or found.type != self.pulumi_type:
            return None
        kept = {key: outputs[key] for key in self.secret if key in outputs}
        return Made(found.id, {**found.properties, **kept}, self.secret)

    async def delete(self, resource_id: str, outputs: Json, caller: Caller) -> None:
        """Delete the object, and with an application all that belongs to it."""
        del outputs
        self._authorize(caller)
        found = self.azure.resources.find(resource_id)
        if found is None:
            return
        with self.azure.state.transaction():
            self.forget(found)
            self.azure.resources.delete(found.id)

    def inputs_from_id(self, resource_id: str) -> Json:
        """Nothing: an id is made up by the directory."""
        del resource_id
        return {}

    def _put(self, inputs: Json, caller: Caller, before: Resource | None) -> Made:
        self._authorize(caller)
        with self.azure.state.transaction():
            made_id, outputs = self.make(inputs, before)
            told = {key: value for key, value in outputs.items() if key not in self.secret}
            name = made_id.rpartition("/")[2]
            self.azure.resources.put(Resource(made_id, self.pulumi_type, name, inputs, told))
            self.commit(inputs, outputs)
        return Made(made_id, outputs, self.secret)

    def _authorize(self, caller: Caller) -> None:
        if caller.principal != DEPLOYER:
            raise RequestDeniedError(str(caller.principal))
