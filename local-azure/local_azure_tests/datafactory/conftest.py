"""A factory on a running embedded Azure whose clock is frozen, and who runs its pipelines."""

from collections.abc import Iterator

import pytest

from local_azure.control_plane.clock import Clock
from local_azure_tests.conftest import NOON, Running, Storage
from local_azure_tests.datafactory.cloud import Caller, Cloud, contributor
from local_azure_tests.datafactory.files import Files
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, lasting: Storage) -> Iterator[Cloud]:
    """An embedded Azure with a factory."""
    with lasting.serve(Cloud, tmp_path_factory.mktemp("azure"), Clock(NOON)) as made:
        made.settle()
        yield made


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
