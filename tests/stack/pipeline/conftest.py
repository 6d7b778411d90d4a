from pathlib import Path

import pytest

from tests.stack.event_path.client import Client
from tests.stack.pipeline.piped import Piped


@pytest.fixture
def client(piped: Piped, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    """Knows the stack by its outputs."""
    return Client(piped, tmp_path, capsys)
