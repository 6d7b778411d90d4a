"""How the tests are spread over the processes of pytest-xdist, where it is installed.

What waits most comes first, so that no process is left with it at the end; tests that share a
deployed stack or a server stay together.
"""

from __future__ import annotations

from typing import Any

import pytest

collect_ignore = ["tests/azure_clients", "tests/soak"]
"""Collected where their folder is asked for: `make clients`, `make soak`."""
_STACKS = "tests/stack/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stacks first: the real engine deploys them, and their tests wait for it."""
    items.sort(key=lambda item: not item.nodeid.startswith(_STACKS))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One piece of work is a file, or a folder of tests of the same stack."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 may be absent

    class ByStackOrFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file.rpartition("/")[0] if file.startswith(_STACKS) else file

    return ByStackOrFile(config, log)
