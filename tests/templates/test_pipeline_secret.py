"""Where the pipeline that signs in reads its secret, and where it refuses to."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.azure.clouds import CHINA, CLOUDS, DOCUMENTED_IN_CHINA, Cloud
from local_azure.runs.transport import ConnectionFailedError
from local_azure.services.datafactory.records import Status
from local_azure_tests.world import Answer, World, answer
from tests.templates.test_pipeline_runs import (
    CREATED,
    ENDPOINT,
    LOGIN,
    MI,
    SP,
    VAULT,
    execute,
    status,
)
from tests.templates.test_pipeline_types import load

OF_THE_CLOUD = "https://v.vault.azure.net/secrets"
VERSION = "0123456789abcdef0123456789abcdef"


def asked(world: World) -> list[str]:
    """What was sent before anybody signed in."""
    return [
        each.uri for each in world.requests if LOGIN not in each.uri and ENDPOINT not in each.uri
    ]


def nothing_sent(name: str, **given: Any) -> str:
    """What a pipeline says that fails before anything was sent."""
    result, world = execute(name, CREATED, status("Completed"), **given)
    assert (result.status, world.requests) == (Status.FAILED, [])
    return result.message


@pytest.mark.parametrize("uri", [f"{OF_THE_CLOUD}/s", f"{OF_THE_CLOUD}/s-1/{VERSION}"])
def test_a_secret_of_the_clouds_vaults_is_read(uri: str) -> None:
    result, world = execute(SP, CREATED, status("Completed"), client_secret=uri)
    assert result.status is Status.SUCCEEDED
    assert asked(world) == [f"{uri}?api-version=7.4"]


ELSEWHERE = [
    "",
    "https://",
    "https://evil.example/jobs",
    "https://evil.example/.inference.ml.azure.com/jobs",
    "https://evil.example#.inference.ml.azure.com/jobs",
    "https://evil.example?x.inference.ml.azure.com/jobs",
    "https://evil.example\\x.inference.ml.azure.com/jobs",
    "https://u:p@e.westeurope.inference.ml.azure.com/jobs",
    "https://e.westeurope@evil.example/jobs",
    "https://e.westeurope.inference.ml.azure.com.evil.example/jobs",
    "https://e.westeurope.inference.ml.azure.com:444/jobs",
    "https://a.b.c.inference.ml.azure.com/jobs",
    "http://e.westeurope.inference.ml.azure.com/jobs",
    "https:///e.westeurope.inference.ml.azure.com/jobs",
]


@pytest.mark.parametrize("name", [MI, SP])
@pytest.mark.parametrize("uri", ELSEWHERE)
def test_no_token_is_sent_to_what_is_no_batch_endpoint(name: str, uri: str) -> None:
    assert f"found {uri}" in nothing_sent(name, endpoint_uri=uri)


@pytest.mark.parametrize("name", [MI, SP])
@pytest.mark.parametrize("audience", ["https://management.azure.com", "https://ml.azure.com/", ""])
def test_no_token_for_another_service_is_sent(name: str, audience: str) -> None:
    assert nothing_sent(name, audience=audience)


@pytest.mark.parametrize(
    "cloud", [*CLOUDS.values(), replace(CHINA, **DOCUMENTED_IN_CHINA)], ids=[*CLOUDS, "documented"]
)
def test_the_hosts_and_audiences_of_every_cloud_are_taken(cloud: Cloud) -> None:
    endpoint, vault = f"e.r.{cloud.inference_suffix}", f"v.{cloud.vault_suffix}"
    given: dict[str, Any] = {
        "endpoint_uri": f"https://{endpoint}/jobs",
        "audience": cloud.ml_audience,
        "login_uri": f"https://{cloud.login_host}",
        "client_secret": f"https://{vault}/secrets/s",
        "vault_audience": f"https://{cloud.vault_suffix}",
    }

    _, world = execute(SP, CREATED, status("Completed"), **given)

    assert vault in [each.uri.split("/")[2] for each in world.requests]


def test_a_vault_that_the_caller_calls_one_of_a_cloud_is_asked_nothing() -> None:
    given = {"client_secret": "https://v.evil.example/secrets/s"}

    assert nothing_sent(SP, **given, vault_audience="https://evil.example")


@pytest.mark.parametrize("bad", [answer(429), answer(503), ConnectionFailedError("reset")])
@pytest.mark.parametrize("host", [VAULT, LOGIN])
def test_a_passing_fault_before_the_invocation_loses_nothing(host: str, bad: Answer) -> None:
    result, world = execute(SP, CREATED, status("Completed"), first={host: bad})

    assert result.status is Status.SUCCEEDED
    assert len([each for each in world.to(ENDPOINT) if each.method == "POST"]) == 1


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example",
        "http://login.microsoftonline.com",
        "https://login.microsoftonline.com@evil.example",
        "https://login.microsoftonline.com.evil.example",
        "https://login.microsoftonline.com/",
    ],
)
def test_the_secret_is_neither_read_nor_sent_for_a_foreign_login_host(uri: str) -> None:
    assert f"and {uri}; nothing was sent" in nothing_sent(SP, login_uri=uri)


@pytest.mark.parametrize(("name", "repeated"), [(MI, []), (SP, ["Read secret", "Authorize"])])
def test_what_is_safe_to_repeat_is_repeated_and_the_invocation_never(
    name: str, repeated: list[str]
) -> None:
    activities = load(name)["properties"]["activities"]
    retries = {each["name"]: each["policy"]["retry"] for each in activities if "policy" in each}

    assert [each for each, count in retries.items() if count] == repeated


def test_the_suffix_is_that_of_the_clouds_audience() -> None:
    result, world = execute(
        SP,
        CREATED,
        status("Completed"),
        client_secret="https://v.vault.azure.cn/secrets/s",
        vault_audience="https://vault.azure.cn",
    )
    assert asked(world) == ["https://v.vault.azure.cn/secrets/s?api-version=7.4"] * 4
    assert result.status is Status.FAILED, "there is no such host here, at the repeats either"


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "the secret itself",
        "https://",
        "http://v.vault.azure.net/secrets/s",
        "https://evil.example/secrets/s",
        "https://evil.example/.vault.azure.net/secrets/s",
        "https://evil.example#.vault.azure.net/secrets/s",
        "https://evil.example?.vault.azure.net/secrets/s",
        "https://evil.example\\.vault.azure.net/secrets/s",
        "https://u:p@v.vault.azure.net/secrets/s",
        "https://v.vault.azure.net@evil.example/secrets/s",
        "https://v.vault.azure.net:444/secrets/s",
        "https://v.vault.azure.net.evil.example/secrets/s",
        "https://a.b.vault.azure.net/secrets/s",
        "https://v.vault.azure.cn/secrets/s",
        f"{OF_THE_CLOUD}/s?api-version=1#",
        f"{OF_THE_CLOUD}/../keys/k",
        f"{OF_THE_CLOUD}/s/v/more",
        f"{OF_THE_CLOUD}/s/",
        f"{OF_THE_CLOUD}/größe",
        f"{OF_THE_CLOUD}/s\n",
        "https://v.vault.azure.net/keys/s",
        "https://V.VAULT.AZURE.NET/secrets/s",
    ],
)
def test_nothing_is_sent_to_what_is_no_secret_of_the_clouds_vaults(uri: str) -> None:
    told = "client_secret has to be the URI of a secret in a vault of this cloud"

    assert told in nothing_sent(SP, client_secret=uri)


@pytest.mark.parametrize("name", [MI, SP])
@pytest.mark.parametrize("key", ["endpoint_input_type", "endpoint_output_type"])
def test_a_hostile_type_stays_one_value_of_the_payload(name: str, key: str) -> None:
    text = 'UriFile","Uri":"https://evil.example/\\'
    given: dict[str, Any] = {key: text}
    _, world = execute(name, CREATED, status("Completed"), **given)
    sent = json.loads(world.to(ENDPOINT)[0].body)["properties"]

    types = (
        sent["InputData"]["input"]["JobInputType"],
        sent["OutputData"]["score"]["JobOutputType"],
    )
    assert text in types


@pytest.mark.parametrize("name", [MI, SP])
@pytest.mark.parametrize("text", ['"', "\\", '\\"', "'", '","JobInputType":"UriFile', "größe #%"])
def test_a_hostile_folder_stays_one_value_of_the_payload(name: str, text: str) -> None:
    uri = f"azureml://datastores/in/paths/{text}/"
    _, world = execute(
        name, CREATED, status("Completed"), endpoint_input_uri=uri, endpoint_output_uri=f"{uri}o"
    )
    sent = json.loads(world.to(ENDPOINT)[0].body)["properties"]
    assert sent["InputData"]["input"] == {"JobInputType": "UriFolder", "Uri": uri}
    assert sent["OutputData"]["score"] == {"JobOutputType": "UriFile", "Uri": f"{uri}o"}
