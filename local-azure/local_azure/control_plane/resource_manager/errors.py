"""What the control plane answers instead of a resource; one class per error code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from local_azure.control_plane.entra.directory import Principal
from local_azure.errors import WordedError


class ControlPlaneError(WordedError):
    """A refusal, worded as azure-native passes Azure's on (recorded).

    Attributes:
        code: Azure's error code.
        status: HTTP status that goes with it.
        message: the sentence alone.
        target: what it is about, where the service says so.
        headers: what the answer has beside what every answer has.
    """

    code = "InvalidRequest"
    status = 400
    target: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})

    def __str__(self) -> str:
        """As azure-native tells it."""
        return f'Status={self.status} Code="{self.code}" Message="{self.message}"'

    def told(self) -> dict[str, Any]:
        """What stands under ``error`` of the answer."""
        told = {"code": self.code, "message": self.message}
        return told if self.target is None else {**told, "target": self.target, "details": None}

    def body(self) -> dict[str, Any] | None:
        """What the answer has in it, if anything."""
        return {"error": self.told()}


class GatewayError(ControlPlaneError):
    """What Resource Manager itself refuses, before any service is asked (header recorded)."""

    headers = MappingProxyType({"x-ms-failure-cause": "gateway"})


class InvalidPropertyError(ControlPlaneError):
    """A value that Azure would refuse, drop or ignore."""

    code = "InvalidRequestContent"
    said = "{resource}: {path}: {reason}"


class NotEmulatedError(ControlPlaneError):
    """What Azure would accept, and nothing here does."""

    code = "NotEmulated"
    status = 501
    said = "{resource}: {reason}; the embedded Azure does not emulate it."


class ResourceGroupNotFoundError(GatewayError):
    """The resource group is missing."""

    code = "ResourceGroupNotFound"
    status = 404
    said = "Resource group '{name}' could not be found."


class ParentResourceNotFoundError(ControlPlaneError):
    """A resource above this one is missing."""

    code = "ParentResourceNotFound"
    status = 404
    said = (
        "Can not perform requested operation on nested resource {resource}. "
        "Parent resource '{parent}' not found."
    )


class ResourceNotFoundError(GatewayError):
    """The resource itself is missing (worded as recorded, where it is one in a group)."""

    code = "ResourceNotFound"
    status = 404

    def __init__(self, resource_id: str) -> None:
        group, _, what = resource_id.partition("/providers/")
        in_group = group.rpartition("/")[2] if "/resourcegroups/" in group.lower() else "<null>"
        where = f"{what}' under resource group '{in_group}"
        super().__init__(
            f"The Resource '{where if what else resource_id}' was not found. For more details "
            "please go to https://aka.ms/ARMResourceNotFoundFix"
        )


class WorkflowTriggerNotFoundError(ControlPlaneError):
    """A workflow without a trigger of this name."""

    code = "WorkflowTriggerNotFound"
    status = 404


class LinkedResourceNotFoundError(ControlPlaneError):
    """A property names a resource that does not exist."""

    code = "LinkedResourceNotFound"
    said = (
        "{resource}: {path}: the resource '{linked}' does not exist. Create it first, and "
        "take its id from the resource's own output."
    )


class AlreadyExistsError(ControlPlaneError):
    """A create met a resource with the same id: azure-native's own refusal, without a code."""

    code = "ResourceAlreadyExists"
    status = 409
    said = "cannot create already existing resource {resource_id}"

    def __str__(self) -> str:
        return f"{self.message}. Import it, or take another name."


class NameTakenError(ControlPlaneError):
    """A name that must be unique in all of Azure, or in a region, and is not."""

    code = "NameNotAvailable"
    status = 409
    said = "{resource}: the name '{name}' is already taken {where}."


class ConflictError(ControlPlaneError):
    """What another resource's existence forbids."""

    code = "Conflict"
    status = 409


class ScopeLockedError(ControlPlaneError):
    """What a lock keeps (Azure/apiops#606; how several scopes are told is UNVERIFIED)."""

    code = "ScopeLocked"
    status = 409

    def __init__(self, scope: str, locked: list[str]) -> None:
        super().__init__(
            f"The scope '{scope}' cannot perform delete operation because following scope(s) are"
            f" locked: '{','.join(locked)}'. Please remove the lock and try again."
        )


class PreconditionFailedError(ControlPlaneError):
    """A resource that must not be there yet, and is.

    The sentence is of Az PowerShell's tests (of a link its end alone); code and status are of
    public reports.
    """

    code = "PreconditionFailed"
    status = 412
    said = "The {called} {name} exists already and hence cannot be created again."


class KeysDisabledError(ControlPlaneError):
    """Keys of a resource that takes none (code and text are storage's own for data)."""

    code = "KeyBasedAuthenticationNotPermitted"
    status = 403

    def __init__(self, arm_type: str, setting: str) -> None:
        what = "storage account" if arm_type.startswith("Microsoft.Storage") else "resource"
        super().__init__(
            f"Key based authentication is not permitted on this {what}. It has {setting}."
        )


class OperationInProgressError(ConflictError):
    """A change while another goes on; recorded of an account, else UNVERIFIED."""

    def __init__(self, resource_id: str, state: str) -> None:
        message = f"Another operation is under way on '{resource_id}' ({state})."
        if "/storageaccounts/" in resource_id.lower():
            self.code = "StorageAccountOperationInProgress"
            message = (
                "An operation is currently performing on this storage account that requires "
                "exclusive access."
            )
        super().__init__(message)


class UserError(ControlPlaneError):
    """What machine learning's own part refuses (recorded; the status is UNVERIFIED)."""

    code = "UserError"


class CannotSetResourceIdentityError(ControlPlaneError):
    """A kind of identity that a type does not have (recorded; the status is UNVERIFIED)."""

    code = "CannotSetResourceIdentity"
    said = (
        "Resource type '{arm_type}' does not support creation of '{found}' resource identity."
        " The supported types are '{supported}'."
    )


class PrincipalNotFoundError(ControlPlaneError):
    """A role for somebody whom the directory does not know (yet)."""

    code = "PrincipalNotFound"

    def __init__(self, principal: str, tenant: str) -> None:
        # Worded as Azure words it: programs look for the code and retry.
        super().__init__(
            f"Principal {principal.replace('-', '')} does not exist in the directory {tenant}. "
            "Check that you have the correct principal ID. If you are creating this principal "
            "and then immediately assigning a role, this error might be related to a replication "
            "delay. In this case, set the role assignment principalType property to a value, "
            "such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype"
        )


class RoleAssignmentExistsError(ControlPlaneError):
    """The same principal has the same role on the same scope by another name."""

    code = "RoleAssignmentExists"
    status = 409

    def __init__(self, existing: str) -> None:
        super().__init__(
            f"The role assignment already exists. The ID of the existing role assignment is "
            f"{existing.rpartition('/')[2].replace('-', '')}."
        )


class RoleDefinitionDoesNotExistError(ControlPlaneError):
    """An assignment of a role that does not exist (yet)."""

    code = "RoleDefinitionDoesNotExist"
    said = "The specified role definition with ID '{role}' does not exist."


class RoleDefinitionNotFoundError(RoleDefinitionDoesNotExistError):
    """A role that is read and does not exist: the same code and sentence (recorded)."""

    status = 404


class RoleDefinitionHasAssignmentsError(ControlPlaneError):
    """A custom role that somebody still has."""

    code = "RoleDefinitionHasAssignments"

    def __init__(self, role: str, assignments: list[str]) -> None:
        super().__init__(
            f"There are existing role assignments referencing role '{role}': "
            f"{', '.join(assignments)}. Delete them first."
        )


class UnmatchedPrincipalTypeError(ControlPlaneError):
    """A role for a principal that is of another type than the assignment says."""

    code = "UnmatchedPrincipalType"
    said = (
        "The PrincipalId '{principal}' has type '{found}', which is different from "
        "specified PrincipalType '{given}'."
    )


class AuthorizationFailed(ControlPlaneError):  # noqa: N818 the code's own name; the cause has -Error
    """The caller may not do this."""

    code = "AuthorizationFailed"
    status = 403


class LinkedAuthorizationFailed(ControlPlaneError):  # noqa: N818 the code's own name
    """The caller may write the resource, but not make use of another one that it names.

    Worded as Azure does (Azure/aad-pod-identity#443, JimGBritt/AzurePolicy#17).
    """

    code = "LinkedAuthorizationFailed"
    status = 403

    def __init__(self, caller: Principal, action: str, scope: str, linked: str, on: str) -> None:
        super().__init__(
            f"The client '{caller.client_id or caller.name}' with object id '{caller.object_id}' "
            f"has permission to perform action '{action}' on scope '{scope}'; however, it does "
            f"not have permission to perform action '{linked}' on the linked scope(s) '{on}' or "
            "the linked scope(s) are invalid."
        )


class OperationFailedError(ControlPlaneError):
    """An operation that failed after its PUT was accepted: the resource exists, as ``Failed``.

    Source: Azure/bicep-registry-modules#5205, an event subscription that "reached terminal
    provisioning state 'Failed'".
    """

    @classmethod
    def of(cls, told: dict[str, Any]) -> OperationFailedError:
        """The failure that an operation told of, by its innermost code and sentence."""
        failure = cls(told["message"])
        failure.code = told["code"]
        return failure

    def ended(self) -> dict[str, Any]:
        """What the operation tells of its end (Azure/azure-cli#21006)."""
        message = "The resource operation completed with terminal provisioning state 'Failed'."
        return {"code": "ResourceOperationFailure", "message": message, "details": [self.told()]}


class EndpointValidationError(OperationFailedError):
    """A webhook that did not answer Event Grid's handshake."""

    code = "Url validation"

    def __init__(self, resource: str, reason: str) -> None:
        super().__init__(f"{reason} ({resource})")


class ManagedIdentityAuthorizationError(OperationFailedError):
    """An event subscription whose identity may not write to its destination.

    Source: Azure/bicep-registry-modules#5205; what stands between the colons is UNVERIFIED.
    """

    code = "Managed Identity Authorization Error"
    said = (
        "Managed Identity for {subscription} does not have permission to perform appropriate "
        "action on the destination resource. Managed identity for event subscription does not "
        "have authorization to deliver to the endpoint. Visit aka.ms/egmsivalidation for more "
        "details. {cause}"
    )


class SubscriptionNotFoundError(GatewayError):
    """Another subscription than the one that exists here."""

    code = "SubscriptionNotFound"
    status = 404
    said = "The subscription '{subscription}' could not be found."


class InvalidResourceNamespaceError(ControlPlaneError):
    """A resource provider that nobody has heard of."""

    code = "InvalidResourceNamespace"
    status = 404
    said = "The resource namespace '{namespace}' is invalid."


class NoRegisteredProviderFoundError(ControlPlaneError):
    """A version of the interface that a type is not spoken in (recorded; regions are not told)."""

    code = "NoRegisteredProviderFound"

    def __init__(self, arm_type: str, version: str, accepted: Iterable[str], location: str) -> None:
        kind = arm_type.partition("/")[2].lower()
        super().__init__(
            f"No registered resource provider found for location '{location}' and API version "
            f"'{version}' for type '{kind}'. The supported api-versions are "
            f"'{', '.join(accepted)}'. The supported locations are ''."
        )


class MethodNotAllowedError(ControlPlaneError):
    """A method that a path does not take (the wording is UNVERIFIED)."""

    code = "MethodNotAllowed"
    status = 405
    said = "The requested resource '{path}' does not support http method '{method}'."


class InvalidApiVersionError(ControlPlaneError):
    """A version that Resource Manager's own interface is not spoken in."""

    code = "InvalidApiVersionParameter"

    def __init__(self, version: str, accepted: Iterable[str]) -> None:
        super().__init__(
            f"The api-version '{version}' is invalid. The supported versions are "
            f"'{','.join(accepted)}'."
        )


class PropertyChangeNotAllowedError(ControlPlaneError):
    """A property that can't be another one once the resource exists (the wording is UNVERIFIED)."""

    code = "PropertyChangeNotAllowed"
    status = 409
    said = "{resource}: changing property '{path}' is not allowed."


class RoleAssignmentUpdateNotPermittedError(ControlPlaneError):
    """Another principal for an assignment (Azure-Samples/graphrag-accelerator#168).

    The status is documented (D:role-based-access-control/troubleshooting).
    """

    code = "RoleAssignmentUpdateNotPermitted"
    said = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."


class LocationRequiredError(ControlPlaneError):
    """A resource with a region that names none."""

    code = "LocationRequired"
    said = "The location property is required for this definition."


class LocationNotAvailableForResourceGroupError(ControlPlaneError):
    """A region that does not exist, for a resource group (MicrosoftDocs/executable-docs#74)."""

    code = "LocationNotAvailableForResourceGroup"
    said = (
        "The provided location '{given}' is not available for resource group. "
        "List of available regions is '{known}'."
    )


class LocationNotAvailableForResourceTypeError(ControlPlaneError):
    """A region that does not exist, for any other resource (Azure/azure-rest-api-specs#8347)."""

    code = "LocationNotAvailableForResourceType"
    said = (
        "The provided location '{given}' is not available for resource type '{arm_type}'. "
        "List of available regions for the resource type is '{known}'."
    )


class InvalidResourceLocationError(ControlPlaneError):
    """A PUT that would move a resource to another region."""

    code = "InvalidResourceLocation"
    status = 409
    said = (
        "The resource '{name}' already exists in location '{here}' in resource group "
        "'{group}'. A resource with the same name cannot be created in location '{there}'. "
        "Please select a new resource name."
    )


class MissingApiVersionError(ControlPlaneError):
    """A call that does not say which version of the interface it means."""

    code = "MissingApiVersionParameter"
    said = "The api-version query parameter (?api-version=) is required for all requests."


class InvalidContentError(ControlPlaneError):
    """A body that is no JSON, or not what the operation takes."""

    code = "InvalidRequestContent"


class RequestTooLargeError(ControlPlaneError):
    """A body beyond the limit."""

    code = "RequestContentTooLarge"
    status = 413
    said = "The request content has more than the {most} bytes that are accepted."
