"""Who is introduced with rights has those, and none of an earlier introduction."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import requests

from local_azure import project
from local_azure.commands import stacks
from local_azure.commands.console_client import Console
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.graph import ALL, OWNED_BY
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.errors import LocalAzureError
from local_azure.pulumi.azuread import Application
from local_azure_tests.conftest import Running

PERSON = {"object_id": "9b110000-0000-4000-8000-00000000a11a", "type": "ServicePrincipal"}
WRITE = "Microsoft.Storage/storageAccounts/write"
GRANT = "Microsoft.Authorization/roleAssignments/write"
UP = {"roles": ["Contributor", "User Access Administrator"], "graph": [OWNED_BY]}


@pytest.fixture
def console(running: Running) -> Console:
    return Console.at(running.home, {"ports": running.azure.ports.now})


def may(running: Running, object_id: str) -> set[str]:
    """What of these rights somebody has."""
    azure, who = running.azure, Principal(object_id, None, "ServicePrincipal", "")
    allows = azure.authorization.allows
    asked = [a for a in (WRITE, GRANT) if running.call(allows, object_id, a, SUBSCRIPTION)]
    managed = running.call(azure.graph_permissions.allow, who)
    return {*asked, *(["applications"] if managed else [])}


@pytest.mark.parametrize(
    ("roles", "graph", "left"),
    [
        (["Contributor"], [ALL], {WRITE, "applications"}),
        (["User Access Administrator"], [], {GRANT}),
        ([], [OWNED_BY], {"applications"}),
        ([], [], set()),
    ],
)
def test_a_right_that_is_named_no_more_is_gone(
    running: Running, console: Console, roles: list[str], graph: list[str], left: set[str]
) -> None:
    console.post("/principals", [{**PERSON, **UP}])
    assert may(running, PERSON["object_id"]) == {WRITE, GRANT, "applications"}

    console.post("/principals", [{**PERSON, "roles": roles, "graph": graph}])

    assert may(running, PERSON["object_id"]) == left


@pytest.mark.parametrize("path", ["/runs", "/identity/x/token"])
def test_a_key_that_is_not_even_ascii_is_refused(running: Running, path: str) -> None:
    url = f"http://127.0.0.1:{running.azure.ports.now['console']}{path}"
    given = {"x-console-key": b"\xff\xfe", "x-identity-header": b"\xff"}

    assert requests.get(url, headers=given, timeout=10).status_code == 403


@pytest.mark.parametrize("body", [{}, [], None, "text", {"seconds": "soon"}, {"seconds": 1e300}])
def test_what_the_console_can_not_read_it_refuses(console: Console, body: Any) -> None:
    with pytest.raises(LocalAzureError, match="nothing that the console takes"):
        console.post("/clock/advance", body)


@pytest.mark.parametrize("wrong", [{"roles": ["Emperor"]}, {"graph": ["User.Read.All"]}])
def test_an_unknown_right_is_refused_by_name_and_nothing_is_written(
    running: Running, console: Console, wrong: dict[str, Iterable[str]]
) -> None:
    console.post("/principals", [PERSON])
    people: list[dict[str, Any]] = [{**PERSON, **UP}, {**PERSON, **wrong}]

    with pytest.raises(LocalAzureError, match=r"found .*(Emperor|User\.Read\.All).*, accepted: "):
        console.post("/principals", people)

    assert may(running, PERSON["object_id"]) == set()


def test_who_is_introduced_as_another_kind_is_that_kind(running: Running, console: Console) -> None:
    for kind in ("ServicePrincipal", "User"):
        console.post("/principals", [{**PERSON, "type": kind}])

    known = running.call(running.azure.directory.find, PERSON["object_id"])

    assert known is not None
    assert known.kind == "User"


def test_who_both_publishes_and_calls_keeps_the_rights_of_the_shell(
    running: Running, console: Console, tmp_path: Path
) -> None:
    own = project.Project(tmp_path, {"people": ["p:publishers", "p:callers"]}, {})
    again = {**PERSON, "object_id": PERSON["object_id"].upper()}
    config = {"p:publishers": [PERSON], "p:callers": [again]}

    stacks._credential(console, own, config)

    assert may(running, PERSON["object_id"]) == {WRITE, GRANT, "applications"}


def test_who_ran_the_last_up_may_still_destroy_where_another_comes_first_now(
    running: Running, console: Console, tmp_path: Path
) -> None:
    first, second = PERSON, {**PERSON, "object_id": "9b110000-0000-4000-8000-00000000a11b"}
    own = project.Project(tmp_path, {"people": ["p:publishers"]}, {})
    stacks._credential(console, own, {"p:publishers": [first]})

    stacks._credential(console, own, {"p:publishers": [second, first]}, first["object_id"])

    for person in (first, second):
        assert may(running, person["object_id"]) == {WRITE, GRANT, "applications"}


def test_who_runs_up_after_another_owns_what_that_one_registered(
    running: Running, console: Console, tmp_path: Path
) -> None:
    first, second = PERSON["object_id"], "9b110000-0000-4000-8000-00000000a11b"
    own = project.Project(tmp_path, {"people": ["p:publishers"]}, {})
    stacks._credential(console, own, {"p:publishers": [PERSON]})
    told = {"displayName": "theirs", "owners": [first]}
    made = Resource("/applications/theirs", Application.pulumi_type, "theirs", told, told)
    running.call(running.azure.resources.put, made)

    config = {"p:publishers": [{**PERSON, "object_id": second}]}
    stacks._credential(console, own, config, first)

    found = running.call(running.azure.resources.find, made.id)
    assert found is not None
    assert found.properties["owners"] == [first, second]
