"""Definitions that ask for a token by themselves: what becomes of an event when they get none."""

from typing import Any

import pytest

from local_azure.runs.transport import ConnectionFailedError
from local_azure_tests.world import World, answer
from tests.templates.test_every_definition import (
    CREATED,
    ENDPOINT,
    FOLDER,
    LOGIN,
    TEMPLATES,
    deliver,
    hosts,
)

SIGNING_IN = [name for name in TEMPLATES if '"Authorize"' in (FOLDER / name).read_text()]
pytestmark = pytest.mark.parametrize("template", SIGNING_IN)

LOGIN_FAILURES = {
    "refused": answer(401, {"error": "invalid_client", "error_description": "AADSTS7000215"}),
    "bad request": answer(400, {"error": "invalid_request"}),
    "throttled": answer(429, Retry_After="5"),
    "broken": answer(500),
    "unreachable": ConnectionFailedError("No such host is known"),
    "without a token": answer(200, {"token_type": "Bearer"}),
}


@pytest.mark.parametrize("reaction", LOGIN_FAILURES.values(), ids=LOGIN_FAILURES.keys())
def test_no_token_means_no_job_and_another_delivery(template: str, reaction: Any) -> None:
    world = hosts(login=reaction)
    response, _ = deliver(template, world)

    assert response.status == 503
    assert world.to(ENDPOINT) == []
    assert len(world.to(LOGIN)) == 1, "a redelivery starts from a fresh token"


def test_a_token_that_never_comes_is_given_up_after_120_seconds(template: str) -> None:
    world = World({LOGIN: None, ENDPOINT: CREATED})

    response, _ = deliver(template, world)

    assert (response.status, world.seconds) == (503, 120)
