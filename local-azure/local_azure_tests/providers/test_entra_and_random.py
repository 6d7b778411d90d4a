"""Applications and their secrets; values that are drawn once."""

import re
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import DEPLOYER
from local_azure.pulumi import wire
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Created, Engine, refused

APPLICATION = "azuread:index/application:Application"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"
OWNED = {"owners": [DEPLOYER.object_id]}


@pytest.fixture(scope="module")
def application(azuread: Engine) -> Created:
    return azuread.create(APPLICATION, {"displayName": "invoker", **OWNED})


@pytest.fixture(scope="module")
def principal(azuread: Engine, application: Created) -> Created:
    return azuread.create(PRINCIPAL, {"clientId": application.outputs["clientId"], **OWNED})


def password_inputs(application: Created) -> dict[str, Any]:
    return {"applicationId": application.id, "endDate": "2099-01-01T00:00:00Z"}


def signed_in(running: Running, application: Created, secret: Created) -> Principal:
    directory, client_id = running.azure.directory, application.outputs["clientId"]
    return running.call(directory.authenticate, client_id, secret.outputs["value"])


def test_a_client_secret_signs_its_service_principal_in(
    running: Running, azuread: Engine, application: Created, principal: Created
) -> None:
    secret = azuread.create(PASSWORD, password_inputs(application))
    who = signed_in(running, application, secret)
    assert (who.object_id, who.name) == (principal.outputs["objectId"], "invoker")


def test_a_client_secret_is_marked_as_one(azuread: Engine, application: Created) -> None:
    inputs = wire.encode(password_inputs(application))
    answer = azuread.stub.Create(pb.CreateRequest(type=PASSWORD, properties=inputs))
    assert wire.decode(answer.properties).secrets == {"value"}


def test_a_client_secret_is_told_once_and_kept_by_who_got_it(
    running: Running, azuread: Engine, application: Created
) -> None:
    made = azuread.create(PASSWORD, password_inputs(application))
    assert "value" not in running.stored(made.id).properties
    assert azuread.read(made) == made


def test_a_deleted_client_secret_signs_nobody_in(
    running: Running, azuread: Engine, application: Created, principal: Created
) -> None:
    assert principal
    made = azuread.create(PASSWORD, password_inputs(application))
    azuread.delete(made)
    with pytest.raises(Exception, match="Invalid client secret"):
        signed_in(running, application, made)


def test_another_rotation_is_another_secret_that_comes_before_the_old_one_goes(
    azuread: Engine, application: Created
) -> None:
    made = azuread.create(PASSWORD, password_inputs(application))
    rotated = {**password_inputs(application), "rotateWhenChanged": {"rotation": "2"}}
    told = azuread.diff(made, rotated)
    assert list(told.replaces) == ["rotateWhenChanged"]
    assert not told.deleteBeforeReplace


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"endDate": "2001-01-01T00:00:00Z"}, "endDate: found '2001-01-01T00:00:00Z', which has"),
        ({"endDate": "soon"}, "endDate: found 'soon'"),
        ({"endDateRelative": "240h"}, "endDateRelative: not emulated"),
    ],
)
def test_a_client_secret_ends_at_a_time_to_come(
    azuread: Engine, application: Created, change: dict[str, str], said: str
) -> None:
    [problem] = azuread.problems(PASSWORD, {**password_inputs(application), **change})
    assert problem.startswith(said)


def test_a_service_principal_needs_an_application(azuread: Engine) -> None:
    with refused("accepted: the client id of an application"):
        azuread.create(PRINCIPAL, {"clientId": "00000000-0000-4000-8000-00000000dead"})


def test_with_an_application_go_its_service_principal_and_its_secrets(
    running: Running, azuread: Engine
) -> None:
    application = azuread.create(APPLICATION, {"displayName": "short-lived", **OWNED})
    principal = azuread.create(PRINCIPAL, {"clientId": application.outputs["clientId"], **OWNED})
    secret = azuread.create(PASSWORD, password_inputs(application))

    azuread.delete(application)

    with pytest.raises(Exception, match="was not found"):
        signed_in(running, application, secret)
    assert azuread.read(principal) is None
    assert azuread.read(secret) is None
    azuread.delete(secret)


def test_a_random_string_keeps_to_its_classes_and_minima(random: Engine) -> None:
    inputs = {"length": 12, "special": False, "upper": False, "minNumeric": 5}
    made = random.create("random:index/randomString:RandomString", inputs)
    assert re.fullmatch("[a-z0-9]{12}", made.outputs["result"])
    assert len(re.findall("[0-9]", made.outputs["result"])) >= 5
    assert made.id == made.outputs["result"]


def test_a_random_value_stays_until_an_input_changes(random: Engine) -> None:
    kind = "random:index/randomUuid:RandomUuid"
    made = random.create(kind, {"keepers": {"scope": "a"}})
    assert random.read(made) == made
    told = random.diff(made, {"keepers": {"scope": "b"}})
    assert list(told.replaces) == ["keepers.scope"]


@pytest.mark.parametrize(
    ("kind", "inputs", "output", "pattern"),
    [
        ("randomUuid:RandomUuid", {}, "result", "[0-9a-f-]{36}"),
        ("randomId:RandomId", {"byteLength": 4, "prefix": "x-"}, "hex", "x-[0-9a-f]{8}"),
    ],
)
def test_random_values_have_their_documented_form(
    random: Engine, kind: str, inputs: dict[str, Any], output: str, pattern: str
) -> None:
    made = random.create(f"random:index/{kind}", inputs)
    assert re.fullmatch(pattern, str(made.outputs[output]))


def test_a_random_string_too_short_for_its_minima_is_refused(random: Engine) -> None:
    inputs = {"length": 3, "minUpper": 4}
    problems = random.problems("random:index/randomString:RandomString", inputs)
    assert problems == ["length: found 3, which is too short for what is demanded"]
