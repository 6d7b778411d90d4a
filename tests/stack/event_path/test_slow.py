"""The program comes up on an Azure that takes its time: it waits for what is not known yet."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import Running
from tests.stack.event_path.deployed import Deployed

pytestmark = pytest.mark.long

_STEP = timedelta(seconds=10)
"""Each half second: a token, which lives for an hour of the moved clock, outlives three minutes."""


@pytest.fixture
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(Home(tmp_path_factory.mktemp("azure")), Clock(), is_slow=True)
    yield running
    running.stop()


@contextmanager
def advancing(running: Running) -> Iterator[None]:
    """The clock is moved on while the block runs."""
    ended = Event()

    def move() -> None:
        while not ended.wait(0.5):
            running.call(running.azure.advance, _STEP)

    with ThreadPoolExecutor() as pool:
        moving = pool.submit(move)
        try:
            yield
        finally:
            ended.set()
            moving.result()


def begun(running: Running, ending: str) -> float:
    """When the operation on a resource began, by the end of its id."""
    wanted = "SELECT told FROM operations WHERE resource LIKE ?"
    (row,) = running.call(running.azure.state.rows, wanted, f"%{ending}")
    return float(json.loads(row["told"])["started"])


def test_the_stack_comes_up_where_creations_and_roles_take_their_time(
    slow: Running, digit: bytes
) -> None:
    stack = Deployed(slow)
    with advancing(slow):
        stack.up()

    # The code is uploaded once the deployer's role counts, ten minutes after the account is there.
    waited = begun(slow, "/deployments/digits") - begun(slow, "/computes/batch-cluster")
    assert waited > 600 - 60
    assert stack.outputs["blob_event_subscription_id"].endswith("/blob-created-subscription")

    # By then the roles of what runs count too, though nothing waited for them.
    [url] = stack.drop("incoming/early.pgm", content=digit)
    stack.await_jobs([url])
    assert [run["response_status"] for run in stack.runs_for(url)] == [200]
