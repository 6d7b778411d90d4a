"""What resuming finds and removes in the directory, asked by HTTP of the embedded Azure."""

from typing import Any
from uuid import uuid4

import pytest

from batch_client.answers import RefusedError
from local_azure.control_plane.clock import iso
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.graph import OWNED_BY
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.pulumi import azuread
from local_azure.pulumi.kind import Caller
from local_azure_tests.conftest import Running, client_environment, lasting, running
from tools.resume.directory import APPLICATION, PASSWORD, PRINCIPAL, Directory, UnknownIdError
from tools.resume.state import Pending

__all__ = ["client_environment", "lasting", "running"]
pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.fixture
def me(running: Running, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Who is signed in, and manages the applications that they own."""
    azure, who = running.azure, str(uuid4())
    principal = Principal(who, who, "ServicePrincipal", "me")
    running.call(azure.directory.add, principal)
    end = azure.clock.now().replace(year=2099)
    running.call(azure.directory.add_secret, who, f"key of {who}", "secret", end)
    running.call(azure.graph_permissions.grant, who, OWNED_BY)
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT_ID)
    monkeypatch.setenv("AZURE_CLIENT_ID", who)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "secret")
    return Caller(principal)


def make(running: Running, me: Caller, kind: str, **inputs: Any) -> str:
    """An object of the directory as azuread makes it; its id."""
    owners = {} if kind == PASSWORD else {"owners": [me.principal.object_id]}
    made = azuread.kinds(running.azure.control)[kind].create({**inputs, **owners}, me)
    return running.run(made).id


def deployment(running: Running, *resources: dict[str, Any]) -> dict[str, Any]:
    """A state that was written now."""
    now = iso(running.azure.clock.now())
    return {"manifest": {"time": now}, "resources": list(resources)}


def creating(kind: str, **inputs: str) -> Pending:
    return Pending("creating", {"urn": "u::a::b::c", "type": kind, "inputs": inputs})


def test_an_application_and_its_principal_are_found(running: Running, me: Caller) -> None:
    application = make(running, me, APPLICATION, displayName="it's found")
    client_id = running.stored(application).properties["clientId"]
    asked, its_principal = Directory(deployment(running)), creating(PRINCIPAL, clientId=client_id)
    applications = [creating(APPLICATION, displayName=name) for name in ("it's found", "none")]

    before = asked.id_of(its_principal)
    principal = make(running, me, PRINCIPAL, clientId=client_id)

    assert (before, asked.id_of(its_principal)) == (None, principal)
    assert [asked.id_of(each) for each in applications] == [application, None]


def test_of_two_applications_none_is_taken(running: Running, me: Caller) -> None:
    two = [make(running, me, APPLICATION, displayName="twice") for _ in range(2)]
    asked, pending = deployment(running), creating(APPLICATION, displayName="twice")

    with pytest.raises(UnknownIdError, match="2 applications are called 'twice'"):
        Directory(asked).id_of(pending)

    asked["resources"] = [{"type": APPLICATION, "id": two[0]}]
    assert Directory(asked).id_of(pending) == two[1]


def test_an_application_that_is_older_than_any_up_is_somebody_else_s(
    running: Running, me: Caller
) -> None:
    make(running, me, APPLICATION, displayName="old")
    asked = deployment(running)
    asked["manifest"]["time"] = "2099-01-01T00:00:00Z"
    assert Directory(asked).id_of(creating(APPLICATION, displayName="old")) is None


def test_only_the_stack_s_own_secrets_that_no_state_has_are_removed(
    running: Running, me: Caller
) -> None:
    application = make(running, me, APPLICATION, displayName="secrets")

    def secret(name: str) -> str:
        return make(running, me, PASSWORD, applicationId=application, displayName=name)

    kept, orphan, somebody_s = secret("rotation 1"), secret("rotation 1"), secret("by hand")
    # The engine may write down the id of what it has just made, as of what it is about to make.
    begun = secret("rotation 2")
    inputs = {"applicationId": application, "displayName": "rotation 1"}
    told = deployment(running, {"type": PASSWORD, "id": kept, "inputs": inputs})
    pending = {"type": PASSWORD, "id": begun, "inputs": {**inputs, "displayName": "rotation 2"}}
    asked = Directory({**told, "pending_operations": [{"type": "creating", "resource": pending}]})

    found = list(asked.orphans())
    for each in found:
        asked.remove(each)

    assert {each.key_id for each in found} == {each.rpartition("/")[2] for each in (orphan, begun)}
    assert list(asked.orphans()) == []
    left = [each.id for each in running.call(running.azure.resources.select, PASSWORD)]
    assert {kept, somebody_s} <= set(left)


def test_an_application_that_is_gone_has_no_secrets(running: Running, me: Caller) -> None:
    del me
    inputs = {"applicationId": f"/applications/{uuid4()}", "displayName": "rotation 1"}
    asked = Directory(
        deployment(running, {"type": PASSWORD, "id": "x/password/y", "inputs": inputs})
    )
    assert list(asked.orphans()) == []


def test_who_manages_no_applications_is_refused(running: Running, me: Caller) -> None:
    running.call(running.azure.graph_permissions.revoke, me.principal.object_id, OWNED_BY)
    with pytest.raises(RefusedError, match="403 Authorization_RequestDenied"):
        Directory(deployment(running)).id_of(creating(APPLICATION, displayName="any"))
