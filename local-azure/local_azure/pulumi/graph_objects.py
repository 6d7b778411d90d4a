"""The directory's objects as Microsoft Graph 1.0 shows them.

Sources: learn.microsoft.com, the resource types application, servicePrincipal, user, group and
federatedIdentityCredential. Properties that nothing here fills are left out, or null where a client
looks for them.
"""

from typing import Any

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.pulumi.azuread import (
    Application,
    ApplicationFederatedIdentityCredential,
    ApplicationPassword,
    ServicePrincipal,
)

Json = dict[str, Any]
SERVICE_PRINCIPALS = frozenset({"ServicePrincipal", "ManagedIdentity"})
_CREDENTIAL = ("id", "name", "issuer", "subject", "description", "audiences")


class Objects:
    """Tells what each object of the directory looks like."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def applications(self) -> list[Json]:
        """All applications."""
        found = self._control.resources.select(Application.pulumi_type)
        return [self.application(each) for each in found]

    def service_principals(self) -> list[Json]:
        """All service principals, managed identities among them."""
        found = self._control.directory.all()
        return [self.service_principal(each) for each in found if each.kind in SERVICE_PRINCIPALS]

    def named(self, kind: str) -> list[Json]:
        """All users, or all groups."""
        return [self.principal(each) for each in self._control.directory.all() if each.kind == kind]

    def application(self, found: Resource) -> Json:
        """One application; the values of its secrets are told by nobody."""
        passwords = self._control.resources.select(ApplicationPassword.pulumi_type)
        own = [each for each in passwords if each.body["applicationId"] == found.id]
        return {
            "id": found.name,
            "appId": found.properties["clientId"],
            "displayName": found.properties["displayName"],
            "createdDateTime": found.created,
            "deletedDateTime": None,
            "description": found.properties.get("description"),
            "identifierUris": [],
            "keyCredentials": [],
            "notes": found.properties.get("notes"),
            "passwordCredentials": [password(each.properties) for each in own],
            "signInAudience": found.properties["signInAudience"],
            "tags": found.properties.get("tags", []),
        }

    def service_principal(self, who: Principal) -> Json:
        """One service principal, or a managed identity's."""
        made = self._control.resources.find(f"/servicePrincipals/{who.object_id}")
        more = made.properties if made and made.type == ServicePrincipal.pulumi_type else {}
        return {
            "id": who.object_id,
            "accountEnabled": True,
            "alternativeNames": [],
            "appDisplayName": who.name,
            "appId": who.client_id,
            "appOwnerOrganizationId": TENANT_ID,
            "appRoleAssignmentRequired": more.get("appRoleAssignmentRequired", False),
            "createdDateTime": made.created if made else None,
            "deletedDateTime": None,
            "description": more.get("description"),
            "displayName": who.name,
            "keyCredentials": [],
            "notes": more.get("notes"),
            "passwordCredentials": [],
            "servicePrincipalNames": [who.client_id],
            "servicePrincipalType": (
                "ManagedIdentity" if who.kind == "ManagedIdentity" else "Application"
            ),
            "signInAudience": "AzureADMyOrg",
            "tags": more.get("tags", []),
        }

    def principal(self, who: Principal) -> Json:
        """A principal of any kind."""
        if who.kind in SERVICE_PRINCIPALS:
            return self.service_principal(who)
        if who.kind == "Group":
            return {"id": who.object_id, "displayName": who.name, "securityEnabled": True}
        return {
            "id": who.object_id,
            "displayName": who.name,
            "givenName": None,
            "jobTitle": None,
            "mail": None,
            "mobilePhone": None,
            "businessPhones": [],
            "officeLocation": None,
            "preferredLanguage": None,
            "surname": None,
            "userPrincipalName": f"{who.object_id}@{TENANT_ID[:8]}.onmicrosoft.com",
        }

    def credentials(self, application: Resource) -> list[Json]:
        """The federated credentials of an application."""
        kind = ApplicationFederatedIdentityCredential.pulumi_type
        found = self._control.resources.select(kind)
        return [credential(each) for each in found if each.body["applicationId"] == application.id]


def credential(found: Resource) -> Json:
    """A federated credential."""
    told = {**found.properties, "id": found.name, "name": found.properties["displayName"]}
    return {key: told.get(key) for key in _CREDENTIAL}


def password(outputs: Json) -> Json:
    """A client secret; its value as it is made, and never again."""
    value = outputs.get("value")
    return {
        "customKeyIdentifier": None,
        "displayName": outputs.get("displayName"),
        "endDateTime": outputs["endDate"],
        "hint": value and value[:3],
        "keyId": outputs["keyId"],
        "secretText": value,
        "startDateTime": outputs["startDate"],
    }
