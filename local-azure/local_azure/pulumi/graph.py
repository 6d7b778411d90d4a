"""What azuread's resources have in common: they are objects of the directory, kept by their id.

Each call needs a permission of Microsoft Graph, and with ``Application.ReadWrite.OwnedBy`` to own
what it is about. The provider creates with its caller as owner, whom it takes out at the end unless
``owners`` names it: hashicorp/terraform-provider-azuread, application_resource.go and
service_principal_resource.go.
"""

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import shape
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    InvalidPropertyError,
)
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.pulumi.kind import Caller, Json, Kind, Made


class RequestDeniedError(ControlPlaneError):
    """The caller has no permission for this, or only for what it owns (worded as recorded)."""

    code = "Authorization_RequestDenied"
    status = 403
    said = "Insufficient privileges to complete the operation."


class ObjectNotFoundError(ControlPlaneError):
    """An object of the directory that a property names, and that does not exist."""

    code = "Request_ResourceNotFound"
    status = 404
    said = "{path}: found '{found}', accepted: {accepted}"


class GraphKind(Kind):
    """One type of directory object.

    Attributes:
        replaces: properties whose change makes a new object.
        heeded: properties that have an effect here or can be told back; others are refused.
        secret: outputs that are secrets.
        has_owners: whether it has owners of its own, beside its application's.
    """

    replaces: tuple[str, ...] = ()
    heeded: ClassVar[frozenset[str]]
    secret: ClassVar[frozenset[str]] = frozenset()
    has_owners = True

    def __init__(self, control: ControlPlane) -> None:
        self.control = control

    @abstractmethod
    def make(self, inputs: Json, before: Resource | None) -> tuple[str, Json]:
        """The object's id and what it has.

        Raises:
            ControlPlaneError: something that it needs does not exist.
        """

    @abstractmethod
    def application(self, inputs: Json) -> Resource | None:
        """The application that the object belongs to; None where it is one itself.

        Raises:
            ControlPlaneError: it does not exist.
        """

    def commit(self, inputs: Json, outputs: Json) -> None:
        """Write what else depends on the object."""

    def forget(self, found: Resource) -> None:
        """Take back what ``commit`` wrote."""

    def rules(self, inputs: Json) -> Iterator[Problem]:
        """What is wrong with the inputs besides their shape."""
        for key in sorted(set(inputs) - self.heeded):
            yield shape.Problem(key, f"not emulated; accepted: {', '.join(sorted(self.heeded))}")

    async def create(self, inputs: Json, caller: Caller) -> Made:
        """Make the object."""
        return self._put(inputs, caller, None)

    async def update(self, resource_id: str, inputs: Json, _outputs: Json, caller: Caller) -> Made:
        """Change the object."""
        before = self._find(resource_id)
        if before is None:
            raise ObjectNotFoundError("id", resource_id, "an object that exists")
        self._authorize(caller, before.body, before)
        return self._put(inputs, caller, before)

    async def read(self, resource_id: str, outputs: Json, caller: Caller) -> Made | None:
        """The object; a secret is told only once, when it is made, and kept by who got it."""
        found = self._find(resource_id)
        if found is None:
            return None
        self._authorize(caller, found.body, found)
        kept = {key: outputs[key] for key in self.secret if key in outputs}
        return Made(found.id, {**found.properties, **kept}, self.secret)

    async def delete(self, resource_id: str, _outputs: Json, caller: Caller) -> None:
        """Delete the object, and with an application all that belongs to it."""
        found = self._find(resource_id)
        if found is None:
            return
        self._authorize(caller, found.body, found)
        with self.control.state.transaction():
            self.forget(found)
            self.control.resources.delete(found.id)

    def _find(self, resource_id: str) -> Resource | None:
        found = self.control.resources.find(resource_id)
        return found if found and found.type == self.pulumi_type else None

    def _put(self, inputs: Json, caller: Caller, before: Resource | None) -> Made:
        self._authorize(caller, inputs, before)
        if before:
            self._check_kept(inputs, before)
        with self.control.state.transaction():
            made_id, outputs = self.make(inputs, before)
            told = {key: value for key, value in outputs.items() if key not in self.secret}
            name = made_id.rpartition("/")[2]
            self.control.resources.put(Resource(made_id, self.pulumi_type, name, inputs, told))
            self.commit(inputs, outputs)
        return Made(made_id, outputs, self.secret)

    def _check_kept(self, inputs: Json, before: Resource) -> None:
        for key in self.replaces:
            found, kept = inputs.get(key), before.body.get(key)
            if found != kept:
                raise InvalidPropertyError(before.id, key, f"found {found!r}, accepted: {kept!r}")

    def _authorize(self, caller: Caller, inputs: Json, found: Resource | None) -> None:
        who, allow = caller.principal, self.control.graph_permissions.allow
        if not allow(who):
            raise RequestDeniedError
        concerned = (self.application(inputs), found if self.has_owners else None)
        # What an earlier release made has no owners, as it would have had none in Entra.
        if not allow(who, *(each.properties.get("owners", ()) for each in concerned if each)):
            raise RequestDeniedError
