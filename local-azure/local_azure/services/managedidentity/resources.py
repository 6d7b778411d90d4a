"""User-assigned managed identities on the control plane; each is a principal of the tenant."""

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.answers import tracked
from local_azure.control_plane.resource_manager.identity import USER_ASSIGNED
from local_azure.control_plane.resource_manager.resource_type import (
    IN_GROUP,
    Json,
    Put,
    ResourceType,
)
from local_azure.control_plane.tenant import TENANT_ID


def _answer(put: Put) -> Json:
    return {
        **tracked(put),
        "principalId": put.kept("principalId"),
        "clientId": put.kept("clientId"),
        "tenantId": TENANT_ID,
    }


def _introduce(put: Put, answer: Json) -> None:
    known = Principal(answer["principalId"], answer["clientId"], "ManagedIdentity", put.name)
    put.control.directory.add(known)


USER_ASSIGNED_IDENTITY = ResourceType(
    pulumi_type="azure-native:managedidentity:UserAssignedIdentity",
    # Recorded from 2015 to 2023: of all ids these alone have `resourcegroups`.
    path=f"{IN_GROUP.replace('Groups', 'groups')}/{USER_ASSIGNED}/{{resourceName}}",
    api_version="2023-01-31",
    answer=_answer,
    commit=_introduce,
    forget=lambda control, gone: control.directory.remove(gone.properties["principalId"]),
)
