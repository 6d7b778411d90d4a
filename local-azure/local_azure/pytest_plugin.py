"""What pytest finds where local-azure is installed: fixtures, which cost nothing until one is used.

Importing this module imports no other part; pytest does it at each start.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local_azure.testing import LocalAzure


@pytest.fixture(scope="session")
def local_azure(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalAzure]:
    """An embedded Azure for all tests of the session (with xdist: of a worker's)."""
    with _running(pytestconfig, tmp_path_factory.mktemp("local-azure")) as azure:
        yield azure


@pytest.fixture
def fresh_local_azure(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalAzure]:
    """An embedded Azure for one test, with nothing in it."""
    with _running(pytestconfig, tmp_path_factory.mktemp("local-azure")) as azure:
        yield azure


@pytest.fixture
def local_azure_environment(local_azure: LocalAzure) -> Iterator[dict[str, str]]:
    """Azure's clients reach `local_azure` in this test, as an Owner; what was set is given."""
    with local_azure.environment():
        yield local_azure.variables()


@contextmanager
def _running(config: pytest.Config, folder: Path) -> Iterator[LocalAzure]:
    from local_azure.errors import LocalAzureError  # noqa: PLC0415 see above
    from local_azure.testing import LocalAzure  # noqa: PLC0415

    capture = config.pluginmanager.getplugin("capturemanager")
    try:
        # Azurite is fetched at the first use of all: whoever waits sees how far it is.
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            azure = LocalAzure(folder)
    except LocalAzureError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        yield azure
    finally:
        azure.stop()
