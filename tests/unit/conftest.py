"""Guards of the unit tests."""

import gc
from collections.abc import Iterator

import pytest
from pulumi.runtime.settings import SETTINGS


@pytest.fixture(autouse=True, scope="session")
def _no_collection() -> Iterator[None]:
    """Half the time of a run over the SDK is spent collecting what is still in use."""
    gc.disable()
    yield
    # What has piled up goes with the process; to look through it once takes seconds.
    gc.freeze()
    gc.enable()


def pytest_runtest_teardown() -> None:
    """An assertion in an `apply` that nobody awaits would pass whatever it says."""
    assert not SETTINGS.outputs, "Outputs were made outside of `deploy` and never awaited"
