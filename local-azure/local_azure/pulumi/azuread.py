"""The provider azuread: applications, service principals, client secrets, federated credentials.

Nobody signs in with a federated credential here: the issuers of its tokens are out of reach.
"""

import secrets
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.pace import PRINCIPAL
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.errors import ConflictError
from local_azure.control_plane.resource_manager.shape import Problem, other_than
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.pulumi.graph import GraphKind, ObjectNotFoundError
from local_azure.pulumi.kind import Json, Kind

_ALPHABET = f"{string.ascii_letters}{string.digits}~._-"
_SECRET_LENGTH = 40
_LIFETIME = timedelta(days=730)
"""How long a secret is good for where no end is given: two years (AD)."""


def kinds(control: ControlPlane) -> dict[str, Kind]:
    """All types of this provider, by Pulumi's name."""
    made = (
        Application(control),
        ServicePrincipal(control),
        ApplicationPassword(control),
        ApplicationFederatedIdentityCredential(control),
    )
    return {one.pulumi_type: one for one in made}


class Application(GraphKind):
    """An application of the tenant; its service principal is a resource of its own."""

    pulumi_type = "azuread:index/application:Application"
    heeded = frozenset(
        {"displayName", "description", "notes", "owners", "signInAudience", "tags"}
        | {"preventDuplicateNames"}
    )

    def rules(self, inputs: Json) -> Iterator[Problem]:
        """Applications of one tenant only."""
        yield from super().rules(inputs)
        yield from other_than(inputs, "signInAudience", "AzureADMyOrg")

    def application(self, inputs: Json) -> None:
        """It is one itself."""

    def make(self, inputs: Json, before: Resource | None) -> tuple[str, Json]:
        """The application, with a client id of its own."""
        object_id = before.properties["objectId"] if before else str(uuid4())
        others = self.control.resources.select(self.pulumi_type)
        names = {one.properties["displayName"] for one in others if one != before}
        if inputs.get("preventDuplicateNames") and inputs["displayName"] in names:
            raise ConflictError(f"An application named '{inputs['displayName']}' exists already.")
        return f"/applications/{object_id}", {
            **chosen(inputs, self.heeded),
            "appRoleIds": {},
            "clientId": before.properties["clientId"] if before else str(uuid4()),
            "disabledByMicrosoft": "",
            "oauth2PermissionScopeIds": {},
            "objectId": object_id,
            "owners": _owners(self.control, inputs),
            "publisherDomain": "",
            "signInAudience": "AzureADMyOrg",
        }

    def forget(self, found: Resource) -> None:
        """Its credentials and its service principal go with it."""
        for kind in (ApplicationPassword, ApplicationFederatedIdentityCredential):
            for credential in self.control.resources.select(kind.pulumi_type):
                if credential.body["applicationId"] == found.id:
                    self._remove(kind(self.control), credential)
        for principal in self.control.resources.select(ServicePrincipal.pulumi_type):
            if principal.body["clientId"] == found.properties["clientId"]:
                self._remove(ServicePrincipal(self.control), principal)

    def _remove(self, kind: GraphKind, found: Resource) -> None:
        kind.forget(found)
        self.control.resources.delete(found.id)


class ServicePrincipal(GraphKind):
    """What an application is in the tenant: who gets roles, and tokens."""

    pulumi_type = "azuread:index/servicePrincipal:ServicePrincipal"
    replaces = ("clientId",)
    heeded = frozenset(
        {"clientId", "description", "notes", "owners", "tags", "appRoleAssignmentRequired"}
    )

    def application(self, inputs: Json) -> Resource:
        """The one whose client id it has."""
        found = find_application(self.control, inputs["clientId"])
        if found is None:
            accepted = "the client id of an application"
            raise ObjectNotFoundError("clientId", inputs["clientId"], accepted)
        return found

    def make(self, inputs: Json, before: Resource | None) -> tuple[str, Json]:
        """The service principal of an application that exists, and has none yet."""
        application = self.application(inputs)
        object_id = before.properties["objectId"] if before else str(uuid4())
        if before is None and self.control.directory.find_client(inputs["clientId"]):
            message = (
                f"The service principal cannot be created because the name {inputs['clientId']} "
                "is already in use: the application has one."
            )
            raise ConflictError(message)
        return f"/servicePrincipals/{object_id}", {
            **chosen(inputs, self.heeded),
            "accountEnabled": True,
            "appRoleAssignmentRequired": inputs.get("appRoleAssignmentRequired", False),
            "applicationTenantId": TENANT_ID,
            "displayName": application.properties["displayName"],
            "objectId": object_id,
            "owners": _owners(self.control, inputs),
            "servicePrincipalNames": [inputs["clientId"]],
            "signInAudience": "AzureADMyOrg",
            "type": "Application",
        }

    def commit(self, inputs: Json, outputs: Json) -> None:
        """It is a principal of the directory."""
        self.control.directory.add(
            Principal(
                outputs["objectId"],
                inputs["clientId"],
                "ServicePrincipal",
                outputs["displayName"],
            )
        )
        self.control.pace.delay(outputs["objectId"], PRINCIPAL)

    def forget(self, found: Resource) -> None:
        """Nobody signs in as it any more."""
        self.control.directory.remove(found.properties["objectId"])


class ApplicationPassword(GraphKind):
    """A client secret; its value is told once."""

    pulumi_type = "azuread:index/applicationPassword:ApplicationPassword"
    heeded = frozenset({"applicationId", "displayName", "endDate", "rotateWhenChanged"})
    replaces = tuple(sorted(heeded))
    secret = frozenset({"value"})
    has_owners = False

    def rules(self, inputs: Json) -> Iterator[Problem]:
        """The end is a time that has not passed."""
        yield from super().rules(inputs)
        end = inputs.get("endDate", UNKNOWN)
        if end is UNKNOWN:
            return
        try:
            passed = _moment(end) <= self.control.clock.now()
        except ValueError:
            yield Problem("endDate", f"found {end!r}, accepted: such as '2030-01-01T00:00:00Z'")
            return
        if passed:
            yield Problem("endDate", f"found {end!r}, which has passed")

    def application(self, inputs: Json) -> Resource:
        """The one that it signs in."""
        return _by_id(self.control, inputs["applicationId"])

    def make(self, inputs: Json, _before: Resource | None) -> tuple[str, Json]:
        """A secret of an application that exists."""
        key_id, now = str(uuid4()), self.control.clock.now()
        end = inputs.get("endDate") or f"{now + _LIFETIME:%Y-%m-%dT%H:%M:%SZ}"
        object_id = inputs["applicationId"].rpartition("/")[2]
        value = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
        return f"{object_id}/password/{key_id}", {
            **chosen(inputs, self.heeded),
            "endDate": end,
            "keyId": key_id,
            "startDate": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "value": value,
        }

    def commit(self, inputs: Json, outputs: Json) -> None:
        """The application can sign in with it, once it has a service principal."""
        self.control.directory.add_secret(
            self.application(inputs).properties["clientId"],
            outputs["keyId"],
            outputs["value"],
            _moment(outputs["endDate"]),
        )
        self.control.pace.delay(outputs["keyId"], PRINCIPAL)

    def forget(self, found: Resource) -> None:
        """Nobody signs in with it any more."""
        self.control.directory.remove_secret(found.properties["keyId"])


class ApplicationFederatedIdentityCredential(GraphKind):
    """Whose token of another issuer signs in as an application."""

    pulumi_type = (
        "azuread:index/applicationFederatedIdentityCredential:"
        "ApplicationFederatedIdentityCredential"
    )
    heeded = frozenset(
        {"applicationId", "audiences", "description", "displayName", "issuer", "subject"}
    )
    replaces = ("applicationId", "displayName")
    has_owners = False

    def application(self, inputs: Json) -> Resource:
        """The one that it signs in."""
        return _by_id(self.control, inputs["applicationId"])

    def make(self, inputs: Json, before: Resource | None) -> tuple[str, Json]:
        """A credential of an application that exists, which has none of this name."""
        application, name = self.application(inputs), inputs["displayName"]
        others = self.control.resources.select(self.pulumi_type)
        if any(
            other.body["applicationId"] == application.id and other.body["displayName"] == name
            for other in others
            if before is None or other.id != before.id
        ):
            raise ConflictError(f"FederatedIdentityCredential with name {name} already exists.")
        credential_id = before.name if before else str(uuid4())
        return f"{application.name}/federatedIdentityCredential/{credential_id}", {
            **chosen(inputs, self.heeded),
            "credentialId": credential_id,
        }


def find_application(control: ControlPlane, client_id: str) -> Resource | None:
    """The application with this client id, or None."""
    made = control.resources.select(Application.pulumi_type)
    return next((one for one in made if one.properties["clientId"] == client_id.lower()), None)


def _by_id(control: ControlPlane, application_id: str) -> Resource:
    found = control.resources.find(application_id)
    if found is None or found.type != Application.pulumi_type:
        accepted = "the id of an application, '/applications/<object id>'"
        raise ObjectNotFoundError("applicationId", application_id, accepted)
    return found


def _owners(control: ControlPlane, inputs: Json) -> list[str]:
    """Those that are named; the caller, who was one while it was made, is not kept beside them."""
    for owner in inputs.get("owners") or ():
        if control.directory.find(owner) is None:
            raise ObjectNotFoundError("owners", owner, "object ids of users and service principals")
    return [owner.lower() for owner in inputs.get("owners") or ()]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
