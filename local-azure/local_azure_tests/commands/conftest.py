from pathlib import Path

import pytest

from local_azure.home import ENVIRONMENT_VARIABLE


@pytest.fixture
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find no server."""
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "azure"))
