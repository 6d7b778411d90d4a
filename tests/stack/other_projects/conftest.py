"""The embedded Azure as others have it: its wheel, and what it depends on."""

from pathlib import Path

import pytest

from tests import PROJECT
from tests.wheels import installed_wheel


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was installed into; what it depends on is this environment's."""
    return installed_wheel(PROJECT / "local-azure", tmp_path_factory.mktemp("wheel"))
