"""Which applications a caller of Microsoft Graph may create, and manage afterwards."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import pytest

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.graph import ALL, OWNED_BY
from local_azure.control_plane.resource_manager.errors import ResourceNotFoundError
from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Created, Engine, refused, signed_in

APPLICATION = "azuread:index/application:Application"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"
DENIED = (
    'Status=403 Code="Authorization_RequestDenied" '
    'Message="Insufficient privileges to complete the operation."'
)


class Somebody:
    """A service principal of its own that uses azuread."""

    def __init__(self, running: Running, *permissions: str) -> None:
        who = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "somebody")
        self.object_id = who.object_id
        self.engine = signed_in(running, who, "azuread")
        for permission in permissions:
            running.call(running.azure.graph_permissions.grant, who.object_id, permission)

    def application(self, *owners: str) -> Created:
        inputs: dict[str, Any] = {"displayName": "invoker", "owners": list(owners)}
        return self.engine.create(APPLICATION, inputs)

    def principal(self, application: Created, *owners: str) -> Created:
        client_id = application.outputs["clientId"]
        return self.engine.create(PRINCIPAL, {"clientId": client_id, "owners": list(owners)})

    def password(self, application: Created) -> Created:
        return self.engine.create(PASSWORD, {"applicationId": application.id})


@pytest.fixture(scope="module")
def owner(running: Running) -> Somebody:
    return Somebody(running, OWNED_BY)


@pytest.fixture(scope="module")
def administrator(running: Running) -> Somebody:
    return Somebody(running, ALL)


def denied(call: Callable[[], Any]) -> bool:
    """Whether Graph refuses a call for the rights of who makes it."""
    with refused(DENIED):
        call()
    return True


def test_an_owner_does_everything_with_an_application(owner: Somebody) -> None:
    application = owner.application(owner.object_id)
    principal = owner.principal(application, owner.object_id)
    password = owner.password(application)

    assert owner.engine.read(application) == application
    assert owner.engine.read(principal) == principal
    renamed = owner.engine.update(application, {**application.inputs, "displayName": "other"})
    owner.engine.delete(password)
    owner.engine.delete(principal)
    owner.engine.delete(renamed)
    assert owner.engine.read(application) is None


LOST: dict[str, Callable[[Somebody, Created], Any]] = {
    "its principal": lambda owner, made: owner.principal(made, owner.object_id),
    "its password": lambda owner, made: owner.password(made),
    "reading": lambda owner, made: owner.engine.read(made),
    "updating": lambda owner, made: owner.engine.update(made, made.inputs),
    "deleting": lambda owner, made: owner.engine.delete(made),
}


@pytest.mark.parametrize("call", LOST.values(), ids=LOST)
def test_who_created_an_application_without_owners_has_lost_it(
    owner: Somebody, call: Callable[[Somebody, Created], Any]
) -> None:
    application = owner.application()

    assert denied(lambda: call(owner, application))


def test_who_created_a_service_principal_without_owners_has_lost_it(owner: Somebody) -> None:
    principal = owner.principal(owner.application(owner.object_id))

    assert denied(lambda: owner.engine.read(principal))
    assert denied(lambda: owner.engine.delete(principal))


def test_whoever_manages_all_applications_needs_to_own_none(
    owner: Somebody, administrator: Somebody
) -> None:
    application = owner.application()

    password = administrator.password(application)
    administrator.engine.delete(password)
    administrator.engine.delete(application)


@pytest.mark.parametrize("kind", [PASSWORD, PRINCIPAL])
def test_nothing_is_moved_to_another_application(owner: Somebody, kind: str) -> None:
    mine, other, foreign = (
        owner.application(*owners) for owners in ([owner.object_id], [owner.object_id], [])
    )

    def of(application: Created) -> dict[str, Any]:
        if kind == PASSWORD:
            return {"applicationId": application.id}
        return {"clientId": application.outputs["clientId"], "owners": [owner.object_id]}

    made = owner.engine.create(kind, of(mine))

    assert denied(lambda: owner.engine.update(made, of(foreign)))
    with pytest.raises(grpc.RpcError, match=r"(applicationId|clientId): found .*, accepted: "):
        owner.engine.update(made, of(other))


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (APPLICATION, {"displayName": "group"}),
        (PRINCIPAL, {"clientId": "group"}),
        (PASSWORD, {"applicationId": "group"}),
    ],
)
def test_azuread_touches_nothing_of_the_control_plane(
    native: Engine, administrator: Somebody, kind: str, inputs: dict[str, str]
) -> None:
    place = {"resourceGroupName": kind.rpartition(":")[2], "location": "westeurope"}
    group = native.create("azure-native:resources:ResourceGroup", place)
    mistaken = replace(group, type=kind, inputs=inputs)

    administrator.engine.delete(mistaken)
    with refused("accepted: an object that exists"):
        administrator.engine.update(mistaken, inputs)
    assert native.read(group) == group


def test_azure_native_touches_nothing_of_the_directory(
    running: Running, native: Engine, owner: Somebody
) -> None:
    application = owner.application(owner.object_id)
    mistaken = replace(application, type="azure-native:resources:ResourceGroup")

    with refused("is no id of Microsoft.Resources/resourceGroups"):
        native.delete(mistaken)
    with pytest.raises(ResourceNotFoundError):
        running.run(running.azure.manager.delete(application.id, DEPLOYER))
    assert owner.engine.read(application) == application


def test_without_a_permission_nothing_is_created(running: Running) -> None:
    assert denied(Somebody(running).application)


def test_a_permission_that_is_taken_away_is_gone(running: Running) -> None:
    former = Somebody(running, OWNED_BY)
    running.call(running.azure.graph_permissions.revoke, former.object_id, OWNED_BY)

    assert denied(lambda: former.application(former.object_id))


def test_an_owner_who_does_not_exist_is_refused(owner: Somebody) -> None:
    with refused("owners: found '00000000-0000-4000-8000-00000000dead'"):
        owner.application("00000000-0000-4000-8000-00000000dead")


def test_another_permission_is_not_emulated(running: Running) -> None:
    with pytest.raises(ValueError, match=r"Graph permission: found 'User\.Read\.All'"):
        running.call(running.azure.graph_permissions.grant, "o", "User.Read.All")


def test_what_an_earlier_release_made_belongs_to_nobody(running: Running, owner: Somebody) -> None:
    application = owner.application(owner.object_id)
    kept = running.stored(application.id)
    del kept.properties["owners"]
    running.call(running.azure.resources.put, kept)

    assert denied(lambda: owner.engine.read(application))
