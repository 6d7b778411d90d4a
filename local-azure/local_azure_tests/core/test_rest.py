"""What every operation on Resource Manager's host has in common."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from local_azure.control_plane import clouds
from local_azure.control_plane.entra.errors import ExpiredTokenError
from local_azure.control_plane.resource_manager.refused_tokens import refused
from local_azure_tests.core.rest_client import ARM, Client, code
from local_azure_tests.datafactory.cloud import FACTORY_ID, Cloud, wait
from local_azure_tests.datafactory.conftest import cloud

__all__ = ["cloud"]

VERSION = "?api-version=2018-06-01"
START = f"{FACTORY_ID}/pipelines/p/createRun"


@pytest.fixture(scope="module", autouse=True)
def pipeline(cloud: Cloud) -> None:
    """Something to start."""
    cloud.pipeline("p", wait(1))


def asked(
    cloud: Cloud, path: str, body: bytes = b"", audience: str = ARM, host: str = ARM
) -> tuple[int, Any]:
    """The status and the body of an answer."""
    client = Client(cloud, audience=audience)
    return client.exchange("POST", f"{host}{path}", data=BytesIO(body))[:2]


def test_a_paths_case_does_not_matter(cloud: Cloud) -> None:
    status, told = asked(cloud, START.replace("resourceGroups", "RESOURCEGROUPS") + VERSION)

    assert (status, set(told)) == (200, {"runId"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (START, (400, "MissingApiVersionParameter")),
        (f"{START}?api-version=2015-01-01", (400, "NoRegisteredProviderFound")),
        (f"{START}{VERSION}&colour=blue", (501, "NotEmulated")),
        (f"{START}{VERSION}&API-version=2015-01-01", (400, "InvalidRequestContent")),
        (START.replace("/p/", "/none/") + VERSION, (404, "ResourceNotFound")),
        (START.replace("/rg/", "/none/") + VERSION, (404, "ResourceGroupNotFound")),
        (START.replace("50b50000", "00000000") + VERSION, (404, "SubscriptionNotFound")),
        (f"{START}/now{VERSION}", (501, "NotEmulated")),
        (f"/nowhere{VERSION}", (501, "NotEmulated")),
    ],
)
def test_what_is_not_there_is_told_by_its_code(
    cloud: Cloud, path: str, expected: tuple[int, str]
) -> None:
    assert code(asked(cloud, path)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (400, "InvalidRequestContent")),
        (b"[1]", (400, "InvalidRequestContent")),
        (b'{"x": NaN}', (400, "InvalidRequestContent")),
        (b'{"x": "' + b"x" * 5_000_000 + b'"}', (413, "RequestContentTooLarge")),
    ],
)
def test_a_body_that_is_no_object_is_refused(
    cloud: Cloud, body: bytes, expected: tuple[int, str]
) -> None:
    assert code(asked(cloud, START + VERSION, body)) == expected


GRAPH = "https://graph.microsoft.com"
OTHER = (
    f"The access token has been obtained for wrong audience or resource '{GRAPH}'. It should "
    "exactly match with one of the allowed audiences 'https://management.core.windows.net/',"
    "'https://management.core.windows.net','https://management.azure.com/',"
    "'https://management.azure.com'."
)


def test_a_token_for_another_audience_is_told_those_that_are_allowed(cloud: Cloud) -> None:
    client = Client(cloud, audience=GRAPH)
    status, told, sent = client.exchange("GET", f"{ARM}/nowhere{VERSION}")

    code_and_sentence = tuple(told["error"].values())
    assert (status, code_and_sentence) == (401, ("InvalidAuthenticationTokenAudience", OTHER))
    assert sent["x-ms-failure-cause"] == "gateway"


def test_a_token_of_somebody_else_is_invalid(cloud: Cloud) -> None:
    client = Client(cloud, audience="", headers={"authorization": "Bearer x.y.z"})
    answer = client.ask("/nowhere", "2018-06-01")

    assert code(answer) == (401, "InvalidAuthenticationToken")


def test_a_token_whose_time_is_over_is_told_when_that_was() -> None:
    ended = datetime(2023, 3, 19, 8, 55, 46, tzinfo=UTC)
    error = ExpiredTokenError(ended.timestamp())
    told = refused(error, "Bearer x", clouds.PUBLIC, ended + timedelta(hours=4)).told()

    assert told == {
        "code": "ExpiredAuthenticationToken",
        "message": "The access token expiry UTC time '3/19/2023 8:55:46 AM' is earlier than "
        "current UTC time '3/19/2023 12:55:46 PM'.",
    }


@pytest.mark.parametrize("name", ["CHINA", "US_GOVERNMENT"])
def test_a_clouds_host_takes_that_clouds_tokens_alone(cloud: Cloud, name: str) -> None:
    there = getattr(clouds, name)
    host = f"https://{there.arm_host}"
    own, _ = asked(cloud, START + VERSION, audience=there.arm_audience, host=host)
    other = asked(cloud, START + VERSION, host=host)

    assert own == 200
    assert code(other) == (401, "InvalidAuthenticationTokenAudience")
