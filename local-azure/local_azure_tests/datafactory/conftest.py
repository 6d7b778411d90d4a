"""A factory on a running embedded Azure whose clock is frozen, and who runs its pipelines."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import NOON, Running, Storage
from local_azure_tests.datafactory.cloud import CONTRIBUTOR, FACTORY_ID, Caller, Cloud, contributor
from local_azure_tests.datafactory.files import Files
from local_azure_tests.storage import world

Restarted = Callable[..., tuple[Cloud, Caller]]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, lasting: Storage) -> Iterator[Cloud]:
    """An embedded Azure with a factory."""
    with lasting.serve(Cloud, tmp_path_factory.mktemp("azure"), Clock(NOON)) as made:
        made.settle()
        yield made


@pytest.fixture
def restarted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Restarted]:
    """Each call ends the server that runs, if one does, and starts one so many seconds later."""
    running: list[Cloud] = []

    def start(later: int = 0) -> tuple[Cloud, Caller]:
        if running:
            running[-1].stop()
        cloud = Cloud(Home(tmp_path), Clock(NOON + timedelta(seconds=later)))
        if not running:
            cloud.settle()
        running.append(cloud)
        cloud.lead(monkeypatch)
        who = cloud.credential(f"contributor-{len(running)}", (CONTRIBUTOR, FACTORY_ID))
        return cloud, Caller(who)

    yield start
    running[-1].stop()


@pytest.fixture
def reach(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The same, reached by real SDK clients."""
    cloud.lead(monkeypatch)
    return cloud


@pytest.fixture
def caller(reach: Cloud) -> Iterator[Caller]:
    """A Data Factory Contributor."""
    with contributor(reach) as made:
        yield made


@pytest.fixture(scope="module")
def containers(running: Running) -> Running:
    """A server whose storage has an account with the containers of ``Files``."""
    world.build(running, ["input", "output"])
    return running


@pytest.fixture
def files(containers: Running, client_environment: None) -> Files:
    """The containers."""
    del client_environment
    return Files(containers)
