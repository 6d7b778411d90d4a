"""How the tests are spread over the processes of pytest-xdist, where it is installed.

What takes longest comes first, so that no process is left with it at the end; tests that share a
deployed stack or a server stay together.
"""

from __future__ import annotations

import gc
from typing import Any

import pytest

collect_ignore = ["tests/azure_clients", "tests/browser", "tests/models", "tests/soak"]
"""Collected where their folder is asked for: `make clients`, `make browser` and so on."""
_STACKS = "tests/stack/"
_SHARED = ("event_path", "workspace_events", "worked_examples")
"""Folders whose files share a deployed stack."""
_ALONE = [
    f"event_path/test_{name}.py" for name in ("beside_inputs", "kill", "lifecycle", "rotation")
]
"""Files there that have one of their own."""
_LONGEST = [
    *("event_path", "workspace_events", "event_path/test_lifecycle.py"),
    *("deployments/test_new_versions.py", "worked_examples", "interrupted/test_resume.py"),
    *("rights/test_up.py", "deployments/test_deployments.py", "event_path/test_rotation.py"),
]
"""Of the stacks, by what they took on 2026-11-29: 150 to 40 s."""


gc.disable()  # what is imported stays: to look through it each time takes a tenth of a collection


def pytest_collection_finish() -> None:
    """From here on only what tests leave is looked at."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stacks first, the longest before all: their tests wait for the real engine."""
    items.sort(key=lambda item: _rank(_piece(item.nodeid)))


def _piece(nodeid: str) -> str:
    """What one process does: a file, or a folder whose files share a stack."""
    file = nodeid.partition("::")[0]
    if not file.startswith(_STACKS) or (name := file.removeprefix(_STACKS)) in _ALONE:
        return file
    folder = name.partition("/")[0]
    return f"{_STACKS}{folder}" if folder in _SHARED else file


def _rank(piece: str) -> int:
    if not piece.startswith(_STACKS):
        return len(_LONGEST) + 1
    short = piece.removeprefix(_STACKS)
    return _LONGEST.index(short) if short in _LONGEST else len(_LONGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A process gets one piece after another."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 may be absent

    class ByPiece(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _piece(nodeid)

    return ByPiece(config, log)
