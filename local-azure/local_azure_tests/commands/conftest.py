from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.home import ENVIRONMENT_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find no server."""
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "azure"))
