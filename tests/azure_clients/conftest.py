"""A stack with everything that the program creates, and azure-cli signed in to it."""

from collections.abc import Iterator

import pytest

from local_azure_tests.conftest import Running
from tests.azure_clients import inventory
from tests.azure_clients.cli import Cli
from tests.stack.event_path.deployed import on_its_own
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import sample


def brought_up(running: Running) -> Piped:
    """The dev stack's own file with every section, brought up by the real engine."""
    stack = Piped(running)
    account = stack.account("elsewhere", "drops", queues=["approved"], keys=True)
    queue = {"kind": "storage_queue", "resource_id": account, "queue_name": "approved"}
    stack.up_with(
        deployments=[
            {"name": "digits"},
            {"name": "prices", "pipeline": "samples/diamonds/pipeline.yml"},
        ],
        endpoint={"default_deployment": "digits", "input_name": "data"},
        data_factory={
            "authentication": "service_principal",
            "poll_interval_seconds": 1,
            "copy_before": {"account_id": account, "container": "drops", "folder": "today"},
        },
        monitoring={"notify": {"emails": ["team@example.com"]}},
        workspace_events={"notify_by_email": {"recipients": ["team@example.com"]}},
        event_domain={
            "topics": ["models"],
            "subscriptions": [{"name": "approved", "topic": "models", "destination": queue}],
        },
    )
    return stack


@pytest.fixture(scope="session", autouse=True)
def _inventory(request: pytest.FixtureRequest) -> Iterator[None]:
    """Writes down which client asked for what, where the whole tier has passed."""
    seen = inventory.nothing_yet()
    with inventory.watched(seen):
        yield
    chosen = request.config.option.keyword or request.config.args != [inventory.TIER]
    shared = hasattr(request.config, "workerinput")  # each worker of xdist sees a part
    if not (chosen or shared or request.session.testsfailed):
        inventory.PAGE.write_text(inventory.page(seen))


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Piped]:
    """Deployed once for the tier."""
    with on_its_own(tmp_path_factory.mktemp("azure"), brought_up) as stack:
        yield stack


@pytest.fixture(scope="session")
def made(deployed: Piped) -> list[str]:
    """Ids of what the program has made on Azure."""
    return sorted(
        each["id"] for each in deployed.state() if each["type"].startswith("azure-native:")
    )


@pytest.fixture(scope="session")
def az(deployed: Piped, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """Signed in as whoever the shell of the stack is; a sample is in its folder as FILE."""
    cli = Cli(tmp_path_factory.mktemp("az"), deployed.variables)
    (cli.folder / "FILE").write_bytes(sample(7))
    assert cli.sign_in().said == "answered"
    return cli
