"""Runs the whole program with settings of a test's own."""

from collections.abc import Mapping
from typing import Any
from unittest import mock

from components.settings import Settings
from components.stack.costs import Costs
from tests import PROJECT
from tests.unit.engine import Deployment, deploy
from tests.unit.sample_settings import SETTINGS

_FILE = PROJECT / "__main__.py"
MAIN = compile(_FILE.read_text(encoding="utf-8"), _FILE, "exec")


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
    costs: list[str] = []
    with (
        mock.patch("components.settings.load", return_value=settings, create=True),
        # What a stack file names is looked up in test_existing.py.
        mock.patch("components.stack.existing.look_up"),
        mock.patch.object(Costs, "tell", lambda made, of: costs.append(made.text(of))),
    ):
        made = deploy(lambda: exec(MAIN, {"__name__": "__main__"}), answers=answers)  # noqa: S102
    made.costs = "".join(costs)
    return made
