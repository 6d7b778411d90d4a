"""Projects for the language host."""

from pathlib import Path

import pytest

from tests.tools.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
