"""What the managed-identity definition says to the endpoint, and where no token is had."""

from local_azure.runs.environment import IdentityError
from local_azure_tests.world import IDENTITY_TOKEN, run
from tests.templates.test_every_definition import (
    ENDPOINT,
    PARAMETERS,
    definition,
    deliver,
    event,
    hosts,
)

TEMPLATE = "invoke_batch_endpoint_by_managed_identity.json"


def test_the_job_is_invoked_with_the_token_of_the_workflows_identity() -> None:
    world = hosts()

    deliver(TEMPLATE, world)

    assert world.requests == world.to(ENDPOINT), "nobody else is asked"
    [invoke] = world.requests
    assert invoke.headers["Authorization"] == f"Bearer {IDENTITY_TOKEN}"


def test_it_declares_no_secret() -> None:
    types = {each["type"] for each in definition(TEMPLATE)["parameters"].values()}
    assert types == {"string", "object", "bool"}


def test_the_token_is_asked_for_the_audience_of_the_cloud() -> None:
    world, asked = hosts(), []

    def token(identity: str | None, audience: str) -> str:
        asked.append((identity, audience))
        return IDENTITY_TOKEN

    world.identity_token = token
    deliver(TEMPLATE, world, audience="https://ml.azure.cn")

    assert asked == [(None, "https://ml.azure.cn")]


def no_identity(_identity: str | None, _audience: str) -> str:
    raise IdentityError("The workflow has no managed identity.")


def test_no_token_means_no_job_and_another_delivery() -> None:
    world = hosts()
    world.identity_token = no_identity
    given = {
        "endpoint_uri": f"https://{ENDPOINT}/jobs",
        "storage_account_id": event()["topic"],
        "watched_url": PARAMETERS["watched_url"],
    }

    result = run(definition(TEMPLATE), given, [event()], world)

    assert result.response is not None
    assert result.response.status == 503
    assert "Invoke Failed (WorkflowManagedIdentityNotSpecified)" in result.response.body["reason"]
    assert world.requests == []
