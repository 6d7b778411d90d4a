"""Runs the whole program with settings of a test's own."""

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from components.settings import Settings
from tests.unit.engine import Deployment, deploy
from tests.unit.sample_settings import SETTINGS

MAIN = Path(__file__).resolve().parents[2] / "__main__.py"


def run(
    settings: Settings = SETTINGS, answers: Mapping[str, Mapping[str, Any]] | None = None
) -> Deployment:
    """What the program registers when it reads these settings; run once for all who ask alike."""
    asked = repr((settings, answers))
    if asked not in _RUNS:
        _RUNS[asked] = run_anew(settings, answers)
    return _RUNS[asked]


_RUNS: dict[str, Deployment] = {}


def run_anew(
    settings: Settings, answers: Mapping[str, Mapping[str, Any]] | None = None
) -> Deployment:
    """As `run`, once more: for who has patched what the program calls."""
    with (
        mock.patch("components.settings.load", return_value=settings, create=True),
        # What a stack file names is looked up in test_existing.py.
        mock.patch("components.stack.existing.look_up"),
    ):
        return deploy(lambda: runpy.run_path(str(MAIN), run_name="__main__"), answers=answers)
