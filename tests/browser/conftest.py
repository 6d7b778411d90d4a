"""The dev stack with files of every fate on it, and a browser that has opened its page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_azure.commands import page
from tests.browser.chromium import Browser
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.shell import sample
from tools.browser import chromium

Visit = Callable[[str], Browser]

HOSTILE = "<img src=x onerror=alert(1)>.pgm"


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.up()
        yield stack


@pytest.fixture(scope="session")
def files(deployed: Deployed) -> dict[str, str]:
    """What became of each file, by its name: two scored, one failed."""
    fine = deployed.drop("incoming/seven.pgm", f"incoming/{HOSTILE}", content=sample(7))
    broken = deployed.drop("incoming/broken.pgm", content=b"no picture")
    deployed.await_jobs([*fine, *broken])
    events = {url: deployed.events_for(url)[0]["id"] for url in [*fine, *broken]}
    return dict(zip(("seven", "hostile", "broken"), events.values(), strict=True))


@pytest.fixture(scope="session")
def base(deployed: Deployed) -> str:
    """The address of the page, without its token."""
    return address(deployed).partition("/?")[0]


@pytest.fixture(scope="session")
def browser(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that has opened the stack's page."""
    with visiting(address(deployed), tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def visit(browser: Browser, base: str, files: dict[str, str]) -> Visit:
    """Opens a path of the page, which has the files."""
    assert files

    def opened(path: str) -> Browser:
        browser.open(f"{base}{path}")
        return browser

    return opened


def address(stack: Deployed) -> str:
    """What `local-azure page` prints."""
    running = stack.running
    return page.address(running.home, {"ports": running.azure.ports.now})


@contextmanager
def visiting(url: str, folder: Path) -> Iterator[Browser]:
    """A browser that has opened an address once, its profile in this folder."""
    started = Browser(chromium(), folder)
    try:
        started.open(url)
        started.wait_for("location.pathname + location.search === '/'")
        yield started
    finally:
        started.close()
